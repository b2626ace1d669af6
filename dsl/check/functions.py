"""What is asked of one value: `default`, `is missing`, `days since`, `starts with`, `contains`."""

from __future__ import annotations

from .. import program as p
from .. import syntax as s
from ..diagnostics import Edit, Fix, Label
from ..source import Span
from ..types import BOOLEAN, DATE, INTEGER, TEXT
from ..wording import wording, written
from .always import warn_of_constant_text_test
from .declared import declaration_labels
from .literals import literal_of, type_wording
from .missing import can_be_missing
from .names import Scope
from .operands import LITERAL, Operand, all_literal, common_type, constant, converted, said, type_of
from .references import is_reachable, reference

_NOT_OPTIONAL = "declared here, without `optional`"


def default(node: s.Default, value: p.Expr, scope: Scope) -> p.Expr | None:
    """`value default …`, typed."""
    problems = scope.names.problems
    words = wording(value, scope.table)
    if not can_be_missing(value, scope.names):
        problems.error(
            "SEG210",
            node.operand.span.to(node.value.span),
            f"`{words}` is never missing, so it needs no default",
            labels=[] if not isinstance(value, p.FieldRef) else declaration_labels(value, scope, _NOT_OPTIONAL),
            fixes=[Fix("leave the default out", (Edit(_after(node.operand.span, node.span), ""),))],
        )
        return None
    literal = literal_of(node.value)
    if literal is not None:
        other: p.Expr | None = constant(literal, value.type, scope, value)
    else:
        other = _parameter(node.value, value, scope)
    if other is None:
        return None
    # A text parameter may be run with a value that is not on the list.
    type = TEXT if value.type.kind == "text" and isinstance(other, p.ParameterRef) else value.type
    return p.Call("default.any", (value, other), type, node.span)


def _after(first: Span, whole: Span) -> Span:
    return Span(whole.file, first.end, whole.end)


def _parameter(node: s.Expr, value: p.Expr, scope: Scope) -> p.Expr | None:
    """The parameter that a default names, brought to the type of `value` where that holds it exactly."""
    found = reference(node, scope, value) if isinstance(node, s.Ref) else None
    if isinstance(node, s.Ref) and found is None:
        return None
    problems = scope.names.problems
    if not isinstance(found, p.ParameterRef):
        problems.error("SEG211", node.span, "a default is a fixed value or a parameter")
        return None
    holds = common_type(value.type, found.type) == value.type or value.type.kind == found.type.kind == "text"
    if not holds:
        problems.error(
            "SEG211",
            node.span,
            f"`{found.name}` is {type_wording(found.type)}, and `{wording(value, scope.table)}` is "
            f"{type_wording(value.type)}: a default has the same type",
            labels=[Label(scope.names.parameters[found.name].span, "declared here")],
        )
        return None
    return converted(found, value.type)


def known_row(node: s.IsMissing, table: p.Table, scope: Scope) -> p.Expr | None:
    """`crm is known`, `crm is missing`."""
    problems = scope.names.problems
    if table.role == "attached" and is_reachable(table, scope):
        known = p.RowKnown(table.name, BOOLEAN, node.span)
        return known if node.known else p.Not(known, BOOLEAN, node.span)
    if table.name in scope.names.broken:
        return None
    hints: list[str] = []
    if table.parent == scope.table:
        window = " ever" if table.role == "events" else ""
        hints.append(f"whether there are any is `{'any' if node.known else 'no'} {written(table.name)}{window}`")
    message = (
        f"every row here has its row of `{table.name}`"
        if is_reachable(table, scope)
        else f"`{table.name}` is not a table with at most one row for each row of `{scope.table}`"
    )
    problems.error(
        "SEG152",
        node.operand.span,
        f"{message}, so it is neither known nor missing",
        labels=[Label(table.span, "declared here")],
        hints=hints,
    )
    return None


def missing_test(node: s.IsMissing, value: p.Expr, scope: Scope) -> p.Expr:
    """`value is missing`, `value is known`."""
    if not can_be_missing(value, scope.names):
        words = wording(value, scope.table)
        scope.names.problems.warning(
            "SEG751",
            node.span,
            f"`{words}` is never missing, so this is always {'true' if node.known else 'false'}",
            labels=[] if not isinstance(value, p.FieldRef) else declaration_labels(value, scope, _NOT_OPTIONAL),
        )
    return p.Call("known.any" if node.known else "missing.any", (value,), BOOLEAN, node.span)


def since(node: s.Since, value: p.Expr, scope: Scope) -> p.Expr | None:
    """`days since value`, and the same for months and years."""
    if value.type.kind not in ("date", "timestamp"):
        hints: list[str] = []
        if value.type.kind == "text" and isinstance(value, p.FieldRef):
            hints.append(f'a column of text is read as a date with `{value.field} date written "%Y-%m-%d"`')
        scope.names.problems.error(
            "SEG213",
            node.operand.span,
            f"`{wording(value, scope.table)}` is {type_wording(value.type)}: `{node.unit}s since` counts from a date",
            labels=declaration_labels(value, scope),
            hints=hints,
        )
        return None
    return p.Call(f"{node.unit}s_since.date", (converted(value, DATE),), INTEGER, node.span)


def text_test(node: s.TextTest, operands: tuple[Operand, ...], scope: Scope) -> p.Expr | None:
    """`operand starts with pattern`, `operand contains pattern`; the operands are the two."""
    if all_literal(operands, node.span, scope):
        return None
    asking = next((each for each in operands if not isinstance(each, LITERAL)), None)
    typed = tuple(_text(each, asking, node, scope) for each in operands)
    found = tuple(each for each in typed if each is not None)
    if len(found) < len(typed):
        return None
    test = p.Call(f"{node.test.replace(' ', '_')}.text", found, BOOLEAN, node.span)
    warn_of_constant_text_test(test, scope)
    return test


def _text(operand: Operand, asking: p.Expr | None, node: s.TextTest, scope: Scope) -> p.Expr | None:
    """The operand of a text test, typed."""
    if isinstance(operand, LITERAL):
        return constant(operand, TEXT, scope, asking)
    if operand.type.kind == "text":
        return operand
    scope.names.problems.error(
        "SEG212",
        operand.span,
        f"`{said(operand, scope)}` is {type_wording(type_of(operand))}: `{node.test}` looks into text",
        labels=declaration_labels(operand, scope),
    )
    return None
