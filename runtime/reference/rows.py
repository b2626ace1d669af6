"""The rows of all tables, joined as the Program declares: who is whose parent, attached to whom, visible or not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ...dsl.program import Program, Table
from .calendar import calendar_date
from .errors import DuplicateKey, DuplicateRow

Data = dict[str, list[dict[str, Any]]]
"""Rows by table, values by field name in their Python form (`types.py`), None for missing."""


@dataclass(eq=False, slots=True)
class Row:
    """One row with the rows that belong to it."""

    table: Table
    values: dict[str, Any]
    parent: Row | None
    attached: dict[str, Row] = field(default_factory=dict)
    children: dict[str, list[Row]] = field(default_factory=dict)

    @property
    def key(self) -> Any:
        """The value of its key field."""
        assert self.table.key is not None
        return self.values[self.table.key]

    def at(self) -> dt.date | dt.datetime:
        """Its time; events only."""
        assert self.table.at is not None
        return self.values[self.table.at]

    def upwards(self) -> Iterator[Row]:
        """The row itself, its parent, its parent's parent, …"""
        row: Row | None = self
        while row is not None:
            yield row
            row = row.parent


def rows_of(program: Program, data: Data, as_of: dt.date) -> dict[str, list[Row]]:
    """The rows of every table that have their parents, in the order of the data; root tables as of `as_of`.

    Raises `DuplicateKey`, `DuplicateRow`."""
    found: dict[str, list[Row]] = {}
    for table in _parents_first(program):
        raw = data.get(table.name, [])
        _no_duplicate_keys(table, raw)
        if table.at is not None and table.role == "root":
            raw = _latest_snapshots(table, raw, as_of)
        found[table.name] = list(_joined(table, raw, found))
    return found


def _parents_first(program: Program) -> list[Table]:
    ordered: list[Table] = []
    while len(ordered) < len(program.tables):
        done = {table.name for table in ordered}
        ordered += [
            table
            for table in program.tables
            if table.name not in done and (table.parent is None or table.parent in done)
        ]
    return ordered


def _no_duplicate_keys(table: Table, raw: list[dict[str, Any]]) -> None:
    # "`table T key K`: one row a key"; of snapshots one for each time, or "the latest" would be a matter of chance.
    if table.key is None:
        return
    keys = [(row[table.key], row[table.at] if table.at else None) for row in raw]
    if len(set(keys)) < len(keys):
        raise DuplicateKey(f"`{table.name}` has two rows for one `{table.key}`")


def _latest_snapshots(table: Table, raw: list[dict[str, Any]], as_of: dt.date) -> list[dict[str, Any]]:
    """ "The latest at or before the as-of date is the row", by calendar date; among them by the full timestamp."""
    assert table.key is not None
    assert table.at is not None
    latest: dict[Any, dict[str, Any]] = {}
    for row in raw:
        if calendar_date(row[table.at]) > as_of:
            continue
        other = latest.get(row[table.key])
        if other is None or other[table.at] < row[table.at]:
            latest[row[table.key]] = row
    return list(latest.values())


def _joined(table: Table, raw: list[dict[str, Any]], found: dict[str, list[Row]]) -> Iterator[Row]:
    if table.parent is None:
        for values in raw:
            yield Row(table, values, None)
        return
    assert table.by is not None
    parents = {row.key: row for row in found[table.parent]}
    for values in raw:
        parent = parents.get(values[table.by])
        # "Rows of a child whose parent is not there are … otherwise ignored."
        if parent is None:
            continue
        row = Row(table, values, parent)
        if table.role == "attached":
            # "at most one row for each row of T (a second is a data error)"
            if table.name in parent.attached:
                raise DuplicateRow(f"`{table.name}` has two rows for one row of `{table.parent}`")
            parent.attached[table.name] = row
        else:
            parent.children.setdefault(table.name, []).append(row)
        yield row


def visible(event: Row, as_of: dt.date) -> bool:
    """ "Events after the as-of date are invisible, and so is an event whose `known at` lies after it." """
    if calendar_date(event.at()) > as_of:
        return False
    known_at = event.table.known_at
    return known_at is None or calendar_date(event.values[known_at]) <= as_of


def without_orphans(program: Program, data: Data, as_of: dt.date) -> Data:
    """The data without the rows whose parents are not there."""
    there = rows_of(program, data, as_of)
    return {
        table.name: [row.values for row in there[table.name]] if table.parent else data.get(table.name, [])
        for table in program.tables
    }
