"""Why one row moves, in sentences: where it was and is, what decided that, and what changed about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...compiler.changes.saying import stands_alone
from ...dsl.types import Kind, Type
from ...dsl.wording import value_wording
from ..explanation import ClauseSeen, ConditionSeen, SegmentationSeen, SegmentSeen, Step, ValueSeen
from .causes import Cause

FEW = 4
"""So many conditions of a clause are told."""


def told(before: SegmentationSeen, after: SegmentationSeen, cause: Cause) -> list[str]:
    """The sentences, without full stops. Nothing personal is told."""
    return [
        *_stood(before, after, "was"),
        *_stood(after, before, "is"),
        *_decided(before, after, cause),
        f"what changed: {stands_alone(cause.segment, cause.message)}",
    ]


def _stood(seen: SegmentationSeen, other: SegmentationSeen, verb: str) -> Iterator[str]:
    """Where the row stood by one side; of an overlapping segmentation only what the other side does not say."""
    if not seen.assigned:
        yield f"{verb} in no segment"
    for segment in seen.segments:
        if segment.name not in seen.assigned or (not seen.exclusive and segment.name in other.assigned):
            continue
        held = next((clause for clause in segment.clauses if clause.holds), None)
        if not segment.clauses:
            yield f"{verb} in `{segment.name}`: no segment before it applies"
        elif held is None:
            yield f"{verb} in `{segment.name}` by a clause that asks for personal data, which is not shown"
        else:
            yield f"{verb} in `{segment.name}` by clause {held.number}: {_why_held(held)}"


def _why_held(clause: ClauseSeen) -> str:
    said = [_asked(each) for each in _leaves(clause.when) if each.truth == "true"]
    more = f" and {len(said) - FEW} more" if len(said) > FEW else ""
    return (", ".join(said[:FEW]) or f"`{clause.when.text}`") + more


def _leaves(step: Step) -> Iterator[ConditionSeen]:
    if step.condition is not None:
        yield step.condition
    for part in step.parts:
        yield from _leaves(part)


# -- what decided ------------------------------------------------------------------------------------------------------


def _decided(before: SegmentationSeen, after: SegmentationSeen, cause: Cause) -> Iterator[str]:
    """What kept the row out of the clause that took it in, when it still asked as before; or keeps it out of the one
    that let it go."""
    other, when = (before, "before") if cause.side == "after" else (after, "now")
    for segment in other.segments:
        if segment.name == cause.segment and segment.outcome == "over the limit":
            kept = " and ".join(f"`{each}`" for each in other.assigned)
            verb = "was" if when == "before" else "is"
            limit = f"the row {verb} in {kept} already, and at most {other.cap} count"
            yield f"`{segment.name}` fits {when} too, but {limit}"
    if cause.counterpart is None:
        return
    for segment in other.segments:
        for clause in segment.clauses:
            if clause.number == cause.counterpart and clause.holds is False:
                yield f"clause {clause.number} of `{segment.name}` {_kept(segment, when)}: {_obstacles(clause)}"


def _kept(segment: SegmentSeen, when: str) -> str:
    return f"{'kept' if when == 'before' else 'keeps'} it out {when}" if segment.clauses else "applies"


def _obstacles(clause: ClauseSeen) -> str:
    found: list[str] = []
    for obstacle in clause.kept_out_by:
        of = obstacle.conditions
        words = f"unless `{obstacle.text}`" if obstacle.part == "unless" else f"`{obstacle.text}`"
        seen = ", ".join(dict.fromkeys(each for condition in of if (each := _seen(condition))))
        found.append(f"{words}, and {seen}" if seen else words)
    joined = " or " if clause.alone else " and "
    more = f" and {len(found) - FEW} more" if len(found) > FEW else ""
    return joined.join(found[:FEW]) + more


# -- conditions --------------------------------------------------------------------------------------------------------


def _asked(condition: ConditionSeen) -> str:
    seen = _seen(condition)
    return f"`{condition.text}` ({seen})" if seen else f"`{condition.text}`"


def _seen(condition: ConditionSeen) -> str:
    if condition.truth == "hidden":
        return "personal, not shown"
    if condition.because is not None:
        return condition.because
    return ", ".join(_named(each) for each in condition.values)


def _named(value: ValueSeen) -> str:
    if value.missing:
        return f"{value.name} is missing"
    if value.hidden:
        return f"{value.name} is personal, not shown"
    return f"{value.name} is {_worded(value)}"


def _worded(value: ValueSeen) -> str:
    return str(value.value) if value.kind == "segment" else value_wording(value.value, _type(value.kind))


_KINDS: Sequence[Kind] = ("integer", "number", "percent", "money", "text", "boolean", "date", "timestamp", "duration")


def _type(kind: str) -> Type:
    return Type(next(each for each in _KINDS if each == kind))
