"""What ties tables together: keys, and values of one table that occur in another."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from ..connection import engine_error
from .records import Column, TableProfile


@dataclass(frozen=True, slots=True)
class Inclusion:
    """How a column's values occur among another table's: rows with a value, of which `found` occur there; `distinct`
    different values."""

    rows: int
    found: int
    distinct: int

    @property
    def share(self) -> float:
        """The share of rows whose value occurs there; 0 where no row has one."""
        return self.found / self.rows if self.rows else 0.0


def different(con: duckdb.DuckDBPyConnection, table: TableProfile, *columns: Column) -> int:
    """How many different combinations of values there are, exactly; rows that lack one are not counted."""
    values = ", ".join(f"{column.value} AS v{number}" for number, column in enumerate(columns))
    known = " AND ".join(f"v{number} IS NOT NULL" for number in range(len(columns)))
    rows = f"SELECT {values} FROM {table.source}"
    return _one(con, table, f"SELECT count(*) FROM (SELECT DISTINCT * FROM ({rows}) WHERE {known})")[0]


def inclusion(
    con: duckdb.DuckDBPyConnection, table: TableProfile, column: Column, parent: TableProfile, key: Column
) -> Inclusion:
    """How the values of a column occur in another table's key, which holds each value once."""
    values = f"SELECT {column.value} AS v FROM {table.source}"
    own = f"SELECT v, count(*) AS n FROM ({values}) WHERE v IS NOT NULL GROUP BY v"
    keys = f"SELECT {key.value} AS v FROM {parent.source}"
    query = f"SELECT coalesce(sum(n), 0)::BIGINT, count(*) FROM ({own}) AS own"
    found = _one(con, table, f"{query} SEMI JOIN ({keys}) AS keys USING (v)")[0]
    rows, distinct = _one(con, table, query)
    return Inclusion(rows, found, distinct)


def _one(con: duckdb.DuckDBPyConnection, table: TableProfile, query: str) -> tuple[int, ...]:
    try:
        return con.execute(query).fetchall()[0]
    except duckdb.Error as problem:
        raise engine_error(problem, f"looking for what ties `{table.name}` to other tables") from problem
