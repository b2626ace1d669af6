"""Operands, and how several of them come to one type."""

from __future__ import annotations

from collections.abc import Sequence

from .. import program as p
from .. import syntax as s
from ..builtins import NUMERIC
from ..source import Span
from ..types import DATE, NUMBER, TEXT, Type
from ..wording import wording
from .declared import declaration_labels
from .literals import literal_type, literal_value, literal_wording, type_wording
from .names import Scope

Operand = p.Expr | s.LiteralNode
"""A checked expression, or a literal, which has no type until the other operands say what it has to be."""

LITERAL = (s.Text, s.Number, s.Percent, s.Boolean, s.Date, s.Duration)
"""`isinstance(operand, LITERAL)`: the operand is a literal."""


def type_of(operand: Operand) -> Type:
    """The operand's type; of a literal, the one it has where nothing asks for another."""
    return literal_type(operand) if isinstance(operand, LITERAL) else operand.type


def said(operand: Operand, scope: Scope) -> str:
    """The operand's words."""
    return literal_wording(operand) if isinstance(operand, LITERAL) else wording(operand, scope.table)


def constant(node: s.LiteralNode, type: Type, scope: Scope, asking: p.Expr | None = None) -> p.Const | None:
    """A literal as a constant of `type`; None where it does not fit, which has been reported. `asking` is what it
    meets, where that asks for the type."""
    subject = wording(asking, scope.table) if asking is not None else None
    labels = declaration_labels(asking, scope) if asking is not None else []
    value = literal_value(node, type, scope.names.problems, subject, labels)
    return None if value is None else p.Const(value, type, node.span)


def plain_constant(node: s.LiteralNode, scope: Scope) -> p.Const | None:
    """A literal as a constant of its own type, where nothing asks for another."""
    return constant(node, literal_type(node), scope)


def converted(expr: p.Expr, type: Type) -> p.Expr:
    """`expr` in `type`, which `common_type` has found to hold it."""
    if expr.type.kind == type.kind and (type.kind != "money" or expr.type.scale == type.scale):
        return expr
    return p.Call(f"{type.kind}_from.{expr.type.kind}", (expr,), type, expr.span)


def common_type(one: Type, other: Type) -> Type | None:
    """The type in which two typed operands compare; None where they do not."""
    kinds = {one.kind, other.kind}
    if kinds == {"money"}:
        return max(one, other, key=lambda type: type.scale or 0)
    if kinds == {"text"}:
        return one if one.choices == other.choices else TEXT
    if len(kinds) == 1:
        return one
    if kinds == {"integer", "money"}:
        return one if one.kind == "money" else other
    if "number" in kinds and kinds <= set(NUMERIC):
        return NUMBER
    return DATE if kinds == {"date", "timestamp"} else None


def unified(operands: Sequence[Operand], scope: Scope) -> tuple[p.Expr, ...] | None:
    """The operands of one comparison in one type; None where they have none, which has been reported.

    At least one operand is not a literal."""
    typed = [operand for operand in operands if not isinstance(operand, LITERAL)]
    asking = typed[0]
    common = asking.type
    for operand in typed[1:]:
        found = common_type(common, operand.type)
        if found is None:
            _report_incomparable(asking, operand, scope)
            return None
        common = found
    if common.kind == "timestamp" and any(isinstance(operand, s.Date) for operand in operands):
        common = DATE
    literal = asking.type if common.kind == "text" else common  # with its list, whatever else it is compared with
    result = [
        constant(operand, literal, scope, asking) if isinstance(operand, LITERAL) else converted(operand, common)
        for operand in operands
    ]
    found = tuple(operand for operand in result if operand is not None)
    return found if len(found) == len(result) else None


def all_literal(operands: Sequence[Operand], span: Span, scope: Scope) -> bool:
    """Whether nothing in a comparison can differ from row to row, which is reported."""
    if not all(isinstance(operand, LITERAL) for operand in operands):
        return False
    scope.names.problems.error(
        "SEG206", span, "only fixed values are compared here, so the answer is the same for every row"
    )
    return True


def _report_incomparable(one: p.Expr, other: p.Expr, scope: Scope) -> None:
    left, right = said(one, scope), said(other, scope)
    kinds = {one.type.kind, other.type.kind}
    hints: list[str] = []
    if kinds == {"percent", "integer"}:
        hints.append("a percent compares with a percent, such as `30%`, or with a number such as a quotient")
        hints += [
            f"a parameter is a percent where its value is one: `parameter {each.name} = …%`"
            for each in (one, other)
            if isinstance(each, p.ParameterRef)
        ]
    elif kinds == {"percent", "money"}:
        hints.append("money divided by money is a share that compares with a percent")
    scope.names.problems.error(
        "SEG201",
        one.span.to(other.span),
        f"`{left}` is {type_wording(one.type)} and `{right}` is {type_wording(other.type)}: the two cannot be compared",
        labels=[*declaration_labels(one, scope), *declaration_labels(other, scope)],
        hints=hints,
    )
