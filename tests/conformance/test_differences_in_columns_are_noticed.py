"""What engines make of NaN and infinity is settled where columns are read, so no rule ever meets them. Taken out there,
generated columns notice."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import duckdb
import polars as pl
import pytest
from generators.columns import columns
from generators.draws import nothing_local
from hypothesis import given, seed, settings
from reference.reading import canonical
from sqlglot import exp

from segwright.compiler.duckdb import columns as duckdb_columns
from segwright.compiler.duckdb import readers
from segwright.compiler.polars import columns as polars_columns
from segwright.dsl.program import Field
from segwright.runtime.reference.errors import DataError

from .duckdb_engine import connected
from .noticed import Taken, replaced
from .search import WITHOUT_SHRINKING

Reads = Callable[[Field, list[Any]], list[Any]]
DOUBLES = columns().filter(lambda column: column[1] == "DOUBLE")
MANY = settings(WITHOUT_SHRINKING, max_examples=100)


def on_duckdb(field: Field, raws: list[Any]) -> list[Any]:
    """What DuckDB reads in a column of doubles."""
    value = duckdb_columns.column_value(field, "DOUBLE", exp.column("raw", quoted=True)).sql(dialect="duckdb")
    with connected() as con:
        con.execute("CREATE TEMP TABLE kept (n INTEGER, raw DOUBLE)")
        con.executemany("INSERT INTO kept VALUES (?, ?)", list(enumerate(raws)))
        return [found for (found,) in con.execute(f"SELECT {value} FROM kept ORDER BY n").fetchall()]


def on_polars(field: Field, raws: list[Any]) -> list[Any]:
    """What Polars reads in a column of doubles."""
    value = polars_columns.column_value(field, pl.Float64(), pl.col("raw"))
    frame = pl.LazyFrame({"raw": raws}, schema={"raw": pl.Float64()}).select(value.alias("value"))
    return frame.collect(engine="streaming")["value"].to_list()


def _as_it_is(value: Any) -> Any:
    return value


def differs(reads: Reads, field: Field, raws: list[Any]) -> bool:
    """Whether a generated column is read otherwise than the reference reads it."""
    wanted: dict[int, Any] = {}
    for number, raw in enumerate(raws):
        with suppress(DataError):  # a contract that is broken: the run has stopped before
            wanted[number] = canonical(field, raw)
    found = reads(field, raws)
    return any(found[number] != value for number, value in wanted.items())


def columns_that_differ(reads: Reads) -> int:
    """How many of some generated columns are read otherwise."""
    found: list[bool] = []

    @seed(0)
    @MANY
    @given(DOUBLES)
    def many(column: tuple[Field, str, list[Any]]) -> None:
        field, _, raws = column
        found.append(differs(reads, replace(field, optional=True), [*raws, math.nan, math.inf, -math.inf]))

    with nothing_local():
        many()
    return sum(found)


TAKEN_OUT: dict[str, tuple[Reads, Taken, tuple[type[Exception], ...]]] = {
    "NaN is a number of DuckDB": (on_duckdb, replaced(readers, "finite", _as_it_is), (duckdb.Error,)),
    "NaN is a number of Polars": (on_polars, replaced(polars_columns, "finite", _as_it_is), ()),
}


@pytest.mark.parametrize("reads", [on_duckdb, on_polars])
def test_columns_of_doubles_are_read_as_the_reference_reads_them(reads: Reads) -> None:
    assert columns_that_differ(reads) == 0


@pytest.mark.parametrize("taken_out", TAKEN_OUT)
def test_a_difference_is_noticed(taken_out: str) -> None:
    reads, taken, problems = TAKEN_OUT[taken_out]
    with pytest.MonkeyPatch.context() as patch:
        taken(patch)
        with suppress(*problems):
            assert columns_that_differ(reads) > 0
