"""The aggregates of the language in Polars, by overload id.

Sums are exact, in 128 bits, so nothing depends on the order in which threads add. Polars wraps around without a word:
sums of doubles tell roughly where the exact ones must be, so that a wrapped one stops the run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from ...dsl.builtins import EVERY, NUMERIC, ORDERED
from ...dsl.types import DATE, TIMESTAMP, Kind, Type
from ..plan_walk import OVER_NOTHING
from .lower import billionths, double_from_money
from .values import canonical_dtype, finite, literal, money_dtype, quotient

MONTH_IN_DAYS = 30.4375
MONTH_IN_MICROSECONDS = 2_629_800_000_000.0
ROUND = 2.0**128
"""By how much a sum of 128 bits is off for each time that it wrapped around."""
ROUGHLY = 2.0**150
"""Products below this are rough by less than half a `ROUND`."""


@dataclass(frozen=True, slots=True)
class AggregateCall:
    """One aggregate over the rows of a group. `value`, of that `type`, is null in rows that are not counted (None: it
    looks at rows only), `counted` is true in those that are (None: all). Events have their time `at`, and `order`,
    which the latest row has most of."""

    value: pl.Expr | None
    type: Type | None
    counted: pl.Expr | None
    at: pl.Expr | None
    at_type: Type | None
    order: pl.Expr | None
    result: Type
    as_of: dt.date


Lowering = Callable[[AggregateCall], pl.Expr]


def _value(at: AggregateCall) -> pl.Expr:
    assert at.value is not None, "an aggregate without a value"
    return at.value


def _type(at: AggregateCall) -> Type:
    assert at.type is not None, "an aggregate without a value"
    return at.type


def per_one(type: Type) -> int:
    """How many units make one: money in steps of its scale, number and percent in billionths."""
    match type.kind:
        case "money":
            return 10 ** (type.scale or 0)
        case "number" | "percent":
            return 10**9
        case _:
            return 1


# -- rows ----------------------------------------------------------------------------------------------------------


def _count(at: AggregateCall) -> pl.Expr:
    return (pl.len() if at.counted is None else at.counted.sum()).cast(pl.Int64)


def _any(at: AggregateCall) -> pl.Expr:
    return pl.len() > 0 if at.counted is None else at.counted.any()


def _distinct_count(at: AggregateCall) -> pl.Expr:
    # Polars counts null as a value.
    value = _value(at)
    return value.n_unique().cast(pl.Int64) - value.is_null().any().cast(pl.Int64)


# -- exact sums ----------------------------------------------------------------------------------------------------


def _units(at: AggregateCall) -> pl.Expr:
    """The value in units, 128 bits wide."""
    value = _value(at)
    match _type(at).kind:
        case "money":
            return value.to_physical().cast(pl.Int128)
        case "number" | "percent":
            return billionths(value).cast(pl.Int128)
        case _:
            return value.cast(pl.Int128)


def _exact_sum(at: AggregateCall) -> pl.Expr:
    """The sum in units, 128 bits wide; 0 over nothing."""
    total = _units(at).sum()
    if _type(at).kind in ("integer", "money"):
        return total
    return unwrapped(total, billionths(_value(at)).sum())


def unwrapped(total: pl.Expr, rough: pl.Expr) -> pl.Expr:
    """The exact total, given roughly; stops the run where it wrapped around."""
    rounds = ((rough - total.cast(pl.Float64)) / ROUND).round(0)
    # 0, or so much that no integer holds it.
    return total + (rounds.abs() * 1e300).cast(pl.Int128)


def _double_sum(at: AggregateCall) -> pl.Expr:
    units = per_one(_type(at))
    total = _exact_sum(at).cast(pl.Float64)
    return total if units == 1 else quotient(total, float(units))


def _sum(at: AggregateCall) -> pl.Expr:
    match _type(at).kind:
        case "integer":
            return _exact_sum(at).cast(pl.Int64)
        case "money":
            return _value(at).cast(money_dtype(at.result.scale, 38)).sum().cast(canonical_dtype(at.result))
        case _:
            return _double_sum(at)


def _average(at: AggregateCall) -> pl.Expr:
    count = _value(at).count().cast(pl.Float64)
    return pl.when(count > 0).then(quotient(_double_sum(at), count))


# -- in order ------------------------------------------------------------------------------------------------------


def _median(at: AggregateCall) -> pl.Expr:
    value, type = _value(at), _type(at)
    double = double_from_money(value, type) if type.kind == "money" else value.cast(pl.Float64)
    lower, upper = (double.quantile(0.5, end) for end in ("lower", "higher"))
    return pl.when(value.count() % 2 == 1).then(upper).otherwise(finite((lower + upper) * 0.5))


def _first(at: AggregateCall) -> pl.Expr:
    return _value(at).min_by(_order(at))


def _latest(at: AggregateCall) -> pl.Expr:
    return _value(at).max_by(_order(at))


def _order(at: AggregateCall) -> pl.Expr:
    assert at.order is not None, "only events have a first and a latest"
    return pl.when(_value(at).is_not_null()).then(at.order)


# -- trend ---------------------------------------------------------------------------------------------------------


def _trend(at: AggregateCall) -> pl.Expr:
    """(double(N) / double(s)) / double(D) × the units in a month, with N = nΣtu − ΣtΣu, D = nΣt² − (Σt)² in 128 bits
    and t counted from the as-of date."""
    assert at.at is not None, "only events have a trend"
    assert at.at_type is not None, "only events have a trend"
    by_date = at.at_type.kind == "date"
    start = literal(at.as_of, DATE) if by_date else literal(dt.datetime.combine(at.as_of, dt.time()), TIMESTAMP)
    since = at.at.to_physical().cast(pl.Int64) - start.to_physical().cast(pl.Int64)
    month = MONTH_IN_DAYS if by_date else MONTH_IN_MICROSECONDS
    time = pl.when(_value(at).is_not_null()).then(since)
    n = _value(at).count()
    above, below = _over_time(_units(at), time, n)
    slope = quotient(quotient(above, float(per_one(_type(at)))), below) * month
    return finite(pl.when(below > 0).then(slope))


def _over_time(units: pl.Expr, time: pl.Expr, n: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """N and D as doubles, exact before they are rounded."""
    u, t = units, time.cast(pl.Int128)
    many, rough_u, rough_t, rough_n = n.cast(pl.Int128), u.cast(pl.Float64), time.cast(pl.Float64), n.cast(pl.Float64)
    above = many * (t * u).sum() - t.sum() * u.sum()
    below = many * (t * t).sum() - t.sum() * t.sum()
    rough_above = rough_n * (rough_t * rough_u).sum() - rough_t.sum() * rough_u.sum()
    rough_below = rough_n * (rough_t * rough_t).sum() - rough_t.sum() * rough_t.sum()
    size = rough_n * (rough_t * rough_u).abs().sum() + rough_t.abs().sum() * rough_u.abs().sum()
    size = size + rough_n * rough_t.abs().sum() * rough_t.abs().sum()
    too_rough = (size / ROUGHLY).floor() * 1e300
    return (
        (unwrapped(above, rough_above) + too_rough.cast(pl.Int128)).cast(pl.Float64),
        unwrapped(below, rough_below).cast(pl.Float64),
    )


# -- the table -----------------------------------------------------------------------------------------------------

LOWER_AGGREGATES: dict[str, Lowering] = {
    "count.rows": _count,
    "any.rows": _any,
    "no.rows": lambda at: ~_any(at),
    **{f"sum.{kind}": _sum for kind in NUMERIC},
    **{f"average.{kind}": _average for kind in NUMERIC},
    **{f"min.{kind}": lambda at: _value(at).min() for kind in ORDERED},
    **{f"max.{kind}": lambda at: _value(at).max() for kind in ORDERED},
    **{f"median.{kind}": _median for kind in NUMERIC},
    **{f"first.{kind}": _first for kind in EVERY},
    **{f"latest.{kind}": _latest for kind in EVERY},
    **{f"distinct_count.{kind}": _distinct_count for kind in EVERY},
    **{f"trend_per_month.{kind}": _trend for kind in NUMERIC},
}


def over_nothing(overload: str, type: Type) -> pl.Expr | None:
    """What the aggregate is where there is no row (None: missing)."""
    name = overload.split(".")[0]
    return literal(OVER_NOTHING[name], type) if name in OVER_NOTHING else None


EXACT_ORDER: frozenset[Kind] = frozenset({"integer", "money", "boolean", "date", "timestamp", "percent"})
"""Kinds whose values go into 64 bits in their order."""


def order_of(at: pl.Expr, then: pl.Expr | None, then_kind: Kind | None) -> pl.Expr:
    """What rows of an earlier time have less of, and of rows of one time those that `then` puts first. A row of a test
    may leave `then` out, and stands last of its time, as nulls do in DuckDB."""
    if then is None or then_kind is None:
        return at
    place = _in_64_bits(then, then_kind).fill_null(pl.lit(2**63 - 1, dtype=pl.Int128))
    return at.to_physical().cast(pl.Int128) * pl.lit(2**64, dtype=pl.Int128) + place


def _in_64_bits(then: pl.Expr, kind: Kind) -> pl.Expr:
    if kind == "percent":
        return billionths(then).cast(pl.Int128)
    if kind in EXACT_ORDER:
        return then.to_physical().cast(pl.Int128)
    return then.rank("dense").cast(pl.Int128)
