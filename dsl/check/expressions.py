"""Expressions: from what was written over the rows of a table to a typed expression."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from .. import program as p
from .. import syntax as s
from ..types import BOOLEAN
from ..wording import wording
from .aggregates import aggregate
from .arithmetic import arithmetic, negation
from .builtin_measures import builtin_measure
from .comparisons import between, comparison, one_of
from .declared import declaration_labels
from .functions import default, known_row, missing_test, since, text_test
from .left_open import left_open
from .literals import literal_of, type_wording
from .names import Scope
from .operands import LITERAL, Operand, plain_constant
from .previous import asked_previous, comparison_with_previous, missing_previous, one_of_previous, report_previous_alone
from .references import named_table, reference
from .relative import percentile, percentile_between, percentile_comparison, relative, report_percentile_missing
from .segment_questions import asked_segmentation, comparison_with_segment, includes, one_of_segments


def check_condition(expr: s.Expr, scope: Scope) -> p.Expr | None:
    """`expr` typed, where something true or false is asked for; None where it is wrong, which has been reported."""
    checked = check_value(expr, scope)
    if checked is None or checked.type.kind == "boolean":
        return checked
    scope.names.problems.error(
        "SEG200",
        expr.span,
        f"`{wording(checked, scope.table)}` is {type_wording(checked.type)}, and what stands here has to be true or "
        "false: compare it with something",
        labels=declaration_labels(checked, scope),
    )
    return None


def check_value(expr: s.Expr, scope: Scope) -> p.Expr | None:
    """`expr` typed, whatever its type; None where it is wrong, which has been reported."""
    match expr:
        case s.Text() | s.Number() | s.Percent() | s.Boolean() | s.Date():
            return plain_constant(expr, scope)
        case s.Duration():
            problem = "a duration only says how long a window is, as in `in last 90 days`"
            scope.names.problems.error("SEG216", expr.span, problem)
            return None
        case s.Ref():
            return reference(expr, scope)
        case s.Paren(inner=s.Aggregate() as inner):
            return aggregate(inner, scope, check_value, check_condition, enclosed=True)
        case s.Paren(inner=inner):
            return check_value(inner, scope)
        case s.Negative(operand=operand):
            return _negative(expr, operand, scope)
        case s.Arithmetic(left=left, right=right):
            operands = _operands((left, right), scope)
            return None if operands is None else arithmetic(expr, operands, scope)
        case s.Comparison():
            return _comparison(expr, scope)
        case s.Between(operand=operand, low=low, high=high):
            if percentile(operand) is not None:
                return percentile_between(expr, scope, check_value)
            operands = _operands((operand, low, high), scope)
            return None if operands is None else between(expr, operands, scope)
        case s.OneOf():
            return _one_of(expr, scope)
        case s.IsMissing():
            return _is_missing(expr, scope)
        case s.TextTest(operand=operand, pattern=pattern):
            operands = _operands((operand, pattern), scope)
            return None if operands is None else text_test(expr, operands, scope)
        case s.Includes():
            return includes(expr, scope)
        case s.Not(operand=operand):
            condition = check_condition(operand, scope)
            return None if condition is None else p.Not(condition, BOOLEAN, expr.span)
        case s.Logic():
            return _logic(expr, scope)
        case s.Default(operand=operand):
            value = check_value(operand, scope)
            return None if value is None else default(expr, value, scope)
        case s.Since(operand=operand):
            value = check_value(operand, scope)
            return None if value is None else since(expr, value, scope)
        case s.Aggregate():
            return aggregate(expr, scope, check_value, check_condition, enclosed=False)
        case s.BuiltinMeasure():
            return builtin_measure(expr, scope, check_value)
        case s.Relative():
            return relative(expr, scope, check_value)
        case s.Previous():
            report_previous_alone(expr, scope)
            return None
        case _:
            assert_never(expr)


def _operand(expr: s.Expr, scope: Scope, beside: Operand | None = None) -> Operand | None:
    """An operand: a literal as it is, anything else typed. `beside` is what it meets."""
    literal = literal_of(expr)
    if literal is not None:
        return literal
    if isinstance(expr, s.Ref):
        return reference(expr, scope, None if isinstance(beside, LITERAL) else beside)
    return check_value(expr, scope)


def _operands(exprs: Sequence[s.Expr], scope: Scope) -> tuple[Operand, ...] | None:
    """The operands of one operator; all are looked at before one that is wrong makes the whole None."""
    first = _operand(exprs[0], scope)
    found = [first, *(_operand(expr, scope, first) for expr in exprs[1:])]
    known = tuple(operand for operand in found if operand is not None)
    return known if len(known) == len(found) else None


def _negative(node: s.Negative, operand: s.Expr, scope: Scope) -> p.Expr | None:
    literal = literal_of(node)
    if literal is not None:
        return plain_constant(literal, scope)
    value = _operand(operand, scope)
    return None if value is None else negation(value, node.span, scope)


def _comparison(node: s.Comparison, scope: Scope) -> p.Expr | None:
    for asking, segment in ((node.left, node.right), (node.right, node.left)):
        segmentation = asked_segmentation(asking, scope)
        if segmentation is not None:
            return comparison_with_segment(node, segmentation, segment, scope)
    if asked_previous(node.left) is not None or asked_previous(node.right) is not None:
        return comparison_with_previous(node, scope)
    if percentile(node.left) is not None or percentile(node.right) is not None:
        return percentile_comparison(node, scope, check_value)
    operands = _operands((node.left, node.right), scope)
    return None if operands is None else comparison(node, operands, scope)


def _one_of(node: s.OneOf, scope: Scope) -> p.Expr | None:
    segmentation = asked_segmentation(node.operand, scope)
    if segmentation is not None:
        return one_of_segments(node, segmentation, scope)
    previous = asked_previous(node.operand)
    if previous is not None:
        return one_of_previous(node, previous, scope)
    operands = _operands((node.operand, *node.options), scope)
    return None if operands is None else one_of(node, operands, scope)


def _is_missing(node: s.IsMissing, scope: Scope) -> p.Expr | None:
    table = named_table(node.operand, scope)
    if table is not None:
        return known_row(node, table, scope)
    if asked_segmentation(node.operand, scope) is not None:
        problem = "every row has its segment: a segmentation is never missing"
        scope.names.problems.error("SEG156", node.span, problem)
        return None
    previous, asked = asked_previous(node.operand), percentile(node.operand)
    if previous is not None:
        return missing_previous(node, previous, scope)
    if asked is not None:
        report_percentile_missing(node, asked, scope, check_value)
        return None
    value = check_value(node.operand, scope)
    return None if value is None else missing_test(node, value, scope)


def _logic(node: s.Logic, scope: Scope) -> p.Expr | None:
    if left_open(node, scope):
        return None
    conditions = [check_condition(operand, scope) for operand in node.operands]
    known = [condition for condition in conditions if condition is not None]
    if len(known) < len(conditions):
        return None
    # `(a and b) and c` means `a and b and c`, and is one condition in every explanation.
    if node.operator == "and":
        parts = [part for each in known for part in (each.operands if isinstance(each, p.And) else (each,))]
        return p.And(tuple(parts), BOOLEAN, node.span)
    parts = [part for each in known for part in (each.operands if isinstance(each, p.Or) else (each,))]
    return p.Or(tuple(parts), BOOLEAN, node.span)
