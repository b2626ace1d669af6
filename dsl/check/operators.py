"""Comparisons and arithmetic: which overload, and which conversions of the operands.

Operands come checked, except that a literal stays a literal until the other operands say what it has to be.
"""

from __future__ import annotations

from collections.abc import Sequence

from .. import program as p
from .. import syntax as s
from ..builtins import NUMERIC
from ..diagnostics import Problems, replace
from ..source import Span
from ..types import BOOLEAN, DATE, INTEGER, NUMBER, PERCENT, TEXT, Type
from ..wording import decimal_wording, wording
from .literals import literal_type, literal_value, literal_wording, type_wording

Operand = p.Expr | s.LiteralNode
"""A checked expression, or a literal that has no type yet."""

LITERAL = (s.Text, s.Number, s.Percent, s.Boolean, s.Date, s.Duration)
"""`isinstance(operand, LITERAL)`: the operand is a literal."""

_COMPARISONS: dict[s.ComparisonOperator, str] = {
    "=": "equal",
    "!=": "not_equal",
    "<": "less",
    "<=": "at_most",
    ">": "greater",
    ">=": "at_least",
}


def type_of(operand: Operand) -> Type:
    """The operand's type; of a literal, the one it has where nothing asks for another."""
    return literal_type(operand) if isinstance(operand, LITERAL) else operand.type


def said(operand: Operand, table: str) -> str:
    """The operand's words."""
    return literal_wording(operand) if isinstance(operand, LITERAL) else wording(operand, table)


def constant(node: s.LiteralNode, type: Type, problems: Problems, subject: str | None = None) -> p.Const | None:
    """A literal as a constant of `type`; None where it does not fit, which has been reported."""
    value = literal_value(node, type, problems, subject)
    return None if value is None else p.Const(value, type, node.span)


def plain_constant(node: s.LiteralNode, problems: Problems) -> p.Const | None:
    """A literal as a constant of its own type, where nothing asks for another."""
    return constant(node, literal_type(node), problems)


def converted(expr: p.Expr, type: Type) -> p.Expr:
    """`expr` in `type`, which `common_type` has found to hold it."""
    if expr.type.kind == type.kind and (type.kind != "money" or expr.type.scale == type.scale):
        return expr
    return p.Call(f"{type.kind}_from.{expr.type.kind}", (expr,), type, expr.span)


def common_type(one: Type, other: Type) -> Type | None:
    """The type in which two typed operands compare; None where they do not."""
    if one.kind == other.kind:
        match one.kind:
            case "money":
                return one if (one.scale or 0) >= (other.scale or 0) else other
            case "text":
                return one if one.choices == other.choices else TEXT
            case _:
                return one
    match {one.kind, other.kind}:
        case kinds if kinds == {"integer", "money"}:
            return one if one.kind == "money" else other
        case kinds if "number" in kinds and kinds <= set(NUMERIC):
            return NUMBER
        case kinds if kinds == {"date", "timestamp"}:
            return DATE
        case _:
            return None


def unified(operands: Sequence[Operand], table: str, problems: Problems) -> tuple[p.Expr, ...] | None:
    """The operands of one comparison in one type; None where they have none, which has been reported.

    At least one operand is not a literal."""
    typed = [operand for operand in operands if not isinstance(operand, LITERAL)]
    asking = typed[0]
    common = asking.type
    for operand in typed[1:]:
        found = common_type(common, operand.type)
        if found is None:
            _report_incomparable(asking, operand, table, problems)
            return None
        common = found
    if common.kind == "timestamp" and any(isinstance(operand, s.Date) for operand in operands):
        common = DATE
    subject = wording(asking, table)
    result = [
        constant(operand, common, problems, subject) if isinstance(operand, LITERAL) else converted(operand, common)
        for operand in operands
    ]
    found = tuple(operand for operand in result if operand is not None)
    return found if len(found) == len(result) else None


def comparison(
    operator: s.ComparisonOperator,
    operands: tuple[Operand, Operand],
    span: Span,
    operator_span: Span,
    table: str,
    problems: Problems,
) -> p.Call | None:
    """`left operator right`, typed."""
    if both_literal(operands, span, problems):
        return None
    same = unified(operands, table, problems)
    if same is None:
        return None
    kind = same[0].type.kind
    if kind == "boolean" and operator not in ("=", "!="):
        problems.error(
            "SEG207",
            operator_span,
            f"`{operator}` puts values in order, and `{wording(same[0], table)}` is true or false: use `=` or `!=`",
        )
        return None
    return p.Call(f"{_COMPARISONS[operator]}.{kind}", same, BOOLEAN, span)


def both_literal(operands: Sequence[Operand], span: Span, problems: Problems) -> bool:
    """Report a comparison in which nothing can differ from row to row."""
    if not all(isinstance(operand, LITERAL) for operand in operands):
        return False
    problems.error("SEG206", span, "only fixed values are compared here, so the answer is the same for every row")
    return True


