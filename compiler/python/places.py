"""The rows that the source reads, and what it reads of each: found while expressions are written.

A place is a row as it is given: the row that is decided about, a row attached to it or its parent (nested), a row of
one of its lists. What is read of each is what has to be given, so places also tell how input is checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from ...dsl.program import Field, Program, Table
from ...dsl.types import Type

How = Literal["decided", "attached", "parent", "listed"]


@dataclass(slots=True)
class Place:
    """A row of `table`, in the variable `row`. `fields` are the variables of what is read of it, by field; `known` are
    the names that its declarations allow, `before` the segmentations whose segment in the run before may be given.

    `above` is the place of its parent: of a listed row the one that has the list, else one nested in it."""

    table: Table
    how: How
    row: str
    known: frozenset[str]
    before: frozenset[str]
    above: Place | None = None
    fields: dict[str, str] = field(default_factory=dict)
    attached: dict[str, Place] = field(default_factory=dict)
    lists: dict[str, Listing] = field(default_factory=dict)
    previous: dict[str, str] = field(default_factory=dict)
    given: dict[str, Given] = field(default_factory=dict)

    @property
    def parent(self) -> Place | None:
        """The parent where it is nested in this row."""
        return self.above if self.how in ("decided", "parent") else None

    def field_named(self, name: str) -> Field:
        """The declaration of a field that is read."""
        return self.table.field_named(name)


@dataclass(slots=True)
class Given:
    """A value that is given by its name and not reckoned: a relative value, or what would be aggregated."""

    variable: str
    type: Type
    nullable: bool


@dataclass(slots=True)
class Listing:
    """Rows given as a list under the name of their table, in the variable `variable`; or instead of them `names`, what
    the rules reckon from them. No names: there is no other way."""

    place: Place
    variable: str
    names: dict[str, Given] = field(default_factory=dict)


def place_of(program: Program, table: Table, how: How, row: str, above: Place | None = None) -> Place:
    """A place of which nothing is read yet. Whatever the program declares of the row may be given, read or not."""
    related = {each.name for each in program.tables if each.parent == table.name}
    if how in ("decided", "parent") and table.parent is not None:
        related.add(table.parent)
    if how == "decided":
        related.add("previous")
    before = frozenset(each.name for each in program.segmentations if each.table == table.name and each.exclusive)
    return Place(table, how, row, frozenset({*related, *(each.name for each in table.fields)}), before, above)


def names_of(place: Place) -> Iterator[str]:
    """Every name under which something may be given, read or not."""
    yield from place.known
    yield from place.given
    for listing in place.lists.values():
        yield from listing.names
