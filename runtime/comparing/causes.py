"""Which changed clause moved rows, from the clauses that answered them before and after.

Of an exclusive segmentation: let clause a have won before and b after, and let a' be the counterpart of a in the new
rules. Where b stands before a' (or there is no a' because it was `otherwise`), b took the row in, whether a' still
holds or not; where a' stands before b, it let the row go, or it would still have won. One of these must have changed:
what it asks for, or where it stands.

Of an overlapping one every clause of the segment that was joined or left may have; where a limit counts, those of the
segments before it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ...compiler.changes.records import ClausePair
from ...compiler.plan import Decision
from .answers import Answers, Move, Way, moves_of, segment_of


@dataclass(frozen=True, slots=True)
class Cause:
    """A clause that moved rows: one after that took them in, or one before that let them go, and what changed about it.
    `clause` is None where it may be any of several of the segment. `counterpart` is that on the other side, if any."""

    side: Literal["before", "after"]
    segment: str
    clause: int | None
    message: str
    counterpart: int | None = None


def cause_of(answers: Answers, way: Way, pairs: Sequence[ClausePair], behind: Iterable[str] = ()) -> Cause:
    """What made a row of an exclusive segmentation go that way. `behind` says of what the segmentation asks which
    differs, for where no clause says more."""
    was, now, *_ = way
    assert isinstance(was, int), "it is exclusive"
    assert isinstance(now, int), "it is exclusive"
    left = next((pair for pair in pairs if pair.before == was), None)
    took = next((pair for pair in pairs if pair.after == now), None)
    successor = None if left is None else left.after
    out_by = Cause("before", segment_of(answers.old, was), was, "", successor)
    in_by = Cause("after", segment_of(answers.new, now), now, "", None if took is None else took.before)
    if successor is None:
        if was != answers.old.otherwise_clause:
            return _told(out_by, _why(left) or f"clause {was} of `{out_by.segment}` is no more")
        successor = answers.new.otherwise_clause or 0
    if now > successor:
        if left is not None and not left.same:
            return _told(out_by, _why(left) or _changed(out_by))
        first, other, pair = out_by, in_by, took
    elif took is None or took.before is None:
        return _told(in_by, _why(took) or f"clause {now} of `{in_by.segment}` is new")
    elif took.before > was:
        of = segment_of(answers.new, successor)
        place = f"it stands before clause {successor} of `{of}` now, and stood after it"
        return _told(in_by, place if took.same else "; ".join([place, *(took.why or [_changed(in_by)])]))
    elif not took.same:
        return _told(in_by, _why(took) or _changed(in_by))
    else:
        first, other, pair = in_by, out_by, left
    if pair is not None and not pair.same and pair.why:
        return _told(other, _why(pair))
    return _told(first, _unsaid(answers, behind))


def _why(pair: ClausePair | None) -> str:
    return "" if pair is None else "; ".join(pair.why)


def _told(cause: Cause, message: str) -> Cause:
    return replace(cause, message=message)


def _changed(cause: Cause) -> str:
    return f"clause {cause.clause} of `{cause.segment}` changed"


def _unsaid(answers: Answers, behind: Iterable[str]) -> str:
    named = [*dict.fromkeys(behind)]
    if named:
        return f"what `{answers.name}` rests on differs: {', '.join(f'`{each}`' for each in named)}"
    if _periods(answers.old) != _periods(answers.new):
        return "when its segments are in force differs"
    return f"what changed in `{answers.name}` cannot be put down to one clause"


def _periods(decision: Decision) -> dict[str, object]:
    return {each.segment: (each.valid_from, each.valid_until) for each in decision.clauses}


# -- overlapping -----------------------------------------------------------------------------------------------------


def cause_of_segment(
    answers: Answers, move: Move, way: Way, pairs: Sequence[ClausePair], behind: Iterable[str] = ()
) -> Cause:
    """What made rows that go a way join or leave a segment of an overlapping segmentation."""
    was, now = move
    segment = now if now is not None else was or ""
    side: Literal["before", "after"] = "after" if now is not None else "before"
    if all(segment in fits for fits in way[2:] if isinstance(fits, tuple)):
        return Cause(side, segment, None, _by_limit(answers, segment, pairs, behind))
    # A clause that is new lets nobody go, and one that is no more takes nobody in.
    changed = [
        pair
        for pair in pairs
        if not pair.same and _is_of(answers, pair, segment) and (pair.before if now is None else pair.after) is not None
    ]
    if not changed:
        gone = segment not in answers.new.segments
        added = segment not in answers.old.segments
        said = f"`{segment}` is no more" if gone else f"`{segment}` is new" if added else _unsaid(answers, behind)
        return Cause(side, segment, None, said)
    only = changed[0] if len(changed) == 1 else None
    clause, counterpart = (None, None) if only is None else (only.after, only.before)
    if side == "before":
        clause, counterpart = counterpart, clause
    words = "; ".join(sentence for pair in changed for sentence in (pair.why or (_bare(pair, segment),)))
    return Cause(side, segment, clause, words, counterpart)


def _bare(pair: ClausePair, segment: str) -> str:
    if pair.before is None:
        return f"clause {pair.after} of `{segment}` is new"
    if pair.after is None:
        return f"clause {pair.before} of `{segment}` is no more"
    return f"clause {pair.after} of `{segment}` changed"


def _is_of(answers: Answers, pair: ClausePair, segment: str) -> bool:
    if pair.after is not None:
        return segment_of(answers.new, pair.after) == segment
    return pair.before is not None and segment_of(answers.old, pair.before) == segment


def _by_limit(answers: Answers, segment: str, pairs: Sequence[ClausePair], behind: Iterable[str]) -> str:
    old, new = answers.old.cap, answers.new.cap
    if old != new:
        was, now = ("no limit" if cap is None else f"at most {cap}" for cap in (old, new))
        return f"how many segments a row may be in changed: {was} before, {now} now"
    ahead = [each for each in answers.new.segments if each != segment]
    changed = [pair for pair in pairs if not pair.same and any(_is_of(answers, pair, each) for each in ahead)]
    if not changed:
        return _unsaid(answers, behind) if answers.old.segments == answers.new.segments else _reordered(new)
    words = "; ".join(sentence for pair in changed for sentence in (pair.why or (_bare(pair, pair.segment),)))
    return f"a row may be in {_at_most(new)}, and others changed: {words}"


def _at_most(cap: int | None) -> str:
    return f"at most {cap} {'segment' if cap == 1 else 'segments'}"


def _reordered(cap: int | None) -> str:
    return f"a row may be in {_at_most(cap)}, and these stand in another order now"


# -- by move -----------------------------------------------------------------------------------------------------------


def causes(
    answers: Answers, pairs: Sequence[ClausePair], behind: Iterable[str] = ()
) -> dict[Move, dict[Cause, tuple[int, tuple[Way, ...]]]]:
    """By move what caused it, of how many rows, and by which ways; the most rows first."""
    found: dict[Move, dict[Cause, tuple[int, tuple[Way, ...]]]] = {}
    behind = tuple(behind)
    for move, way, count in _made(answers):
        if answers.new.exclusive:
            cause = cause_of(answers, way, pairs, behind)
        else:
            cause = cause_of_segment(answers, move, way, pairs, behind)
        at = found.setdefault(move, {})
        rows, ways = at.get(cause, (0, ()))
        at[cause] = rows + count, (*ways, way)
    return {move: _most_first(each) for move, each in found.items()}


def _made(answers: Answers) -> Iterator[tuple[Move, Way, int]]:
    for way, count in answers.ways.items():
        for move in moves_of(answers, way):
            yield move, way, count


def _most_first(found: Mapping[Cause, tuple[int, tuple[Way, ...]]]) -> dict[Cause, tuple[int, tuple[Way, ...]]]:
    return dict(sorted(found.items(), key=lambda each: -each[1][0]))
