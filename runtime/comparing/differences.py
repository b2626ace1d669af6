"""Which figures before must not be shown beside those after, since the two together tell of few rows.

Alone, a figure before is hidden where too little is left open of how many of some part joined its segment or left it.
Figures add up to those of everybody, which did not change, so what is hidden is known together: as if its segments were
one. Further segments are hidden, those first that exchange most rows with the ones before, until that one tells nothing
either, and until nothing is told of those who go one way (`narrowed.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from ..outcomes.hiding.parts import Parted
from ..suppression import leeway
from .narrowed import Ends, Way, parts_of_ways

Ways = Mapping[Way, Ends]
"""Within which ends it is known how many rows go from one segment to another, or stay."""


def figures_to_hide(ways: Ways, before: Mapping[str, Parted], after: Mapping[str, Parted], k: int) -> set[str]:
    """The segments of an exclusive segmentation whose figure before is to be hidden. `before` and `after` are how the
    figures that may be shown part the rows of their segments."""
    moving = {way for way, (_, high) in ways.items() if high and way[0] != way[1]}
    changed = [segment for segment in before if any(segment in way for way in moving)]
    gone = {segment for segment in changed if _tells(ways, {segment}, before, after, k)}
    while len(gone) < len(changed):
        told = _told_ways(ways, gone, before, after, k)
        if not told and not (gone and _tells(ways, gone, before, after, k)):
            break
        left = [segment for segment in changed if segment not in gone]
        first = [segment for segment in left if segment in told] or left
        gone.add(max(first, key=lambda segment: _exchanged(ways, segment, gone)))
    return gone


def _exchanged(ways: Ways, segment: str, others: AbstractSet[str]) -> int:
    """Up to how many rows a segment exchanges with others."""
    pairs = {(segment, each) for each in others} | {(each, segment) for each in others}
    return sum(high for way, (_, high) in ways.items() if way in pairs)


def _tells(
    ways: Ways, segments: AbstractSet[str], before: Mapping[str, Parted], after: Mapping[str, Parted], k: int
) -> bool:
    """Whether the figures of some segments together tell of few."""
    if not segments <= after.keys():
        return False
    inside = [ends for way, ends in ways.items() if {*way} <= segments]
    staying = sum(low for low, _ in inside), sum(high for _, high in inside)
    was, now = (_together(side[each] for each in sorted(segments)) for side in (before, after))
    return tells_few(was, now, staying, k)


def _together(parts: Iterable[Parted]) -> dict[str, tuple[int, ...]]:
    found: dict[str, Counter[int]] = {}
    sizes: dict[str, int] = {}
    for each in parts:
        for name, counts in each.items():
            sizes[name] = len(counts)
            found.setdefault(name, Counter()).update(dict(enumerate(counts)))
    return {name: tuple(counted[at] for at in range(sizes[name])) for name, counted in found.items()}


def _told_ways(
    ways: Ways, gone: AbstractSet[str], before: Mapping[str, Parted], after: Mapping[str, Parted], k: int
) -> set[str]:
    """The segments between which few rows of some part are known to go."""
    changed = {segment for way, (_, high) in ways.items() if high and way[0] != way[1] for segment in way}
    own = {way: ends for way, ends in ways.items() if changed & {*way}}
    names = sorted({name for side in (before, after) for each in side.values() for name in each})
    found: set[str] = set()
    for name in names:
        was, now = ({segment: each[name] for segment, each in side.items() if name in each} for side in (before, after))
        for (a, b, _), (low, high) in parts_of_ways(own, was, now, gone).items():
            found |= {a, b} if is_few(low, high, k) else set()
    return found


def tells_few(before: Parted, after: Parted, staying: Ends, k: int) -> bool:
    """Whether the parts of a figure before and after, of a group in which so many are known to stay, leave little room
    for how many of some part joined or left, where these may be few."""
    for name in before.keys() & after.keys():
        parts = [*zip(before[name], after[name], strict=True)]
        most = [min(part) for part in parts]
        for part, fits in zip(parts, most, strict=True):
            least = max(0, staying[0] - (sum(most) - fits))
            for whole in part:
                if is_few(whole - min(fits, staying[1]), whole - least, k):
                    return True
    return False


def is_few(low: int, high: int, k: int) -> bool:
    """Whether a count between these ends may be few, and is known too well."""
    return low < k and high > 0 and high - low < leeway(k)
