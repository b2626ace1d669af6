"""The engine that settings or a command name, over data that keeps its contract."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import assert_never

import duckdb

from ...compiler.duckdb.relation import Relation
from ...compiler.plan import ColumnRead
from ...dsl.program import Program
from ..notes import Note
from ..sources import Input
from .duckdb import DuckdbEngine
from .engine import Engine
from .names import EngineName


def open_engine(
    name: EngineName,
    con: duckdb.DuckDBPyConnection,
    program: Program,
    columns: Iterable[ColumnRead],
    inputs: Mapping[str, Input],
    before: Mapping[str, Relation],
    work: Path,
) -> Engine:
    """An engine over the inputs, which keep their contracts, and what the run before says. `work` is for files that it
    needs on the way; `con` is the connection that the inputs were opened on. Raises `EngineError`."""
    match name:
        case "duckdb":
            return DuckdbEngine(con, program, {name: each.relation for name, each in inputs.items()} | {**before})
        case "polars":
            from .polars import open_polars

            return open_polars(con, program, columns, inputs, before, work)
        case _:
            assert_never(name)


def prepare_engine(name: EngineName, threads: int | None, memory: str | None) -> tuple[Note, ...]:
    """Sets up what an engine takes from its surroundings, before it is imported: Polars the number of its threads.
    What cannot be had is said in notes."""
    if name != "polars":
        return ()
    notes: list[Note] = []
    if threads is not None:
        if "polars" not in sys.modules:
            os.environ["POLARS_MAX_THREADS"] = str(threads)
        import polars as pl

        if pl.thread_pool_size() != threads:
            message = (
                f"Polars works with {pl.thread_pool_size()} threads, not {threads}: it was loaded before this run, and "
                "takes their number only then (from POLARS_MAX_THREADS)"
            )
            notes.append(Note("engine", "threads", message))
    if memory is not None:
        message = f'`memory = "{memory}"` holds for opening, checking and counting; Polars itself knows no limit'
        notes.append(Note("engine", "memory", message))
    return tuple(notes)
