"""The search can notice: each neutralisation of what Polars does otherwise is taken out, and a difference is found.

What the generators hardly ever reach is held by hand in `tests/compiler/polars`: money beyond 18 digits, sums beyond
128 bits, texts that would be patterns."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from segwright.compiler import plan_from_program
from segwright.compiler.plan import Negated
from segwright.compiler.polars import decisions, expressions, frames, lower, lower_aggregates, passes
from segwright.compiler.polars.lower import LOWER, RowCall
from segwright.compiler.polars.lower_aggregates import LOWER_AGGREGATES, AggregateCall

from . import polars_engine
from .search import STARTS, WITHOUT_SHRINKING, search

Taken = Callable[[pytest.MonkeyPatch], None]


def _row(lowering: Callable[[RowCall], pl.Expr], *overloads: str) -> Taken:
    def take(patch: pytest.MonkeyPatch) -> None:
        for overload in overloads:
            patch.setitem(LOWER, overload, lowering)

    return take


def _aggregate(name: str, lowering: Callable[[AggregateCall], pl.Expr]) -> Taken:
    def take(patch: pytest.MonkeyPatch) -> None:
        for overload in LOWER_AGGREGATES:
            if overload.startswith(f"{name}."):
                patch.setitem(LOWER_AGGREGATES, overload, lowering)

    return take


def _set(module: object, name: str, value: Any) -> Taken:
    return lambda patch: patch.setattr(module, name, value)


def _value(at: AggregateCall) -> pl.Expr:
    assert at.value is not None
    return at.value


def _sum_of_doubles(at: AggregateCall) -> pl.Expr:
    kind = at.type.kind if at.type else ""
    return _value(at).sum() if kind in ("number", "percent") else lower_aggregates._sum(at)


def _sum_that_wraps(at: AggregateCall) -> pl.Expr:
    kind = at.type.kind if at.type else ""
    return _value(at).sum() if kind == "integer" else lower_aggregates._sum(at)


def _latest_by_time(at: AggregateCall) -> pl.Expr:
    assert at.at is not None
    return _value(at).max_by(pl.when(_value(at).is_not_null()).then(at.at))


def _latest_whatever(at: AggregateCall) -> pl.Expr:
    assert at.order is not None
    return _value(at).max_by(at.order)


def _ignore_known_at(original: Callable[..., list[pl.Expr]]) -> Callable[..., list[pl.Expr]]:
    def visible(reading: Any, each: Any, own: Any) -> list[pl.Expr]:
        found = original(reading, each, own)
        return found if each.known_at is None else found[:-1]

    return visible


TAKEN_OUT: dict[str, Taken] = {
    "integers wrap around": _row(lambda at: operator.add(*at.operands), "add.integer"),
    "quotients are rounded twice": _set(lower_aggregates, "quotient", operator.truediv),
    "percents add as doubles": _row(LOWER["add.number"], "add.percent"),
    "division by zero is infinite": _set(expressions, "MAY_NOT_BE_FINITE", lower.MAY_NOT_BE_FINITE - {"divide.number"}),
    "months have eight bits": _set(lower, "_part", lambda value: value),
    "numbers sum as doubles": _aggregate("sum", _sum_of_doubles),
    "sums of integers wrap around": _aggregate("sum", _sum_that_wraps),
    "quantiles take the nearest value": _aggregate("median", lambda at: _value(at).cast(pl.Float64).quantile(0.5)),
    "null is a value to count": _aggregate("distinct_count", lambda at: _value(at).n_unique().cast(pl.Int64)),
    "latest goes by time alone": _aggregate("latest", _latest_by_time),
    "latest is of rows without a value too": _aggregate("latest", _latest_whatever),
    "the sum of nobody's rows is missing": _set(frames, "over_nothing", lambda _overload, _type: None),
    "what became known later is seen": _set(frames, "visible", _ignore_known_at(passes.visible)),
    "ties are not looked for": _set(polars_engine, "tie_frame", lambda *_: None),
    "overflow is met only on the way": _set(decisions, "all_reckoned", lambda _frame, rows, _key: rows),
    "unknown takes out": _set(plan_from_program, "NotTrue", Negated),
}


@pytest.mark.fuzz
@pytest.mark.parametrize("taken_out", TAKEN_OUT)
def test_a_difference_is_noticed(taken_out: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        TAKEN_OUT[taken_out](patch)
        with pytest.raises((AssertionError, pl.exceptions.PolarsError)):
            _search_everything()


def _search_everything() -> None:
    for start in range(STARTS):
        search({"polars": polars_engine.answers}, start, WITHOUT_SHRINKING)
