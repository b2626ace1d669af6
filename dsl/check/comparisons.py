"""Comparisons: `=`, `>=`, `between … and …`, `is one of (…)`."""

from __future__ import annotations

from .. import program as p
from .. import syntax as s
from ..types import BOOLEAN
from .always import warn_of_constant_test, warned_of_empty_range
from .names import Scope
from .operands import LITERAL, Operand, all_literal, said, unified
from .words_for_missing import reported_word_for_missing

_BUILTINS: dict[s.ComparisonOperator, str] = {
    "=": "equal",
    "!=": "not_equal",
    "<": "less",
    "<=": "at_most",
    ">": "greater",
    ">=": "at_least",
}


def comparison(node: s.Comparison, operands: tuple[Operand, ...], scope: Scope) -> p.Expr | None:
    """`left operator right`, typed; the operands are the two."""
    if reported_word_for_missing(node, operands, scope) or all_literal(operands, node.span, scope):
        return None
    same = unified(operands, scope)
    if same is None:
        return None
    kind = same[0].type.kind
    if kind == "boolean" and node.operator not in ("=", "!="):
        words = said(same[0], scope)
        scope.names.problems.error(
            "SEG207",
            node.operator_span,
            f"`{node.operator}` asks for an order, and `{words}` is true or false: use `=` or `!=`",
        )
        return None
    compared = p.Call(f"{_BUILTINS[node.operator]}.{kind}", same, BOOLEAN, node.span)
    warn_of_constant_test(compared, scope)
    return compared


def between(node: s.Between, operands: tuple[Operand, ...], scope: Scope) -> p.Expr | None:
    """`operand between low and high`, typed; the operands are the three."""
    if all_literal(operands, node.span, scope):
        return None
    same = unified(operands, scope)
    if same is None:
        return None
    kind = same[0].type.kind
    if kind == "boolean":
        scope.names.problems.error(
            "SEG207", node.span, f"`{said(same[0], scope)}` is true or false, and nothing lies between the two"
        )
        return None
    test = p.Call(f"between.{kind}", same, BOOLEAN, node.span)
    if not warned_of_empty_range(node, same[1], same[2], scope):
        warn_of_constant_test(test, scope)
    return test


def one_of(node: s.OneOf, operands: tuple[Operand, ...], scope: Scope) -> p.Expr | None:
    """`operand is [not] one of (…)`, typed; the first operand is asked about."""
    if all_literal(operands, node.span, scope):
        return None
    same = unified(operands, scope)
    differing = [each for each in operands[1:] if not isinstance(each, (*LITERAL, p.ParameterRef))]
    for option in differing:
        scope.names.problems.error(
            "SEG214",
            option.span,
            f"`{said(option, scope)}` differs from row to row, and a list holds fixed values and parameters",
        )
    if same is None or differing:
        return None
    kind = same[0].type.kind
    words = said(same[0], scope)
    if kind == "boolean":
        scope.names.problems.error("SEG207", node.span, f"`{words}` is true or false: write `{words}` or `not {words}`")
        return None
    test = p.Call(f"one_of.{kind}", same, BOOLEAN, node.span)
    warn_of_constant_test(test, scope)
    return p.Not(test, BOOLEAN, node.span) if node.negated else test
