"""Pairs of groups whose rows and columns add up to numbers that are known: which must be hidden.

People can be shifted between the cells of a table without a change in its sums only along closed rounds that turn from
row to column and back, one more in the one cell, one fewer in the next. A hidden cell is uncertain if it lies on such a
round of hidden cells that have room. So each small cell is hidden together with the cheapest round through it: the
network heuristic of complementary suppression (Cox, JASA 90, 1995, 1453–1462; Kelly, Golden and Assad, Networks 22,
1992, 397–417), here with exact room in whole people, so that the round itself is the proof.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from heapq import heappop, heappush
from itertools import chain
from typing import TypeAlias

from .partition import bounds, leeway, magnitude

Place: TypeAlias = tuple[int, int]
Roads: TypeAlias = dict[int, list[tuple[int, Place]]]
"""From each row (numbered from 0) and column (numbered after the rows): where one can go, and over which cell."""
Way: TypeAlias = tuple[int, int, list[Place]]
"""What it costs, how many cells are on it, and which."""


def hide_in_table(
    counts: list[list[int]], also: AbstractSet[Place], costless: AbstractSet[Place], k: int
) -> set[Place]:
    """The places in `counts` to hide: those from 1 to k − 1, those of `also`, and what must be hidden with them;
    `costless` places are not shown anyway. Each row and column adds up to nought or at least k.

    In each row and column those hidden are none, or k people together. Each is uncertain by `leeway(k)`; where no
    round has so much room by one person at least, and only there noughts are hidden. Where that cannot be had either,
    everything is: then each cell can be anything between Fréchet's bounds, which lie k apart."""
    columns = list(zip(*counts, strict=True))
    small = {(i, j) for i, row in enumerate(counts) for j, count in enumerate(row) if 0 < count < k}
    hidden = small | also
    if not hidden:
        return hidden
    choices = [_roads(counts, leeway(k), k), _roads(counts, 1, k), _roads(counts, 1, k, over_noughts=True)]
    # A nought that is hidden guards almost nothing, so it is dearer than any cells that count somebody.
    prices = {
        (i, j): (1 << 20) * (count == 0) or magnitude(count) * ((i, j) not in costless)
        for i, row in enumerate(counts)
        for j, count in enumerate(row)
    }
    proved: set[Place] = set()
    while True:
        for place in sorted(hidden):
            if place not in proved:
                prices |= dict.fromkeys(hidden, 0)
                found = next(filter(None, (_cheapest_round(roads, prices, place) for roads in choices)), None)
                if found is None:
                    return {(i, j) for i, j in prices if any(counts[i]) and any(columns[j])}
                hidden |= found
                proved |= found
        short = _too_few(counts, hidden, k)
        if not short:
            return hidden
        hidden.add(min(short, key=lambda place: (prices[place], place)))


def _too_few(counts: list[list[int]], hidden: AbstractSet[Place], k: int) -> list[Place]:
    """What is shown of the first row, or else column, in which those hidden are fewer than `k` people together."""
    rows = [[(i, j) for j in range(len(counts[0]))] for i in range(len(counts))]
    for line in chain(rows, zip(*rows, strict=True)):
        if 0 < sum(counts[i][j] for i, j in line if (i, j) in hidden) < k:
            return [(i, j) for i, j in line if counts[i][j] and (i, j) not in hidden]
    return []


def _roads(counts: list[list[int]], shift: int, k: int, *, over_noughts: bool = False) -> Roads:
    """From each row to the columns in whose cell there is room for `shift` people more, and from each column to the
    rows in whose cell there is room for so many fewer."""
    roads: Roads = {node: [] for node in range(len(counts) + len(counts[0]))}
    for i, row in enumerate(counts):
        for j, count in enumerate(row):
            lowest, highest = bounds(count, k)
            if count + shift <= highest and (count or over_noughts):
                roads[i].append((len(counts) + j, (i, j)))
            if count - shift >= lowest:
                roads[len(counts) + j].append((i, (i, j)))
    return roads


def _cheapest_round(roads: Roads, prices: Mapping[Place, int], place: Place) -> set[Place] | None:
    """The cells of the cheapest round through `place`, in whichever direction, or None."""
    over = [(start, end) for start, leaving in roads.items() for end, at in leaving if at == place]
    ways = [_cheapest_way(roads, prices, end, start, place) for start, end in over]
    found = [way for way in ways if way is not None]
    return {place, *min(found)[2]} if found else None


def _cheapest_way(roads: Roads, prices: Mapping[Place, int], start: int, end: int, avoided: Place) -> Way | None:
    """Dijkstra's shortest path; of those that cost the same the one with the fewest cells, then the first declared."""
    best: dict[int, tuple[int, int, Place, int]] = {}
    queue: list[tuple[int, int, int]] = [(0, 0, start)]
    done: set[int] = set()
    while queue:
        cost, length, at = heappop(queue)
        if at == end:
            cells: list[Place] = []
            while at != start:
                cells.append(best[at][2])
                at = best[at][3]
            return cost, length, cells
        if at in done:
            continue
        done.add(at)
        for to, place in roads[at]:
            if place == avoided or to in done:
                continue
            known = (cost + prices[place], length + 1, place, at)
            if to not in best or known < best[to]:
                best[to] = known
                heappush(queue, (*known[:2], to))
    return None
