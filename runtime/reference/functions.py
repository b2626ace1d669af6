"""Row functions and operators by overload id. `None` is missing, and unknown for a test."""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from ...dsl.builtins import EVERY, ORDERED
from ...dsl.types import Type, Value
from .calendar import Unit, calendar_date, since
from .numbers import double, finite, integer, money, percent, units

Operand = Value | None
Function = Callable[..., Any]
"""Takes the operands' values (never missing, see `STRICT`), then `types` (operands' and result's) and `as_of`."""


def all_of(values: list[bool | None]) -> bool | None:
    """Kleene conjunction: "`unknown and false` is false"."""
    if any(value is False for value in values):
        return False
    return None if any(value is None for value in values) else True


def any_of(values: list[bool | None]) -> bool | None:
    """Kleene disjunction: "`unknown or true` is true"."""
    if any(value is True for value in values):
        return True
    return None if any(value is None for value in values) else False


def negation(value: bool | None) -> bool | None:
    """Kleene negation: unknown stays unknown."""
    return None if value is None else not value


def _compare(name: str, test: Callable[[Any, Any], bool], kinds: tuple[str, ...]) -> dict[str, Function]:
    # "Integer compares with integer and money exactly"; "text compares by code point": as Python compares them.
    return {f"{name}.{kind}": lambda a, b, _types, _as_of: test(a, b) for kind in kinds}


def _integer(combine: Callable[..., int]) -> Function:
    return lambda *operands: integer(combine(*operands[:-2]))


def _number(combine: Callable[..., float]) -> Function:
    return lambda *operands: finite(combine(*operands[:-2]))


def _percent(combine: Callable[..., float]) -> Function:
    return lambda *operands: percent(combine(*operands[:-2]))


def _money(combine: Callable[..., int]) -> Function:
    def apply(*operands: Any) -> Decimal:
        *values, types, _ = operands
        whole = [units(value, type_) for value, type_ in zip(values, types, strict=False)]
        return money(combine(*whole), types[-1].scale)

    return apply


def _arithmetic(name: str, combine: Callable[..., Any], kinds: tuple[str, ...]) -> dict[str, Function]:
    by_kind = {"integer": _integer, "number": _number, "percent": _percent, "money": _money}
    return {f"{name}.{kind}": by_kind[kind](combine) for kind in kinds}


def _divide(a: float, b: float, _types: list[Type], _as_of: dt.date) -> float | None:
    # "Dividing by zero gives missing"
    return None if b == 0 else finite(a / b)


def _number_from(value: Any, types: list[Type], _as_of: dt.date) -> float:
    return double(value, types[0])


def _money_from(value: Any, types: list[Type], _as_of: dt.date) -> Decimal:
    scale, old = types[-1].scale or 0, types[0].scale or 0
    return money(units(value, types[0]) * 10 ** (scale - old), scale)


def _since(unit: Unit) -> Function:
    return lambda date, _types, as_of: since(date, as_of, unit)


STRICT: dict[str, Function] = {
    **_compare("equal", operator.eq, EVERY),
    **_compare("not_equal", operator.ne, EVERY),
    **_compare("less", operator.lt, ORDERED),
    **_compare("at_most", operator.le, ORDERED),
    **_compare("greater", operator.gt, ORDERED),
    **_compare("at_least", operator.ge, ORDERED),
    **{f"one_of.{kind}": lambda value, *rest: value in rest[:-2] for kind in ORDERED},
    "starts_with.text": lambda text, start, _types, _as_of: text.startswith(start),
    "contains.text": lambda text, part, _types, _as_of: part in text,
    **_arithmetic("add", operator.add, ("integer", "number", "percent", "money")),
    **_arithmetic("subtract", operator.sub, ("integer", "number", "percent", "money")),
    **_arithmetic("multiply", operator.mul, ("integer", "number", "money")),
    **_arithmetic("negate", operator.neg, ("integer", "number", "percent", "money")),
    "divide.number": _divide,
    "number_from.integer": _number_from,
    "number_from.percent": _number_from,
    "number_from.money": _number_from,
    "money_from.integer": _money_from,
    "money_from.money": _money_from,
    "date_from.timestamp": lambda moment, _types, _as_of: calendar_date(moment),
    "days_since.date": _since("day"),
    "months_since.date": _since("month"),
    "years_since.date": _since("year"),
}
"""Missing where an operand is missing: "a comparison with a missing operand is unknown", "arithmetic with missing is
missing"."""


def _between(value: Any, low: Any, high: Any) -> bool | None:
    above = None if value is None or low is None else value >= low
    below = None if value is None or high is None else value <= high
    return all_of([above, below])


LENIENT: dict[str, Callable[..., Any]] = {
    **{f"between.{kind}": _between for kind in ORDERED},
    # "`is missing` and `is known` are never unknown"
    "missing.any": lambda value: value is None,
    "known.any": lambda value: value is not None,
    "default.any": lambda value, instead: instead if value is None else value,
}
"""Those that see missing operands."""


def apply(overload: str, operands: list[Operand], types: list[Type], as_of: dt.date) -> Operand:
    """The value of a call. `types` are the operands' types and, last, the result's.

    Raises `OverflowError_` where a result does not fit its type."""
    if overload in LENIENT:
        return LENIENT[overload](*operands)
    function = STRICT[overload]
    if any(operand is None for operand in operands):
        return None
    return function(*operands, types, as_of)
