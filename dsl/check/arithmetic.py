"""Arithmetic: which overload, and which conversions of the operands."""

from __future__ import annotations

from collections.abc import Sequence

from .. import program as p
from .. import syntax as s
from ..builtins import NUMERIC
from ..diagnostics import replace
from ..source import Span
from ..types import INTEGER, NUMBER, PERCENT, Type
from ..wording import decimal_wording
from .literals import literal_wording, type_wording
from .names import Scope
from .operands import LITERAL, Operand, constant, converted, said, type_of


def arithmetic(node: s.Arithmetic, operands: tuple[Operand, ...], scope: Scope) -> p.Expr | None:
    """`left operator right`, typed; the operands are the two."""
    left, right = operands
    return reckoned(node.operator, left, right, node.span, scope)


def reckoned(operator: s.ArithmeticOperator, left: Operand, right: Operand, span: Span, scope: Scope) -> p.Expr | None:
    """`left operator right`, typed, for what stands at `span`; None where it is wrong, which has been reported."""
    if not all(_is_numeric(operator, operand, scope) for operand in (left, right)):
        return None
    match operator:
        case "/":
            return _call("divide", (left, right), (NUMBER, NUMBER), span, scope)
        case "*":
            return _product(left, right, span, scope)
        case "+":
            return _sum("add", left, right, span, scope)
        case "-":
            return _sum("subtract", left, right, span, scope)


def negation(operand: Operand, span: Span, scope: Scope) -> p.Expr | None:
    """`-operand`, typed."""
    if not _is_numeric("-", operand, scope):
        return None
    return _call("negate", (operand,), (type_of(operand),), span, scope)


def _product(left: Operand, right: Operand, span: Span, scope: Scope) -> p.Expr | None:
    one, other = type_of(left), type_of(right)
    match one.kind, other.kind:
        case "integer", "integer":
            return _call("multiply", (left, right), (INTEGER, INTEGER), span, scope)
        case "money", "integer":
            return _call("multiply", (left, right), (one, INTEGER), span, scope)
        case "integer", "money":
            return _call("multiply", (right, left), (other, INTEGER), span, scope)
        case _:
            return _call("multiply", (left, right), (NUMBER, NUMBER), span, scope)


def _sum(name: str, left: Operand, right: Operand, span: Span, scope: Scope) -> p.Expr | None:
    one, other = type_of(left), type_of(right)
    kinds = {one.kind, other.kind}
    money = max((type for type in (one, other) if type.kind == "money"), key=lambda type: type.scale or 0, default=None)
    with_literal = isinstance(left, LITERAL) or isinstance(right, LITERAL)
    if kinds == {"money", "percent"}:
        _report_share_of_money(left, right, span, scope)
        return None
    if money is not None and (kinds <= {"money", "integer"} or with_literal):
        same = money
    elif kinds in ({"integer"}, {"percent"}):
        same = one
    else:
        _warn_of_points(left, right, scope)
        same = NUMBER
    return _call(name, (left, right), (same, same), span, scope)


def _call(name: str, operands: Sequence[Operand], types: Sequence[Type], span: Span, scope: Scope) -> p.Expr | None:
    """The arithmetic on operands brought to `types`; the result has the first of them."""
    asking = next((operand for operand in operands if not isinstance(operand, LITERAL)), None)
    typed = [_brought(operand, type, asking, scope) for operand, type in zip(operands, types, strict=True)]
    found = tuple(operand for operand in typed if operand is not None)
    return p.Call(f"{name}.{types[0].kind}", found, types[0], span) if len(found) == len(typed) else None


def _brought(operand: Operand, type: Type, asking: p.Expr | None, scope: Scope) -> p.Expr | None:
    if isinstance(operand, s.Percent) and type.kind == "number":  # stays readable as the percent that was written
        share = constant(operand, PERCENT, scope)
        return None if share is None else converted(share, NUMBER)
    return constant(operand, type, scope, asking) if isinstance(operand, LITERAL) else converted(operand, type)


def _is_numeric(operator: str, operand: Operand, scope: Scope) -> bool:
    type = type_of(operand)
    if type.kind in NUMERIC:
        return True
    hints: list[str] = []
    if type.kind in ("date", "timestamp"):
        hints.append("how long ago something was is asked with `days since`, `months since` or `years since`")
    elif type.kind == "boolean":
        hints.append("rows for which something is true are counted with `count of … where …`")
    scope.names.problems.error(
        "SEG208",
        operand.span,
        f"`{said(operand, scope)}` is {type_wording(type)}, and `{operator}` works on integers, numbers, percents and "
        "money",
        hints=hints,
    )
    return False


def _report_share_of_money(left: Operand, right: Operand, span: Span, scope: Scope) -> None:
    money, share = (left, right) if type_of(left).kind == "money" else (right, left)
    amount, part = said(money, scope), said(share, scope)
    scope.names.problems.error(
        "SEG208",
        span,
        f"`{amount}` is money and `{part}` is a percent: the two cannot be added or subtracted",
        hints=[f"that part of the amount is `{amount} * {part}`"],
    )


def _warn_of_points(left: Operand, right: Operand, scope: Scope) -> None:
    """A percent plus a bare number above 1 was probably meant in points."""
    for number, share in ((left, right), (right, left)):
        if isinstance(number, s.Number) and type_of(share).kind == "percent" and abs(number.value) > 1:
            points = decimal_wording(number.value) + "%"
            scope.names.problems.warning(
                "SEG753",
                number.span,
                f"`{said(share, scope)}` is a percent, and beside it `{literal_wording(number)}` counts as "
                f"{decimal_wording(number.value * 100)} %",
                fixes=[replace(number.span, points)],
            )
