"""The row functions of the language in Polars, by overload id.

Operands and results are canonical values (`values.py`), null where missing. What can overflow is reckoned in 128 bits
and cast back strictly, which stops the run (`stops.py`). Doubles are the exception: the operands that `ABSORBS` names
may be infinite or NaN, and what comes out of `MAY_NOT_BE_FINITE` may be too, so that a chain of arithmetic is tested
once, at its end (`expressions.py`).
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from ...dsl.builtins import EVERY, ORDERED
from ...dsl.types import DATE, Type, Value
from ..time import END_OF_ANY_MONTH, as_of_parts
from .values import canonical_dtype, literal, quotient


@dataclass(frozen=True, slots=True)
class RowCall:
    """One call: its operands, their types and the result's; `constants` are the values of operands that are the same
    for every row, None for the others."""

    operands: tuple[pl.Expr, ...]
    constants: tuple[Value | None, ...]
    types: tuple[Type, ...]
    result: Type
    as_of: dt.date


Lowering = Callable[[RowCall], pl.Expr]


def _apply(function: Callable[..., pl.Expr]) -> Lowering:
    return lambda at: function(*at.operands)


def billionths(value: pl.Expr) -> pl.Expr:
    """floor(x × 1e9 + 0.5), a whole double."""
    return (value * 1e9 + 0.5).floor()


def share(value: pl.Expr) -> pl.Expr:
    """The double rounded to a billionth."""
    return quotient(billionths(value), 1e9)


# -- comparisons ---------------------------------------------------------------------------------------------------


def _one_of(at: RowCall) -> pl.Expr:
    value, options = at.operands[0], at.constants[1:]
    if len(options) == 1:
        return value == at.operands[1]
    return value.is_in(pl.Series(options, dtype=canonical_dtype(at.types[0])).implode())


# -- arithmetic ----------------------------------------------------------------------------------------------------


def _whole(function: Callable[..., pl.Expr]) -> Lowering:
    """Integers: exactly in 128 bits, then back into 64, or the run stops."""
    return lambda at: function(*(operand.cast(pl.Int128) for operand in at.operands)).cast(pl.Int64)


def _money(function: Callable[..., pl.Expr]) -> Lowering:
    """Money: exactly in 38 digits, then back into 18, or the run stops."""
    return lambda at: function(*at.operands).cast(canonical_dtype(at.result))


def _share(function: Callable[..., pl.Expr]) -> Lowering:
    return lambda at: share(function(*at.operands))


def _same(value: pl.Expr) -> pl.Expr:
    return value


def double_from_money(value: pl.Expr, type: Type) -> pl.Expr:
    """double(units) / double(units in one)."""
    return quotient(value.to_physical().cast(pl.Float64), float(10 ** (type.scale or 0)))


# -- time ----------------------------------------------------------------------------------------------------------


def _days_since(at: RowCall) -> pl.Expr:
    return (literal(at.as_of, DATE).to_physical() - at.operands[0].to_physical()).cast(pl.Int64)


def _months_since(at: RowCall) -> pl.Expr:
    (date,), then = at.operands, as_of_parts(at.as_of)
    months = 12 * then.year + then.month - (12 * _part(date.dt.year()) + _part(date.dt.month()))
    if then.day == END_OF_ANY_MONTH:
        return months
    return months - _part(date.dt.day() > then.day)


def _years_since(at: RowCall) -> pl.Expr:
    (date,), then = at.operands, as_of_parts(at.as_of)
    day_of_year = 32 * _part(date.dt.month()) + _part(date.dt.day())
    return then.year - _part(date.dt.year()) - _part(day_of_year > 32 * then.month + then.day)


def _part(value: pl.Expr) -> pl.Expr:
    # Months and days are integers of eight bits, which wrap around.
    return value.cast(pl.Int64)


# -- the table -----------------------------------------------------------------------------------------------------

_ADD, _SUBTRACT, _MULTIPLY, _NEGATE = pl.Expr.__add__, pl.Expr.__sub__, pl.Expr.__mul__, pl.Expr.__neg__

LOWER: dict[str, Lowering] = {
    **{f"equal.{kind}": _apply(operator.eq) for kind in EVERY},
    **{f"not_equal.{kind}": _apply(operator.ne) for kind in EVERY},
    **{f"less.{kind}": _apply(operator.lt) for kind in ORDERED},
    **{f"at_most.{kind}": _apply(operator.le) for kind in ORDERED},
    **{f"greater.{kind}": _apply(operator.gt) for kind in ORDERED},
    **{f"at_least.{kind}": _apply(operator.ge) for kind in ORDERED},
    **{f"between.{kind}": _apply(pl.Expr.is_between) for kind in ORDERED},
    **{f"one_of.{kind}": _one_of for kind in ORDERED},
    "missing.any": _apply(pl.Expr.is_null),
    "known.any": _apply(pl.Expr.is_not_null),
    "starts_with.text": _apply(lambda text, start: text.str.starts_with(start)),
    "contains.text": _apply(lambda text, part: text.str.contains(part, literal=True)),
    "default.any": _apply(pl.coalesce),
    "add.integer": _whole(_ADD),
    "add.number": _apply(_ADD),
    "add.percent": _share(_ADD),
    "add.money": _money(_ADD),
    "subtract.integer": _whole(_SUBTRACT),
    "subtract.number": _apply(_SUBTRACT),
    "subtract.percent": _share(_SUBTRACT),
    "subtract.money": _money(_SUBTRACT),
    "multiply.integer": _whole(_MULTIPLY),
    "multiply.number": _apply(_MULTIPLY),
    "multiply.money": _money(_MULTIPLY),
    # Over 0 a double is infinite or NaN, and so missing in the end.
    "divide.number": _apply(quotient),
    # Polars does not negate 128 bits.
    "negate.integer": _whole(lambda value: pl.lit(0, dtype=pl.Int128) - value),
    "negate.number": _apply(_NEGATE),
    "negate.percent": _share(_NEGATE),
    "negate.money": _apply(_NEGATE),
    "number_from.integer": _apply(lambda value: value.cast(pl.Float64)),
    "number_from.percent": _apply(_same),
    "number_from.money": lambda at: double_from_money(at.operands[0], at.types[0]),
    "money_from.integer": _money(_same),
    "money_from.money": _money(_same),
    "date_from.timestamp": _apply(lambda moment: moment.dt.date()),
    "days_since.date": _days_since,
    "months_since.date": _months_since,
    "years_since.date": _years_since,
}

_ARITHMETIC_ON_DOUBLES = {f"{name}.{kind}" for name in ("add", "subtract") for kind in ("number", "percent")} | {
    "multiply.number",
    "negate.number",
    "negate.percent",
    "number_from.percent",
}
ABSORBS: dict[str, int] = {**dict.fromkeys(_ARITHMETIC_ON_DOUBLES, 2), "divide.number": 1}
"""How many of the first operands may be infinite or NaN, because the result then is so too."""

MAY_NOT_BE_FINITE: frozenset[str] = frozenset(_ARITHMETIC_ON_DOUBLES - {"negate.number", "number_from.percent"}) | {
    "divide.number"
}
"""Whose result may be infinite or NaN although the operands are not."""
