"""The counts that a run publishes, as tables that add up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

Cell: TypeAlias = frozenset[tuple[str, str]]
"""The people in all of these (dimension, group), in whatever order; the empty cell is everybody."""

EVERYBODY: Cell = frozenset()


def cell(*groups: tuple[str, str]) -> Cell:
    return frozenset(groups)


@dataclass(frozen=True, slots=True)
class Dimension:
    """Disjoint groups that together are everybody, or everybody in the group `within` of another dimension.

    `groups`: each with its number of people, in declared order, which settles ties. A segmentation has its segments and
    `otherwise`; a segment its clauses (`within` that segment); a vintage its quarters; a protected field its values,
    missing among them; `share where C` its people with yes, no and unknown; an average its people with a known and
    with an unknown value."""

    name: str
    groups: tuple[tuple[str, int], ...]
    within: tuple[str, str] | None = None

    @property
    def cells(self) -> list[Cell]:
        return [cell((self.name, group)) for group, _ in self.groups]


def yes_or_no(name: str, yes: int, everybody: int) -> Dimension:
    """A segment that may overlap with others. Only `yes` is shown, but whoever knows everybody knows `no` with it."""
    return Dimension(name, (("yes", yes), ("no", everybody - yes)))


@dataclass(frozen=True, slots=True)
class Cross:
    """How many people are in a group of `rows` and in a group of `columns`; a pair that is not named counts nobody.

    `rows` may be a dimension within a group; then that group's own dimension must be crossed with `columns` too."""

    rows: str
    columns: str
    counts: Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Split:
    """The people of one group `of` a dimension, by the pairs of two others: a measure (`into`) of a segment by vintage
    (`by`). The dimension must be crossed with both. A pair that is not named counts nobody."""

    of: tuple[str, str]
    by: str
    into: str
    counts: Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Table:
    """One table, ready to be protected: `cells[i][j]` belongs to `rows[i]` and to `columns[j]`, and `counts` adds up to
    theirs. All of it lies within `whole`."""

    whole: Cell
    rows: list[Cell]
    columns: list[Cell]
    cells: list[list[Cell]]
    counts: list[list[int]]

    def each(self) -> Iterator[tuple[Cell, int, int, int]]:
        for i, (cells, counts) in enumerate(zip(self.cells, self.counts, strict=True)):
            for j, (one, count) in enumerate(zip(cells, counts, strict=True)):
                yield one, count, i, j


def table_of_cross(cross: Cross, rows: Dimension, columns: Dimension) -> Table:
    whole = EVERYBODY if rows.within is None else cell(rows.within)
    return Table(
        whole,
        rows.cells,
        [whole | column for column in columns.cells],
        [[row | column for column in columns.cells] for row in rows.cells],
        _matrix(cross.counts, rows, columns, f"{cross.rows} × {cross.columns}"),
    )


def table_of_split(split: Split, by: Dimension, into: Dimension) -> Table:
    whole = cell(split.of)
    return Table(
        whole,
        [whole | row for row in by.cells],
        [whole | column for column in into.cells],
        [[whole | row | column for column in into.cells] for row in by.cells],
        _matrix(split.counts, by, into, f"{split.of[0]} {split.of[1]} × {split.by} × {split.into}"),
    )


def _matrix(counts: Mapping[tuple[str, str], int], rows: Dimension, columns: Dimension, named: str) -> list[list[int]]:
    strangers = counts.keys() - {(row, column) for row, _ in rows.groups for column, _ in columns.groups}
    if strangers:
        raise ValueError(f"{named}: no such groups: {sorted(strangers)}")
    return [[counts.get((row, column), 0) for column, _ in columns.groups] for row, _ in rows.groups]
