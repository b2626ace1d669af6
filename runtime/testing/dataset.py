"""The rows of many test cases in one small data set: a case's row has its number as key, and so have its parents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from ...dsl import program as p
from ...dsl.outcomes import GivenRow, TestCase
from ..reference.rows import Data
from .program import TestProgram


def data_of(testing: TestProgram, cases: Sequence[TestCase]) -> Data:
    """The rows of the cases, by table; what a case does not give is None."""
    program = testing.program
    data: Data = {table.name: [] for table in program.tables}
    keys = {table.name: count() for table in program.tables}
    for number, case in enumerate(cases):
        for table in above(program, testing.table):
            values = {field: value for owner, field, value in case.values if owner == table.name}
            if table.name == testing.table:
                values |= dict(_standing(testing, case))
            data[table.name].append(_row(testing, table, values, number, number))
        own = {table.name for table in above(program, testing.table)}
        numbered = [(row, next(keys[row.table])) for row in case.rows]
        for row, key in numbered:
            table = program.table(row.table)
            link = number if table.parent in own else _parent(testing, table, row, numbered)
            data[row.table].append(_row(testing, table, dict(row.values), key, link))
    return data


def above(program: p.Program, table: str) -> Iterator[p.Table]:
    """A table, its parent, that one's parent, …"""
    at: str | None = table
    while at is not None:
        found = program.table(at)
        yield found
        at = found.parent


def _standing(testing: TestProgram, case: TestCase) -> Iterator[tuple[str, Any]]:
    """Relative values and previous segments, by the fields that stand for them."""
    for relative, value in case.relatives:
        name = testing.relative_field(relative)
        if name is not None:
            yield name, value
    for previous, segment in case.previous:
        name = testing.previous_field(previous.segmentation)
        if name is not None:
            yield name, segment


def _row(testing: TestProgram, table: p.Table, values: dict[str, Any], key: int, link: int) -> dict[str, Any]:
    row: dict[str, Any] = {field.name: values.get(field.name) for field in table.fields}
    if table.key is not None:
        row[testing.key] = key
    if table.by is not None:
        row[testing.link] = link
    return row


def _parent(testing: TestProgram, table: p.Table, row: GivenRow, numbered: Sequence[tuple[GivenRow, int]]) -> int:
    """The key of the given row to which another belongs, by the declared keys; the checker has made sure of it."""
    by, key = testing.declared.table(table.name).by, testing.declared.table(table.parent or "").key
    for other, number in numbered:
        if other.table == table.parent and dict(other.values).get(key or "") == dict(row.values)[by or ""]:
            return number
    raise ValueError(f"a row of {table.name} without its parent")
