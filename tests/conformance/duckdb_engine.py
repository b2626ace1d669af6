"""Generated rules and rows through DuckDB, by the shortest way that is the product's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import duckdb

from segwright.compiler.duckdb.assign import Options, assignment_query, value_columns
from segwright.compiler.duckdb.ranking import cut_points_in, ranking_query
from segwright.compiler.duckdb.relation import Relation, previous_relation
from segwright.compiler.duckdb.stops import is_overflow
from segwright.compiler.duckdb.ties import tie_query
from segwright.compiler.plan import Binding, Plan, Population
from segwright.compiler.plan_from_program import plan_from_program
from segwright.dsl.program import Program, Table
from segwright.dsl.types import Type, Value
from segwright.runtime.engines.duckdb import DuckdbEngine
from segwright.runtime.reference.interpreter import Before

from .engine import Data, EngineAnswers, Ground, Stopped, take


@contextmanager
def connected() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection as runs have it."""
    with duckdb.connect(":memory:", config={"threads": 1}) as con:
        con.execute("SET TimeZone = 'UTC'")
        yield con


def answers(
    con: duckdb.DuckDBPyConnection,
    program: Program,
    data: Data,
    as_of: dt.date,
    *,
    evidence: bool,
    before: Before | None = None,
) -> EngineAnswers:
    """The assignments of every population; without `evidence` by the query of a plain run, and no truths and values.

    Raises `Stopped` for ties and overflow. Other contracts of the data are not checked."""
    plan, binding, relations = _stored_and_bound(con, program, data, as_of, before or {})
    found = EngineAnswers({}, {}, {}, {}, {}, Ground(plan, binding, DuckdbEngine(con, program, relations)))
    for population in plan.populations:
        ties = tie_query(population, binding, program, relations)
        if ties is not None and (tied := rows_of_query(con, ties)):
            raise Stopped("tie", str(tied[0]))
        options = Options(evidence=evidence, features=evidence)
        rows = rows_of_query(con, assignment_query(population, binding, program, relations, options))
        take(found, population, rows, value_columns(population, program, options), evidence=evidence)
    return found


def _stored_and_bound(
    con: duckdb.DuckDBPyConnection, program: Program, data: Data, as_of: dt.date, before: Before
) -> tuple[Plan, Binding, dict[str, Relation]]:
    """The rows as relations, and the cut-points that they give."""
    plan = plan_from_program(program)
    relations = {table.name: _stored(con, table, data.get(table.name, [])) for table in program.tables}
    binding = Binding(as_of, {parameter.name: parameter.value for parameter in program.parameters})
    for population in plan.populations:
        relations |= _stored_before(con, program, population, before)
        binding = replace(
            binding, cut_points={**binding.cut_points, **_cut_points(con, program, population, binding, relations)}
        )
    return plan, binding, relations


def rows_of_query(con: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """What a query gives, by column name. Raises `Stopped` where something overflows."""
    try:
        result = con.execute(query)
        columns = [column[0] for column in result.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]
    except (duckdb.OutOfRangeException, duckdb.ConversionException) as problem:
        if is_overflow(str(problem)):
            raise Stopped("overflow", str(problem)) from problem
        raise


# -- data ------------------------------------------------------------------------------------------------------------


def _stored(con: duckdb.DuckDBPyConnection, table: Table, rows: list[dict[str, Any]]) -> Relation:
    """The rows as a table of the engine, each column in the type that its field asks for."""
    columns = {field.column: duckdb_type(field.type) for field in table.fields}
    name = _quoted(f"{table.name} kept")
    declared = ", ".join(f"{_quoted(column)} {type_}" for column, type_ in columns.items())
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({declared})")
    if rows:
        places = ", ".join([f"({', '.join('?' * len(columns))})"] * len(rows))
        con.execute(f"INSERT INTO {name} VALUES {places}", [row[field.name] for row in rows for field in table.fields])
    return Relation(name, columns)


def _stored_before(
    con: duckdb.DuckDBPyConnection, program: Program, population: Population, before: Before
) -> dict[str, Relation]:
    """What the run before says about the rows of a population, where that is asked."""
    frame = population.frame
    if not frame.previous:
        return {}
    key = frame.key or ""
    columns = {key: duckdb_type(program.table(population.table).field_named(key).type)}
    columns |= dict.fromkeys(frame.previous, "VARCHAR")
    name = _quoted(f"{population.table} before")
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({', '.join(f'{_quoted(c)} {t}' for c, t in columns.items())})")
    keys = dict.fromkeys(one for asked in frame.previous for one in before.get(asked, {}))
    for one in keys:
        row = [one, *(before.get(asked, {}).get(one) for asked in frame.previous)]
        con.execute(f"INSERT INTO {name} VALUES ({', '.join('?' * len(row))})", row)
    return {previous_relation(population.table): Relation(name, columns)}


def _cut_points(
    con: duckdb.DuckDBPyConnection,
    program: Program,
    population: Population,
    binding: Binding,
    relations: dict[str, Relation],
) -> dict[str, tuple[Value | None, ...]]:
    """Where the bands of a population begin."""
    if population.ranking is None:
        return {}
    (row,) = rows_of_query(con, ranking_query(population.ranking, binding, program, relations))
    return cut_points_in(population.ranking, row)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def duckdb_type(type_: Type) -> str:
    """The DuckDB type of values of a type."""
    match type_.kind:
        case "integer":
            return "BIGINT"
        case "number" | "percent":
            return "DOUBLE"
        case "money":
            return f"DECIMAL(18,{type_.scale})"
        case "text":
            return "VARCHAR"
        case kind:
            return kind.upper()
