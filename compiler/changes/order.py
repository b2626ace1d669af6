"""What stands in another order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple


class Moved(NamedTuple):
    """An item, by its old place, that now stands above one that it stood below, or below one that it stood above: the
    next to it of these."""

    item: int
    passed: int
    above: bool


def moved(order: Sequence[int]) -> list[Moved]:
    """The fewest items that have to be moved to get from the old order, 0, 1, 2, …, to the new one."""
    staying = _longest_rising(order)
    found: list[Moved] = []
    for at, item in enumerate(order):
        if item in staying:
            continue
        overtaken = next((other for other in order[at + 1 :] if other < item), None)
        if overtaken is not None:
            found.append(Moved(item, overtaken, True))
        else:
            found.append(Moved(item, next(other for other in reversed(order[:at]) if other > item), False))
    return found


def overtaken(order: Sequence[int], item: int) -> list[int]:
    """The items that stand on the other side of `item` than before."""
    at = order.index(item)
    return [other for where, other in enumerate(order) if (where < at) != (other < item) and other != item]


def _longest_rising(order: Sequence[int]) -> set[int]:
    """A longest rising part of the numbers, each of them there once (patience sorting)."""
    tails: list[int] = []
    before: dict[int, int | None] = {}
    for item in order:
        at = bisect_left(tails, item)
        before[item] = tails[at - 1] if at else None
        tails[at : at + 1] = [item]
    found: set[int] = set()
    here: int | None = tails[-1] if tails else None
    while here is not None:
        found.add(here)
        here = before[here]
    return found
