"""What is wrong with a row that does not fit, all of it, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...compiler.python.accept import Accept, Refused, acceptor, value_acceptor
from ...compiler.python.places import Listing, Place, names_of
from ...dsl.check.suggest import suggest
from ...dsl.types import TEXT
from ...dsl.wording import written
from ..errors import InputProblem


@dataclass(frozen=True, slots=True)
class _At:
    """Where a row stands: the way to it, and how that is said (`row 3 of payments`; the row itself says nothing)."""

    way: tuple[str | int, ...] = ()
    said: str = ""

    def problem(self, name: str, sentence: str) -> InputProblem:
        return InputProblem((*self.way, name), f"{self.said}{sentence}")

    def inner(self, name: str) -> _At:
        return _At((*self.way, name), f"{self.said}{written(name)}: ")

    def row(self, name: str, number: int) -> _At:
        return _At((*self.way, name, number), f"{self.said}row {number} of {written(name)}: ")


def problems_of(place: Place, row: Any) -> tuple[InputProblem, ...]:
    """Every problem of a row that is to be decided about."""
    return tuple(_row(place, row, _At()))


def _row(place: Place, row: Any, at: _At) -> Iterator[InputProblem]:
    if not isinstance(row, Mapping):
        yield InputProblem(at.way, f"{at.said}a row is a mapping of names to values")
        return
    meant = {str(name): suggest(str(name), list(names_of(place))) for name in _unknown(place, row)}
    for name, near in meant.items():
        hint = f"; did you mean `{near}`?" if near else ""
        yield at.problem(name, f"`{place.table.name}` has no `{name}`{hint}")
    for name in place.fields:
        field = place.field_named(name)
        if name not in row and name in meant.values():
            continue  # its name is written otherwise, as was just said
        if name not in row and not field.optional:
            yield at.problem(name, f"`{name}` is not given, and is not declared `optional`")
        else:
            yield from _value(acceptor(field), name, row.get(name), at, personal=field.personal)
    for name, given in place.given.items():
        if name not in row:
            sentence = f"`{name}` is not given; the rule set has no cut-points to tell it from: compile it in a run"
            yield at.problem(name, sentence)
        else:
            yield from _value(value_acceptor(given.type, None), name, row[name], at, personal=False)
    yield from _nested(place, row, at)
    for table, listing in place.lists.items():
        yield from _list(table, listing, row, at)


def _unknown(place: Place, row: Mapping[str, Any]) -> Iterator[str]:
    known = set(names_of(place))
    return (name for name in row if name not in known)


def _value(accept: Accept, name: str, given: Any, at: _At, *, personal: bool) -> Iterator[InputProblem]:
    try:
        accept(given)
    except Refused as refused:
        yield at.problem(name, f"`{name}` {'does not fit its declaration' if personal else refused.reason}")


def _nested(place: Place, row: Mapping[str, Any], at: _At) -> Iterator[InputProblem]:
    for table, inner in place.attached.items():
        if table not in row:
            yield at.problem(
                table, f"`{table}` is not given: give its row, or nothing (null, None) where there is none"
            )
        elif row[table] is not None:
            yield from _row(inner, row[table], at.inner(table))
    if place.parent is not None:
        name = place.parent.table.name
        if row.get(name) is None:
            yield at.problem(name, f"`{name}` is not given: give the row that this one belongs to")
        else:
            yield from _row(place.parent, row[name], at.inner(name))
    if place.previous:
        yield from _previous(place, row, at)


def _previous(place: Place, row: Mapping[str, Any], at: _At) -> Iterator[InputProblem]:
    asked = ", ".join(f"`{name}`" for name in place.previous)
    if "previous" not in row:
        yield at.problem(
            "previous", f"`previous` is not given: give the segments of the run before, of {asked}, or {{}}"
        )
        return
    before = row["previous"]
    if before is None:
        return
    if not isinstance(before, Mapping):
        yield at.problem("previous", "`previous` is a mapping of segmentations to segments")
        return
    for name, segment in before.items():
        if name not in place.before:
            near = suggest(str(name), place.before)
            meant = f"; did you mean `{near}`?" if near else f"; the rules ask for {asked}"
            yield at.inner("previous").problem(
                str(name), f"there is no segmentation `{name}` with one segment a row{meant}"
            )
        else:
            yield from _value(value_acceptor(TEXT, None), name, segment, at.inner("previous"), personal=False)


def _list(table: str, listing: Listing, row: Mapping[str, Any], at: _At) -> Iterator[InputProblem]:
    rows = row.get(table)
    instead = ", ".join(f"`{name}`" for name in listing.names)
    if rows is None:
        lacking = [name for name in listing.names if name not in row]
        if not listing.names or len(lacking) == len(listing.names):
            other = f", or instead of them {instead}" if instead else ""
            yield at.problem(table, f"`{table}` is not given: give a list of its rows, [] where there are none{other}")
            return
        for name in lacking:
            yield at.problem(name, f"`{name}` is not given, nor are the rows of `{table}`")
        for name, given in listing.names.items():
            if name in row:
                yield from _given_name(name, row[name], given.type, at, nullable=given.nullable)
        return
    for name in listing.names:
        if name in row:
            yield at.problem(
                name, f"`{name}` is given beside the rows of `{table}`, which it is reckoned from: give one"
            )
    if not isinstance(rows, list | tuple):
        yield at.problem(table, f"`{table}` is a list of rows")
        return
    for number, each in enumerate(rows, start=1):
        yield from _row(listing.place, each, at.row(table, number))


def _given_name(name: str, value: Any, type: Any, at: _At, *, nullable: bool) -> Iterator[InputProblem]:
    if value is None and not nullable:
        yield at.problem(name, f"`{name}` is never missing")
    else:
        yield from _value(value_acceptor(type, None), name, value, at, personal=False)
