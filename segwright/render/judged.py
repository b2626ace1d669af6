"""What segments are judged by, as lines for people: targets with their intervals, guards that do not hold, fairness."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from .measures import figure_with_interval
from .text import Colour, padded, style, visible, width

if TYPE_CHECKING:
    from ..runtime.outcomes.records import GuardRecord, Outcomes, TableOutcomes, TargetRecord

_COLOURS: Mapping[str, Colour] = {"met": "green", "missed": "red", "unclear": "yellow"}


def judged_lines(outcomes: Outcomes) -> list[str]:
    """Blocks with a head each, an empty line before every one."""
    return [*_blocks(list(outcomes.tables.values()))]


def _blocks(tables: list[TableOutcomes]) -> Iterator[str]:
    """Of all tables together: each heading stands once."""
    if targets := [_target(found, each) for found in tables for each in found.targets]:
        yield from ("", style("Targets", bold=True))
        yield from _table(targets)
    if wanting := [each for found in tables for each in found.guards if each.holds is False]:
        yield from ("", style("Guards that do not hold", bold=True))
        yield from _table(_guards(wanting))
    if fairness := [each for found in tables for each in found.fairness]:
        yield from ("", style("Fairness", bold=True))
        yield from (f"  {visible(each.message)}" for each in fairness)
    if proxies := [each for found in tables for each in found.proxies]:
        yield from ("", style("Fields that tell of a protected one", bold=True))
        yield from _table(
            [[each.field, f"tells of {each.protected}", f"Cramér's V {each.association:.2f}"] for each in proxies]
        )
    for name, pressure in ((name, each) for found in tables for name, each in found.contact.items()):
        if any(count is None for count in pressure.counts.values()):
            yield from ("", style("Contact pressure", bold=True) + f" ({name}): hidden")
            continue
        rows = {number: count for number, count in pressure.counts.items() if count}
        said = ", ".join(f"{count:,} in {number or 'none'}" for number, count in rows.items() if count is not None)
        kept = "" if pressure.capped is None else f"; {pressure.capped:,} kept out of more than {pressure.cap}"
        yield from ("", style("Contact pressure", bold=True) + f" ({name}): {said}{kept}")


FEW = 3
"""More pairs of segments that are alike than this are told in one line."""


def _guards(wanting: list[GuardRecord]) -> list[list[str]]:
    """What each guard is about (the segmentation, or the table) and what it found."""
    alike = Counter(_about(each) for each in wanting if each.kind == "alike")
    told: dict[tuple[str, str], None] = {}
    for each in wanting:
        about, message = _about(each), each.message
        if each.kind == "alike" and alike[about] > FEW:
            message = f"{alike[about]} pairs of segments differ in no measure beyond chance: consider fewer segments"
        told[about, visible(message)] = None
    return [[about, message] for about, message in told]


def _about(guard: GuardRecord) -> str:
    return guard.of.partition(".")[0]


def _target(found: TableOutcomes, target: TargetRecord) -> list[str]:
    verdict = style(target.verdict, _COLOURS.get(target.verdict))
    return [target.segment, target.said, _value(found, target), verdict]


def _value(found: TableOutcomes, target: TargetRecord) -> str:
    """The figure with its interval: `2.10% (1.90% to 2.32%)`."""
    if target.value is None:
        return ""
    if target.measure is None:
        return f"{target.value:.1%}" if isinstance(target.value, float) else f"{target.value:,}"
    measure = found.measures[target.measure]
    figure = measure.segmentations[target.segmentation][target.segment]
    return figure_with_interval(figure, measure.type)


def _table(rows: list[list[str]]) -> Iterator[str]:
    wide = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield ("  " + "  ".join(padded(cell, to) for cell, to in zip(row, wide, strict=True))).rstrip()
