"""What the reference interpreter looked at on the way to an answer, and what it found missing there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ...dsl import program as p
from ...dsl.absence import can_be_missing
from ...dsl.labels import Lineage
from ...dsl.outcomes import TestCase
from ...dsl.walk import children
from ...dsl.wording import wording
from ..reference.interpreter import Assigned
from ..reference.rows import Row
from .program import TestProgram


@dataclass(slots=True)
class LeftOut:
    """`fields` that the data always has, read and not given; `asked_for` by decision or scorecard without a row or
    bin: the words of what it needs."""

    fields: dict[str, None] = field(default_factory=dict)
    asked_for: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class _Look:
    testing: TestProgram
    assigned: Assigned
    found: LeftOut
    seen: set[tuple[int, int]] = field(default_factory=set)


def left_out(testing: TestProgram, assigned: Assigned, number: int, case: TestCase) -> LeftOut:
    """What the case of that number leaves out of what its expected segmentations read, up to the segment that won."""
    look = _Look(testing, assigned, LeftOut())
    row = assigned.rows[testing.table][number]
    for name in dict.fromkeys(expect.segmentation for expect in case.expect):
        _segmentation(look, testing.program.segmentation(name), row)
    return look.found


def _segmentation(look: _Look, segmentation: p.Segmentation, row: Row) -> None:
    answer = look.assigned.world.answer(segmentation, row)
    for segment in segmentation.segments:
        for clause in segment.clauses:
            for condition in (clause.when, *clause.unless):
                _expression(look, condition, row)
        for consent in segment.consent:
            for ref in consent.fields:
                _expression(look, ref, row)
        if segmentation.exclusive and answer[0] == segment.name:
            return


def _expression(look: _Look, expr: p.Expr, row: Row) -> None:
    place = (id(expr), id(row))
    if place in look.seen:
        return
    look.seen.add(place)
    match expr:
        case p.FieldRef():
            _field(look, expr, row)
        case p.LetRef(table, name):
            owner = next(above for above in row.upwards() if above.table.name == table)
            let = look.testing.program.let(table, name)
            _expression(look, let.value, owner)
            asked = tuple(_asked_for(look, let.value, owner))
            if asked:
                look.found.asked_for.setdefault(name, asked)
        case p.Aggregate(source=source):
            for each in row.children.get(source, []):
                for inner in children(expr):
                    _expression(look, inner, each)
        case p.SegmentIs(segmentation=name) | p.SegmentIncludes(segmentation=name):
            _segmentation(look, look.testing.program.segmentation(name), row)
        case _:
            for inner in children(expr):
                _expression(look, inner, row)


def _field(look: _Look, ref: p.FieldRef, row: Row) -> None:
    if look.assigned.world.value(ref, row) is not None:
        return
    standing = next((each for each, name in look.testing.relatives if name == ref.field), None)
    if standing is not None:
        if can_be_missing(standing.of, Lineage(look.testing.declared)):
            return
        look.found.fields.setdefault(wording(standing, standing.table))
        return
    declared = next((each for each in look.testing.declared.table(ref.table).fields if each.name == ref.field), None)
    if declared is None or declared.optional or not _has_row(ref.table, row):
        return
    own = ref.table == look.testing.table
    look.found.fields.setdefault(ref.field if own else f"{ref.table}.{ref.field}")


def _has_row(table: str, row: Row) -> bool:
    return any(each.table.name == table or table in each.attached for each in row.upwards())


# -- decisions and scorecards without an answer ------------------------------------------------------------------


def _asked_for(look: _Look, value: p.Expr, row: Row) -> Iterator[str]:
    """The words of the missing values that leave a decision or scorecard without a row or bin."""
    world, table = look.assigned.world, look.testing.table
    match value:
        case p.Choice(inputs=inputs) if world.row_that_holds(value, row) is None:
            yield from (wording(each, table) for each in inputs if world.value(each, row) is None)
        case p.Score(characteristics=characteristics):
            for each in characteristics:
                if each.by is not None and world.bin_that_holds(each, row) is None:
                    yield wording(each.by, table)
        case _:
            pass
