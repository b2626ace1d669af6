"""Relative values as DuckDB terms: a value against its cut-points."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sqlglot import exp

from ..plan import Band
from .terms import call, cast, is_null, when

Cut = exp.Expr | None
"""The term of a cut-point; None where nobody gets so far."""


def band(each: Band, value: exp.Expr, cut_points: Sequence[Cut]) -> exp.Expr:
    """Where `value` stands, given the cut-points; NULL where it is NULL."""
    reached = [_reached(value, cut) for cut in cut_points]
    if each.function in ("decile", "quintile", "quartile"):
        total: exp.Expr = cast(exp.Literal.number(1), "BIGINT")
        for one in reached:
            number = when(one, exp.Literal.number(1), exp.Literal.number(0))
            total = exp.Add(this=total, expression=number)
        return when(is_null(value), cast(exp.null(), "BIGINT"), cast(total, "BIGINT"))
    test = _PERCENTILE[each.operator](reached) if each.operator else reached[0]
    return when(is_null(value), exp.null(), test)


_PERCENTILE: Mapping[str, Callable[[Sequence[exp.Expr]], exp.Expr]] = {
    "at_least": lambda reached: reached[0],
    "greater": lambda reached: reached[1],
    "less": lambda reached: exp.not_(reached[0]),
    "at_most": lambda reached: exp.not_(reached[1]),
    "equal": lambda reached: exp.and_(reached[0], exp.not_(reached[1])),
    "not_equal": lambda reached: exp.or_(exp.not_(reached[0]), reached[1]),
}
"""From whether the cut-points for >= and > are reached."""


def _reached(value: exp.Expr, cut: Cut) -> exp.Expr:
    if cut is None:
        return exp.false()
    return call("COALESCE", exp.GTE(this=value.copy(), expression=cut.copy()), exp.false())
