"""Tests on DuckDB: the rows in tables in memory, the query of a run."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from ...compiler.duckdb.assign import Options, assignment_query
from ...compiler.duckdb.relation import Relation
from ...compiler.plan import Binding, Decision, Population
from ...compiler.plan_from_program import plan_from_program
from ...dsl.program import Field, Program, Table
from ..engine import connected, engine_error, quoted
from ..errors import DataError
from ..reference.interpreter import Answer
from ..reference.rows import Data
from ..stops import check_ties, overflow

AT_ONCE = 500
"""So many rows go into one statement."""


def ask_duckdb(program: Program, table: str, data: Data, binding: Binding) -> dict[int, dict[str, Answer]]:
    """The answers for every row of `table`, by its key. Raises a `RunError`."""
    population = next(each for each in plan_from_program(program).populations if each.table == table)
    with loaded(program, data) as (con, relations):
        try:
            ties = check_ties(con, program, population, binding, relations)
            if ties:
                raise DataError(ties)
            query = assignment_query(population, binding, program, relations, Options(codes_only=True))
            rows = con.execute(query).fetchall()
        except duckdb.Error as problem:
            found = overflow(con, program, population, binding, relations, problem)
            raise found or engine_error(problem, "testing the rules") from problem
    return {row[0]: _answers(population, row[1:]) for row in rows}


def _answers(population: Population, codes: Sequence[Any]) -> dict[str, Answer]:
    pairs = zip(population.decisions, codes, strict=True)
    return {decision.segmentation: _answer(decision, code) for decision, code in pairs}


def _answer(decision: Decision, code: Any) -> Answer:
    """The clause that won, or the numbers (from 1) of the segments that are included, in names."""
    if not decision.exclusive:
        return [decision.segments[number - 1] for number in code]
    names = {clause.number: clause.segment for clause in decision.clauses}
    return (names.get(code, decision.otherwise or ""), code)


@contextmanager
def loaded(program: Program, data: Data) -> Iterator[tuple[duckdb.DuckDBPyConnection, dict[str, Relation]]]:
    """A connection that holds the rows of all tables, with the relations to read them by."""
    with tempfile.TemporaryDirectory(prefix="segwright-") as work, connected(Path(work), threads=1) as con:
        yield con, {table.name: _load(con, table, number, data) for number, table in enumerate(program.tables)}


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
