"""The facts of the data: who reads what for which purpose, and why labelled columns decide nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ...dsl import lineage as l
from ...dsl import program as p
from . import facts as f
from .names import listed, one_row_of, words_of

DECIDES = ("segmentation", "reasons")


def table_facts(table: p.Table, program: p.Program, readers: Mapping[l.FieldKey, Sequence[l.Reader]]) -> f.Table:
    """A table with the readers of its fields."""
    return f.Table(
        table.name,
        table.title,
        _rows_of(table, program),
        tuple(_field(field, table, readers.get((table.name, field.name), ())) for field in table.fields),
    )


def _rows_of(table: p.Table, program: p.Program) -> str:
    if table.parent is None:
        snapshot = ", the latest at or before the day of the run" if table.at is not None else ""
        row = one_row_of(table)
        each = words_of(table.key or "") if row.startswith("a row of ") else row.partition(" ")[2]
        return f"one row for each {each}{snapshot}"
    parent = one_row_of(program.table(table.parent))
    match table.role:
        case "attached":
            return f"at most one row for {parent}"
        case "child":
            return f"many rows for {parent}"
        case _:
            known = f", known from {words_of(table.known_at)}" if table.known_at else ""
            return f"many rows for {parent} in time, by {words_of(table.at or '')}{known}"


def _field(field: p.Field, table: p.Table, readers: Sequence[l.Reader]) -> f.Field:
    joins = "the key" if field.name == table.key else None
    if field.name == table.by and table.parent is not None:
        joins = f"tells whose row it is in {words_of(table.parent)}"
    return f.Field(
        name=field.name,
        column=field.column,
        title=field.title,
        type=str(field.type) + (", may be missing" if field.optional else ""),
        joins=joins,
        protected=field.protected,
        personal=field.personal,
        consent_for=field.consent,
        only_for=field.purposes,
        readers=tuple(f.Reader(each.kind, each.name, each.purposes, each.value, each.through) for each in readers),
        remark="; ".join(_remarks(field, joins is not None, readers)) or None,
    )


def _remarks(field: p.Field, joins: bool, readers: Sequence[l.Reader]) -> Iterable[str]:
    deciding = [reader for reader in readers if reader.kind in DECIDES]
    if field.protected and not deciding:
        others = dict.fromkeys(reader.kind for reader in readers)
        looks = f"; only {listed([*others], 'and')} may look at it" if others else ""
        yield f"protected: no segment rests on it, directly or by any way{looks}"
    if field.personal:
        if any(reader.value for reader in readers):
            yield "personal: neither it nor what is asked of it is ever shown"
        elif joins:
            yield "personal: only joins, is never asked for"
        elif readers:
            yield "personal: its value is never asked for, only whether it is there or how long ago it was"
        else:
            yield "personal: nothing reads it"
    if field.consent:
        purposes = listed([words_of(each) for each in field.consent], "and")
        yield f"consent for {purposes}: no condition can ask it; without it nobody is in a segment that needs it"
    if field.purposes is not None:
        purposes = listed([words_of(each) for each in field.purposes], "or")
        purpose = "this purpose" if len(field.purposes) == 1 else "one of these purposes"
        read = f"each segmentation that reads it has {purpose}" if deciding else "no segmentation reads it"
        yield f"only for {purposes}: {read}"
