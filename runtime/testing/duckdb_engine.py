"""Tests on DuckDB: the rows in tables in memory, the query of a run."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from ...compiler.duckdb.relation import Relation
from ...dsl.program import Field, Program, Table
from ..connection import connected, quoted
from ..engines.duckdb import DuckdbEngine
from ..reference.rows import Data

AT_ONCE = 500
"""So many rows go into one statement."""


@contextmanager
def duckdb_with(program: Program, data: Data) -> Iterator[DuckdbEngine]:
    """The engine over the rows of all tables."""
    with tempfile.TemporaryDirectory(prefix="segwright-") as work, connected(Path(work), threads=1) as con:
        relations = {table.name: _load(con, table, number, data) for number, table in enumerate(program.tables)}
        yield DuckdbEngine(con, program, relations)


def _load(con: duckdb.DuckDBPyConnection, table: Table, number: int, data: Data) -> Relation:
    name = f"data {number}"
    types = {field.column: _column_type(field) for field in table.fields}
    columns = ", ".join(f"{quoted(column)} {type}" for column, type in types.items())
    con.execute(f"CREATE TABLE {quoted(name)} ({columns})")
    rows = data.get(table.name, [])
    given = [field for field in table.fields if any(row[field.name] is not None for row in rows)]
    into = f"{quoted(name)} ({', '.join(quoted(field.column) for field in given)})"
    for start in range(0, len(rows), AT_ONCE):
        part = rows[start : start + AT_ONCE]
        places = ", ".join([f"({', '.join('?' * len(given))})"] * len(part))
        values = [row[field.name] for row in part for field in given]
        con.execute(f"INSERT INTO {into} VALUES {places}", values)
    return Relation(quoted(name), types)


def _column_type(field: Field) -> str:
    match field.type.kind:
        case "integer":
            return "BIGINT"
        case "number" | "percent":
            return "DOUBLE"
        case "money":
            return f"DECIMAL(18,{field.type.scale or 0})"
        case "text":
            return "VARCHAR"
        case kind:
            return kind.upper()
