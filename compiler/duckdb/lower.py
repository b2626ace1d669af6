"""The row functions of the language in DuckDB, by overload id.

Operands and results are canonical values (`columns.py`), NULL where missing; DuckDB's own NULLs do the rest. Doubles
are the exception: the operands that `ABSORBS` names may be infinite or NaN, and what comes out of `MAY_NOT_BE_FINITE`
may be too, so that a chain of arithmetic is tested once, at its end (`expressions.py`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from sqlglot import exp

from ...dsl.builtins import EVERY, ORDERED
from ...dsl.types import Type
from ..time import END_OF_ANY_MONTH, as_of_parts
from .terms import both, call, cast, double, free, is_in, is_known, is_null, literal, quoted, when, whole


@dataclass(frozen=True, slots=True)
class RowCall:
    """One call: its operands as SQL terms (each may be used several times, copied), their types and the result's."""

    operands: tuple[exp.Expr, ...]
    types: tuple[Type, ...]
    result: Type
    as_of: dt.date


Lowering = Callable[[RowCall], exp.Expr]

EXACT_IN_A_DOUBLE = 2**53


def operator(node: type[exp.Binary]) -> Lowering:
    """`left node right`."""

    def lowered(at: RowCall) -> exp.Expr:
        left, right = at.operands
        return node(this=_inside(left), expression=_inside(right))

    return lowered


def _inside(operand: exp.Expr) -> exp.Expr:
    """An operand as it stands inside another operator."""
    loose = exp.Binary | exp.Not | exp.Neg | exp.Between | exp.In
    return exp.Paren(this=free(operand)) if isinstance(operand, loose) else free(operand)


def money_type(type: Type) -> str:
    """The DuckDB type of money."""
    return f"DECIMAL(18, {type.scale or 0})"


def billionths(value: exp.Expr) -> exp.Expr:
    """floor(x × 1e9 + 0.5), a whole double."""
    scaled = exp.Add(this=exp.Mul(this=_inside(value), expression=double(1e9)), expression=double(0.5))
    return call("FLOOR", scaled)


# -- comparisons ---------------------------------------------------------------------------------------------------


def _between(at: RowCall) -> exp.Expr:
    value, low, high = at.operands
    return both(
        exp.GTE(this=_inside(value), expression=_inside(low)), exp.LTE(this=_inside(value), expression=_inside(high))
    )


def _one_of(at: RowCall) -> exp.Expr:
    value, *options = at.operands
    return is_in(_inside(value), [free(option) for option in options])


def _default(at: RowCall) -> exp.Expr:
    return call("COALESCE", *at.operands)


# -- arithmetic ----------------------------------------------------------------------------------------------------


def _money(lower: Lowering) -> Lowering:
    return lambda at: cast(lower(at), money_type(at.result))


def _share(lower: Lowering) -> Lowering:
    return lambda at: exp.Div(this=billionths(lower(at)), expression=double(1e9))


def _negate(at: RowCall) -> exp.Expr:
    return exp.Neg(this=_inside(at.operands[0]))


def _same(at: RowCall) -> exp.Expr:
    return free(at.operands[0])


def double_from_money(value: exp.Expr, type: Type) -> exp.Expr:
    """double(units) / double(units in one)."""
    # Beyond 2^53 units DuckDB adds a double of the whole part and one of the rest, which rounds twice.
    scale = type.scale or 0
    limit = Decimal(EXACT_IN_A_DOUBLE).scaleb(-scale)
    units = cast(call("REPLACE", cast(value, "VARCHAR"), quoted("."), quoted("")), "BIGINT")
    return when(
        exp.Between(this=_inside(value), low=literal(-limit, type), high=literal(limit, type)),
        cast(value, "DOUBLE"),
        exp.Div(this=cast(units, "DOUBLE"), expression=double(float(10**scale))),
    )


# -- time ----------------------------------------------------------------------------------------------------------


def _days_since(at: RowCall) -> exp.Expr:
    return exp.Sub(this=_date(at.as_of), expression=_inside(at.operands[0]))


def _months_since(at: RowCall) -> exp.Expr:
    (date,), then = at.operands, as_of_parts(at.as_of)
    months = exp.Sub(
        this=whole(12 * then.year + then.month),
        expression=exp.Paren(
            this=exp.Add(this=exp.Mul(this=whole(12), expression=call("YEAR", date)), expression=call("MONTH", date))
        ),
    )
    if then.day == END_OF_ANY_MONTH:
        return months
    return exp.Sub(this=months, expression=_one_if(exp.GT(this=call("DAY", date), expression=whole(then.day))))


def _years_since(at: RowCall) -> exp.Expr:
    (date,), then = at.operands, as_of_parts(at.as_of)
    day_of_year = exp.Add(this=exp.Mul(this=call("MONTH", date), expression=whole(32)), expression=call("DAY", date))
    not_yet = exp.GT(this=day_of_year, expression=whole(32 * then.month + then.day))
    return exp.Sub(this=exp.Sub(this=whole(then.year), expression=call("YEAR", date)), expression=_one_if(not_yet))


def _one_if(condition: exp.Expr) -> exp.Expr:
    return cast(condition, "BIGINT")


def _date(date: dt.date) -> exp.Expr:
    return literal(date, Type("date"))


# -- the table -----------------------------------------------------------------------------------------------------

_ADD, _SUBTRACT, _MULTIPLY = operator(exp.Add), operator(exp.Sub), operator(exp.Mul)

LOWER: dict[str, Lowering] = {
    **{f"equal.{kind}": operator(exp.EQ) for kind in EVERY},
    **{f"not_equal.{kind}": operator(exp.NEQ) for kind in EVERY},
    **{f"less.{kind}": operator(exp.LT) for kind in ORDERED},
    **{f"at_most.{kind}": operator(exp.LTE) for kind in ORDERED},
    **{f"greater.{kind}": operator(exp.GT) for kind in ORDERED},
    **{f"at_least.{kind}": operator(exp.GTE) for kind in ORDERED},
    **{f"between.{kind}": _between for kind in ORDERED},
    **{f"one_of.{kind}": _one_of for kind in ORDERED},
    "missing.any": lambda at: is_null(_inside(at.operands[0])),
    "known.any": lambda at: is_known(_inside(at.operands[0])),
    "starts_with.text": lambda at: call("STARTS_WITH", *at.operands),
    "contains.text": lambda at: call("CONTAINS", *at.operands),
    "default.any": _default,
    "add.integer": _ADD,
    "add.number": _ADD,
    "add.percent": _share(_ADD),
    "add.money": _money(_ADD),
    "subtract.integer": _SUBTRACT,
    "subtract.number": _SUBTRACT,
    "subtract.percent": _share(_SUBTRACT),
    "subtract.money": _money(_SUBTRACT),
    "multiply.integer": _MULTIPLY,
    "multiply.number": _MULTIPLY,
    "multiply.money": _money(_MULTIPLY),
    # Over 0 a double is infinite or NaN, and so missing in the end.
    "divide.number": operator(exp.Div),
    "negate.integer": _negate,
    "negate.number": _negate,
    "negate.percent": _share(_negate),
    "negate.money": _negate,
    "number_from.integer": lambda at: cast(at.operands[0], "DOUBLE"),
    "number_from.percent": _same,
    "number_from.money": lambda at: double_from_money(at.operands[0], at.types[0]),
    "money_from.integer": _money(_same),
    "money_from.money": _money(_same),
    "date_from.timestamp": lambda at: cast(at.operands[0], "DATE"),
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
