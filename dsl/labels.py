"""Labels of privacy and purpose: which declared fields an expression reads, by which way, and what that makes of it.

Labels flow through every reference: lets, `where`, join keys, attached tables, parents, segmentations and what these
said in the run before. Two of them end somewhere: a personal value is not shown by whether there is one (`is known`,
`is missing`) nor by the time since it, and what a segmentation says may be shown whatever it was decided by.

Segmentations may ask each other in a circle, through `previous`. So what something reads itself is found apart from the
segmentations that it asks, and those are followed afterwards, each once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import assert_never

from . import program as p
from .source import Span
from .types import INTEGER
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


@dataclass(frozen=True, slots=True)
class _Asked:
    """A segmentation that is asked for a segment, of this run or of the one before, and the way to the question."""

    segmentation: str
    path: tuple[Span, ...]


_Step = Reading | _Asked
"""What something reads itself, through lets but not through segmentations."""


@dataclass(slots=True)
class Lineage:
    """What is read in one program, found once: `lineage_of`."""

    program: p.Program
    tables: dict[str, p.Table] = field(init=False)
    lets: dict[tuple[str, str], p.Let] = field(init=False)
    segmentations: dict[str, p.Segmentation] = field(init=False)
    _of_let: dict[tuple[str, str, bool], tuple[_Step, ...]] = field(default_factory=dict)
    _of_segmentation: dict[str, tuple[_Step, ...]] = field(default_factory=dict)
    _behind: dict[str, tuple[Reading, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tables = {table.name: table for table in self.program.tables}
        self.lets = {(let.table, let.name): let for let in self.program.lets}
        self.segmentations = {each.name: each for each in self.program.segmentations}
        for let in self.program.lets:  # in order of need, so that no chain of lets is followed to its end at once
            for shown in (False, True):
                _let_steps(let.table, let.name, shown, self)


_LATEST: dict[int, Lineage] = {}
"""That of the program that was asked about last, by its identity."""


def lineage_of(program: p.Program) -> Lineage:
    """What is read in a program; found again only where another was asked about in between."""
    found = _LATEST.get(id(program))
    if found is None or found.program is not program:
        found = Lineage(program)
        _LATEST.clear()
        _LATEST[id(program)] = found
    return found


FieldLabels = tuple[bool, bool, frozenset[str], frozenset[str] | None]


def labels_of_field(field: p.Field) -> FieldLabels:
    """What a declaration says of a column that every other declaration of it has to say too: protected, personal,
    consent, the only purposes."""
    purposes = None if field.purposes is None else frozenset(field.purposes)
    return field.protected, field.personal, frozenset(field.consent), purposes


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
    lineage = _lineage(program)
    return _followed(_each_once(_steps(expr, table, True, lineage)), lineage)


def readings_of_segmentation(segmentation: p.Segmentation, program: p.Program | Lineage) -> tuple[Reading, ...]:
    """Every field that a segmentation reads, by one way each, consent and what tells which rows there are included."""
    lineage = _lineage(program)
    return _followed(_segmentation_steps(segmentation, lineage), lineage)


def readings_by_condition(segmentation: p.Segmentation, program: p.Program | Lineage) -> Iterator[tuple[Reading, ...]]:
    """What tells which rows a segmentation is about, what each of its conditions reads, then what its consent reads,
    then the scorecards that it takes reasons from."""
    lineage = _lineage(program)
    yield tuple(_rows_of(segmentation, lineage))
    for condition in conditions(segmentation):
        yield readings_of(condition, lineage, segmentation.table)
    for segment in segmentation.segments:
        for consent in segment.consent:
            for ref in consent.fields:
                yield _followed(_each_once(_steps(ref, segmentation.table, False, lineage)), lineage)
    for ref in _scorecards(segmentation):
        yield readings_of(ref, lineage, segmentation.table)


def _scorecards(segmentation: p.Segmentation) -> Iterator[p.LetRef]:
    """The scorecards that segments take reasons from, which tell about the rows as conditions do."""
    for segment in segmentation.all_segments:
        for name in segment.reasons_from:
            yield p.LetRef(segmentation.table, name, INTEGER, segment.span)


# -- through segmentations -----------------------------------------------------------------------------------------


def _followed(steps: Iterable[_Step], lineage: Lineage) -> tuple[Reading, ...]:
    """The readings among some steps, and those behind the segmentations that they ask."""
    found: list[_Step] = []
    for step in steps:
        if isinstance(step, Reading):
            found.append(step)
        else:
            behind = _behind(step.segmentation, lineage)
            found += (replace(each, path=(*step.path, *each.path), through=step.segmentation) for each in behind)
    return tuple(each for each in _each_once(found) if isinstance(each, Reading))


def _behind(name: str, lineage: Lineage) -> tuple[Reading, ...]:
    """Every field that decides a segmentation, by one of the shortest ways through others; nothing of it is shown."""
    if name not in lineage._behind:
        ways, found = {name: tuple[Span, ...]()}, dict[tuple[str, str], Reading]()
        waiting = [name]
        for at in waiting:  # grows
            for step in _segmentation_steps(lineage.segmentations[at], lineage):
                path = (*ways[at], *step.path)
                if isinstance(step, Reading):
                    found.setdefault((step.table, step.field), replace(step, path=path, shown=False))
                elif step.segmentation not in ways:
                    ways[step.segmentation] = path
                    waiting.append(step.segmentation)
        lineage._behind[name] = tuple(found.values())
    return lineage._behind[name]


def _segmentation_steps(segmentation: p.Segmentation, lineage: Lineage) -> tuple[_Step, ...]:
    if segmentation.name not in lineage._of_segmentation:
        steps = [
            _rows_of(segmentation, lineage),
            *(_steps(condition, segmentation.table, True, lineage) for condition in conditions(segmentation)),
            *(
                _steps(ref, segmentation.table, False, lineage)
                for segment in segmentation.segments
                for consent in segment.consent
                for ref in consent.fields
            ),
            *(_steps(ref, segmentation.table, True, lineage) for ref in _scorecards(segmentation)),
        ]
        lineage._of_segmentation[segmentation.name] = _each_once(step for each in steps for step in each)
    return lineage._of_segmentation[segmentation.name]


# -- what is read ------------------------------------------------------------------------------------------------


def _steps(expr: p.Expr, table: str | None, shown: bool, lineage: Lineage) -> Iterator[_Step]:
    match expr:
        case p.Const() | p.ParameterRef():
            pass
        case p.FieldRef():
            yield Reading(expr.table, expr.field, (expr.span,), shown)
            yield from _joined(expr.table, table, expr.span, lineage)
        case p.LetRef():
            yield from _after(expr.span, _let_steps(expr.table, expr.name, shown, lineage))
            yield from _joined(expr.table, table, expr.span, lineage)
        case p.RowKnown():
            yield from _joined(expr.table, table, expr.span, lineage)
        case p.SegmentIs() | p.SegmentIncludes() | p.Previous():
            yield _Asked(expr.segmentation, (expr.span,))
        case p.Relative():
            yield from _steps(expr.of, expr.table, shown, lineage)
        case p.GroupAggregate():
            for part in (expr.value, expr.where):
                yield from () if part is None else _steps(part, table, True, lineage)
        case p.Choice() | p.Score():
            for part in children(expr):
                yield from _steps(part, table, True, lineage)
        case p.Aggregate():
            yield from _source(expr, lineage)
            if expr.where is not None:
                yield from _steps(expr.where, expr.source, True, lineage)
            if expr.value is not None:
                yield from _steps(expr.value, expr.source, shown, lineage)
        case p.Not():
            yield from _steps(expr.operand, table, shown, lineage)
        case p.And() | p.Or():  # whether these are known tells about the truth of their operands
            for operand in expr.operands:
                yield from _steps(operand, table, True, lineage)
        case p.Call():
            for at, operand in enumerate(expr.operands):
                yield from _steps(operand, table, _operand_shown(expr, at, shown), lineage)
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


def _rows_of(segmentation: p.Segmentation, lineage: Lineage) -> Iterator[Reading]:
    """What tells which rows are put into segments, whatever is asked of them: the time of their snapshots, and what
    finds the parents without which a row is ignored."""
    at = lineage.tables.get(segmentation.table)
    while at is not None:
        yield from _join(at, segmentation.span, lineage)
        if at.at is not None and at.role == "root":
            yield Reading(at.name, at.at, (segmentation.span,), shown=False)
        at = lineage.tables.get(at.parent) if at.parent is not None else None


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


def _let_steps(table: str, name: str, shown: bool, lineage: Lineage) -> tuple[_Step, ...]:
    key = (table, name, shown)
    if key not in lineage._of_let:
        let = lineage.lets[table, name]
        lineage._of_let[key] = _each_once(_steps(let.value, table, shown, lineage))
    return lineage._of_let[key]


def _after(span: Span, steps: Iterable[_Step]) -> Iterator[_Step]:
    for step in steps:
        path = (span, *step.path)
        match step:  # `replace` would take several times as long, and programs have many steps
            case Reading():
                yield Reading(step.table, step.field, path, step.shown, step.through)
            case _Asked():
                yield _Asked(step.segmentation, path)
            case _:
                assert_never(step)


def _each_once(steps: Iterable[_Step]) -> tuple[_Step, ...]:
    """One reading of each field, the first; shown if any of its readings is. Those through a segmentation apart. Of the
    questions to a segmentation the first."""
    first: dict[tuple[str, str, str | None] | str, _Step] = {}
    for step in steps:
        key = (step.table, step.field, step.through) if isinstance(step, Reading) else step.segmentation
        before = first.setdefault(key, step)
        if isinstance(step, Reading) and isinstance(before, Reading) and step.shown and not before.shown:
            first[key] = step
    return tuple(first.values())


def _lineage(program: p.Program | Lineage) -> Lineage:
    return program if isinstance(program, Lineage) else lineage_of(program)
