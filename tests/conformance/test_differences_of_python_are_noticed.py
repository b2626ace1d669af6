"""The search can notice: each neutralisation of what Python does otherwise is taken out, and a difference is found.

That whole numbers beyond 2^53 meet doubles as doubles, rows hardly ever show: `tests/cases/types` holds it by hand."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Callable
from typing import Any

import pytest

from segwright.compiler.python import generated, lower, lower_aggregates
from segwright.compiler.python.lower import LOWER, Lowering, RowCall
from segwright.compiler.python.lower_aggregates import LOWER_AGGREGATES
from segwright.compiler.python.terms import Truth
from segwright.dsl.builtins import EVERY, NUMERIC, ORDERED

from . import decide_engine
from .noticed import Taken, all_of, is_noticed


def _row(lowering: Lowering, *overloads: str) -> Taken:
    def take(patch: pytest.MonkeyPatch) -> None:
        for overload in overloads:
            patch.setitem(LOWER, overload, lowering)

    return take


def _aggregate(result: str, *overloads: str) -> Taken:
    def take(patch: pytest.MonkeyPatch) -> None:
        for overload in overloads:
            patch.setitem(LOWER_AGGREGATES, overload, lower_aggregates._listed(result))

    return take


def _called(name: str, function: Callable[..., Any]) -> Taken:
    """Another function by a name that the source has."""
    return lambda patch: patch.setitem(generated._GLOBALS, name, function)


def _two_valued(holds: str) -> Lowering:
    """A test that does not ask whether its operands are there."""

    def lowered(at: RowCall) -> Truth:
        said = holds.format(*(operand.code for operand in at.operands))
        return Truth(said, f"(not {said})", total=True)

    return lowered


def _one_of(at: RowCall) -> Truth:
    value, *options = (operand.code for operand in at.operands)
    return Truth(f"({value} in ({', '.join(options)},))", f"({value} not in ({', '.join(options)},))", total=True)


def _months_apart(date: dt.date, as_of: dt.date) -> int:
    return 12 * (as_of.year - date.year) + as_of.month - date.month


def _clamped_only(date: dt.date, as_of: dt.date) -> int:
    return _months_apart(date, as_of) - (1 if date.day > as_of.day else 0)


def _last_of_ties(items: list[tuple[Any, Any]]) -> Any:
    return max(items, key=lambda item: item[0])[1] if items else None


SIGNS = {"add": "+", "subtract": "-", "multiply": "*"}

TAKEN_OUT: dict[str, Taken] = {
    "division by zero raises": _row(lower._value("({0} / {1})"), "divide.number"),
    "doubles may be infinite": all_of(
        *(_row(lower._value(f"({{0}} {sign} {{1}})"), f"{name}.number") for name, sign in SIGNS.items())
    ),
    "integers know no end": all_of(
        *(_row(lower._value(f"({{0}} {sign} {{1}})"), f"{name}.integer") for name, sign in SIGNS.items())
    ),
    "money knows no end": all_of(*(_row(lower._value(f"{name}({{0}}, {{1}})"), f"{name}.money") for name in SIGNS)),
    "percents add as doubles": _row(LOWER["add.number"], "add.percent"),
    "None is equal or not": _row(_two_valued("({0} != {1})"), *(f"not_equal.{kind}" for kind in EVERY)),
    "None has no order": _row(_two_valued("({0} < {1})"), *(f"less.{kind}" for kind in ORDERED)),
    "None is on no list": _row(_one_of, *(f"one_of.{kind}" for kind in ORDERED)),
    "money meets doubles exactly": _row(lower._value("{0}"), "number_from.money"),
    "a timestamp is a date": _row(lower._value("{0}"), "date_from.timestamp"),
    "months are counted by their number": _called("months_since", _months_apart),
    "months know no ends of months": _called("months_since", _clamped_only),
    "numbers sum as doubles": _aggregate("sum({s}, 0.0)", "sum.number", "sum.percent"),
    "the average of nothing raises": _aggregate("(sum({s}) / len({s}))", *(f"average.{kind}" for kind in NUMERIC)),
    "medians take the lower value": _called("median", lambda values, _: statistics.median_low(values or [0])),
    "equal values count twice": _aggregate("len({s})", *(f"distinct_count.{kind}" for kind in EVERY)),
    "ties are not looked for": all_of(*(_called(name, _last_of_ties) for name in ("first", "latest"))),
}
PROBLEMS = (TypeError, ArithmeticError)


@pytest.mark.fuzz
@pytest.mark.parametrize("taken_out", TAKEN_OUT)
def test_a_difference_is_noticed(taken_out: str) -> None:
    assert is_noticed(decide_engine.answers, TAKEN_OUT[taken_out], PROBLEMS)
