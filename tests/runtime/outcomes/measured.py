"""Rows as a run measures them, from rules and small tables."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import duckdb
from small_programs import Rows, binding_of, program_of, stored

from segwright.compiler.assignment import Options, wide_options
from segwright.compiler.duckdb.assign import assignment_query
from segwright.compiler.duckdb.relation import Relation
from segwright.compiler.plan import Population
from segwright.compiler.plan_from_program import plan_from_program
from segwright.dsl.program import Program
from segwright.runtime.outcomes.measures import Measured

AS_OF = dt.date(2026, 9, 1)


@dataclass(frozen=True, slots=True)
class Measurable:
    """A population whose rows are assigned and ready to be measured."""

    measured: Measured
    program: Program
    population: Population


def measurable(con: duckdb.DuckDBPyConnection, text: str, rows: Rows, table: str | None = None) -> Measurable:
    """The population of `table` (default: the only one), its rows assigned with all that it is judged by."""
    program = program_of(text)
    (population,) = [each for each in plan_from_program(program).populations if table is None or each.table == table]
    options = wide_options(population, Options())
    query = assignment_query(population, binding_of(program, AS_OF), program, _stored(con, program, rows), options)
    con.execute(f"CREATE TEMP TABLE written AS {query}")
    columns = con.execute("DESCRIBE written").fetchall()
    relation = Relation("written", {name: type for name, type, *_ in columns})
    return Measurable(Measured(con, relation, options, {}), program, population)


def _stored(con: duckdb.DuckDBPyConnection, program: Program, rows: Rows) -> dict[str, Relation]:
    """Every table of the program with those rows, many at once."""
    relations = stored(con, program, {})
    for table in program.tables:
        given = rows.get(table.name, ())
        for at in range(0, len(given), 500):
            part = given[at : at + 500]
            places = ", ".join([f"({', '.join('?' for _ in table.fields)})"] * len(part))
            values = [row.get(field.name) for row in part for field in table.fields]
            con.execute(f'INSERT INTO "{table.name}" VALUES {places}', values)
    return relations
