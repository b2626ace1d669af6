"""The Plan of a Program: what segmentations need, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import assert_never

from ..dsl.labels import Lineage, labels_of, lineage_of, readings_of, readings_of_segmentation
from ..dsl.program import (
    Aggregate,
    And,
    Call,
    Choice,
    Clause,
    Const,
    Expr,
    FieldRef,
    GroupAggregate,
    LetRef,
    Not,
    Or,
    ParameterRef,
    Previous,
    Program,
    Relative,
    RowKnown,
    Score,
    Segment,
    Segmentation,
    SegmentIncludes,
    SegmentIs,
    Table,
)
from ..dsl.types import BOOLEAN
from .frame_from_program import (
    FrameBuilder,
    arm_numbers,
    frame_of,
    owner,
    plan_expression,
    population_builder,
    positive,
)
from .measuring_from_program import measuring_from_program
from .plan import (
    AllOf,
    AnyOf,
    ColumnRead,
    Condition,
    Decision,
    DecisionClause,
    Formula,
    Inspection,
    Is,
    Negated,
    NotTrue,
    Plan,
    PlanExpr,
    Population,
    Ranking,
)
from .plan_walk import parts, sources


def plan_from_program(program: Program) -> Plan:
    """The plan of all segmentations of `program`; needs neither data nor an as-of date."""
    segmented = {segmentation.table for segmentation in program.segmentations}
    lineage = lineage_of(program)
    populations = tuple(_population(lineage, table) for table in program.tables if table.name in segmented)
    return Plan(populations, _columns(lineage, populations))


# -- populations -------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Conditions:
    """The conditions of a population while they are found, in order of first appearance."""

    lineage: Lineage
    found: dict[PlanExpr, Condition] = field(default_factory=dict)


def _population(lineage: Lineage, table: Table) -> Population:
    program = lineage.program
    builder, conditions = population_builder(program, table), _Conditions(lineage)
    decisions = tuple(
        _decision(builder, conditions, segmentation)
        for segmentation in program.segmentations
        if segmentation.table == table.name
    )
    inspections = _inspections(builder)
    # Before the ranking, which it may add to.
    measuring = measuring_from_program(builder, _planned_again(lineage, table), lineage)
    found = tuple(conditions.found.values())
    return Population(table.name, frame_of(builder), found, decisions, _ranking(builder), inspections, measuring)


def _planned_again(lineage: Lineage, table: Table) -> FrameBuilder:
    """Another frame of the same population, with the same features under the same names."""
    builder, conditions = population_builder(lineage.program, table), _Conditions(lineage)
    for segmentation in lineage.program.segmentations:
        if segmentation.table == table.name:
            _decision(builder, conditions, segmentation)
    return builder


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
        segmentation.cap,
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
        case LetRef(table, name) if not isinstance(builder.program.let(table, name).value, Choice):
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
        case LetRef() | Relative():
            return _leaf(builder, conditions, expr)
        case Previous() | Choice() | Score() | GroupAggregate():
            raise ValueError("not a condition")
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


# -- everybody, and what explanations look up ------------------------------------------------------------------------


def _ranking(builder: FrameBuilder) -> Ranking | None:
    """What the relative values of a population need to be found before its rows can be decided about."""
    if not builder.relatives:
        return None
    ranked = population_builder(builder.program, builder.table)
    values = tuple(plan_expression(ranked, each.of) for each in builder.relatives.values())
    return Ranking(frame_of(ranked), values, tuple(builder.relatives), tuple(builder.relatives.values()))


def _inspections(builder: FrameBuilder) -> tuple[Inspection, ...]:
    """The decisions and scorecards that the rows of a population read, or take reasons from; those of parents too."""
    program, table = builder.program, builder.table.name
    reasons = {
        name
        for segmentation in program.segmentations
        if segmentation.table == table
        for segment in segmentation.all_segments
        for name in segment.reasons_from
    }
    return tuple(
        Inspection(let.name, arm_numbers(place, let.value), _inputs(place, let.value))
        for let in program.lets
        for place in _upwards(builder)
        if isinstance(let.value, Choice | Score) and let.table == place.table.name
        if let.name in place.features or (place is builder and let.name in reasons)
    )


def _upwards(builder: FrameBuilder) -> Iterator[FrameBuilder]:
    """The frame of the row and those of its parents."""
    yield builder
    if builder.parent is not None:
        yield from _upwards(builder.parent)


def _inputs(builder: FrameBuilder, value: Choice | Score) -> tuple[PlanExpr | None, ...]:
    """The values that rows or bins are told from. Nothing is looked up that no cell asks for."""
    if isinstance(value, Score):
        return tuple(_input(builder, each.by) for each in value.characteristics)
    asked = [any(row.cells[at] != Const(True, BOOLEAN) for row in value.rows) for at in range(len(value.inputs))]
    return tuple(
        _input(builder, each if is_asked else None) for each, is_asked in zip(value.inputs, asked, strict=True)
    )


def _input(builder: FrameBuilder, expr: Expr | None) -> PlanExpr | None:
    return None if expr is None else plan_expression(builder, expr)


# -- columns -----------------------------------------------------------------------------------------------------


def _columns(lineage: Lineage, populations: tuple[Population, ...]) -> tuple[ColumnRead, ...]:
    program = lineage.program
    frames = [each.frame for each in populations]
    frames += [each.measuring.frame for each in populations if each.measuring is not None]
    needed = {(source.table, name) for frame in frames for source in sources(frame) for name in source.fields}
    for freshness in program.freshness:
        table = program.table(freshness.table)
        needed |= {(table.name, time) for time in (table.at, table.known_at) if time is not None}
    reads = {
        segmentation.name: {(read.table, read.field) for read in readings_of_segmentation(segmentation, lineage)}
        for segmentation in program.segmentations
    }
    measured = {figure.measure for each in populations if each.measuring for figure in each.measuring.figures}
    for measure in program.measures:
        if measure.name in measured:
            found = readings_of(measure.value, lineage, measure.table)
            reads[measure.name] = {(read.table, read.field) for read in found}
    for each in populations:
        if each.measuring is not None:
            for vintage in each.measuring.vintages:
                reads[f"measures by {vintage.period}"] = {
                    (part.table, part.field) for part in parts(vintage.of) if isinstance(part, FieldRef)
                }
            if each.measuring.across:
                reads["fairness"] = reads.get("fairness", set()) | {
                    (of.table, of.field) for of in each.measuring.across
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
