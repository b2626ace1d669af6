"""Labels of privacy and purpose: which declared fields an expression reads, by which way, and what that makes of it.

Labels flow through every reference: lets, `where`, join keys, attached tables, parents, segmentations. Two of them
end somewhere: a personal value is not shown by whether there is one (`is known`, `is missing`) nor by the time since
it, and what a segmentation says may be shown whatever it was decided by.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import assert_never

from . import program as p
from .source import Span
from .walk import children, conditions


@dataclass(frozen=True, slots=True)
class Labels:
    """What the fields that something reads make of it.

    `purposes` are the only ones that all of them may be read for, None where no field limits them."""

    protected: bool = False
    personal: bool = False
    purposes: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A field that is read, and the way to it: the words in the expression itself, then those in each let or
    segmentation on the way.

    `shown` when the result tells about the field's value, not only whether there is one or what joins by it.
    `through` is the first segmentation on the way."""

    table: str
    field: str
    path: tuple[Span, ...]
    shown: bool
    through: str | None = None


@dataclass(slots=True)
class Lineage:
    """What is read in one program, found once. Make one for a program and hand it to each question."""

    program: p.Program
    tables: dict[str, p.Table] = field(init=False)
    lets: dict[tuple[str, str], p.Let] = field(init=False)
    segmentations: dict[str, p.Segmentation] = field(init=False)
    _of_let: dict[tuple[str, str, bool], tuple[Reading, ...]] = field(default_factory=dict)
    _of_segmentation: dict[str, tuple[Reading, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tables = {table.name: table for table in self.program.tables}
        self.lets = {(let.table, let.name): let for let in self.program.lets}
        self.segmentations = {each.name: each for each in self.program.segmentations}
        for let in self.program.lets:  # in order of need, so that no chain of lets is followed to its end at once
            for shown in (False, True):
                _let_readings(let.table, let.name, shown, self)


def labels_of(expr: p.Expr, program: p.Program | Lineage, table: str | None = None) -> Labels:
    """The labels of an expression over the rows of `table`. Without `table` the fields that join the rows of parents
    are not known and left out (they never make anything personal)."""
    return labels_from(readings_of(expr, program, table), program)


def labels_of_let(let: p.Let, program: p.Program | Lineage) -> Labels:
    """The labels of what reads `let`."""
    return labels_of(let.value, program, let.table)


def labels_of_segmentation(segmentation: p.Segmentation, program: p.Program | Lineage) -> Labels:
    """The labels of what asks for a segment of `segmentation`; never personal."""
    return replace(labels_from(readings_of_segmentation(segmentation, program), program), personal=False)


def labels_from(readings: Iterable[Reading], program: p.Program | Lineage) -> Labels:
    """What some readings together make of what reads them."""
    tables = _lineage(program).tables
    labels = Labels()
    for reading in readings:
        read = tables[reading.table].field_named(reading.field)
        limits = [set_ for set_ in (labels.purposes, read.purposes) if set_ is not None]
        labels = Labels(
            labels.protected or read.protected,
            labels.personal or (read.personal and reading.shown),
            frozenset.intersection(*map(frozenset, limits)) if limits else None,
        )
    return labels


def readings_of(expr: p.Expr, program: p.Program | Lineage, table: str | None = None) -> tuple[Reading, ...]:
    """Every field that an expression over the rows of `table` reads, by one way each."""
    return _each_once(_readings(expr, table, True, _lineage(program)))


def readings_of_segmentation(segmentation: p.Segmentation, program: p.Program | Lineage) -> tuple[Reading, ...]:
    """Every field that a segmentation reads, by one way each, consent included."""
    return _each_once(reading for each in readings_by_condition(segmentation, program) for reading in each)


def readings_by_condition(segmentation: p.Segmentation, program: p.Program | Lineage) -> Iterator[tuple[Reading, ...]]:
    """What each condition of a segmentation reads, then what its consent reads."""
    lineage = _lineage(program)
    for condition in conditions(segmentation):
        yield readings_of(condition, lineage, segmentation.table)
    for segment in segmentation.segments:
        for consent in segment.consent:
            for ref in consent.fields:
                yield _each_once(_readings(ref, segmentation.table, False, lineage))


# -- what is read ------------------------------------------------------------------------------------------------


def _readings(expr: p.Expr, table: str | None, shown: bool, lineage: Lineage) -> Iterator[Reading]:
    match expr:
        case p.Const() | p.ParameterRef():
            pass
        case p.FieldRef():
            yield Reading(expr.table, expr.field, (expr.span,), shown)
            yield from _joined(expr.table, table, expr.span, lineage)
        case p.LetRef():
            yield from _after(expr.span, _let_readings(expr.table, expr.name, shown, lineage))
            yield from _joined(expr.table, table, expr.span, lineage)
        case p.RowKnown():
            yield from _joined(expr.table, table, expr.span, lineage)
        case p.SegmentIs() | p.SegmentIncludes() | p.Previous():
            for reading in _after(expr.span, _segmentation_readings(expr.segmentation, lineage)):
                yield replace(reading, shown=False, through=expr.segmentation)
        case p.Relative():
            yield from _readings(expr.of, expr.table, shown, lineage)
        case p.GroupAggregate():
            for part in (expr.value, expr.where):
                yield from () if part is None else _readings(part, table, True, lineage)
        case p.Choice() | p.Score():
            for part in children(expr):
                yield from _readings(part, table, True, lineage)
        case p.Aggregate():
            yield from _source(expr, lineage)
            if expr.where is not None:
                yield from _readings(expr.where, expr.source, True, lineage)
            if expr.value is not None:
                yield from _readings(expr.value, expr.source, shown, lineage)
        case p.Not():
            yield from _readings(expr.operand, table, shown, lineage)
        case p.And() | p.Or():  # whether these are known tells about the truth of their operands
            for operand in expr.operands:
                yield from _readings(operand, table, True, lineage)
        case p.Call():
            for at, operand in enumerate(expr.operands):
                yield from _readings(operand, table, _operand_shown(expr, at, shown), lineage)
        case _:
            assert_never(expr)


TELLS_NO_VALUE = frozenset({"missing", "known", "days_since", "months_since", "years_since"})


def _operand_shown(call: p.Call, at: int, shown: bool) -> bool:
    name = call.overload.partition(".")[0]
    if name in TELLS_NO_VALUE:
        return False
    if name == "divide" and at == 1:  # whether a quotient is known tells whether the divisor is 0
        return True
    return shown


def _joined(target: str, table: str | None, span: Span, lineage: Lineage) -> Iterator[Reading]:
    """The fields by which the row of `target` is found that belongs to a row of `table`."""
    reached = lineage.tables[target]
    if reached.role == "attached":
        yield from _join(reached, span, lineage)
        target = reached.parent or target
    at = lineage.tables.get(table) if table is not None else None
    while at is not None and at.name != target and at.parent is not None:
        yield from _join(at, span, lineage)
        at = lineage.tables.get(at.parent)
    snapshot = lineage.tables[target]
    if snapshot.role == "root" and snapshot.at is not None:
        yield Reading(target, snapshot.at, (span,), shown=False)


def _source(aggregate: p.Aggregate, lineage: Lineage) -> Iterator[Reading]:
    """What finds the rows of an aggregate, and puts them in time."""
    source = lineage.tables[aggregate.source]
    yield from _join(source, aggregate.span, lineage)
    for name in (source.at, source.known_at, source.then):
        if name is not None and aggregate.window is not None:
            yield Reading(source.name, name, (aggregate.span,), shown=True)


def _join(table: p.Table, span: Span, lineage: Lineage) -> Iterator[Reading]:
    """The field that holds the parent's key, and that key; a personal one makes nothing joined by it personal."""
    if table.by is not None:
        yield Reading(table.name, table.by, (span,), shown=False)
    parent = lineage.tables.get(table.parent) if table.parent is not None else None
    if parent is not None and parent.key is not None:
        yield Reading(parent.name, parent.key, (span,), shown=False)


def _let_readings(table: str, name: str, shown: bool, lineage: Lineage) -> tuple[Reading, ...]:
    key = (table, name, shown)
    if key not in lineage._of_let:
        let = lineage.lets[table, name]
        lineage._of_let[key] = _each_once(_readings(let.value, table, shown, lineage))
    return lineage._of_let[key]


def _segmentation_readings(name: str, lineage: Lineage) -> tuple[Reading, ...]:
    if name not in lineage._of_segmentation:
        lineage._of_segmentation[name] = ()  # ends a circle, which has been reported
        lineage._of_segmentation[name] = readings_of_segmentation(lineage.segmentations[name], lineage)
    return lineage._of_segmentation[name]


def _after(span: Span, readings: Iterable[Reading]) -> Iterator[Reading]:
    return (replace(reading, path=(span, *reading.path)) for reading in readings)


def _each_once(readings: Iterable[Reading]) -> tuple[Reading, ...]:
    """One reading of each field, the first; shown if any of its readings is. Those through a segmentation apart."""
    first: dict[tuple[str, str, str | None], Reading] = {}
    for reading in readings:
        key = (reading.table, reading.field, reading.through)
        before = first.setdefault(key, reading)
        if reading.shown and not before.shown:
            first[key] = reading
    return tuple(first.values())


def _lineage(program: p.Program | Lineage) -> Lineage:
    return program if isinstance(program, Lineage) else Lineage(program)
