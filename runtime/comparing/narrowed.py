"""How narrowly counts are known that add up to known sums: what whoever reads figures of two sides can reckon.

Of the rows that go from one segment to another it is known how many they are, and of the rows of each segment, before
and after, how many a figure puts into each of its parts. So how many of each part go which way is known within ends,
which are narrowed sum by sum: a count is no more than its sum leaves when all others are at their least, and no less
than it leaves when they are at their most (bound propagation, as in Apt, Principles of Constraint Programming, 2003,
ch. 6). A solver of integer programs can sometimes narrow them further.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TypeAlias, TypeVar

Ends: TypeAlias = tuple[int, int]
Way: TypeAlias = tuple[str, str]
"""From a segment to another, or to itself."""
Name = TypeVar("Name", bound=Hashable)
ROUNDS = 40
"""Narrowing ends as soon as it changes nothing, and after so many rounds in any case."""


def narrowed(sums: Sequence[tuple[Sequence[Name], int]]) -> dict[Name, Ends]:
    """The ends of each count that is part of a sum; every count is at least 0."""
    ends: dict[Name, Ends] = {}
    for names, total in sums:
        for name in names:
            ends[name] = 0, min(total, ends.get(name, (0, total))[1])
    for _ in range(ROUNDS):
        before = dict(ends)
        for names, total in sums:
            least, most = (sum(ends[name][end] for name in names) for end in (0, 1))
            for name in names:
                low, high = ends[name]
                ends[name] = max(low, total - (most - high)), min(high, total - (least - low))
        if ends == before:
            break
    return ends


def ends_of_ways(
    ways: Mapping[Way, int], hidden: AbstractSet[Way], before: Mapping[str, int], after: Mapping[str, int]
) -> dict[Way, Ends]:
    """Within which ends it is known how many rows go each way: those of `hidden` only by the sizes of segments before
    and after, where these are shown."""
    lines: dict[tuple[int, str], list[Way]] = defaultdict(list)
    for was, now in hidden:
        lines[0, was].append((was, now))
        lines[1, now].append((was, now))
    shown: Counter[tuple[int, str]] = Counter()
    for (was, now), count in ways.items():
        if (was, now) not in hidden:
            shown.update({(0, was): count, (1, now): count})
    sums: list[tuple[Sequence[Way], int]] = []
    for (side, segment), names in lines.items():
        size = (before, after)[side].get(segment)
        if size is not None:
            sums.append((names, size - shown[side, segment]))
    known: dict[Way, Ends] = {way: (count, count) for way, count in ways.items() if way not in hidden}
    everybody = sum(ways.values())
    return known | dict.fromkeys(hidden, (0, everybody)) | narrowed(sums)


def parts_of_ways(
    ways: Mapping[Way, Ends],
    before: Mapping[str, Sequence[int]],
    after: Mapping[str, Sequence[int]],
    together: AbstractSet[str] = frozenset(),
) -> dict[tuple[str, str, int], Ends]:
    """Within which ends it is known how many rows of each part go from a segment to another, or stay. `ways` are the
    ends of how many rows go; `before` and `after` count those of each part by segment, where that is known; of the
    segments `together` it is known before for all of them at once."""
    size = next((len(parts) for parts in (*before.values(), *after.values())), 0)
    sums: list[tuple[list[tuple[str, str, int]], int]] = []
    lines: dict[tuple[int, str, int], list[tuple[str, str, int]]] = defaultdict(list)
    for (was, now), (low, high) in ways.items():
        parts = [(was, now, part) for part in range(size)]
        # What is not known to go makes up the rest.
        rest, other = (was, now, -1), (was, now, -2)
        sums += [([*parts, rest], high), ([rest, other], high - low)] if low < high else [(parts, high)]
        for each in parts:
            lines[0, "" if was in together else was, each[2]].append(each)
            lines[1, now, each[2]].append(each)
    pool = [sum(before[each][part] for each in together) for part in range(size)]
    for (side, segment, part), names in lines.items():
        known = pool if segment == "" else (before, after)[side].get(segment)
        if known is not None:
            sums.append((names, known[part]))
    return {name: ends for name, ends in narrowed(sums).items() if name[2] >= 0}
