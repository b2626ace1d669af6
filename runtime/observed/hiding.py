"""What must not be shown of an observation where groups below k are hidden.

A function of the run alone, simple rather than sharp:

- every count that is made here is rounded to the nearest multiple of 2k (`rounded`), so that it stays uncertain by k
  either way, and so does whatever is reckoned from it and from what the run shows exactly: how many fall out between
  two steps, how a gain differs from a size, how many are in one segment and not in another;
- of a clause nothing is told where the run hides how many it holds, or how many come as far as it (those whom earlier
  clauses leave, some of which are hidden); of a segment whose size is hidden no overlap is told.

Why not exact counts with the small ones left out: conditions stand in many places. The rows that hold `a and b` are a
step of one clause, a segment elsewhere, and the bars of a chart on one side of a cut-off; each shown exactly and none
of them small, they differ by the few who are hidden. Rounding needs no list of all that could be subtracted.

A reader who knows the rule knows where the ends of a rounded count lie. Where a true count lies on such an end, what is
left of its uncertainty can be less than k, since other counts bound it from the other side.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace

from ..manifest import SegmentationRecord
from ..suppression import Dimension, cell, hidden_cells, yes_or_no
from .records import Count, Distribution, Funnel, Gain, SegmentationObserved, rounded_to


def rounded(count: int, rows: int, k: int) -> int:
    """The nearest multiple of 2k, halves up, and at most all `rows`: nought is anything below k."""
    step = rounded_to(k)
    return min((count + k) // step * step, rows)


def _rounded_if_told(count: Count, rows: int, k: int) -> Count:
    return None if count is None else rounded(count, rows, k)


def hide(
    found: SegmentationObserved, sizes: Mapping[str, int], shown: SegmentationRecord, rows: int, k: int
) -> SegmentationObserved:
    """What may be told of a segmentation: `sizes` by segment (`otherwise` included), `shown` is what the run shows."""
    gone = {segment for segment, each in shown.segments.items() if each.count is None}
    gone |= hidden_sizes(sizes, rows, k, exclusive=found.exclusive)
    pools = _pools(found, shown, gone)
    return replace(
        found,
        funnels=tuple(
            _rounded_funnel(each, rows, k) if _is_told(each, pools, gone) else _untold(each) for each in found.funnels
        ),
        overlaps=None
        if found.overlaps is None
        else tuple(
            replace(each, rows=None if {each.first, each.second} & gone else _rounded_if_told(each.rows, rows, k))
            for each in found.overlaps
        ),
    )


def hidden_sizes(sizes: Mapping[str, int], rows: int, k: int, *, exclusive: bool) -> frozenset[str]:
    """The segments whose size must be hidden, taken alone."""
    if exclusive:
        dimension = Dimension("segment", tuple(sizes.items()))
        cells = hidden_cells(rows, k, [dimension])
        return frozenset(segment for segment in sizes if cell(("segment", segment)) in cells)
    cells = hidden_cells(rows, k, [yes_or_no(segment, count, rows) for segment, count in sizes.items()])
    return frozenset(segment for segment in sizes if cell((segment, "yes")) in cells)


# -- funnels --------------------------------------------------------------------------------------------------------

OTHERWISE = 1 << 62
"""Stands for the clause of `otherwise`, which is after all others."""


def _pools(found: SegmentationObserved, shown: SegmentationRecord, gone: AbstractSet[str]) -> list[set[int]]:
    """Clauses of an exclusive segmentation whose sizes are hidden, those together whose sum can be reckoned: the
    clauses of all hidden segments, and those of a shown segment that are hidden in it."""
    if not found.exclusive:
        return []
    of = {each.number: each.segment for each in found.funnels}
    hidden = {number for number, count in (shown.clauses or {}).items() if count is None}
    of |= dict.fromkeys(hidden - of.keys(), "")  # that of `otherwise`
    pools = [{number for number, segment in of.items() if segment in gone}]
    if gone - set(of.values()):
        pools[0].add(OTHERWISE)
    pools += [{number for number in hidden if of[number] == segment} - pools[0] for segment in set(of.values())]
    return [pool for pool in pools if pool]


def _is_told(funnel: Funnel, pools: Collection[set[int]], gone: Collection[str]) -> bool:
    """Whether the run shows how many rows come as far as the clause, and how many are held."""
    if funnel.segment in gone:
        return False
    earlier = [{number < funnel.number for number in pool} for pool in pools]
    return not any(funnel.number in pool for pool in pools) and all(len(each) == 1 for each in earlier)


def _rounded_funnel(funnel: Funnel, rows: int, k: int) -> Funnel:
    return replace(
        funnel,
        start=_rounded_if_told(funnel.start, rows, k),
        steps=tuple(
            replace(
                each,
                left=_rounded_if_told(each.left, rows, k),
                unknown=_rounded_if_told(each.unknown, rows, k),
                gain=None
                if each.gain is None
                else Gain(_rounded_if_told(each.gain.rows, rows, k), _rounded_if_told(each.gain.unknown, rows, k)),
            )
            for each in funnel.steps
        ),
        held=_rounded_if_told(funnel.held, rows, k),
    )


def _untold(funnel: Funnel) -> Funnel:
    steps = tuple(
        replace(each, left=None, unknown=None, gain=None if each.gain is None else Gain(None, None))
        for each in funnel.steps
    )
    return replace(funnel, start=None, steps=steps, held=None)


# -- distributions --------------------------------------------------------------------------------------------------


def hide_distribution(found: Distribution, rows: int, k: int) -> Distribution:
    """The distribution with rounded bars."""
    return replace(
        found,
        bins=tuple(replace(each, rows=rounded(each.rows, rows, k)) for each in found.bins),
        missing=rounded(found.missing, rows, k),
    )
