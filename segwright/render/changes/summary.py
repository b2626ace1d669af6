"""The whole difference in a few sentences, for somebody who reads nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from .form import form_said
from .judging import judged_said
from .measuring import measures_said
from .words import listed, name, names, of_table, rows_of, share_of, upper, verb

if TYPE_CHECKING:
    from ...difference import Difference
    from ...dsl.program import Program
    from ...runtime.comparing.records import CauseRecord, ColumnRecord, Comparison, MoveRecord, SegmentationRecord

MOST = 3
"""So many segmentations are told of in words, the others counted."""


def summary_of(difference: Difference) -> str:
    """One paragraph."""
    return " ".join(f"{upper(each)}." for each in _sentences(difference))


def _sentences(difference: Difference) -> Iterator[str]:
    changes, found = difference.changes, difference.comparison
    if not changes.changes:
        yield "nothing changed: both sides have the same rules"
        return
    if changes.same_meaning:
        kept = "nobody changes segment" if difference.after.rules.program.segmentations else "nothing is decided anew"
        yield f"the rules mean what they meant, so {kept}: only {form_said(changes.changes)} changed"
        return
    if found is None:
        meant = sum(each.meaning for each in changes.changes)
        whom = _whom(difference.after.rules.program)
        does = verb(meant, "it does", "they do")
        yield f"{meant:,} {verb(meant, 'change', 'changes')} of meaning; what {does} to {whom} was not compared"
    else:
        yield from _moved(found, difference.after.rules.program)
        yield from measures_said(found, difference.after.rules.program)
        yield from judged_said(found, difference.after.rules.program)
        yield from _labelled(found.newly_read)
    yield from _come_and_gone(difference)


def _whom(program: Program) -> str:
    tables = dict.fromkeys(each.table for each in program.segmentations)
    return listed([of_table(0, each, program) for each in tables]) or "rows"


# -- who moves ---------------------------------------------------------------------------------------------------------


def _moved(found: Comparison, program: Program) -> Iterator[str]:
    moving = [each for each in found.segmentations if each.movers is None or each.movers]
    if not found.segmentations:
        return
    if not moving:
        yield _nobody(found, program)
        return
    several = len(found.segmentations) > 1
    for each in moving[:MOST]:
        yield _movers(each, program, several)
    if len(moving) > MOST:
        rest = len(moving) - MOST
        yield f"there are movers in {rest} more {verb(rest, 'segmentation', 'segmentations')}"


def _nobody(found: Comparison, program: Program) -> str:
    rows = {each.table: found.rows.get(each.table) for each in found.segmentations}
    if all(count == 0 for count in rows.values()):
        return f"nobody changes segment, as there are no {listed([of_table(0, each, program) for each in rows], 'or')}"
    told = [_none_of(count, table, program) for table, count in rows.items() if count != 0]
    return f"{listed(told)} {'changes' if len(told) == 1 else 'change'} segment"


def _none_of(count: int | None, table: str, program: Program) -> str:
    if count is None:
        return f"no {of_table(1, table, program)}"
    if count == 1:
        return f"not even the one {of_table(1, table, program)} there is"
    return f"none of the {rows_of(count, table, program)}"


def _movers(each: SegmentationRecord, program: Program, several: bool) -> str:
    within = f" in {name(each.segmentation)}" if several or not each.exclusive else ""
    if each.movers is None:
        some = of_table(0, each.table, program)
        return f"how many {some} change segment{within} is hidden, as the group is small"
    who = _who(each.movers, each.rows, each.table, program)
    change = verb(each.movers, "changes", "change")
    what = "segment" if each.exclusive else "segments"
    return f"{who} {change} {what}{within}{_mostly(each)}"


def _who(movers: int, rows: int | None, table: str, program: Program) -> str:
    if rows is None:
        return rows_of(movers, table, program)
    if movers == rows:
        return f"the one {of_table(1, table, program)}" if rows == 1 else f"all {rows_of(rows, table, program)}"
    return f"{movers:,} of {rows_of(rows, table, program)} ({share_of(movers, rows)})"


def _mostly(each: SegmentationRecord) -> str:
    """Where most of the movers go, and why."""
    known = [move for move in each.moves if move.count]
    if not known or each.movers is None:
        return ""
    top = max(known, key=lambda move: move.count or 0)
    count = top.count or 0
    if each.exclusive and count == each.movers:
        which = "" if count == 1 else "all "
        return f", {which}{_way(top)}{_because(top)}"
    way = f"{verb(count, 'goes', 'go')} {_way(top)}" if top.before and top.after else _joined(top, count)
    lead = "most of them" if count > each.movers / 2 else "the largest group"
    if not each.exclusive and count == each.movers:
        return f": {'it' if count == 1 else 'all of them'} {way}{_because(top)}"
    return f"; {lead}, {count:,}, {way}{_because(top)}"


def _way(move: MoveRecord) -> str:
    return f"from {name(move.before or '')} to {name(move.after or '')}"


def _joined(move: MoveRecord, count: int) -> str:
    if move.before is None:
        return f"{verb(count, 'joins', 'join')} {name(move.after or '')}"
    return f"{verb(count, 'leaves', 'leave')} {name(move.before)}"


def _because(move: MoveRecord) -> str:
    cause = main_cause(move)
    if cause is None:
        return ""
    return f" {'because' if cause.count == move.count else 'mostly because'} {cause.message}"


def main_cause(move: MoveRecord) -> CauseRecord | None:
    """What moved more than half of them, where that is known."""
    known = [cause for cause in move.causes if cause.count]
    top = max(known, key=lambda cause: cause.count or 0, default=None)
    return top if top is not None and 2 * (top.count or 0) > (move.count or 0) else None


# -- the rest ----------------------------------------------------------------------------------------------------------


def _labelled(columns: Sequence[ColumnRecord]) -> Iterator[str]:
    for label, told in (
        ("protected", [each for each in columns if each.protected]),
        ("personal", [each for each in columns if each.personal and not each.protected]),
    ):
        if told:
            fields = names([f"{each.table}.{each.field}" for each in told])
            yield f"{fields}, which {verb(len(told), 'is', 'are')} {label}, {verb(len(told), 'is', 'are')} newly read"


def _come_and_gone(difference: Difference) -> Iterator[str]:
    """Segmentations that only one side has."""
    for word, held, other in (
        ("new", difference.after, difference.before),
        ("gone", difference.before, difference.after),
    ):
        renamed = difference.changes.renames.segmentations
        there = {each.name for each in other.rules.program.segmentations}
        there |= set(renamed) if word == "gone" else {renamed.get(each, each) for each in there}
        told = [each.name for each in held.rules.program.segmentations if each.name not in there]
        if told:
            what = verb(len(told), "the segmentation", "the segmentations")
            yield f"{what} {names(told)} {verb(len(told), 'is', 'are')} {word}"
