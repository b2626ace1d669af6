"""Which cells of a run's tables are hidden: one question to `suppression`, asked again while one number has two names.

Rules make the same people twice: a clause that is all of its segment, a share of who is in a segment, an audience of a
segment. Groups of two dimensions are taken to be the same people where they count as many everywhere that both are
counted. What is hidden of the one is then hidden of the other, whatever it counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations

from ...suppression import Cell, Cross, cell, hidden_cells
from .published import Published

Group = tuple[str, str]
"""The name of a dimension, and of one of its groups."""


def hidden_of(told: Published, k: int) -> frozenset[Cell]:
    """The cells to hide."""
    dimensions = list(told.dimensions.values())
    same = same_people(told)
    cells = _cells(told)
    also = {spare for none, spare in told.spare.values() if 0 < none < k}
    while True:
        hidden = hidden_cells(told.rows, k, dimensions, told.crosses, also=also)
        more = {one for other in hidden for one in _named_otherwise(other, same) if one in cells} - hidden
        if not more:
            return hidden
        also |= more


def _named_otherwise(one: Cell, same: Mapping[Group, list[Group]]) -> Iterator[Cell]:
    """The cell with one of its groups under each of its other names; a pair of two names as the one."""
    for group in one:
        for other in same.get(group, ()):
            yield (one - {group}) | {other}


def _cells(told: Published) -> set[Cell]:
    groups = {each.name: [group for group, _ in each.groups] for each in told.dimensions.values()}
    found = {cell((name, group)) for name in groups for group in groups[name]}
    return found | {
        cell((each.rows, row), (each.columns, column))
        for each in told.crosses
        for row in groups[each.rows]
        for column in groups[each.columns]
    }


def same_people(told: Published) -> dict[Group, list[Group]]:
    """For each group those of other dimensions that count as many, in all and in every group that both are crossed
    with; where the two are crossed with each other, all of them are in both."""
    by_count: dict[int, list[Group]] = defaultdict(list)
    for dimension in told.dimensions.values():
        for group, count in dimension.groups:
            if count:
                by_count[count].append((dimension.name, group))
    lines = _lines(told.crosses)
    same: dict[Group, list[Group]] = defaultdict(list)
    for count, groups in by_count.items():
        for one, other in combinations(groups, 2):
            if one[0] != other[0] and _count_as_many(lines[one], lines[other], other, count):
                same[one].append(other)
                same[other].append(one)
    return same


Line = Mapping[str, Mapping[str, int]]
"""How many of a group are in the groups of each dimension that it is crossed with; noughts are left out."""


def _count_as_many(line: Line, others: Line, other: Group, count: int) -> bool:
    if other[0] in line:
        return line[other[0]].get(other[1]) == count
    return all(line[name] == others[name] for name in line.keys() & others.keys())


def _lines(crosses: list[Cross]) -> dict[Group, dict[str, dict[str, int]]]:
    lines: dict[Group, dict[str, dict[str, int]]] = defaultdict(dict)
    for each in crosses:
        for (row, column), count in each.counts.items():
            lines[each.rows, row].setdefault(each.columns, {})[column] = count
            lines[each.columns, column].setdefault(each.rows, {})[row] = count
    return lines
