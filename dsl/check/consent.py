"""Consent: which fields carry it for the rows of a table."""

from __future__ import annotations

from collections.abc import Iterator

from .. import program as p
from .. import syntax as s
from .names import Names
from .purposes import known_purposes


def consent_for(item: s.NeedsConsent, table: str, names: Names) -> tuple[p.Consent, ...]:
    """What `needs consent for P, Q` asks of the rows of `table`: every field that carries consent for a purpose, there
    and wherever a row of it belongs to, has to be true."""
    consent: list[p.Consent] = []
    for purpose in known_purposes(item.purposes, names, "in this list"):
        fields = tuple(
            p.FieldRef(owner.name, field.name, field.type, item.span)
            for owner in tables_of_row(table, names)
            for field in owner.fields
            if purpose in field.consent
        )
        written = next((name for name in item.purposes if name.text == purpose), item.purposes[0])
        if not fields:
            if table not in names.broken:
                _report_nothing_carries(written, purpose, table, names)
            continue
        consent.append(p.Consent(purpose, fields, written.span))
    return tuple(consent)


def tables_of_row(table: str, names: Names) -> Iterator[p.Table]:
    """The tables of which at most one row belongs to a row of `table`: itself, its attached tables, then its parent's,
    and so on upwards."""
    at: str | None = table
    while at is not None and at in names.tables:
        owner = names.tables[at]
        yield owner
        yield from (each for each in names.tables.values() if each.role == "attached" and each.parent == at)
        at = owner.parent


def _report_nothing_carries(written: s.Name, purpose: str, table: str, names: Names) -> None:
    elsewhere = [
        f"`{owner.name}.{field.name}`"
        for owner in names.tables.values()
        for field in owner.fields
        if purpose in field.consent
    ]
    hint = (
        f"{' and '.join(elsewhere)} cannot be read for a single row of `{table}`"
        if elsewhere
        else f"mark the boolean that carries it: `… boolean consent for {purpose}`"
    )
    names.problems.error(
        "SEG509",
        written.span,
        f"no field of `{table}`, or of what its rows belong to, carries consent for `{purpose}`",
        hints=[hint],
    )
