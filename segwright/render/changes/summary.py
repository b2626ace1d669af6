"""The whole difference in a few sentences, for somebody who reads nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .form import form_said
from .judging import judged_said
from .measuring import measures_said
from .words import listed, name, names, of_table, rows_of, said_of, share_of, upper, verb

if TYPE_CHECKING:
    from ...difference import Difference
    from ...dsl.program import Field, Program
    from ...runtime.comparing.records import ColumnRecord, Comparison, MoveRecord, SegmentationRecord

MOST = 3
"""So many segmentations are told of in words, the others counted."""


def summary_of(difference: Difference) -> str:
    """One paragraph."""
    return " ".join(f"{upper(each)}." for each in _sentences(difference))


def _sentences(difference: Difference) -> Iterator[str]:
    changes, found = difference.changes, difference.comparison
    if not changes.changes:
        yield _nothing(difference)
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
        yield from _come_and_gone(difference)
        yield from _labelled(_fields_read(difference))
    else:
        yield from _moved(found, difference.after.rules.program)
        yield from _come_and_gone(difference)
        yield from measures_said(found, difference.after.rules.program)
        yield from judged_said(found, difference.after.rules.program)
        yield from _labelled([(f"{each.table}.{each.field}", each) for each in found.newly_read])


def _nothing(difference: Difference) -> str:
    """Compiled rule sets know that the texts differ, and not how."""
    if difference.before.rules.text_hash == difference.after.rules.text_hash:
        return "nothing changed: both sides have the same rules"
    return "the rules mean what they meant: their files differ in nothing that means anything"


def _whom(program: Program) -> str:
    tables = dict.fromkeys(each.table for each in program.segmentations)
    return listed([of_table(0, each, program) for each in tables]) or "rows"


# -- who moves ---------------------------------------------------------------------------------------------------------


def _moved(found: Comparison, program: Program) -> Iterator[str]:
    moving = [each for each in found.segmentations if each.movers is None or each.movers]
    if found.apart:
        yield f"who changes segment in {names([*found.apart])} cannot be told, as the two versions cannot be compared"
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
    what = "segment" if each.exclusive else "segments"
    if each.movers is not None:
        who = _who(each.movers, each.rows, each.table, program)
        return f"{who} {verb(each.movers, 'changes', 'change')} {what}{within}{_mostly(each, each.movers)}"
    seen = _seen(each)
    if not seen:
        some = of_table(0, each.table, program)
        return f"how many {some} change {what}{within} is hidden, as the group is small"
    who = _who(seen, each.rows, each.table, program)
    hidden = "how many exactly is hidden, as some groups are small"
    return f"at least {who} {verb(seen, 'changes', 'change')} {what}{within} ({hidden}){_mostly(each, seen)}"


def _seen(each: SegmentationRecord) -> int:
    """So many move at least, by the moves that are shown; of an overlapping segmentation a row may make several."""
    counts = [move.count or 0 for move in each.moves]
    return sum(counts) if each.exclusive else max(counts, default=0)


def _who(movers: int, rows: int | None, table: str, program: Program) -> str:
    if rows is None:
        return rows_of(movers, table, program)
    if movers == rows:
        return f"the one {of_table(1, table, program)}" if rows == 1 else f"all {rows_of(rows, table, program)}"
    return f"{movers:,} of {rows_of(rows, table, program)} ({share_of(movers, rows)})"


@dataclass(frozen=True, slots=True)
class _Way:
    """A way that many movers go, in words that follow `go`: `from `a` to `b``, `to `b``; the moves that make it up."""

    words: str
    moves: tuple[MoveRecord, ...]

    @property
    def count(self) -> int:
        """How many go it, as far as that is shown."""
        return sum(move.count or 0 for move in self.moves)


def _mostly(each: SegmentationRecord, movers: int) -> str:
    """Where most of the movers go, and why."""
    ways = _ways([move for move in each.moves if move.count], each.exclusive)
    most = next((way for way in ways if 2 * way.count > movers), None)
    if most is None:
        return _largest(ways)
    if most.count == movers and each.movers is not None:
        if not each.exclusive:
            return f": {'it' if most.count == 1 else 'all of them'} {most.words}{_because(most)}"
        return f", {'' if most.count == 1 else 'all '}{most.words}{_because(most)}"
    go = f"{verb(most.count, 'goes', 'go')} " if each.exclusive else ""
    them = "them" if each.movers is not None else "those"
    if most.count == movers:
        return f"; those {go}{most.words}{_because(most)}"
    return f"; most of {them}, {most.count:,}, {go}{most.words}{_because(most)}"


def _largest(ways: Sequence[_Way]) -> str:
    """The largest single move, where more than one goes it."""
    single = max((way for way in ways if len(way.moves) == 1), key=lambda way: way.count, default=None)
    if single is None or single.count == 1:
        return ""
    move = single.moves[0]
    go = "go " if move.before and move.after else ""
    return f"; the largest group, {single.count:,}, {go}{single.words}{_because(single)}"


def _ways(moves: Sequence[MoveRecord], exclusive: bool) -> list[_Way]:
    """Each move by itself, the largest first; then what goes to one segment, and what comes from one."""
    single = [_Way(_words(move), (move,)) for move in sorted(moves, key=lambda move: -(move.count or 0))]
    if not exclusive:
        return single
    to = {move.after: tuple(each for each in moves if each.after == move.after) for move in moves}
    out = {move.before: tuple(each for each in moves if each.before == move.before) for move in moves}
    return [
        *single,
        *(_Way(f"to {name(segment or '')}", found) for segment, found in to.items()),
        *(_Way(f"from {name(segment or '')} to other segments", found) for segment, found in out.items()),
    ]


def _words(move: MoveRecord) -> str:
    if move.before is None:
        return f"{verb(move.count, 'joins', 'join')} {name(move.after or '')}"
    if move.after is None:
        return f"{verb(move.count, 'leaves', 'leave')} {name(move.before)}"
    return f"from {name(move.before)} to {name(move.after)}"


def _because(way: _Way) -> str:
    """What moved more than half of them, where that is known."""
    counts: Counter[str] = Counter()
    for move in way.moves:
        for cause in move.causes:
            counts[said_of(cause.segment, cause.message)] += cause.count or 0
    if not counts:
        return ""
    message, count = counts.most_common(1)[0]
    if 2 * count <= way.count:
        return ""
    article = "the " if message.startswith("cut-off ") else ""
    return f" {'because' if count == way.count else 'mostly because'} {article}{message}"


# -- the rest ----------------------------------------------------------------------------------------------------------


def _fields_read(difference: Difference) -> list[tuple[str, Field]]:
    """The fields that rules newly read, by the rules alone."""
    told = {(each.within, each.name) for each in difference.changes.changes if each.kind == "newly read"}
    return [
        (f"{table.name}.{field.name}", field)
        for table in difference.after.rules.program.tables
        for field in table.fields
        if (table.name, field.name) in told
    ]


def _labelled(read: Sequence[tuple[str, ColumnRecord | Field]]) -> Iterator[str]:
    for label, fields in (
        ("protected", [field for field, each in read if each.protected]),
        ("personal", [field for field, each in read if each.personal and not each.protected]),
    ):
        told = list(dict.fromkeys(fields))
        if told:
            are = verb(len(told), "is", "are")
            yield f"{names(told)}, which {are} {label}, {are} newly read"


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
