"""What must not be shown of an observation where groups below k are hidden.

Conservative, and a function of the run alone:

- Funnel: a count is shown only where nobody or at least k rows fall out since the last one that is shown, and before
  the end; the steps between are told together. So every difference of shown counts is nought or at least k. How many
  fell out as unknown is shown where these and the others are each nought or at least k.
- Gain: shown where it, what is unknown of it and not, and whoever would not be won of the others who come so far, and
  of those who fall out between the counts shown around it, are each nought or at least k.
- Overlap: by `suppression.hidden_cells` over the sizes of segments and their pairs.
- Where a size itself is hidden, differences between funnels would give it away: all counts are then rounded to
  twentieths of all rows, or to 2k where that is more.
- Distribution: by `suppression.hidden_cells` over bins and missing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

from ..suppression import Cross, Dimension, cell, hidden_cells, yes_or_no
from ..suppression.tables import Cell
from .records import Count, Distribution, Funnel, Gain, Overlap, SegmentationObserved, Step

TWENTIETH = 0.05


def hide(
    found: SegmentationObserved, sizes: Mapping[str, int], rows: int, k: int, hidden_sizes: Collection[str]
) -> SegmentationObserved:
    """What may be shown of a segmentation: `sizes` by segment (`otherwise` included), and those hidden already."""
    overlaps, more = _overlaps(found, sizes, rows, k, hidden_sizes)
    gone = {*hidden_sizes, *more}
    step = max(TWENTIETH, 2 * k / rows) if gone else None
    return replace(
        found,
        funnels=tuple(_funnel(each, rows, k, step, gone) for each in found.funnels),
        overlaps=None if overlaps is None else tuple(_rounded_overlap(each, rows, step) for each in overlaps),
        coarse_step=step,
    )


def hidden_sizes(sizes: Mapping[str, int], rows: int, k: int, *, exclusive: bool) -> frozenset[str]:
    """The segments whose size must be hidden, taken alone."""
    if exclusive:
        dimension = Dimension("segment", tuple(sizes.items()))
        cells = hidden_cells(rows, k, [dimension])
        return frozenset(segment for segment in sizes if cell(("segment", segment)) in cells)
    cells = hidden_cells(rows, k, [yes_or_no(segment, count, rows) for segment, count in sizes.items()])
    return frozenset(segment for segment in sizes if cell((segment, "yes")) in cells)


def _fine(count: int, k: int) -> bool:
    return count == 0 or count >= k


# -- funnels --------------------------------------------------------------------------------------------------------


def _funnel(funnel: Funnel, rows: int, k: int, step: float | None, gone: Collection[str]) -> Funnel:
    start, held = funnel.start or 0, funnel.held or 0
    # Of what cannot be told, nothing is shown: it counts as if nobody fell out there.
    counts = list(accumulate((each.left for each in funnel.steps), _known, initial=start))[1:]
    shown = [
        keep and each.left is not None for keep, each in zip(_shown(start, counts, held, k), funnel.steps, strict=True)
    ]
    steps: list[Step] = []
    before, last_shown = start, True
    for at, (each, keep) in enumerate(zip(funnel.steps, shown, strict=True)):
        dropped, unknown = before - counts[at], each.unknown
        told = unknown is not None and keep and last_shown and _fine(unknown, k) and _fine(dropped - unknown, k)
        above = next((counts[up] for up in range(at - 1, -1, -1) if shown[up]), start)
        below = next((counts[down] for down in range(at, len(counts)) if shown[down]), held)
        steps.append(
            replace(
                each,
                left=_rounded(counts[at], rows, step) if keep else None,
                unknown=_rounded(unknown, rows, step) if told else None,
                gain=_gain(each.gain, start - held, above - below, rows, k, step),
            )
        )
        before, last_shown = counts[at], keep
    kept = funnel.segment not in gone and _fine(start - held, k) and _fine(held, k)
    return replace(
        funnel,
        start=_rounded(start, rows, step) if _fine(start, k) and _fine(rows - start, k) else None,
        steps=tuple(steps),
        held=_rounded(funnel.held, rows, step) if kept else None,
    )


def _known(before: int, count: Count) -> int:
    return before if count is None else count


def _shown(start: int, counts: Sequence[int], held: int, k: int) -> list[bool]:
    shown: list[bool] = []
    last = start
    for count in counts:
        keep = _fine(count, k) and _fine(last - count, k) and _fine(count - held, k)
        shown.append(keep)
        last = count if keep else last
    return shown


def _gain(gain: Gain | None, others: int, dropped: int, rows: int, k: int, step: float | None) -> Gain | None:
    """`others`: who comes so far and is not held; `dropped`: who fell out between the counts shown around the part,
    whoever would be won by it among them."""
    if gain is None or gain.rows is None or gain.unknown is None:
        return gain
    fine = _fine(gain.rows, k) and _fine(others - gain.rows, k) and _fine(abs(dropped - gain.rows), k)
    told = fine and _fine(gain.unknown, k) and _fine(gain.rows - gain.unknown, k)
    return Gain(_rounded(gain.rows, rows, step) if fine else None, _rounded(gain.unknown, rows, step) if told else None)


def _rounded(count: Count, rows: int, step: float | None) -> Count:
    if count is None or step is None or not rows:
        return count
    return round(round(count / rows / step) * step * rows)


# -- overlaps -------------------------------------------------------------------------------------------------------


def _overlaps(
    found: SegmentationObserved, sizes: Mapping[str, int], rows: int, k: int, gone: Collection[str]
) -> tuple[tuple[Overlap, ...] | None, set[str]]:
    """The overlaps that may be shown, and the segments whose sizes must be hidden with them."""
    fits = list(dict.fromkeys(each.second for each in found.overlaps or ()))
    if found.exclusive:
        groups = tuple(sizes.items())
        both = {(each.first, each.second): each.rows or 0 for each in found.overlaps or ()}
        others = [
            yes_or_no(f"fits {second}", sizes[second] + sum(both.get((first, second), 0) for first in sizes), rows)
            for second in fits
        ]
        crosses = [Cross("in", f"fits {second}", _divided(groups, second, both)) for second in fits]
        also = [cell(("in", each)) for each in gone]
        cells = hidden_cells(rows, k, [Dimension("in", groups), *others], crosses, also=also)
        hidden = {segment for segment in sizes if cell(("in", segment)) in cells}
        place = {each: cell(("in", each.first), (f"fits {each.second}", "yes")) for each in found.overlaps or ()}
    else:
        dimensions = [yes_or_no(segment, count, rows) for segment, count in sizes.items()]
        crosses = [
            Cross(each.first, each.second, _fourfold(each.rows or 0, sizes[each.first], sizes[each.second], rows))
            for each in found.overlaps or ()
        ]
        also = [cell((each, answer)) for each in gone for answer in ("yes", "no")]
        cells = hidden_cells(rows, k, dimensions, crosses, also=also)
        hidden = {segment for segment in sizes if cell((segment, "yes")) in cells}
        place = {each: cell((each.first, "yes"), (each.second, "yes")) for each in found.overlaps or ()}
    if found.overlaps is None:
        return None, hidden
    return tuple(replace(each, rows=_unless_hidden(each.rows, place[each], cells)) for each in found.overlaps), hidden


def _unless_hidden(count: Count, at: Cell, cells: Collection[Cell]) -> Count:
    return None if at in cells else count


def _divided(
    groups: Sequence[tuple[str, int]], second: str, both: Mapping[tuple[str, str], int]
) -> dict[tuple[str, str], int]:
    """Of each segment, who fits `second` and who does not; those in `second` all do."""
    divided: dict[tuple[str, str], int] = {}
    for first, size in groups:
        fitting = size if first == second else both.get((first, second), 0)
        divided |= {(first, "yes"): fitting, (first, "no"): size - fitting}
    return divided


def _fourfold(both: int, first: int, second: int, rows: int) -> dict[tuple[str, str], int]:
    return {
        ("yes", "yes"): both,
        ("yes", "no"): first - both,
        ("no", "yes"): second - both,
        ("no", "no"): rows - first - second + both,
    }


def _rounded_overlap(overlap: Overlap, rows: int, step: float | None) -> Overlap:
    return replace(overlap, rows=_rounded(overlap.rows, rows, step))


# -- distributions --------------------------------------------------------------------------------------------------


def hide_distribution(found: Distribution, rows: int, k: int) -> Distribution:
    """The distribution without the bins that must not be shown."""
    groups = [(str(number), each.rows or 0) for number, each in enumerate(found.bins)]
    groups.append(("missing", found.missing or 0))
    cells = hidden_cells(rows, k, [Dimension(found.name, tuple(groups))])
    gone = {group for group, _ in groups if cell((found.name, group)) in cells}
    return replace(
        found,
        bins=tuple(
            replace(each, rows=None if str(number) in gone else each.rows) for number, each in enumerate(found.bins)
        ),
        missing=None if "missing" in gone else found.missing,
    )
