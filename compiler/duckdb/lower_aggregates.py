"""The aggregates of the language in DuckDB, by overload id.

Sums are exact, in 128 bits or 38 digits, so nothing depends on the order in which threads add; what overflows stops the
query.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from sqlglot import exp

from ...dsl.builtins import EVERY, NUMERIC, ORDERED
from ...dsl.types import Kind, Type
from ..plan_walk import OVER_NOTHING
from .lower import billionths, double_from_money, money_type
from .terms import both, call, cast, double, equal, finite, is_known, literal, quoted, try_cast, when, whole

MONTH_IN_DAYS = 30.4375
MONTH_IN_MICROSECONDS = 2_629_800_000_000.0


@dataclass(frozen=True, slots=True)
class AggregateCall:
    """One aggregate over the rows of a group: `value` and its `type` (None: it looks at rows only), the rows' time `at`
    and order `then` (events only), the condition `where` (None: all rows), the result's type."""

    value: exp.Expr | None
    type: Type | None
    at: exp.Expr | None
    at_type: Type | None
    then: exp.Expr | None
    where: exp.Expr | None
    result: Type
    as_of: dt.date


Lowering = Callable[[AggregateCall], exp.Expr]


def _over(at: AggregateCall, function: exp.Expr, *, known: bool = False) -> exp.Expr:
    """`function` over the rows of the call, with `known` over those that have a value."""
    conditions = [at.where] if at.where is not None else []
    if known:
        conditions.append(is_known(_value(at)))
    if not conditions:
        return function
    return exp.Filter(this=function, expression=exp.Where(this=both(*conditions)))


def _value(at: AggregateCall) -> exp.Expr:
    assert at.value is not None, "an aggregate without a value"
    return at.value.copy()


def _kind(at: AggregateCall) -> Kind:
    assert at.type is not None, "an aggregate without a value"
    return at.type.kind


def _per_one(at: AggregateCall) -> int:
    """How many units make one: money in steps of its scale, number and percent in billionths."""
    assert at.type is not None, "an aggregate without a value"
    match at.type.kind:
        case "money":
            return 10 ** (at.type.scale or 0)
        case "number" | "percent":
            return 10**9
        case _:
            return 1


def _function(name: str) -> Lowering:
    """A function of DuckDB that skips NULLs."""
    return lambda at: _over(at, call(name, _value(at)))


# -- exact sums ----------------------------------------------------------------------------------------------------


def _units(at: AggregateCall) -> exp.Expr:
    """The value in units, a whole HUGEINT."""
    value = _value(at)
    match _kind(at):
        case "money":
            wide = cast(value, f"DECIMAL(38, {at.type.scale or 0})" if at.type else "")
            return cast(exp.Mul(this=wide, expression=whole(_per_one(at))), "HUGEINT")
        case "number" | "percent":
            return cast(billionths(value), "HUGEINT")
        case _:
            return cast(value, "HUGEINT")


def _exact_sum(at: AggregateCall) -> exp.Expr:
    """The sum in units, a HUGEINT; NULL over nothing."""
    match _kind(at):
        case "money":
            total = exp.Mul(this=_over(at, call("SUM", _value(at))), expression=whole(_per_one(at)))
            return cast(total, "HUGEINT")
        case "number" | "percent":
            return _over(at, call("SUM", _units(at)))
        case _:
            return _over(at, call("SUM", _value(at)))


def _nearest_double(whole: exp.Expr) -> exp.Expr:
    """The double nearest to a HUGEINT; DuckDB's own cast is off by one in the last place beyond 64 bits."""
    return call("COALESCE", cast(try_cast(whole, "BIGINT"), "DOUBLE"), cast(cast(whole, "VARCHAR"), "DOUBLE"))


def _double_sum(at: AggregateCall) -> exp.Expr:
    per_one = _per_one(at)
    total = _nearest_double(_exact_sum(at))
    return total if per_one == 1 else exp.Div(this=total, expression=double(float(per_one)))


def _sum(at: AggregateCall) -> exp.Expr:
    match _kind(at):
        case "integer":
            return cast(_over(at, call("SUM", _value(at))), "BIGINT")
        case "money":
            return cast(_over(at, call("SUM", _value(at))), money_type(at.result))
        case _:
            return _double_sum(at)


def _average(at: AggregateCall) -> exp.Expr:
    count = cast(_over(at, call("COUNT", _value(at))), "DOUBLE")
    return exp.Div(this=_double_sum(at), expression=count)


# -- in order ------------------------------------------------------------------------------------------------------


