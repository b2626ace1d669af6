"""From expressions to a `Frame`: what one row of a table needs to have beside it.

A `FrameBuilder` grows while `plan_expression` goes through the expressions that stand over its rows; `frame_of` closes
it. Nothing is read that no expression asks for, apart from keys and times.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import reduce
from itertools import count
from typing import assert_never

from ..dsl.builtins import PARTIAL_OVERLOADS
from ..dsl.program import (
    Aggregate,
    And,
    Call,
    Choice,
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
    SegmentIncludes,
    SegmentIs,
    Table,
    Window,
)
from ..dsl.types import BOOLEAN, INTEGER, Type
from .cut_points import cut_points_key
from .plan import (
    AggregateFeature,
    AggregatePass,
    Arm,
    Attachment,
    Band,
    Choose,
    Feature,
    FeatureRef,
    Frame,
    ParentJoin,
    PlanExpr,
    Source,
    as_operands,
)

_AggregateKey = tuple[str, PlanExpr | None, PlanExpr | None, Window | None]


@dataclass(slots=True)
class FrameBuilder:
    """A frame while it grows. `fresh` gives names of features that no let and no other feature has; `passes` go by the
    table and whether their windows are outcome windows."""

    program: Program
    table: Table
    fresh: Iterator[str]
    fields: set[str] = field(default_factory=set)
    attachments: dict[str, set[str]] = field(default_factory=dict)
    parent: FrameBuilder | None = None
    passes: dict[tuple[str, bool], PassBuilder] = field(default_factory=dict)
    features: dict[str, Feature] = field(default_factory=dict)
    operations: dict[PlanExpr, FeatureRef] = field(default_factory=dict)
    relatives: dict[str, Relative] = field(default_factory=dict)
    previous: set[str] = field(default_factory=set)


@dataclass(slots=True)
class PassBuilder:
    """An aggregate pass while it grows."""

    rows: FrameBuilder
    aggregates: dict[_AggregateKey, AggregateFeature] = field(default_factory=dict)


def population_builder(program: Program, table: Table) -> FrameBuilder:
    """The empty frame of the rows of `table` that are put into segments: those that have their parents."""
    taken = {let.name for let in program.lets} | {field.name for each in program.tables for field in each.fields}
    names = (f"#{number}" for number in count(1))
    return _with_ancestors(FrameBuilder(program, table, (name for name in names if name not in taken)))


def _with_ancestors(builder: FrameBuilder) -> FrameBuilder:
    if builder.table.parent is not None:
        _with_ancestors(_parent_of(builder))
    return builder


def _parent_of(builder: FrameBuilder) -> FrameBuilder:
    if builder.parent is None:
        assert builder.table.parent is not None, f"`{builder.table.name}` has no parent"
        parent = builder.program.table(builder.table.parent)
        builder.parent = FrameBuilder(builder.program, parent, builder.fresh)
    return builder.parent


def owner(builder: FrameBuilder, table: Table) -> FrameBuilder:
    """The frame, this one or one further up, whose row is of `table` or has a row of `table` attached."""
    if builder.table.name == table.name or (table.role == "attached" and table.parent == builder.table.name):
        return builder
    return owner(_parent_of(builder), table)


# -- expressions -------------------------------------------------------------------------------------------------


def plan_expression(builder: FrameBuilder, expr: Expr) -> PlanExpr:
    """The expression over the frame, which grows by what the expression reads."""
    match expr:
        case Const() | ParameterRef() | SegmentIs() | SegmentIncludes():
            return expr
        case FieldRef(table, name):
            _fields(builder, builder.program.table(table)).add(name)
            return expr
        case RowKnown(table):
            _fields(builder, builder.program.table(table))
            return expr
        case LetRef():
            return _let(builder, expr)
        case Call():
            planned = _call(builder, expr)
            return _operation(builder, planned, expr) if expr.overload in PARTIAL_OVERLOADS else planned
        case And(operands, type):
            return And(as_operands(plan_expression(builder, each) for each in operands), type)
        case Or(operands, type):
            return Or(as_operands(plan_expression(builder, each) for each in operands), type)
        case Not(operand, type):
            return _not(plan_expression(builder, operand), type)
        case Aggregate("no.rows"):
            return _not(plan_expression(builder, positive(expr)), BOOLEAN)
        case Aggregate():
            return _aggregate(builder, expr)
        case Previous(segmentation):
            builder.previous.add(segmentation)
            return expr
        case Relative():
            return _relative(builder, expr)
        case Choice():
            return _choose(builder, expr)
        case Score():
            return _score(builder, expr)
        case GroupAggregate():
            raise ValueError("a measure's aggregate stands over groups of rows, not in a row")
        case _:
            assert_never(expr)


def positive(expr: Aggregate) -> Aggregate:
    """`any E` of `no E`."""
    return Aggregate("any.rows", expr.source, None, expr.where, expr.window, expr.type, expr.span)


def _fields(builder: FrameBuilder, table: Table) -> set[str]:
    place = owner(builder, table)
    return place.fields if place.table.name == table.name else place.attachments.setdefault(table.name, set())


def _let(builder: FrameBuilder, ref: LetRef) -> PlanExpr:
    program = builder.program
    place, let = owner(builder, program.table(ref.table)), program.let(ref.table, ref.name)
    if ref.type.kind == "boolean" and not isinstance(let.value, Choice):
        return plan_expression(place, let.value)
    if let.name not in place.features:
        value = _call(place, let.value) if isinstance(let.value, Call) else plan_expression(place, let.value)
        if value == FeatureRef(let.name, ref.type):
            return value
        place.features[let.name] = Feature(let.name, value, ref.type, ref)
    return FeatureRef(let.name, ref.type)


def _call(builder: FrameBuilder, expr: Call) -> Call:
    return Call(expr.overload, as_operands(plan_expression(builder, each) for each in expr.operands), expr.type)


def _not(operand: PlanExpr, type: Type) -> Not:
    return Not(as_operands((operand,))[0], type)


def _operation(builder: FrameBuilder, planned: Call | Band, written: Expr) -> FeatureRef:
    if planned not in builder.operations:
        name = next(builder.fresh)
        builder.features[name] = Feature(name, planned, planned.type, written)
        builder.operations[planned] = FeatureRef(name, planned.type)
    return builder.operations[planned]


def _aggregate(builder: FrameBuilder, expr: Aggregate) -> FeatureRef:
    source = builder.program.table(expr.source)
    place = (source.name, expr.window is not None and expr.window.direction == "next")
    if place not in builder.passes:
        builder.passes[place] = PassBuilder(FrameBuilder(builder.program, source, builder.fresh))
    found = builder.passes[place]
    value = None if expr.value is None else plan_expression(found.rows, expr.value)
    where = None if expr.where is None else plan_expression(found.rows, expr.where)
    key = (expr.overload, value, where, expr.window)
    if key not in found.aggregates:
        name = _name_of_let(builder, expr) or next(builder.fresh)
        found.aggregates[key] = AggregateFeature(name, expr.overload, value, where, expr.window, expr.type, expr)
    return FeatureRef(found.aggregates[key].name, expr.type)


def _name_of_let(builder: FrameBuilder, expr: Aggregate) -> str | None:
    """The first let that is this aggregate gives it its name, whoever asks first."""
    for let in builder.program.lets:
        if let.table == builder.table.name and let.value == expr:
            return let.name
    return None


# -- relative values, decisions, scorecards ------------------------------------------------------------------------


def _relative(builder: FrameBuilder, expr: Relative) -> PlanExpr:
    """A band told from cut-points; one that is not itself a condition is a feature, so that it is reckoned once."""
    key = cut_points_key(expr)
    builder.relatives.setdefault(key, expr)
    band = Band(key, expr.function, expr.operator, plan_expression(builder, expr.of), expr.type)
    return band if expr.type.kind == "boolean" else _operation(builder, band, expr)


def _choose(builder: FrameBuilder, expr: Choice) -> Choose:
    arms = tuple(Arm(_all_true(builder, row.cells), plan_expression(builder, row.result)) for row in expr.rows)
    otherwise = None if expr.otherwise is None else plan_expression(builder, expr.otherwise)
    return Choose(arms, otherwise, expr.type)


def _all_true(builder: FrameBuilder, cells: tuple[Expr, ...]) -> PlanExpr:
    asked = [plan_expression(builder, cell) for cell in cells if cell != Const(True, BOOLEAN)]
    if len(asked) < 2:
        return asked[0] if asked else Const(True, BOOLEAN)
    return And(as_operands(asked), BOOLEAN)


def _score(builder: FrameBuilder, expr: Score) -> PlanExpr:
    terms: list[PlanExpr] = [Const(expr.start, INTEGER)]
    for each in expr.characteristics:
        arms = tuple(Arm(plan_expression(builder, bin.when), Const(bin.points, INTEGER)) for bin in each.bins)
        terms.append(Choose(arms, Const(0, INTEGER) if each.by is None else None, INTEGER))
    return _added(terms)


_ADDED_IN_A_ROW = 32


def _added(terms: list[PlanExpr]) -> PlanExpr:
    """The sum; a long one adds the sums of its parts, since every `+` in a row lies one level deeper."""
    while len(terms) > _ADDED_IN_A_ROW:
        terms = [_added(terms[at : at + _ADDED_IN_A_ROW]) for at in range(0, len(terms), _ADDED_IN_A_ROW)]
    return reduce(_plus, terms)


def _plus(left: PlanExpr, right: PlanExpr) -> PlanExpr:
    return Call("add.integer", as_operands((left, right)), INTEGER)


def arm_numbers(builder: FrameBuilder, value: Choice | Score) -> tuple[PlanExpr, ...]:
    """The number, from 1, of the row of a decision that holds, or of the bin of each characteristic; 0 for none."""
    if isinstance(value, Choice):
        asked = [_all_true(builder, row.cells) for row in value.rows]
        if value.otherwise is not None:
            asked.append(Const(True, BOOLEAN))
        return (_numbered(asked),)
    return tuple(_numbered([plan_expression(builder, bin.when) for bin in each.bins]) for each in value.characteristics)


def _numbered(asked: list[PlanExpr]) -> Choose:
    arms = tuple(Arm(each, Const(number, INTEGER)) for number, each in enumerate(asked, start=1))
    return Choose(arms, Const(0, INTEGER), INTEGER)


# -- closing -----------------------------------------------------------------------------------------------------


def frame_of(builder: FrameBuilder) -> Frame:
    """The finished frame."""
    table = builder.table
    snapshot_at = table.at if table.role == "root" else None
    return Frame(
        source=_source(table, builder.fields | {table.key, table.by, table.at, table.known_at}),
        key=table.key,
        snapshot_at=snapshot_at,
        attachments=tuple(
            Attachment(_source(attached, builder.attachments[attached.name] | {attached.by}), attached.by or "")
            for attached in builder.program.tables
            if attached.name in builder.attachments
        ),
        parent=None if builder.parent is None else ParentJoin(frame_of(builder.parent), table.by or ""),
        passes=tuple(
            _pass_of(builder.passes[each.name, ahead], ahead=ahead)
            for each in builder.program.tables
            for ahead in (False, True)
            if (each.name, ahead) in builder.passes
        ),
        features=tuple(builder.features.values()),
        previous=tuple(each.name for each in builder.program.segmentations if each.name in builder.previous),
    )


def _pass_of(builder: PassBuilder, *, ahead: bool) -> AggregatePass:
    table = builder.rows.table
    aggregates = tuple(builder.aggregates.values())
    ordered = any(each.overload.startswith(("first.", "latest.")) for each in aggregates)
    then = table.then if ordered else None
    if then is not None:
        builder.rows.fields.add(then)
    # An outcome window sees every event dated in it, whenever it became known.
    known_at = None if ahead else table.known_at
    return AggregatePass(frame_of(builder.rows), table.by or "", table.at, known_at, then, aggregates)


def _source(table: Table, fields: set[str] | set[str | None]) -> Source:
    return Source(table.name, tuple(field.name for field in table.fields if field.name in fields))
