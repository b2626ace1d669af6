"""Which combinations of values the rows of a table leave out, and which rows can hold together.

A column is cut into pieces on each of which every one of its cells is either true or not. A *mask* is a set of rows as
the bits of an integer, the first row being the lowest bit: of each piece those whose cell in the column holds there.
Columns are taken to be independent of each other: what one has says nothing of what another has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import prod

Masks = Sequence[int]
"""Of one column: the mask of each piece."""

WORK = 1_000_000
"""What a sweep spends before it gives up, about a second: 1 for each mask that it looks at, and 8 for each turn."""


class TooMany(Exception):
    """There are more combinations than are looked at."""


@dataclass(slots=True)
class Work:
    """What is left to be spent on one question."""

    left: int = WORK

    def spend(self, amount: int) -> None:
        """Raises `TooMany` where there is nothing left."""
        self.left -= amount
        if self.left < 0:
            raise TooMany


def overlaps(columns: Sequence[Masks], rows: int) -> Iterator[tuple[int, int]]:
    """Each row (counted from 0) that can hold together with an earlier one, and the first such, as (earlier, row)."""
    together = [(1 << rows) - 1] * rows
    for masks in columns:
        beside = [0] * rows
        for mask in set(masks):
            for row in bits(mask):
                beside[row] |= mask
        together = [one & other for one, other in zip(together, beside, strict=True)]
    for row, mask in enumerate(together):
        earlier = mask & ((1 << row) - 1)
        if earlier:
            yield (earlier & -earlier).bit_length() - 1, row


def meeting(columns: Sequence[Masks], rows: int) -> tuple[int, ...] | None:
    """A piece of each column on which all `rows` (a mask) hold; None where there is none."""
    found: list[int] = []
    for masks in columns:
        piece = next((at for at, mask in enumerate(masks) if mask & rows == rows), None)
        if piece is None:
            return None
        found.append(piece)
    return tuple(found)


def gap(columns: Sequence[Masks], rows: int, work: Work) -> tuple[int, ...] | None:
    """A piece of each column such that none of `rows` (a mask) holds there; None where there is none. Raises
    `TooMany`."""
    if any(not masks for masks in columns):
        return None
    order = sorted(range(len(columns)), key=lambda at: -len(set(columns[at])))
    sought = _Sought([columns[at] for at in order], rows, work)
    found = _search(sought, 0, rows)
    if found is None:
        return None
    return tuple(piece for _, piece in sorted(zip(order, found, strict=True)))


def gap_beside_disjoint(columns: Sequence[Masks], rows: int) -> tuple[int, ...] | None:
    """As `gap`, of as many rows, no two of which can hold together: then it is enough to count. They leave nothing out
    where they have as many combinations of pieces as there are, and something where they have fewer."""
    widths = [[0] * rows for _ in columns]
    for masks, held in zip(columns, widths, strict=True):
        for mask in masks:
            for row in bits(mask):
                held[row] += 1
    counts = {row: prod(held[row] for held in widths) for row in range(rows)}
    everything = prod(len(masks) for masks in columns)
    found: list[int] = []
    for masks, held in zip(columns, widths, strict=True):
        if sum(counts.values()) == everything:
            return None
        everything //= len(masks)
        for piece, mask in enumerate(masks):
            inside = {row: count // held[row] for row, count in counts.items() if mask >> row & 1}
            if sum(inside.values()) < everything:
                found.append(piece)
                counts = inside
                break
    return tuple(found)


def hidden(columns: Sequence[Masks], row: int, work: Work) -> bool:
    """Whether the rows before `row`, which holds somewhere, hold wherever it does. Raises `TooMany`."""
    own = 1 << row
    inside = [[mask for mask in masks if mask & own] for masks in columns]
    return gap(inside, own - 1, work) is None


def bits(mask: int) -> Iterator[int]:
    """The rows of a mask, counted from 0."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


@dataclass(slots=True)
class _Sought:
    """A search for a gap. `distinct` has of each column the different masks, with a piece of each; `everywhere[n]` are
    the rows that hold on every piece of column n and of all after it; `closed` are dead ends."""

    columns: Sequence[Masks]
    rows: int
    work: Work
    distinct: list[dict[int, int]] = field(init=False)
    everywhere: list[int] = field(init=False)
    closed: set[tuple[int, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.distinct = []
        for masks in self.columns:
            first: dict[int, int] = {}
            for piece, mask in enumerate(masks):
                first.setdefault(mask & self.rows, piece)
            self.distinct.append(first)
        self.everywhere = [self.rows]
        for first in reversed(self.distinct):
            full = self.everywhere[0]
            for mask in first:
                full &= mask
            self.everywhere.insert(0, full)


def _search(sought: _Sought, at: int, alive: int) -> tuple[int, ...] | None:
    """Pieces of the columns from `at` on, on which none of the rows that are still `alive` holds."""
    if not alive:
        return tuple(next(iter(first.values())) for first in sought.distinct[at:])
    if at == len(sought.distinct) or alive & sought.everywhere[at] or (at, alive) in sought.closed:
        return None
    sought.work.spend(8 + len(sought.distinct[at]))
    left: dict[int, int] = {}
    for mask, piece in sought.distinct[at].items():
        left.setdefault(alive & mask, piece)
    for rest, piece in _least(left):
        found = _search(sought, at + 1, rest)
        if found is not None:
            return (piece, *found)
    sought.closed.add((at, alive))
    return None


def _least(left: dict[int, int]) -> Iterator[tuple[int, int]]:
    """The smallest masks first, and none that has another of the smallest in it: where that leaves no gap, it leaves
    none either."""
    seen: list[int] = []
    for mask in sorted(left, key=int.bit_count):
        if not any(mask & other == other for other in seen):
            if len(seen) < 32:
                seen.append(mask)
            yield mask, left[mask]
