"""Plan expressions and formulas as DuckDB terms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from sqlglot import exp

from ...dsl.program import (
    And,
    Call,
    Const,
    FieldRef,
    Not,
    Or,
    ParameterRef,
    Previous,
    RowKnown,
    SegmentIncludes,
    SegmentIs,
)
from ...dsl.types import Length, Type
from ..plan import (
    AllOf,
    AnyOf,
    Band,
    Binding,
    Choose,
    FeatureRef,
    Formula,
    Is,
    Negated,
    NotTrue,
    PlanExpr,
    operands_of,
)
from .bands import Cut, band
from .lower import ABSORBS, LOWER, MAY_NOT_BE_FINITE, RowCall
from .terms import call, finite, literal

Segments = Mapping[str, Callable[[tuple[str, ...]], exp.Expr]]
"""By segmentation, the term that is true for one of some segments."""


@dataclass(frozen=True, slots=True)
class Scope:
    """How to name what expressions over a frame refer to.

    `fields` by table and field, `features` by name, `known` (a column that is NULL where there is no row) by attached
    table, `segments` of the segmentations that are decided, `previous` by segmentation: the segment in the run before,
    `cut_points` by key: their terms, where they are not the binding's."""

    binding: Binding
    fields: Mapping[tuple[str, str], exp.Expr]
    features: Mapping[str, exp.Expr]
    known: Mapping[str, exp.Expr]
    segments: Segments = field(default_factory=dict)
    previous: Mapping[str, exp.Expr] = field(default_factory=dict)
    cut_points: Mapping[str, Sequence[exp.Expr]] = field(default_factory=dict)


def term(scope: Scope, expr: PlanExpr) -> exp.Expr:
    """The term of `expr`: a canonical value, NULL where missing or unknown."""
    lowered = _unchecked(scope, expr)
    return finite(lowered) if _may_not_be_finite(expr) else lowered


def _unchecked(scope: Scope, expr: PlanExpr) -> exp.Expr:
    match expr:
        case Const(value, type):
            return literal(value, type)
        case ParameterRef(name, type):
            value = scope.binding.parameters[name]
            assert not isinstance(value, Length), f"`{name}` is a duration"
            return literal(value, type)
        case FieldRef(table, name):
            return scope.fields[table, name].copy()
        case FeatureRef(name):
            return scope.features[name].copy()
        case Call(overload, _, type):
            operands = operands_of(expr)
            free = ABSORBS.get(overload, 0)
            terms = tuple(
                _unchecked(scope, operand) if number < free else term(scope, operand)
                for number, operand in enumerate(operands)
            )
            return LOWER[overload](
                RowCall(terms, tuple(operand.type for operand in operands), type, scope.binding.as_of)
            )
        case And():
            return exp.and_(*(term(scope, operand) for operand in operands_of(expr)), copy=False)
        case Or():
            return exp.or_(*(term(scope, operand) for operand in operands_of(expr)), copy=False)
        case Not():
            return negation(term(scope, operands_of(expr)[0]))
        case RowKnown(table):
            return exp.Not(this=exp.Is(this=scope.known[table].copy(), expression=exp.null()))
        case SegmentIs(segmentation, segments):
            return scope.segments[segmentation](segments)
        case SegmentIncludes(segmentation, segment):
            return scope.segments[segmentation]((segment,))
        case Previous(segmentation):
            return scope.previous[segmentation].copy()
        case Choose(arms, otherwise):
            case = exp.Case()
            for arm in arms:
                case = case.when(term(scope, arm.when), term(scope, arm.then), copy=False)
            return case.else_(exp.null() if otherwise is None else term(scope, otherwise), copy=False)
        case Band(key, operand=operand):
            return band(expr, term(scope, operand), _cut_points(scope, key, operand.type))
        case _:
            assert_never(expr)


def _cut_points(scope: Scope, key: str, type: Type) -> Sequence[Cut]:
    if key in scope.cut_points:
        return scope.cut_points[key]
    return [None if cut is None else literal(cut, type) for cut in scope.binding.cut_points[key]]


def _may_not_be_finite(expr: PlanExpr) -> bool:
    if not isinstance(expr, Call):
        return False
    free = operands_of(expr)[: ABSORBS.get(expr.overload, 0)]
    return expr.overload in MAY_NOT_BE_FINITE or any(_may_not_be_finite(operand) for operand in free)


def negation(operand: exp.Expr) -> exp.Expr:
    """Kleene negation."""
    return exp.not_(operand, copy=False)


def formula_term(formula: Formula, condition: Callable[[int], exp.Expr]) -> exp.Expr:
    """The term of a formula, given that of each condition by number."""
    match formula:
        case Is(number):
            return condition(number)
        case AllOf(()):
            return exp.true()
        case AnyOf(()):
            return exp.false()
        case AllOf(operands):
            return exp.and_(*(formula_term(operand, condition) for operand in operands), copy=False)
        case AnyOf(operands):
            return exp.or_(*(formula_term(operand, condition) for operand in operands), copy=False)
        case Negated(operand):
            return negation(formula_term(operand, condition))
        case NotTrue(operand):
            return negation(call("COALESCE", formula_term(operand, condition), exp.false()))
        case _:
            assert_never(formula)