def _median(at: AggregateCall) -> exp.Expr:
    # The second quantile is so little above the middle that it takes the upper one of two middle values.
    middles = _over(at, call("QUANTILE_DISC", _value(at), exp.Array(expressions=[double(0.5), double(0.5 + 1e-12)])))
    lower, upper = (_double(at, call("LIST_EXTRACT", middles, whole(n))) for n in (1, 2))
    odd = equal(exp.Mod(this=_over(at, call("COUNT", _value(at))), expression=whole(2)), whole(1))
    mean = exp.Div(this=exp.Paren(this=exp.Add(this=lower, expression=upper.copy())), expression=double(2.0))
    return when(odd, upper, finite(mean))


def _double(at: AggregateCall, value: exp.Expr) -> exp.Expr:
    assert at.type is not None, "an aggregate without a value"
    match at.type.kind:
        case "money":
            return double_from_money(value, at.type)
        case "integer":
            return cast(value, "DOUBLE")
        case _:
            return value


def _at_end(by_order: str, of_time: str) -> Lowering:
    def lowered(at: AggregateCall) -> exp.Expr:
        assert at.at is not None, "only events have a first and a latest"
        value = _value(at)
        if value == at.at:
            return _over(at, call(of_time, value))
        order = at.at if at.then is None else call("ROW", at.at, at.then)
        return _over(at, call(by_order, value, order))

    return lowered


def _distinct_count(at: AggregateCall) -> exp.Expr:
    return _over(at, exp.Count(this=exp.Distinct(expressions=[_value(at)])))


# -- trend ---------------------------------------------------------------------------------------------------------


def _trend(at: AggregateCall) -> exp.Expr:
    """(double(N) / double(s)) / double(D) × the units in a month, with N = nΣtu − ΣtΣu, D = nΣt² − (Σt)² in 128 bits
    and t counted from the as-of date."""
    assert at.at is not None, "only events have a trend"
    assert at.at_type is not None, "only events have a trend"
    if at.at_type.kind == "date":
        time = exp.Sub(this=at.at.copy(), expression=literal(at.as_of, Type("date")))
        month = MONTH_IN_DAYS
    else:
        start = cast(quoted(f"{at.as_of.isoformat()} 00:00:00"), "TIMESTAMP")
        time = exp.Sub(this=call("EPOCH_US", at.at), expression=call("EPOCH_US", start))
        month = MONTH_IN_MICROSECONDS
    t, u = cast(exp.Paren(this=time), "HUGEINT"), _units(at)

    def total(summed: exp.Expr) -> exp.Expr:
        return _over(at, call("SUM", summed), known=True)

    def product(left: exp.Expr, right: exp.Expr) -> exp.Expr:
        return exp.Mul(this=left.copy(), expression=right.copy())

    n = cast(_over(at, call("COUNT", _value(at))), "HUGEINT")
    numerator = exp.Sub(this=product(n, total(product(t, u))), expression=product(total(t), total(u)))
    denominator = exp.Sub(this=product(n, total(product(t, t))), expression=product(total(t), total(t)))
    above = _nearest_double(numerator)
    if _per_one(at) != 1:
        above = exp.Div(this=above, expression=double(float(_per_one(at))))
    below = call("NULLIF", _nearest_double(denominator), double(0.0))
    return exp.Mul(this=exp.Div(this=above, expression=below), expression=double(month))


# -- the table -----------------------------------------------------------------------------------------------------

LOWER_AGGREGATES: dict[str, Lowering] = {
    "count.rows": lambda at: _over(at, exp.Count(this=exp.Star())),
    "any.rows": lambda at: _over(at, call("BOOL_OR", exp.true())),
    "no.rows": lambda at: exp.Not(this=call("COALESCE", _over(at, call("BOOL_OR", exp.true())), exp.false())),
    **{f"sum.{kind}": _sum for kind in NUMERIC},
    **{f"average.{kind}": _average for kind in NUMERIC},
    **{f"min.{kind}": _function("MIN") for kind in ORDERED},
    **{f"max.{kind}": _function("MAX") for kind in ORDERED},
    **{f"median.{kind}": _median for kind in NUMERIC},
    **{f"first.{kind}": _at_end("ARG_MIN", "MIN") for kind in EVERY},
    **{f"latest.{kind}": _at_end("ARG_MAX", "MAX") for kind in EVERY},
    **{f"distinct_count.{kind}": _distinct_count for kind in EVERY},
    **{f"trend_per_month.{kind}": _trend for kind in NUMERIC},
}


def over_nothing(overload: str, type: Type) -> exp.Expr | None:
    """What the aggregate is where there is no row (None: missing)."""
    name = overload.split(".")[0]
    return literal(OVER_NOTHING[name], type) if name in OVER_NOTHING else None
