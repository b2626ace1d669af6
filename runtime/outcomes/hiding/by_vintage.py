"""Figures of segments by vintage: triples of segment, vintage and what the figure tells.

That of all rows by vintage is shown where the pairs let it, so figures of segments add up to known numbers in every
direction. A figure that tells no more than its rows is shown where these are. Of others, those of a segmentation are
shown only where none of its pairs with vintages, nor of the figure's with either, is hidden; then a segment is left out
with all its vintages where it has a count below k in one of them. Those left out are at least two, and count nobody or
k together wherever they count at all: more are left out, the smallest first, until they do. So whatever can be reckoned
of triples that are not shown is nought or at least k.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from ....compiler.plan import Decision
from ...suppression import Cell
from ..records import MeasureRecord
from .deciding import Group, same_people
from .parts import parted
from .published import VINTAGE, Published, cell_of, dimensions_of

Counts = list[int]
"""What a figure tells of a segment, vintage by vintage."""


def left_out(
    told: Published,
    measure: str,
    record: MeasureRecord,
    decisions: Sequence[Decision],
    names: Sequence[str],
    hidden: AbstractSet[Cell],
    k: int,
) -> dict[str, frozenset[str]]:
    """By segmentation the segments of which what a measure tells of the dimensions `names` is shown for no vintage.

    A segment is left out with those of other segmentations that are the same people."""
    reported = [each for each in decisions if each.segmentation in record.segmentations]
    same = same_people(told) if names else {}
    found = {each.segmentation: frozenset[str]() for each in reported}
    while True:
        gone = {
            other
            for each in reported
            for segment in found[each.segmentation]
            for one in cell_of(each, segment)
            for other in same.get(one, ())
        }
        more = {
            each.segmentation: _of_segmentation(told, measure, record, each, names, hidden, gone, k)
            for each in reported
        }
        if more == found:
            return found
        found = more


def _of_segmentation(
    told: Published,
    measure: str,
    record: MeasureRecord,
    decision: Decision,
    names: Sequence[str],
    hidden: AbstractSet[Cell],
    gone: AbstractSet[Group],
    k: int,
) -> frozenset[str]:
    """`gone` are groups that are left out elsewhere."""
    segments = record.segmentations[decision.segmentation]
    if not names:
        return frozenset()
    own = set(dimensions_of(decision, [*segments]))
    if any(_is_pair_of(one, {*own, VINTAGE, *names}) for one in hidden):
        return frozenset(segments)
    counts = {segment: _counts(told, measure, record, (decision.segmentation, segment), names) for segment in segments}
    asked = {segment for segment in segments if cell_of(decision, segment) & gone}
    if decision.exclusive:
        return _apart(counts, asked, k)
    everybody = _counts(told, measure, record, None, names)
    outside = {
        segment: [total - count for total, count in zip(everybody, each, strict=True)]
        for segment, each in counts.items()
    }
    return frozenset(asked | {each for each in segments if _few(counts[each], k) or _few(outside[each], k)})


def _is_pair_of(one: Cell, dimensions: AbstractSet[str]) -> bool:
    return {name for name, _ in one} <= dimensions


def _counts(
    told: Published, measure: str, record: MeasureRecord, segment: tuple[str, str] | None, names: Sequence[str]
) -> Counts:
    figures = [
        each.everybody if segment is None else each.segmentations[segment[0]][segment[1]]
        for each in record.vintages.values()
    ]
    found = [parted(told.told[measure, None], each) for each in figures]
    return [count for each in found for name in names for count in each[name]]


def _apart(counts: Mapping[str, Counts], asked: AbstractSet[str], k: int) -> frozenset[str]:
    """The segments to leave out, all of them where no fewer will do; those `asked` whatever they count."""
    gone = {segment for segment, each in counts.items() if segment in asked or _few(each, k)}
    if not gone:
        return frozenset()
    others = sorted((segment for segment in counts if segment not in gone), key=lambda each: -sum(counts[each]))
    while others and (len(gone) < 2 or _few(_together([counts[one] for one in gone]), k)):
        gone.add(others.pop())
    return frozenset(gone)


def _together(counts: Iterable[Counts]) -> Counts:
    return [sum(each) for each in zip(*counts, strict=True)]


def _few(counts: Counts, k: int) -> bool:
    return any(0 < count < k for count in counts)
