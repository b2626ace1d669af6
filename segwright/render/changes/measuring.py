"""Measures before and after, with their intervals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..measures import figure_with_interval, kind_of
from .blocks import Block, Fold, Grid, Paragraph
from .words import listed, name, verb

if TYPE_CHECKING:
    from ...dsl.program import Program
    from ...dsl.types import Kind
    from ...runtime.comparing.records import Comparison, MeasureRecord, SegmentationRecord

SHOWN = 5
"""So many measures of segments are shown; the others are folded away."""
SAID = 2
"""So many are told of in words."""


def measures_said(found: Comparison, program: Program) -> Iterator[str]:
    """Those that differ beyond chance; where none does, the first of the segment that most join or leave."""
    differing = [each for record in found.segmentations for each in record.measures if differs(each)]
    clear = [each for each in differing if each.clear]
    told = clear[:SAID] or _of_movers(found)[:1]
    for each in told:
        yield _said(each, program)
    if len(clear) > SAID:
        rest = len(clear) - SAID
        yield f"{rest:,} more {verb(rest, 'measure differs', 'measures differ')} beyond chance"


def _of_movers(found: Comparison) -> list[MeasureRecord]:
    """Estimates for segments that rows move into, those of the largest move first."""
    moves = [(move.count, move.after, record) for record in found.segmentations for move in record.moves if move.count]
    return [
        each
        for _, segment, record in sorted(moves, key=lambda move: -(move[0] or 0))
        for each in record.measures
        if each.segment == segment and differs(each) and each.clear is not None
    ]


def differs(measure: MeasureRecord) -> bool:
    """Whether its figure is another one after than before; not where one of them is hidden."""
    before, after = measure.before, measure.after
    if _hidden(measure):
        return False
    if before is None or after is None:
        return before is not after
    return (before.value, before.status) != (after.value, after.status)


def _hidden(measure: MeasureRecord) -> bool:
    return any(side is not None and side.status == "hidden" for side in (measure.before, measure.after))


def _said(measure: MeasureRecord, program: Program) -> str:
    """`the default rate of `prime` rises from 2.10% to 2.90% (intervals overlap: could be chance)`."""
    what = f"{_called(measure)} of {name(measure.segment)}"
    before, after = (_bare(measure, side, program) for side in ("before", "after"))
    chance = " (intervals overlap: could be chance)" if measure.clear is False else ""
    return f"{what} {_rises(measure)} from {before} to {after}{chance}"


def _rises(measure: MeasureRecord) -> str:
    before, after = (None if side is None else side.value for side in (measure.before, measure.after))
    if before is None or after is None or measure.type not in ("integer", "number", "percent", "money"):
        return "goes"
    return "rises" if float(after) > float(before) else "falls"


def _called(measure: MeasureRecord) -> str:
    return measure.title or name(measure.measure)


def _bare(measure: MeasureRecord, side: str, program: Program) -> str:
    figure = measure.before if side == "before" else measure.after
    if figure is None:
        return "nothing"
    return figure_with_interval(figure.model_copy(update={"low": None, "high": None}), _kind(measure, program))


def _kind(measure: MeasureRecord, program: Program) -> Kind:
    found = next((each for each in program.measures if each.name == measure.measure), None)
    return kind_of(found, measure.type)


def measure_blocks(record: SegmentationRecord, program: Program) -> Iterator[Block]:
    """A line for each measure of a segment that differs, the clear ones first."""
    told = sorted((each for each in record.measures if differs(each)), key=_weight)
    rows = [_row(each, program) for each in told]
    if not rows:
        yield from _others(record, 0)
        return
    marks = any(row[-1] for row in rows)
    header = ("measure", "before", "after", "chance?")[: 4 if marks else 3]
    shown, rest = (tuple(row if marks else row[:3] for row in part) for part in (rows[:SHOWN], rows[SHOWN:]))
    yield Grid(header, shown)
    yield from _others(record, len(rows))
    if rest:
        more = len(rest)
        yield Fold(f"{more:,} more {verb(more, 'figure differs', 'figures differ')}", (Grid(header, rest),), more=True)


def _others(record: SegmentationRecord, told: int) -> Iterator[Block]:
    """What is to be said of the figures that are not shown."""
    hidden = sum(map(_hidden, record.measures))
    same = len(record.measures) - told - hidden
    parts = [f"{same:,} {verb(same, 'figure is', 'figures are')} as before"] if same else []
    if hidden:
        more = "more " if told else ""
        what = "" if parts else verb(hidden, f"{more}figure ", f"{more}figures ")
        parts.append(f"{hidden:,} {what}{verb(hidden, 'is', 'are')} hidden")
    if parts and (told or hidden):
        yield Paragraph(f"{listed(parts)}.", aside=True)


def _weight(measure: MeasureRecord) -> int:
    """Clear differences first, then what new segments and those that are gone come to, then differences that could be
    chance, then those that cannot be told."""
    if measure.clear is not None:
        return 0 if measure.clear else 2
    return 1 if measure.before is None or measure.after is None else 3


def _row(measure: MeasureRecord, program: Program) -> tuple[str, str, str, str]:
    kind = _kind(measure, program)
    before = "new" if measure.before is None else figure_with_interval(measure.before, kind)
    after = "gone" if measure.after is None else figure_with_interval(measure.after, kind)
    mark = {True: "no", False: "could be", None: ""}[measure.clear]
    return f"{_called(measure)} of {name(measure.segment)}", before, after, mark
