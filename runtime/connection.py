"""A DuckDB connection as runs need it, and its errors in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from .errors import EngineError, RunError, SettingsError


@contextmanager
def connected(
    work: Path, *, memory: str | None = None, threads: int | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of its own: UTC, spilling into `work`, never downloading anything.

    Raises `SettingsError` where `memory` or `threads` cannot be had."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "temp_directory": str(work / "spill"),
    }
    if memory is not None:
        config["memory_limit"] = memory
    if threads is not None:
        config["threads"] = threads
    try:
        con = duckdb.connect(":memory:", config=config)
    except duckdb.Error as problem:
        raise SettingsError(f"the engine cannot be set up so: {first_line(problem)}") from problem
    try:
        con.execute("SET TimeZone = 'UTC'")
        yield con
    except RuntimeError as problem:
        # What DuckDB makes of Ctrl-C while a query runs, and of every signal whose handler raises.
        if str(problem) == "Query interrupted":
            raise KeyboardInterrupt from problem
        raise
    finally:
        con.close()


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str | Path) -> str:
    """A text as SQL writes it."""
    return "'" + str(value).replace("'", "''") + "'"


def file_text(file: Path) -> str:
    """A file to read, as SQL writes it: no sign in its name stands for other files."""
    return text(re.sub(r"[*?\[]", r"[\g<0>]", str(file)))


def first_line(problem: duckdb.Error) -> str:
    """The first line of an engine's error, without its class. It may hold values: only for errors that cannot."""
    return re.sub(r"^[\w ]*Error: ", "", str(problem).strip().split("\n", 1)[0])


def engine_error(problem: duckdb.Error, doing: str) -> RunError:
    """An error of the engine while `doing` something, in words. What might repeat a value from the data is left out."""
    match problem:
        case duckdb.OutOfMemoryException():
            return EngineError(
                f"not enough memory while {doing}; set `memory` in segwright.toml, or use a larger machine"
            )
        case duckdb.IOException() if "No space left" in str(problem):
            return EngineError(f"no space left on the disk while {doing}")
        case duckdb.IOException() | duckdb.PermissionException() | duckdb.CatalogException() | duckdb.BinderException():
            return EngineError(f"the engine failed while {doing}: {first_line(problem)}")
        case _:
            return EngineError(f"the engine failed while {doing} ({type(problem).__name__.removesuffix('Exception')})")
