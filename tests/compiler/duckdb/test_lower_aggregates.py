"""Each aggregate on DuckDB: results worked out by hand, missing values skipped, sums exact, overflow noticed."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from overloads_by_hand import AS_OF, BY_HAND, EXPECTED, TIMES, VALUES, a_type

from segwright.compiler.duckdb.lower_aggregates import LOWER_AGGREGATES, AggregateCall, over_nothing
from segwright.compiler.duckdb.query import column
from segwright.compiler.duckdb.stops import is_overflow
from segwright.dsl.builtins import AGGREGATE_OVERLOADS, BY_OVERLOAD, NUMERIC
from segwright.dsl.types import Type

D, T = dt.date, dt.datetime
Row = tuple[Any, ...]
"""(value, at) or (value, at, then)."""


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def sql_type(type: Type) -> str:
    names = {"integer": "BIGINT", "number": "DOUBLE", "percent": "DOUBLE", "text": "VARCHAR"}
    return f"DECIMAL(18,{type.scale})" if type.kind == "money" else names.get(type.kind, type.kind)


def aggregate(
    con: duckdb.DuckDBPyConnection,
    overload: str,
    rows: Sequence[Row],
    *,
    at: str = "date",
    where: Sequence[bool | None] | None = None,
) -> Any:
    """The aggregate over rows of a value and a time; of those for which `where` is true, where it is given."""
    operands, result = BY_OVERLOAD[overload][1].operands, BY_OVERLOAD[overload][1].result
    type, gives, at_type = a_type(operands[0] if operands else "integer"), a_type(result), a_type(at)
    con.execute(f"CREATE OR REPLACE TEMP TABLE t (v {sql_type(type)}, moment {at_type.kind}, n BIGINT, w BOOLEAN)")
    for row, truth in zip(rows, where or [None] * len(rows), strict=True):
        con.execute("INSERT INTO t VALUES (?, ?, ?, ?)", [*(*row, None)[:3], truth])
    call = AggregateCall(
        value=column("v") if operands else None,
        type=type if operands else None,
        at=column("moment"),
        at_type=at_type,
        then=column("n") if any(len(row) == 3 for row in rows) else None,
        where=None if where is None else column("w"),
        result=gives,
        as_of=AS_OF,
    )
    sql = LOWER_AGGREGATES[overload](call).sql(dialect="duckdb")
    return con.execute(f"SELECT {sql} FROM t").fetchall()[0][0]


def test_the_table_has_exactly_the_declared_overloads() -> None:
    assert set(LOWER_AGGREGATES) == set(AGGREGATE_OVERLOADS)


@pytest.mark.parametrize("overload, expected", BY_HAND)
def test_results_worked_out_by_hand(con: duckdb.DuckDBPyConnection, overload: str, expected: Any) -> None:
    if overload == "trend_per_month.percent":
        expected = (-6e9 / 1e9 / 1400) * 30.4375
    if overload == "average.percent":
        expected = (900_000_000.0 / 1e9) / 3.0
    values = [*VALUES[BY_OVERLOAD[overload][1].operands[0]]]
    rows = [*zip(values, TIMES, strict=True), (None, D(2026, 2, 28))]
    found = aggregate(con, overload, rows)
    assert found == expected
    assert type(found) is type(expected)


def test_every_overload_has_a_result_by_hand() -> None:
    assert {each[0] for each in BY_HAND} | {"count.rows", "any.rows", "no.rows"} == set(AGGREGATE_OVERLOADS)


@pytest.mark.parametrize("overload", [each[0] for each in BY_HAND])
def test_over_nothing(con: duckdb.DuckDBPyConnection, overload: str) -> None:
    kind, name = BY_OVERLOAD[overload][1].operands[0], overload.split(".")[0]
    nothing = over_nothing(overload, a_type(BY_OVERLOAD[overload][1].result))
    assert (nothing is not None) == (name in ("sum", "distinct_count"))
    if nothing is not None:
        assert con.execute(f"SELECT {nothing.sql('duckdb')} = 0").fetchall() == [(True,)]
    for rows in ([], [(None, D(2026, 1, 1))]):
        assert aggregate(con, overload, rows) == (0 if name == "distinct_count" else None), kind


def test_rows_are_counted_whatever_they_hold(con: duckdb.DuckDBPyConnection) -> None:
    rows = [(None, D(2026, 1, 1)), (None, D(2026, 1, 1))]
    assert [aggregate(con, f"{name}.rows", rows) for name in ("count", "any", "no")] == [2, True, False]
    assert [aggregate(con, f"{name}.rows", []) for name in ("count", "any", "no")] == [0, None, True]
    nothing = [over_nothing(f"{name}.rows", a_type(kind)) for name, kind in [("count", "integer"), ("any", "boolean")]]
    assert [each is not None and each.sql("duckdb") for each in nothing] == ["CAST(0 AS BIGINT)", "FALSE"]


@pytest.mark.parametrize("overload", [each[0] for each in BY_HAND] + ["count.rows", "any.rows", "no.rows"])
def test_a_filter_takes_only_rows_for_which_it_is_true(con: duckdb.DuckDBPyConnection, overload: str) -> None:
    operands = BY_OVERLOAD[overload][1].operands
    rows = list(zip(VALUES[operands[0]] if operands else (1, 2, 3), TIMES, strict=True))
    of_two = aggregate(con, overload, rows[:2])
    assert aggregate(con, overload, rows, where=[True, True, None]) == of_two
    assert aggregate(con, overload, rows, where=[True, True, False]) == of_two


# -- order -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name, expected", [("first", 1), ("latest", 4)])
def test_the_declared_order_decides_within_a_time(con: duckdb.DuckDBPyConnection, name: str, expected: int) -> None:
    rows = [(2, D(2026, 1, 1), 8), (1, D(2026, 1, 1), 7), (4, D(2026, 1, 2), 9), (3, D(2026, 1, 2), 1)]
    assert aggregate(con, f"{name}.integer", rows) == expected


def test_timestamps_are_ordered_to_the_microsecond(con: duckdb.DuckDBPyConnection) -> None:
    rows = [(1, T(2026, 1, 1, 0, 0, 0, 1)), (2, T(2026, 1, 1, 0, 0, 0, 2))]
    assert aggregate(con, "latest.integer", rows, at="timestamp") == 2


@pytest.mark.parametrize(
    "values, expected",
    [([1, 2], 1.5), ([1, 2, 4, 9], 3.0), ([5], 5.0), ([2**53 + 1, 2**53 + 3], 2.0**53 + 2)],
)
def test_the_median_of_two_middle_values_is_their_mean_as_doubles(
    con: duckdb.DuckDBPyConnection, values: list[int], expected: float
) -> None:
    assert aggregate(con, "median.integer", [(value, AS_OF) for value in values]) == expected


def test_a_median_that_is_not_finite_is_missing(con: duckdb.DuckDBPyConnection) -> None:
    assert aggregate(con, "median.number", [(1e308, AS_OF), (1e308, AS_OF)]) is None
    assert aggregate(con, "median.number", [(1e308, AS_OF)]) == 1e308


@pytest.mark.parametrize("count", [1_001, 100_000])
def test_medians_of_many_rows(con: duckdb.DuckDBPyConnection, count: int) -> None:
    call = AggregateCall(column("v"), Type("integer"), None, None, None, None, Type("number"), AS_OF)
    sql = LOWER_AGGREGATES["median.integer"](call).sql(dialect="duckdb")
    assert con.execute(f"SELECT {sql} FROM (SELECT range AS v FROM range({count}))").fetchall() == [((count - 1) / 2,)]


# -- exact sums ------------------------------------------------------------------------------------------------------


def test_sums_of_numbers_are_exact_in_billionths(con: duckdb.DuckDBPyConnection) -> None:
    # In doubles 1e15 + 0.1 + … loses the tenths; ten tenths are one.
    rows = [(0.1, AS_OF)] * 10
    assert aggregate(con, "sum.number", rows) == 1.0
    assert aggregate(con, "sum.percent", rows) == 1.0
    assert aggregate(con, "sum.number", [(1e15, AS_OF), *rows, (-1e15, AS_OF)]) == 1.0
    assert aggregate(con, "average.number", [(1e15, AS_OF), *rows, (-1e15, AS_OF)]) == 1.0 / 12


def test_values_are_rounded_to_a_billionth_halves_up(con: duckdb.DuckDBPyConnection) -> None:
    assert aggregate(con, "sum.number", [(4e-10, AS_OF)] * 5) == 0.0
    assert aggregate(con, "sum.number", [(0.5e-9, AS_OF)]) == 1e-9
    assert aggregate(con, "sum.number", [(-0.5e-9, AS_OF)]) == 0.0


def test_large_exact_sums_become_the_nearest_double(con: duckdb.DuckDBPyConnection) -> None:
    chance = random.Random(5)
    for _ in range(60):
        values = [float(chance.randrange(10**17, 10**20)) for _ in range(3)]
        units = sum(int(value * 1e9 + 0.5) for value in values)
        assert aggregate(con, "sum.number", [(value, AS_OF) for value in values]) == float(units) / 1e9
        whole = [chance.randrange(2**62, 2**63) for _ in range(3)]
        assert aggregate(con, "average.integer", [(value, AS_OF) for value in whole]) == float(sum(whole)) / 3.0
        money = [chance.randrange(10**17, 10**18) for _ in range(3)]
        rows = [(Decimal(unit).scaleb(-2), AS_OF) for unit in money]
        assert aggregate(con, "average.money", rows) == float(sum(money)) / 100.0 / 3.0


def test_duckdbs_own_cast_of_large_integers_is_not_good_enough(con: duckdb.DuckDBPyConnection) -> None:
    """Why sums beyond 64 bits become doubles by way of text."""
    chance = random.Random(5)
    wholes = [chance.randrange(2**64, 2**120) for _ in range(1000)]
    con.execute("CREATE OR REPLACE TEMP TABLE t (v HUGEINT)")
    con.execute("INSERT INTO t SELECT unnest(CAST(? AS VARCHAR[]))", [[str(whole) for whole in wholes]])
    assert [row[0] for row in con.execute("SELECT CAST(v AS DOUBLE) FROM t").fetchall()] != [*map(float, wholes)]


def test_sums_may_pass_their_range_on_the_way(con: duckdb.DuckDBPyConnection) -> None:
    most = 2**63 - 1
    assert aggregate(con, "sum.integer", [(most, AS_OF), (most, AS_OF), (-most, AS_OF)]) == most


@pytest.mark.parametrize(
    "overload, values",
    [
        ("sum.integer", [2**63 - 1, 1]),
        ("sum.money", [Decimal("9999999999999999.99"), Decimal("0.01")]),
        ("sum.number", [1e30]),
        ("sum.number", [1e300]),
        ("sum.percent", [1.5e29, 1.5e29]),
        ("average.number", [1e30]),
    ],
)
def test_overflow_stops_the_query(con: duckdb.DuckDBPyConnection, overload: str, values: list[Any]) -> None:
    with pytest.raises((duckdb.OutOfRangeException, duckdb.ConversionException)) as stopped:
        aggregate(con, overload, [(value, AS_OF) for value in values])
    assert is_overflow(str(stopped.value))


def test_a_trend_overflows_in_128_bits(con: duckdb.DuckDBPyConnection) -> None:
    rows = [(2**62, T(1500, 1, 1)), (-(2**62), T(2026, 1, 1))] * 4
    assert isinstance(aggregate(con, "trend_per_month.integer", rows[:2], at="timestamp"), float)
    with pytest.raises(duckdb.OutOfRangeException) as stopped:
        aggregate(con, "trend_per_month.number", [(1e29, T(1500, 1, 1)), (-1e29, T(2026, 1, 1))], at="timestamp")
    assert is_overflow(str(stopped.value))


# -- trends ----------------------------------------------------------------------------------------------------------


def test_a_trend_over_moments_counts_microseconds(con: duckdb.DuckDBPyConnection) -> None:
    rows = [(0, T(2026, 1, 1)), (1, T(2026, 1, 1, 12)), (2, T(2026, 1, 2))]
    # t in half days of 43,200,000,000 µs, h: n = 3, N = 3·(1 + 4)·h − 3·3·h = 6h, D = 3·5·h² − 9·h² = 6h².
    half_day = 43_200_000_000
    expected = float(6 * half_day) / float(6 * half_day**2) * 2_629_800_000_000.0
    assert aggregate(con, "trend_per_month.integer", rows, at="timestamp") == expected


def test_a_trend_needs_two_distinct_times(con: duckdb.DuckDBPyConnection) -> None:
    assert aggregate(con, "trend_per_month.integer", [(1, AS_OF), (5, AS_OF)]) is None
    assert aggregate(con, "trend_per_month.integer", [(1, AS_OF), (None, D(2026, 1, 1))]) is None
    assert aggregate(con, "trend_per_month.integer", [(1, AS_OF), (1, D(2026, 1, 1))]) == 0.0


def test_a_trend_is_reckoned_from_exact_sums(con: duckdb.DuckDBPyConnection) -> None:
    chance = random.Random(6)
    start = dt.datetime(2016, 1, 1)
    for kind, per_one in (("number", 10**9), ("money", 100), ("integer", 1)):
        units = [chance.randrange(-(10**12), 10**12) for _ in range(30)]
        moments = [start + dt.timedelta(microseconds=chance.randrange(10 * 365 * 86_400 * 10**6)) for _ in units]
        values = [unit if kind == "integer" else Decimal(unit) / per_one for unit in units]
        rows = [(float(v) if kind == "number" else v, at) for v, at in zip(values, moments, strict=True)]
        t = [(at - start) // dt.timedelta(microseconds=1) for at in moments]
        n = len(t)
        above = n * sum(a * b for a, b in zip(t, units, strict=True)) - sum(t) * sum(units)
        below = n * sum(a * a for a in t) - sum(t) ** 2
        expected = (float(above) / float(per_one)) / float(below) * 2_629_800_000_000.0
        assert aggregate(con, f"trend_per_month.{kind}", rows, at="timestamp") == expected


def test_numeric_kinds_are_all_here() -> None:
    assert set(EXPECTED["sum"]) == set(NUMERIC) == set(EXPECTED["trend_per_month"])
