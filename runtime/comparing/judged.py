"""What segments are held to, before and after: targets, guards and fairness, each side by its own rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import TypeVar

from ...compiler.changes.renaming import Words
from ...compiler.plan import Binding
from ...dsl.outcomes import Fairness, Policy
from ...dsl.program import FieldRef, Program
from ...dsl.wording import wording
from ..manifest import AssignedRecord
from ..notes import Note
from ..outcomes.fairness import with_hidden
from ..outcomes.guards import guard_records
from ..outcomes.records import FairnessRecord, GuardRecord, MeasureRecord, TableOutcomes, TargetRecord
from ..outcomes.targets import target_records
from ..statistics.fairness import FOUR_FIFTHS
from .records import JudgedRecord


@dataclass(frozen=True, slots=True)
class Side:
    """The rules of one side, and what they are called in the joint program. `names`: the segmentations to judge."""

    program: Program
    binding: Binding
    words: Words
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdicts of one side on the segments of a table."""

    targets: list[TargetRecord]
    guards: list[GuardRecord]
    fairness: list[FairnessRecord]


def judged_side(
    side: Side,
    table: str,
    record: AssignedRecord,
    outcomes: TableOutcomes,
    notes: Iterable[Note],
    last_run: dt.date | None,
) -> Judged:
    """The verdicts of a side, from what may be shown of both (by the names of the joint program)."""
    program = _only(side)
    counts = {
        name: {segment: each.count for segment, each in record.segmentations[joint].segments.items()}
        for name, joint in side.names.items()
        if joint in record.segmentations
    }
    measures = _measures(side, outcomes)
    rows, as_of = outcomes.rows, side.binding.as_of
    return Judged(
        targets=target_records(program, side.binding, table, counts, rows, measures),
        guards=guard_records(program, table, as_of, counts, rows, measures, _asked(program, notes), last_run),
        fairness=_fairness(side, program, table, outcomes),
    )


def _asked(program: Program, notes: Iterable[Note]) -> list[Note]:
    """The notes without those about data that is not as fresh as the other side asks."""
    asked = [(each.table, f"expected within {each.within} before") for each in program.freshness]
    return [
        note
        for note in notes
        if note.kind != "freshness" or any(note.of == table and words in note.message for table, words in asked)
    ]


def _only(side: Side) -> Program:
    """The rules with the segmentations that are judged, and what is said of these."""
    program, names = side.program, side.names
    fairness = tuple(each for each in program.policy.fairness if _segmentations(each) <= names.keys())
    return replace(
        program,
        segmentations=tuple(each for each in program.segmentations if each.name in names),
        targets=tuple(each for each in program.targets if each.of.segmentation in names),
        policy=Policy(program.policy.hide_below, fairness),
    )


def _segmentations(fairness: Fairness) -> AbstractSet[str]:
    return {each.segmentation for each in (*fairness.favourable, *fairness.unfavourable)}


def _measures(side: Side, outcomes: TableOutcomes) -> dict[str, MeasureRecord]:
    """The measures as the side calls them, of its own segmentations. One that means something else now is the old one
    for the old side, whose targets speak of it."""
    joint = {each.name: side.words.measures.get(each.name, each.name) for each in side.program.measures}
    own = {there: name for name, there in side.names.items()}
    found: dict[str, MeasureRecord] = {}
    for name, there in joint.items():
        record = outcomes.measures.get(there)
        if record is not None:
            found[name] = record.model_copy(
                update={
                    "segmentations": {own[of]: each for of, each in record.segmentations.items() if of in own},
                    "differences": [
                        each.model_copy(update={"segmentation": own[each.segmentation]})
                        for each in record.differences
                        if each.segmentation in own
                    ],
                }
            )
    return found


def _fairness(side: Side, program: Program, table: str, outcomes: TableOutcomes) -> list[FairnessRecord]:
    """The records of the side's own statements, in its words."""
    own = {there: name for name, there in side.names.items()}
    fields = {_field(ref, side.words, table): wording(ref, table) for ref in _across(program)}
    asked = {
        (_field(ref, side.words, table), direction, side.names[of], segments, _limit(each))
        for each in program.policy.fairness
        for ref in each.across
        for direction, of, segments in _directions(each)
    }
    return [
        each.model_copy(update={"field": fields[each.field], "segmentation": own[each.segmentation]})
        for each in outcomes.fairness
        if (each.field, each.direction, each.segmentation, tuple(each.segments), each.limit) in asked
    ]


def _limit(fairness: Fairness) -> float:
    return float(FOUR_FIFTHS) if fairness.ratio is None else fairness.ratio


def _across(program: Program) -> list[FieldRef]:
    return [ref for each in program.policy.fairness for ref in each.across]


