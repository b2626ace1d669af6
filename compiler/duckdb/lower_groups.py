"""Aggregates over a group of rows in DuckDB, by overload id: those of measures."""

from __future__ import annotations

from sqlglot import exp

from ...dsl.builtins import GROUP_OVERLOADS
from .lower import billionths
from .lower_aggregates import LOWER_AGGREGATES, AggregateCall, Lowering
from .terms import call, cast, double, whole

PROMOTERS_FROM, DETRACTORS_TO = 9, 6


def _count_where(condition: exp.Expr) -> exp.Expr:
    return exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=condition))


def _per_known(at: AggregateCall, amount: exp.Expr, among: exp.Expr | None = None) -> exp.Expr:
    """double(amount) / double(how many values are known, `among` some rows only), NULL over none."""
    assert at.value is not None, "a share is one of something"
    count: exp.Expr = call("COUNT", at.value)
    if among is not None:
        count = exp.Filter(this=count, expression=exp.Where(this=among))
    known = call("NULLIF", cast(count, "DOUBLE"), double(0.0))
    return exp.Div(this=cast(amount, "DOUBLE"), expression=known)


def _share(at: AggregateCall) -> exp.Expr:
    assert at.value is not None, "a share is one of something"
    return exp.Div(this=billionths(_per_known(at, _count_where(at.value.copy()))), expression=double(1e9))


def _share_among(at: AggregateCall) -> exp.Expr:
    assert at.value is not None, "a share is one of something"
    assert at.where is not None, "a share among rows says which"
    holding = _count_where(exp.And(this=at.where.copy(), expression=at.value.copy()))
    return exp.Div(this=billionths(_per_known(at, holding, at.where.copy())), expression=double(1e9))


def _net_promoter_score(at: AggregateCall) -> exp.Expr:
    assert at.value is not None, "a score is one of something"
    promoters = _count_where(exp.GTE(this=at.value.copy(), expression=whole(PROMOTERS_FROM)))
    detractors = _count_where(exp.LTE(this=at.value.copy(), expression=whole(DETRACTORS_TO)))
    balance = exp.Paren(this=exp.Sub(this=promoters, expression=detractors))
    return _per_known(at, exp.Mul(this=whole(100), expression=balance))


LOWER_GROUPS: dict[str, Lowering] = {
    **{id: LOWER_AGGREGATES[id] for id in GROUP_OVERLOADS if id in LOWER_AGGREGATES},
    "share.rows": _share,
    "share_among.rows": _share_among,
    "net_promoter_score.integer": _net_promoter_score,
}
"""A call has the value of a row, of a share whether its condition is true. NULL where a group has nothing to aggregate:
`over_nothing` says what comes out then."""
