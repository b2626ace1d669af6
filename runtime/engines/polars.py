"""Rules on Polars: one lazy frame for each thing that is asked, run by the streaming engine."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from ...compiler.assignment import Options
from ...compiler.duckdb.relation import Relation
from ...compiler.plan import Binding, ColumnRead, PlanExpr, Population, Ranking
from ...compiler.polars.assign import assignment_frame
from ...compiler.polars.events import counted_events_frame
from ...compiler.polars.observe import observation_frame
from ...compiler.polars.ranking import ranking_frame
from ...compiler.polars.stops import is_overflow
from ...compiler.polars.table import Tables
from ...compiler.polars.ties import tie_frame
from ...dsl.program import Program
from ...dsl.types import Value
from ..errors import EngineError
from ..sources import Input
from ..violations import FIRST
from .engine import EngineVersion, Overflow, Tied
from .tables import polars_tables

_LEAST_WAIT, _LONGEST_WAIT = 0.0005, 0.02
"""Seconds between two looks whether Polars is done."""


@dataclass(frozen=True, slots=True)
class PolarsEngine:
    """The `Engine` over lazy frames, those of the run before among them."""

    program: Program
    tables: Tables

    def version(self) -> EngineVersion:
        return EngineVersion("polars", pl.__version__, pl.thread_pool_size(), "none")

    def ranked(self, ranking: Ranking, binding: Binding) -> Mapping[str, Any]:
        frame = ranking_frame(ranking, binding, self.program, self.tables)
        return _collected(frame, "ranking").row(0, named=True)

    def tied(self, population: Population, binding: Binding) -> list[Tied]:
        frame = tie_frame(population, binding, self.program, self.tables)
        if frame is None:
            return []
        place = pl.col("key").cast(pl.Int64, strict=False)
        first = pl.struct("key", "at").sort_by(place, "key", nulls_last=True).head(FIRST)
        grouped = frame.group_by("table", "feature").agg(pl.len().alias("count"), first.alias("first"))
        found = _collected(grouped.sort("table", "feature"), "looking for ties")
        return [
            Tied(table, feature, count, tuple((each["key"], each["at"]) for each in first))
            for table, feature, count, first in found.iter_rows()
        ]

    def assign(self, population: Population, binding: Binding, options: Options, file: Path) -> None:
        frame = assignment_frame(population, binding, self.program, self.tables, options)
        # As text: a Polars reader would see an Enum, and could not put two runs below each other.
        frame = frame.with_columns(pl.selectors.enum().cast(pl.String))
        with _in_words(f"assigning `{population.table}`"):
            _finished(frame.sink_parquet(file, compression="snappy", maintain_order=options.sorted, lazy=True))

    def rows(self, population: Population, binding: Binding, options: Options) -> list[tuple[Any, ...]]:
        frame = assignment_frame(population, binding, self.program, self.tables, options)
        return _collected(frame, f"assigning `{population.table}`").rows()

    def reckon(self, population: Population, binding: Binding) -> None:
        frame = assignment_frame(population, binding, self.program, self.tables, Options(features=True))
        # Whatever is in no result Polars does not reckon; this asks for every column, and for no row.
        asked = pl.any_horizontal(pl.all().is_null())
        _collected(frame.select(asked.any()), f"assigning `{population.table}`")

    def observe(
        self, population: Population, binding: Binding, key: Value, observed: Iterable[PlanExpr]
    ) -> list[dict[str, Any]]:
        frame = observation_frame(population, binding, self.program, self.tables, key, observed)
        return _collected(frame, "explaining").to_dicts()

    def counted(self, population: Population, binding: Binding, key: Value, feature: str) -> list[tuple[Any, ...]]:
        frame = counted_events_frame(population, feature, key, binding, self.program, self.tables)
        return _collected(frame, "explaining").rows()


def open_polars(
    con: duckdb.DuckDBPyConnection,
    program: Program,
    columns: Iterable[ColumnRead],
    inputs: Mapping[str, Input],
    before: Mapping[str, Relation],
    work: Path,
) -> PolarsEngine:
    """The engine over inputs that keep their contracts, and over what the run before says."""
    with _in_words("opening the data"):
        return PolarsEngine(program, polars_tables(con, program, columns, inputs, before, work))


def _collected(frame: pl.LazyFrame, doing: str) -> pl.DataFrame:
    with _in_words(doing):
        return _finished(frame)


def _finished(frame: pl.LazyFrame) -> pl.DataFrame:
    """What a frame comes to, found in the background, so that a request to stop is heeded at once."""
    query, wait = frame.collect(engine="streaming", background=True), _LEAST_WAIT
    try:
        while (found := query.fetch()) is None:
            time.sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT)
        return found
    except BaseException:
        query.cancel()
        raise


@contextmanager
def _in_words(doing: str) -> Iterator[None]:
    """Errors in words, without what might repeat a value from the data."""
    try:
        yield
    except pl.exceptions.PolarsError as problem:
        if is_overflow(str(problem)):
            raise Overflow from problem
        kind = type(problem).__name__.removesuffix("Error")
        raise EngineError(f"the engine failed while {doing} ({kind})") from problem
