"""Expressions: from what was written over the rows of a table to a typed expression."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from .. import program as p
from .. import syntax as s
from ..types import BOOLEAN
from ..wording import wording
from .aggregates import aggregate
from .always import warn_of_constant_test, warned_of_empty_range
from .functions import default, known_row, missing_test, since, text_test
from .literals import literal_of, type_wording
from .names import Scope
from .not_yet import report_not_yet
from .operators import (
    LITERAL,
    Operand,
    arithmetic,
    both_literal,
    comparison,
    negation,
    plain_constant,
    said,
    unified,
)
from .references import attached_table, reference
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
    )
    return None


def check_value(expr: s.Expr, scope: Scope) -> p.Expr | None:
    """`expr` typed, whatever its type; None where it is wrong, which has been reported."""
    problems = scope.names.problems
    match expr:
        case s.Text() | s.Number() | s.Percent() | s.Boolean() | s.Date():
            return plain_constant(expr, problems)
        case s.Duration():
            problems.error("SEG216", expr.span, "a duration only says how long a window is, as in `in last 90 days`")
            return None
        case s.Ref():
            return reference(expr, scope)
        case s.Paren(inner=inner):
            return check_value(inner, scope)
        case s.Negative(operand=operand):
            literal = literal_of(expr)
            if literal is not None:
                return plain_constant(literal, problems)
            operand = _operand(operand, scope)
            return None if operand is None else negation(operand, expr.span, scope.table, problems)
        case s.Arithmetic(operator=operator, left=left, right=right):
            match _operands((left, right), scope):
                case (one, other):
                    return arithmetic(operator, one, other, expr.span, scope.table, problems)
                case _:
                    return None
        case s.Comparison():
            return _comparison(expr, scope)
        case s.Between():
            return _between(expr, scope)
        case s.OneOf():
            return _one_of(expr, scope)
        case s.IsMissing():
            return _is_missing(expr, scope)
        case s.TextTest(operand=operand, pattern=pattern):
            match _operands((operand, pattern), scope):
                case (one, other):
                    return text_test(expr, one, other, scope)
                case _:
                    return None
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
            return aggregate(expr, scope, check_value, check_condition)
        case s.Relative(function=function):
            report_not_yet(problems, expr.span, f"`{function}`")
            return None
        case s.Previous():
            report_not_yet(problems, expr.span, "`previous`")
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


def _comparison(node: s.Comparison, scope: Scope) -> p.Expr | None:
    segmentation = asked_segmentation(node.left, scope)
    if segmentation is not None:
        return comparison_with_segment(node, segmentation, scope)
    match _operands((node.left, node.right), scope):
        case (left, right):
            pair = left, right
        case _:
            return None
    problems = scope.names.problems
    compared = comparison(node.operator, pair, node.span, node.operator_span, scope.table, problems)
    if compared is not None:
        warn_of_constant_test(compared, scope)
    return compared


def _between(node: s.Between, scope: Scope) -> p.Expr | None:
    problems = scope.names.problems
    operands = _operands((node.operand, node.low, node.high), scope)
    if operands is None or both_literal(operands, node.span, problems):
        return None
    same = unified(operands, scope.table, problems)
    if same is None:
        return None
    kind = same[0].type.kind
    if kind == "boolean":
        problems.error("SEG207", node.span, f"`{said(same[0], scope.table)}` is true or false, which is in no order")
        return None
    between = p.Call(f"between.{kind}", same, BOOLEAN, node.span)
    if not warned_of_empty_range(node, same[1], same[2], scope):
        warn_of_constant_test(between, scope)
    return between


def _one_of(node: s.OneOf, scope: Scope) -> p.Expr | None:
    segmentation = asked_segmentation(node.operand, scope)
    if segmentation is not None:
        return one_of_segments(node, segmentation, scope)
    problems = scope.names.problems
    operands = _operands((node.operand, *node.options), scope)
    if operands is None or both_literal(operands, node.span, problems):
        return None
    fixed = True
    for option in operands[1:]:
        if not isinstance(option, (*LITERAL, p.ParameterRef)):
            problems.error(
                "SEG214",
                option.span,
                f"`{said(option, scope.table)}` differs from row to row: a list holds fixed values and parameters",
            )
            fixed = False
    same = unified(operands, scope.table, problems)
    if same is None or not fixed:
        return None
    kind = same[0].type.kind
    if kind == "boolean":
        problems.error(
            "SEG207",
            node.span,
            f"`{said(same[0], scope.table)}` is true or false: write `{said(same[0], scope.table)}` or "
            f"`not {said(same[0], scope.table)}`",
        )
        return None
    one_of = p.Call(f"one_of.{kind}", same, BOOLEAN, node.span)
    warn_of_constant_test(one_of, scope)
    return p.Not(one_of, BOOLEAN, node.span) if node.negated else one_of


def _is_missing(node: s.IsMissing, scope: Scope) -> p.Expr | None:
    table = attached_table(node.operand, scope)
    if table is not None:
        return known_row(node, table, scope)
    if asked_segmentation(node.operand, scope) is not None:
        scope.names.problems.error("SEG156", node.span, "every row has its segment: a segmentation is never missing")
        return None
    value = check_value(node.operand, scope)
    return None if value is None else missing_test(node, value, scope)


def _logic(node: s.Logic, scope: Scope) -> p.Expr | None:
    conditions = [check_condition(operand, scope) for operand in node.operands]
    known: list[p.Expr] = []
    for condition in conditions:
        if condition is None:
            continue
        # `(a and b) and c` means `a and b and c`, and is one condition in every explanation
        inner = p.And if node.operator == "and" else p.Or
        known.extend(condition.operands if isinstance(condition, inner) else [condition])
    if None in conditions:
        return None
    operands = tuple(known)
    if node.operator == "and":
        return p.And(operands, BOOLEAN, node.span)
    return p.Or(operands, BOOLEAN, node.span)
