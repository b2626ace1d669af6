"""Each aggregate on Polars: results worked out by hand, missing values skipped, sums exact, overflow noticed."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from overloads_by_hand import AS_OF, BY_HAND, TIMES, VALUES, a_type

from segwright.compiler.polars.lower_aggregates import LOWER_AGGREGATES, AggregateCall, order_of, over_nothing
from segwright.compiler.polars.stops import is_overflow
from segwright.compiler.polars.values import canonical_dtype
from segwright.dsl.builtins import AGGREGATE_OVERLOADS, BY_OVERLOAD, EVERY
from segwright.dsl.types import Kind

D, T = dt.date, dt.datetime
Row = tuple[Any, ...]
"""(value, at) or (value, at, then)."""


def aggregate(
    overload: str,
    rows: Sequence[Row],
    *,
    at: str = "date",
    then: Kind = "integer",
    where: Sequence[bool | None] | None = None,
) -> Any:
    """The aggregate over rows of a value and a time; of those for which `where` is true, where it is given."""
    operands, result = BY_OVERLOAD[overload][1].operands, BY_OVERLOAD[overload][1].result
    type, gives, at_type = a_type(operands[0] if operands else "integer"), a_type(result), a_type(at)
    frame = pl.LazyFrame(
        {
            "key": [1] * len(rows),
            "v": [row[0] for row in rows],
            "moment": [row[1] for row in rows],
            "n": [(*row, None)[2] for row in rows],
            "w": where or [True] * len(rows),
        },
        schema={
            "key": pl.Int64(),
            "v": canonical_dtype(type),
            "moment": canonical_dtype(at_type),
            "n": canonical_dtype(a_type(then)),
            "w": pl.Boolean(),
        },
    )
    ordered = any(len(row) == 3 for row in rows)
    order = order_of(pl.col("moment"), pl.col("n") if ordered else None, then if ordered else None)
    call = AggregateCall(
        value=pl.col("masked") if operands else None,
        type=type if operands else None,
        counted=None if where is None else pl.col("w"),
        at=pl.col("moment"),
        at_type=at_type,
        order=pl.col("order"),
        result=gives,
        as_of=AS_OF,
    )
    masked = frame.with_columns(pl.when("w").then("v").alias("masked"), order.alias("order"))
    found = masked.group_by("key").agg(LOWER_AGGREGATES[overload](call).alias("found")).collect(engine="streaming")
    assert found["found"].dtype == canonical_dtype(gives) or overload.startswith(("min", "max", "first", "latest"))
    return found["found"].item() if len(rows) else None


def test_the_table_has_exactly_the_declared_overloads() -> None:
    assert set(LOWER_AGGREGATES) == set(AGGREGATE_OVERLOADS)


@pytest.mark.parametrize("overload, expected", BY_HAND)
def test_results_worked_out_by_hand(overload: str, expected: Any) -> None:
    if overload == "trend_per_month.percent":
        expected = (-6e9 / 1e9 / 1400) * 30.4375
    if overload == "average.percent":
        expected = (900_000_000.0 / 1e9) / 3.0
    values = [*VALUES[BY_OVERLOAD[overload][1].operands[0]]]
    found = aggregate(overload, [*zip(values, TIMES, strict=True), (None, D(2026, 2, 28))])
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize("overload", [each[0] for each in BY_HAND])
def test_over_nothing(overload: str) -> None:
    name = overload.split(".")[0]
    nothing = over_nothing(overload, a_type(BY_OVERLOAD[overload][1].result))
    assert (nothing is not None) == (name in ("sum", "distinct_count"))
    assert aggregate(overload, [(None, D(2026, 1, 1))]) == (0 if name in ("sum", "distinct_count") else None)


def test_rows_are_counted_whatever_they_hold() -> None:
    rows = [(None, D(2026, 1, 1)), (None, D(2026, 1, 1))]
    assert [aggregate(f"{name}.rows", rows) for name in ("count", "any", "no")] == [2, True, False]
    none = [False, None]
    assert [aggregate(f"{name}.rows", rows, where=none) for name in ("count", "any", "no")] == [0, False, True]


@pytest.mark.parametrize("overload", [each[0] for each in BY_HAND] + ["count.rows", "any.rows", "no.rows"])
def test_a_filter_takes_only_rows_for_which_it_is_true(overload: str) -> None:
    operands = BY_OVERLOAD[overload][1].operands
    rows = list(zip(VALUES[operands[0]] if operands else (1, 2, 3), TIMES, strict=True))
    of_two = aggregate(overload, rows[:2])
    assert aggregate(overload, rows, where=[True, True, None]) == of_two
    assert aggregate(overload, rows, where=[True, True, False]) == of_two


# -- order -----------------------------------------------------------------------------------------------------------

THEN: dict[Kind, list[Any]] = {
    "integer": [-(2**63), -1, 0, 2**63 - 1],
    "number": [-1.5, -0.0, 1e-300, 2.0],
    "percent": [-0.1, 0.0, 0.000000001, 0.3],
    "money": [Decimal("-0.01"), Decimal("0.00"), Decimal("0.01"), Decimal("9999999999999999.99")],
    "text": ["", "Z", "a", "é"],
    "date": [D(1, 1, 1), D(1969, 12, 31), D(1970, 1, 1), D(9999, 12, 31)],
    "timestamp": [T(1, 1, 1), T(1969, 12, 31, 23, 59, 59, 999999), T(1970, 1, 1), T(9999, 12, 31)],
}
"""In order."""


@pytest.mark.parametrize("then", THEN)
def test_the_declared_order_decides_within_a_time(then: Kind) -> None:
    times = [D(1, 1, 1), D(1, 1, 1), D(9999, 12, 31), D(9999, 12, 31)]
    inside = [THEN[then][1], THEN[then][0], THEN[then][3], THEN[then][2]]
    rows = [(number, at, each) for number, (at, each) in enumerate(zip(times, inside, strict=True))]
    assert aggregate("first.integer", rows, then=then) == 1
    assert aggregate("latest.integer", rows, then=then) == 2


@pytest.mark.parametrize("then", THEN)
def test_an_earlier_time_is_less_whatever_the_declared_order(then: Kind) -> None:
    rows = [(1, D(2026, 1, 1), THEN[then][3]), (2, D(2026, 1, 2), THEN[then][0])]
    assert aggregate("first.integer", rows, then=then) == 1
    assert aggregate("latest.integer", rows, then=then) == 2


def test_every_kind_that_may_stand_after_then_is_ordered() -> None:
    assert {*THEN, "boolean"} == set(EVERY)


@pytest.mark.parametrize(
    "values, expected",
    [([1, 2], 1.5), ([1, 2, 4, 9], 3.0), ([5], 5.0), ([2**53 + 1, 2**53 + 3], 2.0**53 + 2)],
)
def test_the_median_of_two_middle_values_is_their_mean_as_doubles(values: list[int], expected: float) -> None:
    assert aggregate("median.integer", [(value, AS_OF) for value in values]) == expected


def test_a_median_that_is_not_finite_is_missing() -> None:
    assert aggregate("median.number", [(1e308, AS_OF), (1e308, AS_OF)]) is None
    assert aggregate("median.number", [(1e308, AS_OF)]) == 1e308


# -- exact sums ------------------------------------------------------------------------------------------------------


def test_sums_of_numbers_are_exact_in_billionths() -> None:
    rows = [(0.1, AS_OF)] * 10
    assert aggregate("sum.number", rows) == 1.0
    assert aggregate("sum.number", [(1e15, AS_OF), *rows, (-1e15, AS_OF)]) == 1.0
    assert aggregate("average.number", [(1e15, AS_OF), *rows, (-1e15, AS_OF)]) == 1.0 / 12
    assert aggregate("sum.number", [(4e-10, AS_OF)] * 5) == 0.0
    assert aggregate("sum.number", [(-0.5e-9, AS_OF)]) == 0.0


def test_large_exact_sums_become_the_nearest_double() -> None:
    chance = random.Random(5)
    for _ in range(30):
        values = [float(chance.randrange(10**17, 10**20)) for _ in range(3)]
        units = sum(int(value * 1e9 + 0.5) for value in values)
        assert aggregate("sum.number", [(value, AS_OF) for value in values]) == float(units) / 1e9
        whole = [chance.randrange(2**62, 2**63) for _ in range(3)]
        assert aggregate("average.integer", [(value, AS_OF) for value in whole]) == float(sum(whole)) / 3.0
        money = [chance.randrange(10**17, 10**18) for _ in range(3)]
        rows = [(Decimal(unit).scaleb(-2), AS_OF) for unit in money]
        assert aggregate("average.money", rows) == float(sum(money)) / 100.0 / 3.0


def test_sums_may_pass_their_range_on_the_way() -> None:
    most = 2**63 - 1
    assert aggregate("sum.integer", [(most, AS_OF), (most, AS_OF), (-most, AS_OF)]) == most


EDGE = 1.7014118346046922e29
"""The greatest double whose billionths go into 128 bits: 2^127 / 1e9 is 1.70141183460469232e29."""


@pytest.mark.parametrize(
    "overload, values",
    [
        ("sum.integer", [2**63 - 1, 1]),
        ("sum.money", [Decimal("9999999999999999.99"), Decimal("0.01")]),
        ("sum.number", [1e30]),
        ("sum.number", [-1.7e308]),
        ("sum.percent", [1.5e29, 1.5e29]),  # wraps around to a negative number
        ("sum.percent", [1.5e29] * 5),  # wraps around twice
        ("average.number", [EDGE, EDGE, EDGE]),
        ("average.number", [1e30]),
    ],
)
def test_overflow_stops_the_run(overload: str, values: list[Any]) -> None:
    with pytest.raises(pl.exceptions.InvalidOperationError) as stopped:
        aggregate(overload, [(value, AS_OF) for value in values])
    assert is_overflow(str(stopped.value))


def test_a_sum_just_within_128_bits_does_not_stop() -> None:
    units = int(EDGE * 1e9 + 0.5)
    assert units < 2**127
    assert aggregate("sum.number", [(EDGE, AS_OF)]) == float(units) / 1e9
    assert aggregate("sum.number", [(EDGE, AS_OF), (-EDGE, AS_OF), (0.1, AS_OF)]) == 0.1


def test_a_trend_overflows_in_128_bits() -> None:
    rows = [(2**62, T(1500, 1, 1)), (-(2**62), T(2026, 1, 1))] * 4
    assert isinstance(aggregate("trend_per_month.integer", rows[:2], at="timestamp"), float)
    for value in (1e29, 1e20):
        with pytest.raises(pl.exceptions.InvalidOperationError) as stopped:
            aggregate("trend_per_month.number", [(value, T(1500, 1, 1)), (-value, T(2026, 1, 1))], at="timestamp")
        assert is_overflow(str(stopped.value))


# -- trends ----------------------------------------------------------------------------------------------------------


def test_a_trend_over_moments_counts_microseconds() -> None:
    rows = [(0, T(2026, 1, 1)), (1, T(2026, 1, 1, 12)), (2, T(2026, 1, 2))]
    # t in half days of 43,200,000,000 µs, h: n = 3, N = 3·(1 + 4)·h − 3·3·h = 6h, D = 3·5·h² − 9·h² = 6h².
    half_day = 43_200_000_000
    expected = float(6 * half_day) / float(6 * half_day**2) * 2_629_800_000_000.0
    assert aggregate("trend_per_month.integer", rows, at="timestamp") == expected


def test_a_trend_needs_two_distinct_times() -> None:
    assert aggregate("trend_per_month.integer", [(1, AS_OF), (5, AS_OF)]) is None
    assert aggregate("trend_per_month.integer", [(1, AS_OF), (None, D(2026, 1, 1))]) is None
    assert aggregate("trend_per_month.integer", [(1, AS_OF), (1, D(2026, 1, 1))]) == 0.0


def test_a_trend_is_reckoned_from_exact_sums() -> None:
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
        assert aggregate(f"trend_per_month.{kind}", rows, at="timestamp") == expected
