"""Pairs of groups whose rows and columns add up to numbers that are known: which must be hidden.

People can be shifted between the cells of a table without a change in its sums only along closed rounds that turn from
row to column and back, one more in the one cell, one fewer in the next. A hidden cell is uncertain if it lies on such a
round of hidden cells that have room. So each small cell is hidden together with the cheapest round through it: the
network heuristic of complementary suppression (Cox, JASA 90, 1995, 1453–1462; Kelly, Golden and Assad, Networks 22,
1992, 397–417), here with exact room in whole people, so that the round itself is the proof.
"""

from collections.abc import Set as AbstractSet
from heapq import heappop, heappush
from typing import TypeAlias

from .partition import bounds, leeway, magnitude

Place: TypeAlias = tuple[int, int]
Way: TypeAlias = tuple[int, int, list[Place]]
"""What it costs, how many cells are on it, and which."""
Road: TypeAlias = tuple[int, int, Place]
"""Where it leads, what it costs to hide the cell on it, and which cell that is."""
_NOUGHT = 1 << 20
"""What hiding a nought costs: more than any cells that count somebody, since a hidden nought guards almost nothing."""


def hide_in_table(
    counts: list[list[int]], also: AbstractSet[Place], costless: AbstractSet[Place], k: int
) -> set[Place]:
    """The places in `counts` to hide: those from 1 to k − 1, those of `also`, and what must be
    hidden with them; `costless` places are not shown anyway. Each row and column adds up to nought or at least k.

    In each row and column those hidden are none or k people together, and each is uncertain by `leeway(k)`. Where that
    cannot be had, everything is hidden: then each cell can be anything between Fréchet's bounds, which lie k apart."""
    columns = list(zip(*counts, strict=True))
    lines = [[(i, j) for j in range(len(columns))] for i in range(len(counts))]
    lines += [[(i, j) for i in range(len(counts))] for j in range(len(columns))]
    hidden = {(i, j) for i, row in enumerate(counts) for j, count in enumerate(row) if 0 < count < k} | also
    proved: set[Place] = set()
    while hidden:
        for place in sorted(hidden):
            if place not in proved:
                found = _cheapest_round(_roads(counts, hidden, costless, k), place)
                if found is None:
                    return {
                        (i, j)
                        for i, row in enumerate(counts)
                        for j, column in enumerate(columns)
                        if any(row) and any(column)
                    }
                hidden |= found
                proved |= found
        short = [line for line in lines if 0 < sum(counts[i][j] for i, j in line if (i, j) in hidden) < k]
        if not short:
            break
        shown = [(i, j) for i, j in short[0] if counts[i][j] and (i, j) not in hidden]
        hidden.add(min(shown, key=lambda at: (at not in costless, magnitude(counts[at[0]][at[1]]), at)))
    return hidden


def _roads(
    counts: list[list[int]], hidden: AbstractSet[Place], costless: AbstractSet[Place], k: int
) -> dict[int, list[Road]]:
    """From each row (numbered from 0) to the columns (numbered after the rows) in whose cell there is room for
    `leeway(k)` people more, and from each column to the rows in whose cell there is room for so many fewer."""
    shift = leeway(k)
    roads: dict[int, list[Road]] = {node: [] for node in range(len(counts) + len(counts[0]))}
    for row, line in enumerate(counts):
        for j, count in enumerate(line):
            place, column = (row, j), len(counts) + j
            lowest, highest = bounds(count, k)
            cost = 0 if place in hidden else _NOUGHT if count == 0 else 0 if place in costless else magnitude(count)
            if count + shift <= highest:
                roads[row].append((column, cost, place))
            if count - shift >= lowest:
                roads[column].append((row, cost, place))
    return roads


def _cheapest_round(roads: dict[int, list[Road]], place: Place) -> set[Place] | None:
    """The cells of the cheapest round through `place`, in whichever direction, or None."""
    ways = [
        way
        for start, leaving in roads.items()
        for end, _, at in leaving
        if at == place and (way := _cheapest_way(roads, end, start, place)) is not None
    ]
    return {place, *min(ways)[2]} if ways else None


def _cheapest_way(roads: dict[int, list[Road]], start: int, end: int, avoided: Place) -> Way | None:
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
        for to, price, place in roads[at]:
            if place == avoided or to in done:
                continue
            known = (cost + price, length + 1, place, at)
            if to not in best or known < best[to]:
                best[to] = known
                heappush(queue, (cost + price, length + 1, to))
    return None