def _report_incomparable(one: p.Expr, other: p.Expr, table: str, problems: Problems) -> None:
    left, right = wording(one, table), wording(other, table)
    kinds = {one.type.kind, other.type.kind}
    hints: list[str] = []
    if kinds == {"percent", "integer"}:
        hints.append("a percent compares with a percent, such as `30%`, or with a number such as a quotient")
    elif kinds == {"percent", "money"}:
        hints.append("divide money by money to get a share that compares with a percent")
    elif "boolean" in kinds and "text" in kinds:
        hints.append("a boolean is `true` or `false`")
    problems.error(
        "SEG201",
        one.span.to(other.span),
        f"`{left}` is {type_wording(one.type)} and `{right}` is {type_wording(other.type)}: the two cannot be compared",
        hints=hints,
    )


def arithmetic(
    operator: s.ArithmeticOperator,
    left: Operand,
    right: Operand,
    span: Span,
    table: str,
    problems: Problems,
) -> p.Expr | None:
    """`left operator right`, typed."""
    one, other = type_of(left), type_of(right)
    for operand in (left, right):
        if type_of(operand).kind not in NUMERIC:
            _report_no_arithmetic(operator, operand, table, problems)
            return None
    kinds = {one.kind, other.kind}
    money = _money(one, other)
    match operator:
        case "/":
            return _call("divide", (left, right), (NUMBER, NUMBER), span, problems)
        case "*" if kinds == {"integer"}:
            return _call("multiply", (left, right), (INTEGER, INTEGER), span, problems)
        case "*" if kinds == {"money", "integer"}:
            ordered = (left, right) if one.kind == "money" else (right, left)
            return _call("multiply", ordered, (money or one, INTEGER), span, problems)
        case "*":
            return _call("multiply", (left, right), (NUMBER, NUMBER), span, problems)
        case _ if kinds == {"money", "percent"}:
            _report_share_of_money(left, right, span, table, problems)
            return None
        case _ if kinds in ({"integer"}, {"percent"}):
            same = one
        case _ if money is not None and (kinds <= {"money", "integer"} or _one_literal(left, right)):
            same = money
        case _:
            _warn_of_points(left, right, table, problems)
            same = NUMBER
    return _call("add" if operator == "+" else "subtract", (left, right), (same, same), span, problems)


def negation(operand: Operand, span: Span, table: str, problems: Problems) -> p.Expr | None:
    """`-operand`, typed."""
    if type_of(operand).kind not in NUMERIC:
        _report_no_arithmetic("-", operand, table, problems)
        return None
    return _call("negate", (operand,), (type_of(operand),), span, problems)


def _money(one: Type, other: Type) -> Type | None:
    """The money type of the larger scale of the two, None where neither is money."""
    found = [type for type in (one, other) if type.kind == "money"]
    return max(found, key=lambda type: type.scale or 0, default=None)


def _one_literal(left: Operand, right: Operand) -> bool:
    return isinstance(left, LITERAL) or isinstance(right, LITERAL)


def _call(
    name: str, operands: Sequence[Operand], types: Sequence[Type], span: Span, problems: Problems
) -> p.Expr | None:
    """The arithmetic on operands brought to `types`; the result has the first of them."""
    typed = [_brought(operand, type, problems) for operand, type in zip(operands, types, strict=True)]
    found = tuple(operand for operand in typed if operand is not None)
    if len(found) < len(typed):
        return None
    return p.Call(f"{name}.{types[0].kind}", found, types[0], span)


def _brought(operand: Operand, type: Type, problems: Problems) -> p.Expr | None:
    match operand:
        case s.Percent() if type.kind == "number":  # stays readable as the percent that was written
            share = constant(operand, PERCENT, problems)
            return None if share is None else converted(share, NUMBER)
        case s.Text() | s.Number() | s.Percent() | s.Boolean() | s.Date() | s.Duration():
            return constant(operand, type, problems)
        case _:
            return converted(operand, type)


def _report_share_of_money(left: Operand, right: Operand, span: Span, table: str, problems: Problems) -> None:
    money, share = (left, right) if type_of(left).kind == "money" else (right, left)
    amount, part = said(money, table), said(share, table)
    problems.error(
        "SEG208",
        span,
        f"`{amount}` is money and `{part}` is a percent: the two cannot be added or subtracted",
        hints=[f"that part of the amount is `{amount} * {part}`"],
    )


def _warn_of_points(left: Operand, right: Operand, table: str, problems: Problems) -> None:
    """A percent plus a bare number above 1 was probably meant in points."""
    for number, share in ((left, right), (right, left)):
        if isinstance(number, s.Number) and type_of(share).kind == "percent" and abs(number.value) > 1:
            shown, points = literal_wording(number), decimal_wording(number.value) + "%"
            problems.warning(
                "SEG753",
                number.span,
                f"`{said(share, table)}` is a percent, and beside it the bare number `{shown}` counts as "
                f"{decimal_wording(number.value * 100)} %",
                fixes=[replace(number.span, points)],
            )


def _report_no_arithmetic(operator: str, operand: Operand, table: str, problems: Problems) -> None:
    hints: list[str] = []
    if type_of(operand).kind in ("date", "timestamp"):
        hints.append("how long ago something was is asked with `days since`, `months since` or `years since`")
    elif type_of(operand).kind == "boolean":
        hints.append("rows for which something is true are counted with `count of … where …`")
    problems.error(
        "SEG208",
        operand.span,
        f"`{said(operand, table)}` is {type_wording(type_of(operand))}: `{operator}` works on integers, numbers, "
        "percents and money",
        hints=hints,
    )
