"""Small programs and small tables for tests: rules as text, rows as dictionaries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import polars as pl

from segwright.compiler.duckdb.assign import DEFAULT, Options, assignment_query
from segwright.compiler.duckdb.relation import Relation
from segwright.compiler.plan import Binding, Plan, Population
from segwright.compiler.plan_from_program import plan_from_program
from segwright.compiler.polars.assign import assignment_frame
from segwright.compiler.polars.table import Table as PolarsTable
from segwright.compiler.polars.table import table_of
from segwright.compiler.polars.values import canonical_dtype
from segwright.dsl.check import check
from segwright.dsl.parse import parse
from segwright.dsl.program import Program, Table
from segwright.dsl.source import Source
from segwright.dsl.types import Type

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def program_of(text: str) -> Program:
    """The program of rules that have no errors."""
    document, problems = parse(Source("rules.seg", text))
    checked = check([document])
    errors = [each.message for each in (*problems, *checked.diagnostics) if each.severity == "error"]
    assert not errors, errors
    assert checked.program is not None
    return checked.program


def plan_of(text: str) -> Plan:
    """The plan of rules that have no errors."""
    return plan_from_program(program_of(text))


def population_of(text: str) -> Population:
    """The only population of rules that have no errors."""
    (population,) = plan_of(text).populations
    return population


def binding_of(program: Program, as_of: dt.date) -> Binding:
    """Parameters as declared."""
    return Binding(as_of, {parameter.name: parameter.value for parameter in program.parameters})


def column_type(type: Type) -> str:
    """The DuckDB type of a column that holds canonical values."""
    names = {"integer": "BIGINT", "number": "DOUBLE", "percent": "DOUBLE", "text": "VARCHAR"}
    return f"DECIMAL(18,{type.scale})" if type.kind == "money" else names.get(type.kind, type.kind.upper())


def stored(con: duckdb.DuckDBPyConnection, program: Program, rows: Rows) -> dict[str, Relation]:
    """Every table of the program, with those rows; what a row leaves out is missing."""
    return {table.name: _stored(con, table, rows.get(table.name, ())) for table in program.tables}


def _stored(con: duckdb.DuckDBPyConnection, table: Table, rows: Sequence[Mapping[str, Any]]) -> Relation:
    columns = {field.column: column_type(field.type) for field in table.fields}
    held = ", ".join(f'"{name}" {type}' for name, type in columns.items())
    con.execute(f'CREATE TEMP TABLE "{table.name}" ({held})')
    places = ", ".join("?" for _ in table.fields)
    for row in rows:
        values = [row.get(field.name) for field in table.fields]
        con.execute(f'INSERT INTO "{table.name}" VALUES ({places})', values)
    return Relation(f'"{table.name}"', columns)


def assigned(
    con: duckdb.DuckDBPyConnection,
    text: str,
    rows: Rows,
    as_of: dt.date,
    options: Options = DEFAULT,
    table: str | None = None,
) -> list[dict[str, Any]]:
    """The rows that an assignment gives for `table` (default: the only population), in order of the key; DuckDB and
    Polars give the same."""
    program = program_of(text)
    populations = plan_from_program(program).populations
    (population,) = [each for each in populations if table is None or each.table == table]
    relations = stored(con, program, rows)
    query = assignment_query(population, binding_of(program, as_of), program, relations, options)
    found = con.execute(query)
    names = [column[0] for column in found.description or ()]
    assert len(set(names)) == len(names), names
    said = sorted((dict(zip(names, row, strict=True)) for row in found.fetchall()), key=lambda row: row[names[0]])
    frame = assignment_frame(population, binding_of(program, as_of), program, framed(program, rows), options)
    on_polars = frame.sort(names[0]).collect(engine="streaming")
    assert on_polars.columns == names
    assert on_polars.to_dicts() == said
    return said


def framed(program: Program, rows: Rows) -> dict[str, PolarsTable]:
    """Every table of the program as Polars has it."""
    return {
        table.name: table_of(
            pl.LazyFrame(
                {field.column: [row.get(field.name) for row in rows.get(table.name, ())] for field in table.fields},
                schema={field.column: canonical_dtype(field.type) for field in table.fields},
            )
        )
        for table in program.tables
    }
