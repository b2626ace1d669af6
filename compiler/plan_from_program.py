"""The Plan of a Program: what segmentations need, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import assert_never

from ..dsl.labels import Lineage, labels_of, readings_of_segmentation
from ..dsl.program import (
    Aggregate,
    And,
    Call,
    Clause,
    Const,
    Expr,
    FieldRef,
    LetRef,
    Not,
    Or,
    ParameterRef,
    Program,
    RowKnown,
    Segment,
    Segmentation,
    SegmentIncludes,
    SegmentIs,
    Table,
)
from ..dsl.types import BOOLEAN
from .frame_from_program import FrameBuilder, frame_of, owner, plan_expression, population_builder, positive
from .plan import (
    AllOf,
    AnyOf,
    ColumnRead,
    Condition,
    Decision,
    DecisionClause,
    Formula,
    Is,
    Negated,
    NotTrue,
    Plan,
    PlanExpr,
    Population,
)
from .plan_walk import sources


def plan_from_program(program: Program) -> Plan:
    """The plan of all segmentations of `program`; needs neither data nor an as-of date."""
    segmented = {segmentation.table for segmentation in program.segmentations}
    populations = tuple(_population(program, table) for table in program.tables if table.name in segmented)
    return Plan(populations, _columns(program, populations))


# -- populations -------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Conditions:
    """The conditions of a population while they are found, in order of first appearance."""

    lineage: Lineage
    found: dict[PlanExpr, Condition] = field(default_factory=dict)


def _population(program: Program, table: Table) -> Population:
    builder, conditions = population_builder(program, table), _Conditions(Lineage(program))
    decisions = tuple(
        _decision(builder, conditions, segmentation)
        for segmentation in program.segmentations
        if segmentation.table == table.name
    )
    return Population(table.name, frame_of(builder), tuple(conditions.found.values()), decisions)


def _decision(builder: FrameBuilder, conditions: _Conditions, segmentation: Segmentation) -> Decision:
    clauses = tuple(
        DecisionClause(
            clause.number,
            segment.name,
            _clause(builder, conditions, clause, segment),
            segment.valid_from,
            segment.valid_until,
        )
        for segment in segmentation.segments
        for clause in segment.clauses
    )
    otherwise = segmentation.otherwise
    return Decision(
        segmentation.name,
        segmentation.exclusive,
        tuple(segment.name for segment in segmentation.all_segments),
        clauses,
        None if otherwise is None else otherwise.name,
        None if otherwise is None else segmentation.otherwise_clause,
    )


def _clause(builder: FrameBuilder, conditions: _Conditions, clause: Clause, segment: Segment) -> Formula:
    when = _formula(builder, conditions, clause.when)
    unless = [NotTrue(_formula(builder, conditions, each)) for each in clause.unless]
    consent = [
        _leaf(builder, conditions, Call("default.any", (field, Const(False, BOOLEAN)), BOOLEAN, field.span))
        for consent in segment.consent
        for field in consent.fields
    ]
    return AllOf((when, *unless, *consent))


# -- formulas ----------------------------------------------------------------------------------------------------


def _formula(builder: FrameBuilder, conditions: _Conditions, expr: Expr) -> Formula:
    match expr:
        case And(operands):
            found = [_formula(builder, conditions, operand) for operand in operands]
            return AllOf(
                tuple(part for each in found for part in (each.operands if isinstance(each, AllOf) else [each]))
            )
        case Or(operands):
            found = [_formula(builder, conditions, operand) for operand in operands]
            return AnyOf(
                tuple(part for each in found for part in (each.operands if isinstance(each, AnyOf) else [each]))
            )
        case Not(operand):
            return _negated(_formula(builder, conditions, operand))
        case Const(value):
            return AllOf(()) if value else AnyOf(())
        case LetRef(table, name):
            place = owner(builder, builder.program.table(table))
            return _formula(place, conditions, builder.program.let(table, name).value)
        case Call("known.any", operands):
            return _negated(_leaf(builder, conditions, Call("missing.any", operands, BOOLEAN, expr.span)))
        case Call(overload, operands) if overload.startswith("not_equal."):
            equal = overload.removeprefix("not_")
            return _negated(_leaf(builder, conditions, Call(equal, operands, BOOLEAN, expr.span)))
        case Aggregate("no.rows"):
            return _negated(_leaf(builder, conditions, positive(expr)))
        case Call() | Aggregate() | FieldRef() | ParameterRef() | RowKnown() | SegmentIs() | SegmentIncludes():
            return _leaf(builder, conditions, expr)
        case _:
            assert_never(expr)


def _negated(formula: Formula) -> Formula:
    return formula.operand if isinstance(formula, Negated) else Negated(formula)


def _leaf(builder: FrameBuilder, conditions: _Conditions, written: Expr) -> Is:
    test = plan_expression(builder, written)
    if test not in conditions.found:
        personal = labels_of(written, conditions.lineage, builder.table.name).personal
        conditions.found[test] = Condition(len(conditions.found), test, personal, written)
    return Is(conditions.found[test].number)


# -- columns -----------------------------------------------------------------------------------------------------


def _columns(program: Program, populations: tuple[Population, ...]) -> tuple[ColumnRead, ...]:
    needed = {(source.table, name) for each in populations for source in sources(each.frame) for name in source.fields}
    for freshness in program.freshness:
        table = program.table(freshness.table)
        needed |= {(table.name, time) for time in (table.at, table.known_at) if time is not None}
    lineage = Lineage(program)
    reads = {
        segmentation.name: {(read.table, read.field) for read in readings_of_segmentation(segmentation, lineage)}
        for segmentation in program.segmentations
    }
    return tuple(
        ColumnRead(
            table.name,
            field.name,
            field.column,
            tuple(reader for reader, read in reads.items() if (table.name, field.name) in read),
        )
        for table in program.tables
        for field in table.fields
        if (table.name, field.name) in needed
    )
