"""The search can notice: each neutralisation of what Polars does otherwise is taken out, and a difference is found.

What the generators hardly ever reach is held by hand in `tests/compiler/polars`: money beyond 18 digits, sums beyond
128 bits, texts that would be patterns."""

from __future__ import annotations

import operator
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from segwright.compiler import plan_from_program
from segwright.compiler.cut_points import Reach
from segwright.compiler.plan import Negated
from segwright.compiler.polars import columns, decisions, expressions, frames, lower, lower_aggregates, passes, ranking
from segwright.compiler.polars.lower import LOWER, RowCall
from segwright.compiler.polars.lower_aggregates import LOWER_AGGREGATES, AggregateCall
from segwright.dsl.builtins import ORDERED

from . import polars_engine, test_cases_on_polars
from .noticed import Taken, all_of, is_noticed, replaced


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


def _least_by_place(reach: Reach) -> pl.Expr:
    """The value at the place itself, whatever equals it further on."""
    value, n = pl.col("value"), pl.len().cast(pl.Int128)
    share = n * reach.share
    lower = (share + reach.factor - 1) // reach.factor if reach.comparison == ">=" else share // reach.factor + 1
    return value.get(lower.cast(pl.Int64), null_on_oob=True) if reach.comparison != "<" else least(reach)


def _on_the_list(at: RowCall) -> pl.Expr:
    """What is missing is not on the list, and so not unknown."""
    return LOWER_ONE_OF(at).fill_null(False)


def _as_it_is(_field: Any, _raw_type: Any, kept: pl.Expr) -> pl.Expr:
    return kept


def _average_of_nothing(at: AggregateCall) -> pl.Expr:
    return lower_aggregates._double_sum(at) / _value(at).count()


def _kept_narrow(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(columns.READERS, ("integer", "whole"), _as_it_is)


LOWER_ONE_OF, least = LOWER["one_of.integer"], ranking._least

TAKEN_OUT: dict[str, Taken] = {
    "halves are rounded to even": replaced(lower_aggregates, "billionths", lambda value: (value * 1e9).round(0)),
    "what is missing is on no list": _row(_on_the_list, *(f"one_of.{kind}" for kind in ORDERED)),
    "the average of nothing is NaN": _aggregate("average", _average_of_nothing),
    "sums of 32 bits wrap around": all_of(_kept_narrow, _aggregate("sum", _sum_that_wraps)),
    "equal values stand apart": replaced(ranking, "_least", _least_by_place),
    "integers wrap around": _row(lambda at: operator.add(*at.operands), "add.integer"),
    "quotients are rounded twice": replaced(lower_aggregates, "quotient", operator.truediv),
    "percents add as doubles": all_of(
        *(_row(LOWER[f"{name}.number"], f"{name}.percent") for name in ("add", "subtract"))
    ),
    "division by zero is infinite": replaced(
        expressions, "MAY_NOT_BE_FINITE", lower.MAY_NOT_BE_FINITE - {"divide.number"}
    ),
    "months have eight bits": replaced(lower, "_part", lambda value: value),
    "numbers sum as doubles": _aggregate("sum", _sum_of_doubles),
    "sums of integers wrap around": _aggregate("sum", _sum_that_wraps),
    "quantiles take the nearest value": _aggregate("median", lambda at: _value(at).cast(pl.Float64).quantile(0.5)),
    "null is a value to count": _aggregate("distinct_count", lambda at: _value(at).n_unique().cast(pl.Int64)),
    "latest goes by time alone": _aggregate("latest", _latest_by_time),
    "latest is of rows without a value too": _aggregate("latest", _latest_whatever),
    "the sum of nobody's rows is missing": replaced(frames, "over_nothing", lambda _overload, _type: None),
    "what became known later is seen": replaced(frames, "visible", _ignore_known_at(passes.visible)),
    "ties are not looked for": replaced(polars_engine, "tie_frame", lambda *_: None),
    "unknown takes out": replaced(plan_from_program, "NotTrue", Negated),
}


@pytest.mark.fuzz
@pytest.mark.parametrize("taken_out", TAKEN_OUT)
def test_a_difference_is_noticed(taken_out: str) -> None:
    assert is_noticed(polars_engine.answers, TAKEN_OUT[taken_out], (pl.exceptions.PolarsError,))


def test_overflow_that_nothing_asks_for_is_noticed(tmp_path: Path) -> None:
    """Polars reckons nothing that is not asked for; where it is not made to, a case worked out by hand fails."""
    case = Path(__file__).parents[1] / "cases" / "types" / "overflow_in_a_segment_out_of_force.case"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decisions, "all_reckoned", lambda _frame, rows, _key, **_: rows)
        with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
            test_cases_on_polars.test_polars(case, tmp_path)
    test_cases_on_polars.test_polars(case, tmp_path)
