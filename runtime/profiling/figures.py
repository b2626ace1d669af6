"""Figures that a first segmentation is cut by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import duckdb

from ..connection import engine_error, text
from .records import Column, TableProfile

Number = int | float | Decimal


def quantiles(
    con: duckdb.DuckDBPyConnection, table: TableProfile, column: Column, shares: Sequence[float]
) -> list[Number]:
    """For each share the least value that so many of the known values reach at most, the definition of SQL's
    `percentile_disc`; empty where no value is known."""
    return _quantiles(con, table, f"SELECT {column.value} AS v FROM {table.source}", shares)


def event_figures(
    con: duckdb.DuckDBPyConnection,
    root: tuple[TableProfile, Column],
    events: tuple[TableProfile, Column, Column],
    summed: Column | None,
    after: dt.date,
    until: dt.date,
    shares: Sequence[float],
) -> list[Number]:
    """Quantiles over the keys of a table of how many events each has with `after` < date <= `until`, or of what
    `summed` adds up to in them; 0 for none. The events are given with the columns that hold key and date."""
    (table, key), (other, by, at) = root, events
    what = "1" if summed is None else summed.value
    first, last = (f"DATE {text(day.isoformat())}" for day in (after, until))
    own = f"SELECT {by.value} AS k, CAST({at.value} AS DATE) AS d, {what} AS x FROM {other.source}"
    counted = f"SELECT k, sum(x) AS n FROM ({own}) WHERE d > {first} AND d <= {last} GROUP BY k"
    keys = f"SELECT {key.value} AS k FROM {table.source}"
    query = f"SELECT coalesce(n, 0) AS v FROM ({keys}) LEFT JOIN ({counted}) USING (k)"
    return _quantiles(con, table, query, shares)


def _quantiles(
    con: duckdb.DuckDBPyConnection, table: TableProfile, query: str, shares: Sequence[float]
) -> list[Number]:
    listed = ", ".join(str(share) for share in shares)
    found = _run(con, table, f"SELECT quantile_disc(v, [{listed}]) FROM ({query})")[0]
    return [] if found is None else list(found)


def _run(con: duckdb.DuckDBPyConnection, table: TableProfile, query: str) -> tuple[Any, ...]:
    try:
        return con.execute(query).fetchall()[0]
    except duckdb.Error as problem:
        raise engine_error(problem, f"looking for a first segmentation of `{table.name}`") from problem
