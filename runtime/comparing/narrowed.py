"""How narrowly counts are known that add up to known sums: what whoever reads figures of two sides can reckon.

Of the rows that go from one segment to another it is known how many they are, and of the rows of each segment, before
and after, how many a figure puts into each of its parts. So how many of each part go which way is known within ends,
which are narrowed sum by sum: a count is no more than its sum leaves when all others are at their least, and no less
than it leaves when they are at their most (bound propagation, as in Apt, Principles of Constraint Programming, 2003,
ch. 6). A solver of integer programs can sometimes narrow them further.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from typing import TypeAlias, TypeVar

Ends: TypeAlias = tuple[int, int]
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


def parts_of_ways(
    ways: Mapping[tuple[str, str], int], before: Mapping[str, Sequence[int]], after: Mapping[str, Sequence[int]]
) -> dict[tuple[str, str, int], Ends]:
    """Within which ends it is known how many rows of each part go from a segment to another, or stay. `ways` counts the
    rows that go; `before` and `after` those of each part by segment, where that is known."""
    size = next((len(parts) for parts in (*before.values(), *after.values())), 0)
    sums: list[tuple[list[tuple[str, str, int]], int]] = []
    lines: dict[tuple[int, str, int], list[tuple[str, str, int]]] = defaultdict(list)
    for (was, now), count in ways.items():
        parts = [(was, now, part) for part in range(size)]
        sums.append((parts, count))
        for each in parts:
            lines[0, was, each[2]].append(each)
            lines[1, now, each[2]].append(each)
    for (side, segment, part), names in lines.items():
        known = (before, after)[side].get(segment)
        if known is not None:
            sums.append((names, known[part]))
    return narrowed(sums)
