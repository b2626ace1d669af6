"""Which cells of a run are hidden."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain

from .partition import hide_in_partition
from .pooling import hide_in_cross
from .tables import EVERYBODY, Cell, Cross, Dimension, Split, Table, cell, table_of_cross, table_of_split


def hidden_cells(
    everybody: int,
    k: int,
    dimensions: Sequence[Dimension],
    crosses: Sequence[Cross] = (),
    splits: Sequence[Split] = (),
    also: Collection[Cell] = (),
) -> frozenset[Cell]:
    """The cells that must not be shown where groups below `k` people are hidden; `EVERYBODY` among them if there are
    fewer than k people in all, and then everything is.

    `also`: cells to hide whatever they count, because they tell the same as one that is hidden elsewhere.

    Splits of several dimensions by and into the same ones, or beside a cross of these, have sums in common that no
    table shows. If one cell of such splits or of that cross is hidden, all these splits are.

    ValueError where k is below 2, where a count is negative, and where tables do not add up or lack one another."""
    named = {dimension.name: dimension for dimension in dimensions}
    _check_names(named, crosses, splits)
    tables = [table_of_cross(cross, named[cross.rows], named[cross.columns]) for cross in crosses]
    parts = [table_of_split(split, named[split.by], named[split.into]) for split in splits]
    counts = _counts(everybody, dimensions, [*tables, *parts])
    _check(counts, k, dimensions, [*tables, *parts])
    forced = frozenset(also)
    if not forced and not any(0 < count < k for count in counts.values()):
        return frozenset()
    if everybody < k:
        return frozenset(counts)

    hidden: set[Cell] = set()
    for dimension in sorted(dimensions, key=lambda dimension: dimension.within is not None):
        hidden |= _hidden_groups(dimension, hidden, forced, k)
    for table in sorted(tables, key=lambda table: table.whole != EVERYBODY):
        hidden |= hide_in_cross(table, hidden, forced, k)
    for table in parts:
        hidden |= hide_in_cross(table, hidden, forced, k)
    for cells, common in _linked(dimensions, crosses, tables, splits, parts):
        if hidden & (cells | common):
            hidden |= cells
    return frozenset(hidden)


def figure_is_hidden(hidden: AbstractSet[Cell], at: Cell, by: Dimension) -> bool:
    """Whether a figure of the people `at` that tells how they divide into the groups of `by` must be hidden with all
    that comes with it (n, unknown, interval): a share tells its numerator to whoever knows n, and n the unknown."""
    return at in hidden or any(at | group in hidden for group in by.cells)


def intact(hidden: AbstractSet[Cell], *dimensions: str) -> bool:
    """Whether no cell of these dimensions is hidden, crosses included.

    For what adds up over them in a way of its own: how many overlapping segments each customer is in gives the sum of
    their sizes, and of their overlaps. Such a table is shown where it and all these are intact, or not at all."""
    return not any(name in dimensions for one in hidden for name, _ in one)


def _hidden_groups(dimension: Dimension, hidden: AbstractSet[Cell], also: AbstractSet[Cell], k: int) -> set[Cell]:
    if dimension.within is not None and cell(dimension.within) in hidden:
        return set(dimension.cells)
    asked = {place for place, one in enumerate(dimension.cells) if one in also}
    return {dimension.cells[place] for place in hide_in_partition([n for _, n in dimension.groups], asked, k)}


def _linked(
    dimensions: Sequence[Dimension],
    crosses: Sequence[Cross],
    tables: Sequence[Table],
    splits: Sequence[Split],
    parts: Sequence[Table],
) -> Iterator[tuple[set[Cell], set[Cell]]]:
    """The cells of splits that have sums in common which no table shows, and those of the cross that shows them."""
    for pair in dict.fromkeys(frozenset((split.by, split.into)) for split in splits):
        alike = [(split, part) for split, part in zip(splits, parts, strict=True) if {split.by, split.into} == pair]
        shown = [table for cross, table in zip(crosses, tables, strict=True) if {cross.rows, cross.columns} == pair]
        split_up = {split.of for split, _ in alike}
        whole = sum(
            any(count for _, count in dimension.groups)
            and {(dimension.name, group) for group, count in dimension.groups if count} <= split_up
            for dimension in dimensions
        )
        if whole + len(shown) > 1:
            yield {one for _, part in alike for one in _cells(part)}, {one for table in shown for one in _cells(table)}


def _cells(table: Table) -> Iterator[Cell]:
    return chain.from_iterable(table.cells)


def _counts(everybody: int, dimensions: Iterable[Dimension], tables: Iterable[Table]) -> dict[Cell, int]:
    """Every cell with its number of people."""
    counts = {EVERYBODY: everybody}
    listed = [
        *((one, n) for dimension in dimensions for one, (_, n) in zip(dimension.cells, dimension.groups, strict=True)),
        *((one, n) for table in tables for one, n, _, _ in table.each()),
    ]
    for one, count in listed:
        if count < 0:
            raise ValueError(f"{_words(one)}: {count} people")
        if one in counts:
            raise ValueError(f"{_words(one)}: counted twice")
        counts[one] = count
    return counts


def _check_names(named: Mapping[str, Dimension], crosses: Iterable[Cross], splits: Iterable[Split]) -> None:
    """Every dimension is there; but for the rows of a cross, those that others rest on divide everybody."""
    rows = {cross.rows for cross in crosses}
    others = {dimension.within[0] for dimension in named.values() if dimension.within is not None}
    others |= {cross.columns for cross in crosses}
    others |= {name for split in splits for name in (split.of[0], split.by, split.into)}
    for name in sorted(rows | others):
        if name not in named:
            raise ValueError(f"{name}: not counted")
        if name in others and named[name].within is not None:
            raise ValueError(f"{name}: divides a group only, and can be no more than the rows of a cross")


def _check(counts: dict[Cell, int], k: int, dimensions: Iterable[Dimension], tables: Iterable[Table]) -> None:
    if k < 2:
        raise ValueError(f"groups below {k}: there is nobody to hide")
    sums = [
        (
            EVERYBODY if dimension.within is None else cell(dimension.within),
            dimension.name,
            [n for _, n in dimension.groups],
        )
        for dimension in dimensions
    ]
    for table in tables:
        sums += [(row, "its row", line) for row, line in zip(table.rows, table.counts, strict=True)]
        sums += [
            (column, "its column", list(line))
            for column, line in zip(table.columns, zip(*table.counts, strict=True), strict=True)
        ]
    for whole, of, parts in sums:
        if whole not in counts:
            raise ValueError(f"{_words(whole)}: not counted, but {of} is")
        if counts[whole] != sum(parts):
            raise ValueError(f"{_words(whole)}: {counts[whole]} people, but {sum(parts)} in {of}")


def _words(one: Cell) -> str:
    return " × ".join(f"{name} `{group}`" for name, group in sorted(one)) or "everybody"
