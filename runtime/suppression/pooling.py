"""A table some of whose rows and columns are hidden already."""

from collections.abc import Set as AbstractSet

from .rounds import Place, hide_in_table
from .tables import Cell, Table


def hide_in_cross(table: Table, hidden: AbstractSet[Cell], also: AbstractSet[Cell], k: int) -> set[Cell]:
    """The cells of `table` to hide where `hidden` are those of its sums that are.

    The hidden rows stand as one row in the table that is protected, since a reader can reckon them together; columns
    likewise. In it every row and column has its known sum. A cell of a hidden row or column is hidden unless the pool
    that it belongs to counts nobody, which anybody can see.

    Why the cells of hidden rows are uncertain: let people of two hidden rows change places, the one from this column,
    the other from another; or let one person go over from a hidden row to another, where the rows' sums have room,
    which `hide_in_partition` (or the round that hid them) saw to. Neither changes a pool, nor any other table's."""
    if table.whole in hidden:
        return {one for one, _, i, j in table.each() if table.rows[i] in hidden and table.columns[j] in hidden}
    row_of, rows = _pools(table.rows, hidden)
    column_of, columns = _pools(table.columns, hidden)
    pooled = [[0] * columns for _ in range(rows)]
    for _, count, i, j in table.each():
        pooled[row_of[i]][column_of[j]] += count
    asked = {(row_of[i], column_of[j]) for one, _, i, j in table.each() if one in also}
    inside: set[Place] = {
        (row_of[i], column_of[j])
        for _, _, i, j in table.each()
        if table.rows[i] in hidden or table.columns[j] in hidden
    }
    places = hide_in_table(pooled, asked, inside, k)
    places |= {(i, j) for i, j in inside if pooled[i][j]}
    return {one for one, _, i, j in table.each() if (row_of[i], column_of[j]) in places}


def _pools(lines: list[Cell], hidden: AbstractSet[Cell]) -> tuple[list[int], int]:
    """The number of the pool of each line, those shown first, and how many pools there are."""
    shown = [line for line in lines if line not in hidden]
    numbers = {line: number for number, line in enumerate(shown)}
    return [numbers.get(line, len(shown)) for line in lines], len(shown) + (len(shown) < len(lines))
