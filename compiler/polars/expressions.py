"""Plan expressions and formulas as Polars expressions."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import assert_never

import polars as pl

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
from ...dsl.types import Length, Value
from ..plan import (
    AllOf,
    AnyOf,
    Arm,
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
from .bands import band
from .lower import ABSORBS, LOWER, MAY_NOT_BE_FINITE, RowCall
from .values import finite, literal, nothing

Segments = Mapping[str, Callable[[tuple[str, ...]], pl.Expr]]
"""By segmentation, what is true for one of some segments."""


@dataclass(frozen=True, slots=True)
class Scope:
    """How to name what expressions over a frame refer to: columns of fields by table and field, of features by name,
    of attached tables (null where there is no row), and of the segment in the run before by segmentation; `segments` of
    the segmentations that are decided."""

    binding: Binding
    fields: Mapping[tuple[str, str], str]
    features: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, str] = field(default_factory=dict)
    previous: Mapping[str, str] = field(default_factory=dict)
    segments: Segments = field(default_factory=dict)


def term(scope: Scope, expr: PlanExpr) -> pl.Expr:
    """`expr` in Polars: a canonical value, null where missing or unknown."""
    lowered = _unchecked(scope, expr)
    return finite(lowered) if _may_not_be_finite(expr) else lowered


def _unchecked(scope: Scope, expr: PlanExpr) -> pl.Expr:
    match expr:
        case Const(value, type):
            return literal(value, type)
        case ParameterRef(name, type):
            return literal(_parameter(scope, name), type)
        case FieldRef(table, name):
            return pl.col(scope.fields[table, name])
        case FeatureRef(name):
            return pl.col(scope.features[name])
        case Call():
            return LOWER[expr.overload](_row_call(scope, expr))
        case And():
            return all_of(term(scope, operand) for operand in operands_of(expr))
        case Or():
            return any_of(term(scope, operand) for operand in operands_of(expr))
        case Not():
            return ~term(scope, operands_of(expr)[0])
        case RowKnown(table):
            return pl.col(scope.known[table]).is_not_null()
        case SegmentIs(segmentation, segments):
            return scope.segments[segmentation](segments)
        case SegmentIncludes(segmentation, segment):
            return scope.segments[segmentation]((segment,))
        case Previous(segmentation):
            return pl.col(scope.previous[segmentation])
        case Choose(arms, otherwise, type):
            last = nothing(type) if otherwise is None else term(scope, otherwise)
            return _chosen(scope, arms, last)
        case Band(key, operand=operand):
            return band(expr, term(scope, operand), operand.type, scope.binding.cut_points[key])
        case _:
            assert_never(expr)


def _row_call(scope: Scope, expr: Call) -> RowCall:
    operands = operands_of(expr)
    free = ABSORBS.get(expr.overload, 0)
    return RowCall(
        tuple(
            _unchecked(scope, operand) if number < free else term(scope, operand)
            for number, operand in enumerate(operands)
        ),
        tuple(_constant(scope, operand) for operand in operands),
        tuple(operand.type for operand in operands),
        expr.type,
        scope.binding.as_of,
    )


def _constant(scope: Scope, expr: PlanExpr) -> Value | None:
    match expr:
        case Const(value):
            return value
        case ParameterRef(name):
            return _parameter(scope, name)
        case _:
            return None


def _parameter(scope: Scope, name: str) -> Value:
    value = scope.binding.parameters[name]
    assert not isinstance(value, Length), f"`{name}` is a duration"
    return value


def _chosen(scope: Scope, arms: tuple[Arm, ...], otherwise: pl.Expr) -> pl.Expr:
    """The first arm that holds. Nested from the last one, since each `when` then has one `then`."""
    chosen = otherwise
    for arm in reversed(arms):
        chosen = pl.when(term(scope, arm.when)).then(term(scope, arm.then)).otherwise(chosen)
    return chosen


def _may_not_be_finite(expr: PlanExpr) -> bool:
    if not isinstance(expr, Call):
        return False
    free = operands_of(expr)[: ABSORBS.get(expr.overload, 0)]
    return expr.overload in MAY_NOT_BE_FINITE or any(_may_not_be_finite(operand) for operand in free)


def all_of(operands: Iterable[pl.Expr]) -> pl.Expr:
    """Kleene conjunction; of nothing it is true."""
    found = list(operands)
    return reduce(operator.and_, found) if found else pl.lit(True)


def any_of(operands: Iterable[pl.Expr]) -> pl.Expr:
    """Kleene disjunction; of nothing it is false."""
    found = list(operands)
    return reduce(operator.or_, found) if found else pl.lit(False)


def formula_term(formula: Formula, condition: Callable[[int], pl.Expr]) -> pl.Expr:
    """A formula in Polars, given each condition by number."""
    match formula:
        case Is(number):
            return condition(number)
        case AllOf(operands):
            return all_of(formula_term(operand, condition) for operand in operands)
        case AnyOf(operands):
            return any_of(formula_term(operand, condition) for operand in operands)
        case Negated(operand):
            return ~formula_term(operand, condition)
        case NotTrue(operand):
            return ~formula_term(operand, condition).fill_null(False)
        case _:
            assert_never(formula)
