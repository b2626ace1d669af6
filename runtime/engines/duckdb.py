"""Rules on DuckDB: one query for each thing that is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from ...compiler.assignment import Options
from ...compiler.duckdb.assign import assignment_query
from ...compiler.duckdb.events import counted_events_query
from ...compiler.duckdb.observe import observation_query
from ...compiler.duckdb.ranking import ranking_query
from ...compiler.duckdb.relation import Relation
from ...compiler.duckdb.stops import is_overflow
from ...compiler.duckdb.ties import tie_query
from ...compiler.plan import Binding, PlanExpr, Population, Ranking
from ...dsl.program import Program
from ...dsl.types import Value
from ..connection import engine_error, text
from ..violations import FIRST
from .engine import EngineVersion, Overflow, Tied

_TIES = "ties"


@dataclass(frozen=True, slots=True)
class DuckdbEngine:
    """The `Engine` over the relations of a connection, those of the run before among them."""

    con: duckdb.DuckDBPyConnection
    program: Program
    relations: Mapping[str, Relation]

    def version(self) -> EngineVersion:
        query = "SELECT current_setting('threads'), current_setting('memory_limit')"
        threads, memory = self.con.execute(query).fetchall()[0]
        return EngineVersion("duckdb", duckdb.__version__, threads, memory)

    def ranked(self, ranking: Ranking, binding: Binding) -> Mapping[str, Any]:
        query = ranking_query(ranking, binding, self.program, self.relations)
        (row,) = self._dictionaries(query, "ranking")
        return row

    def tied(self, population: Population, binding: Binding) -> list[Tied]:
        query = tie_query(population, binding, self.program, self.relations)
        if query is None:
            return []
        counts = f'SELECT "table", feature, count(*) FROM {_TIES} GROUP BY ALL ORDER BY ALL'
        with _in_words("looking for ties"):
            self.con.execute(f"CREATE OR REPLACE TEMP TABLE {_TIES} AS {query}")
            return [
                Tied(table, feature, count, self._first_tied(table, feature))
                for table, feature, count in self.con.execute(counts).fetchall()
            ]

    def _first_tied(self, table: str, feature: str) -> tuple[tuple[str, str], ...]:
        where = f'WHERE "table" = {text(table)} AND feature = {text(feature)}'
        order = f"TRY_CAST(key AS HUGEINT), key LIMIT {FIRST}"
        found = self.con.execute(f'SELECT key, "at" FROM {_TIES} {where} ORDER BY {order}').fetchall()
        return tuple((key, at) for key, at in found)

    def assign(self, population: Population, binding: Binding, options: Options, file: Path) -> None:
        query = assignment_query(population, binding, self.program, self.relations, options)
        with _in_words(f"assigning `{population.table}`"):
            self.con.execute(f"SET preserve_insertion_order = {str(options.sorted).lower()}")
            self.con.execute(f"COPY ({query}) TO {text(file)} (FORMAT parquet)")

    def rows(self, population: Population, binding: Binding, options: Options) -> list[tuple[Any, ...]]:
        query = assignment_query(population, binding, self.program, self.relations, options)
        with _in_words(f"assigning `{population.table}`"):
            return self.con.execute(query).fetchall()

    def reckon(self, population: Population, binding: Binding) -> None:
        query = assignment_query(population, binding, self.program, self.relations, Options(features=True))
        with _in_words(f"assigning `{population.table}`"):
            self.con.execute(f"CREATE OR REPLACE TEMP TABLE reckoned AS {query}")

    def observe(
        self, population: Population, binding: Binding, key: Value, observed: Iterable[PlanExpr]
    ) -> list[dict[str, Any]]:
        query = observation_query(population, binding, self.program, self.relations, key, observed)
        return self._dictionaries(query, "explaining")

    def counted(self, population: Population, binding: Binding, key: Value, feature: str) -> list[tuple[Any, ...]]:
        query = counted_events_query(population, feature, key, binding, self.program, self.relations)
        with _in_words("explaining"):
            return self.con.execute(query).fetchall()

    def _dictionaries(self, query: str, doing: str) -> list[dict[str, Any]]:
        with _in_words(doing):
            result = self.con.execute(query)
            names = [column[0] for column in result.description or ()]
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


@contextmanager
def _in_words(doing: str) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as problem:
        if is_overflow(str(problem)):
            raise Overflow from problem
        raise engine_error(problem, doing) from problem