def _field(ref: FieldRef, words: Words, table: str) -> str:
    return wording(replace(ref, field=words.field(ref.table, ref.field), table=words.table(ref.table)), table)


def _directions(fairness: Fairness) -> list[tuple[str, str, tuple[str, ...]]]:
    found: list[tuple[str, str, tuple[str, ...]]] = []
    for direction, named in (("favourable", fairness.favourable), ("unfavourable", fairness.unfavourable)):
        for segmentation in dict.fromkeys(each.segmentation for each in named):
            segments = tuple(each.segment for each in named if each.segmentation == segmentation)
            found.append((direction, segmentation, segments))
    return found


# -- before against after ----------------------------------------------------------------------------------------------

_Record = TypeVar("_Record", TargetRecord, GuardRecord, FairnessRecord)


def compared_targets(before: Sequence[TargetRecord], after: Sequence[TargetRecord]) -> list[JudgedRecord]:
    """Targets whose verdict differs, or that both sides miss."""
    return _compared(
        before,
        after,
        lambda each: (each.segmentation, each.segment, each.measure, _way(each)),
        lambda each: each.verdict == "missed",
        lambda each: each.verdict,
        lambda each: f"{each.segmentation}.{each.segment}",
    )


def _way(target: TargetRecord) -> str:
    """Which way a target asks, whatever its limit."""
    return next((way for way in ("at most", "below", "at least", "above") if f" {way} " in target.said), "")


def compared_guards(before: Sequence[GuardRecord], after: Sequence[GuardRecord]) -> list[JudgedRecord]:
    """Guards of which one side holds and the other does not, or neither does."""
    return _compared(
        before,
        after,
        lambda each: (each.kind, each.of, each.message if each.kind == "alike" and each.holds is False else ""),
        lambda each: each.holds is False,
        lambda each: each.holds,
        lambda each: each.of,
    )


def compared_fairness(
    before: Sequence[FairnessRecord], after: Sequence[FairnessRecord], k: int | None
) -> list[JudgedRecord]:
    """Statements of which one side keeps the ratio and the other does not, or neither does. Where groups below `k` are
    hidden and hardly more or fewer of a group are selected than before, how many were is not told."""
    found = _compared(
        before,
        after,
        lambda each: (each.field, each.direction, each.segmentation, tuple(each.segments)),
        lambda each: each.four_fifths is False,
        lambda each: each.four_fifths,
        lambda each: each.field,
    )
    return found if k is None else [_without_differences(each, k) for each in found]


def set_apart(found: Iterable[JudgedRecord], apart: Iterable[str]) -> list[JudgedRecord]:
    """The records, marked where they are about a segmentation that cannot be compared."""
    names = {*apart}
    return [each.model_copy(update={"apart": _segmentation(each) in names}) for each in found]


def _segmentation(record: JudgedRecord) -> str:
    held = record.before if record.after is None else record.after
    match held:
        case TargetRecord() | FairnessRecord():
            return held.segmentation
        case GuardRecord():
            return held.of.partition(".")[0]
        case None:
            return ""


def _without_differences(found: JudgedRecord, k: int) -> JudgedRecord:
    if not isinstance(found.before, FairnessRecord) or not isinstance(found.after, FairnessRecord):
        return found
    now = {each.value: each.selected for each in found.after.groups}
    pairs = [(each.selected, now.get(each.value)) for each in found.before.groups]
    if not any(was is not None and new is not None and 0 < abs(was - new) < k for was, new in pairs):
        return found
    hidden = with_hidden(found.before, [each.value for each in found.before.groups])
    kept = hidden.model_copy(update={"four_fifths": found.before.four_fifths})
    return found.model_copy(update={"before": kept})


def _compared(
    before: Sequence[_Record],
    after: Sequence[_Record],
    place: Callable[[_Record], tuple[object, ...]],
    bad: Callable[[_Record], bool],
    verdict: Callable[[_Record], object],
    of: Callable[[_Record], str],
) -> list[JudgedRecord]:
    """In order of the new side, then what only the old one asked. What only one side asks is told where it is bad."""
    was = {place(each): each for each in before}
    now = {place(each): each for each in after}
    found: list[JudgedRecord] = []
    for at, new in now.items():
        old = was.get(at)
        both_bad = old is not None and bad(old) and bad(new)
        differs = bad(new) if old is None else verdict(old) != verdict(new)
        if differs or both_bad:
            newly = bad(new) and not (old is not None and bad(old))
            found.append(JudgedRecord(of=of(new), newly=newly, before=old, after=new))
    found += [
        JudgedRecord(of=of(old), newly=False, before=old, after=None)
        for at, old in was.items()
        if at not in now and bad(old)
    ]
    return found
