"""Targets, guards and fairness that are newly broken, mended, or broken on both sides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, assert_never

from ...runtime.outcomes.records import FairnessRecord, GuardRecord, TargetRecord
from ..judged import FEW
from .blocks import Block, Fold, Heading, Item, Items, Tone
from .words import listed, name, verb

if TYPE_CHECKING:
    from ...dsl.program import Program
    from ...runtime.comparing.records import Comparison, JudgedRecord

Turn = Literal["newly broken", "broken", "mended", "no longer asked", "as before", "never broken"]
_Held = TargetRecord | GuardRecord | FairnessRecord
_TURNS: tuple[Turn, ...] = ("newly broken", "broken", "mended", "no longer asked")
"""What is shown, in this order."""
_TONES: dict[Turn, Tone] = {
    "newly broken": "bad",
    "broken": "bad",
    "mended": "good",
    "no longer asked": "plain",
    "as before": "plain",
    "never broken": "plain",
}


def judged_said(found: Comparison, program: Program) -> Iterator[str]:
    """What is newly broken; and where nothing is, that it is not."""
    broken: list[str] = []
    kept: list[str] = []
    for one, many, records, asked in (
        ("target is newly missed", "targets are newly missed", found.targets, bool(program.targets)),
        ("guard is newly broken", "guards are newly broken", found.guards, True),
        ("fairness ratio is newly too low", "fairness ratios are newly too low", found.fairness, _fair(program)),
    ):
        newly = [each for each in records if turn_of(each) == "newly broken"]
        alike = {at: pairs for at, pairs in _alike(newly).items() if pairs > FEW}
        broken += [
            f"{pairs:,} pairs of segments of {name(at)} newly differ in no measure beyond chance"
            for at, pairs in alike.items()
        ]
        newly = [each for each in newly if not (_is_alike(each) and _segmentation(each) in alike)]
        if newly:
            told = f": {_about(newly[0].after)}" if len(newly) == 1 else ""
            broken.append(f"{len(newly):,} {verb(len(newly), one, many)}{told}")
        elif asked and not alike and not any(turn_of(each) == "broken" for each in records):
            kept.append(f"no {one}")
    apart = [each for each in (*found.targets, *found.guards, *found.fairness) if turn_of(each) == "broken"]
    if apart:
        what = verb(len(apart), "thing that segments are held to is", "things that segments are held to are")
        broken.append(f"{len(apart):,} {what} not kept now, and whether before cannot be told")
    yield from broken
    if kept:
        yield listed(kept)


def _fair(program: Program) -> bool:
    return bool(program.policy.fairness)


def judged_blocks(found: Comparison) -> Iterator[Block]:
    """Newly broken first, then mended; what was broken before is folded away."""
    records = [*found.targets, *found.guards, *found.fairness]
    told: list[tuple[Turn, JudgedRecord]] = [(turn_of(each), each) for each in records]
    now = [item for wanted in _TURNS for item in _items(wanted, [each for turn, each in told if turn == wanted])]
    before = [_item(turn, each) for turn, each in told if turn == "as before"]
    other = [_item(turn, each) for turn, each in told if turn == "never broken"]
    if now or before or other:
        yield Heading("What segments are held to")
    if now:
        yield Items(tuple(now))
    if before:
        what = verb(len(before), "thing that segments are held to was", "things that segments are held to were")
        yield Fold(
            f"{len(before):,} {'more ' if now else ''}{what} not kept before either", (Items(tuple(before)),), more=True
        )
    if other:
        what = verb(len(other), "verdict differs", "verdicts differ")
        yield Fold(f"{len(other):,} more {what}, on neither side a miss", (Items(tuple(other)),), more=True)


def turn_of(record: JudgedRecord) -> Turn:
    """Which way it went."""
    if record.newly:
        return "broken" if record.apart else "newly broken"
    if record.after is None:
        return "mended" if _told_when_broken(record.before) else "no longer asked"
    if record.before is None or not _broken(record.before):
        return "never broken"
    return "mended" if _kept(record.after) else "as before"


def _told_when_broken(held: _Held | None) -> bool:
    """Whether a guard of the kind is recorded for a segment only where it is broken: then none is good news."""
    return isinstance(held, GuardRecord) and held.kind in ("share", "alike")


def _broken(held: _Held) -> bool:
    match held:
        case TargetRecord():
            return held.verdict == "missed"
        case GuardRecord():
            return held.holds is False
        case FairnessRecord():
            return held.four_fifths is False
        case _:
            assert_never(held)


def _kept(held: _Held) -> bool:
    match held:
        case TargetRecord():
            return held.verdict == "met"
        case GuardRecord():
            return held.holds is True
        case FairnessRecord():
            return held.four_fifths is True
        case _:
            assert_never(held)


def _items(turn: Turn, records: Sequence[JudgedRecord]) -> list[Item]:
    """A line each; one for many pairs of segments of one segmentation that are alike."""
    alike = _alike(records)
    items: list[Item] = []
    for each in records:
        pairs = alike.get(_segmentation(each), 0) if _is_alike(each) else 0
        item = _item(turn, each)
        items.append(replace(item, text=_many_alike(pairs, _segmentation(each))) if pairs > FEW else item)
    return [*dict.fromkeys(items)]


def _alike(records: Sequence[JudgedRecord]) -> Counter[str]:
    """By segmentation, how many pairs of its segments differ in nothing."""
    return Counter(_segmentation(each) for each in records if _is_alike(each))


def _is_alike(record: JudgedRecord) -> bool:
    held = record.before if record.after is None else record.after
    return isinstance(held, GuardRecord) and held.kind == "alike" and held.holds is False


def _segmentation(record: JudgedRecord) -> str:
    """The segmentation that a guard is about."""
    held = record.before if record.after is None else record.after
    return held.of.partition(".")[0] if isinstance(held, GuardRecord) else ""


def _many_alike(pairs: int, segmentation: str) -> str:
    found = f"{pairs:,} pairs of segments differ in no measure beyond chance"
    return f"{found}: consider fewer segments in {name(segmentation)}"


def _item(turn: Turn, record: JudgedRecord) -> Item:
    shown = record.before if record.after is None else record.after
    if shown is None:
        return Item(record.of)
    return Item(_told(record, shown), lead=_lead(turn, shown), tone=_TONES[turn])


def _lead(turn: Turn, held: _Held) -> str:
    match turn, held:
        case (("as before" | "never broken"), _):
            return ""
        case "no longer asked", _:
            return turn
        case "broken", _:
            return "not kept now, and whether before cannot be told"
        case "newly broken", TargetRecord(verdict=verdict):
            return "newly missed" if verdict == "missed" else "no longer met"
        case "newly broken", GuardRecord():
            return "newly broken"
        case "newly broken", FairnessRecord():
            return "newly too low"
        case "mended", TargetRecord():
            return "met again"
        case "mended", GuardRecord(kind="share" | "alike", holds=False):
            return "no longer so"
        case "mended", GuardRecord():
            return "holds again"
        case "mended", FairnessRecord():
            return "high enough again"


def _told(record: JudgedRecord, shown: _Held) -> str:
    match shown:
        case TargetRecord():
            if record.apart:
                return _about(shown)
            was = record.before.verdict if isinstance(record.before, TargetRecord) else "not asked"
            now = record.after.verdict if isinstance(record.after, TargetRecord) else "not asked"
            return f"{_about(shown)}: {now if was == now else f'{now}, was {was}'}"
        case GuardRecord() | FairnessRecord():
            return shown.message
        case _:
            assert_never(shown)


def _about(held: _Held | None) -> str:
    """What is asked, in a few words."""
    match held:
        case TargetRecord():
            return f"{name(held.segment)} {held.said}"
        case GuardRecord():
            return name(held.of)
        case FairnessRecord():
            return f"{held.direction} segments across {name(held.field)}"
        case None:
            return ""
        case _:
            assert_never(held)
