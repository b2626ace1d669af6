"""What an expression can name where it stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from segwright.dsl.types import Type

from .schema import Shape


@dataclass(frozen=True, slots=True)
class Named:
    """A value with a name: how it is written, its type, and whether the checker knows that it can be missing."""

    text: str
    type: Type
    optional: bool


@dataclass(frozen=True, slots=True)
class LetShape:
    """A declared let, decision or scorecard; `plain` when it reads nothing but its row, `ranked` when everybody can be
    put in order by it (nothing personal is read), `beyond` when it reads somebody's rank or segment, `asking` when it
    was made to read segments."""

    table: str
    name: str
    type: Type
    optional: bool
    plain: bool = False
    ranked: bool = False
    beyond: bool = False
    asking: bool = False
    decided: bool = False
    scorecard: bool = False


@dataclass(frozen=True, slots=True)
class SegmentationShape:
    """A declared segmentation."""

    table: str
    name: str
    exclusive: bool
    segments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MeasureShape:
    """A declared measure and the type of its figures."""

    name: str
    table: str
    type: Type


@dataclass(frozen=True, slots=True)
class Declared:
    """What is declared before the expression. `shares` are the parameters that are shares of everybody, `planned` all
    segmentations, also those that stand further on: of each the run before may be asked."""

    as_of: dt.date
    tables: tuple[Shape, ...]
    parameters: tuple[Named, ...] = ()
    lets: tuple[LetShape, ...] = ()
    segmentations: tuple[SegmentationShape, ...] = ()
    shares: tuple[str, ...] = ()
    planned: tuple[SegmentationShape, ...] = ()

    def table(self, name: str) -> Shape:
        """The table of that name."""
        return next(table for table in self.tables if table.name == name)


@dataclass(frozen=True, slots=True)
class Scope:
    """The rows of `table`. `plain`: aggregates, segmentations and ranks cannot be asked for here. `ranked`: everybody
    is to be put in order by it. `asking`: what stands here asks for segments where it can."""

    declared: Declared
    table: Shape
    plain: bool = False
    ranked: bool = False
    asking: bool = False
    names: tuple[Named, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(_names(self)))

    def of(self, table: Shape) -> Scope:
        """The scope of `where` and X over the rows of `table`."""
        return replace(self, table=table, plain=True)

    def attached(self) -> list[str]:
        """The tables of which the row at hand has at most one row, other than its parents."""
        return [table.name for _, table in _reachable(self) if table.role == "attached"]

    def sources(self) -> list[Shape]:
        """What can be aggregated for the row at hand."""
        return [
            table
            for table in self.declared.tables
            if table.parent == self.table.name and table.role in ("child", "events")
        ]


def _reachable(scope: Scope) -> Iterator[tuple[bool, Shape]]:
    """The row's own table (True), its parent, that one's parent, and the tables attached to these."""
    owner: Shape | None = scope.table
    while owner is not None:
        yield owner is scope.table, owner
        for table in scope.declared.tables:
            if table.role == "attached" and table.parent == owner.name:
                yield False, table
        owner = scope.declared.table(owner.parent) if owner.parent else None


def _names(scope: Scope) -> Iterator[Named]:
    for own, table in _reachable(scope):
        prefix = "" if own else f"{table.name}."
        for column in table.columns:
            if not column.consent and not (scope.ranked and "personal" in column.modifiers):
                optional = column.optional or table.role == "attached"
                yield Named(prefix + column.name, column.type, optional)
        for let in scope.declared.lets:
            usable = (let.ranked or not scope.ranked) and not (let.beyond and scope.plain)
            if let.table == table.name and (let.plain or own) and usable:
                # Few lets ask for segments, so each of them is offered more than once.
                yield from [Named(prefix + let.name, let.type, let.optional)] * (5 if let.asking else 1)
    if not scope.ranked:
        yield from scope.declared.parameters
