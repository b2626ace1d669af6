"""Generated rules and rows through DuckDB, by the shortest way that is the product's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa
from reference.interpreter import Answer

from segwright.compiler.duckdb.assign import Options, assignment_query
from segwright.compiler.duckdb.relation import Relation
from segwright.compiler.plan import Binding, Plan, Population
from segwright.compiler.plan_from_program import plan_from_program
from segwright.dsl.program import Expr, Program, Table
from segwright.dsl.types import Type

Data = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class EngineAnswers:
    """What DuckDB says. `answers` as in `reference.interpreter.Assigned`; `truths`: table → key → for each of
    `conditions[table]`, in order, true, false or None for unknown."""

    answers: dict[str, dict[Any, dict[str, Answer]]]
    conditions: dict[str, tuple[Expr, ...]]
    truths: dict[str, dict[Any, tuple[bool | None, ...]]]


@contextmanager
def connected() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection as runs have it."""
    with duckdb.connect(":memory:", config={"threads": 1}) as con:
        con.execute("SET TimeZone = 'UTC'")
        yield con


def answers(con: duckdb.DuckDBPyConnection, program: Program, data: Data, as_of: dt.date) -> EngineAnswers:
    """The assignments of every population with evidence. Raises `duckdb.Error` where the engine stops."""
    plan = plan_from_program(program)
    relations = {table.name: _stored(con, table, data.get(table.name, [])) for table in program.tables}
    binding = Binding(as_of, {parameter.name: parameter.value for parameter in program.parameters})
    found = EngineAnswers({}, {}, {})
    for population in plan.populations:
        query = assignment_query(population, binding, program, relations, Options(evidence=True))
        relation = con.execute(query)
        columns = [column[0] for column in relation.description or ()]
        rows = [dict(zip(columns, row, strict=True)) for row in relation.fetchall()]
        _take(found, plan, population, rows)
    return found


def _take(found: EngineAnswers, plan: Plan, population: Population, rows: list[dict[str, Any]]) -> None:
    del plan
    table, key = population.table, population.frame.key
    assert key is not None
    found.conditions[table] = tuple(condition.written for condition in population.conditions)
    found.answers[table] = {
        row[key]: {
            decision.segmentation: (row[decision.segmentation], row[f"{decision.segmentation}_clause"])
            if decision.exclusive
            else row[decision.segmentation]
            for decision in population.decisions
        }
        for row in rows
    }
    assert len(found.answers[table]) == len(rows), f"a key of `{table}` comes twice"
    found.truths[table] = {
        row[key]: tuple(_truth(row, condition.number) for condition in population.conditions) for row in rows
    }


def _truth(row: dict[str, Any], number: int) -> bool | None:
    word, bit = divmod(number, 64)
    true, known = (bool(row[f"evidence_{kind}_{word}"] >> bit & 1) for kind in ("true", "known"))
    assert known or not true, f"condition {number} is true and unknown"
    return true if known else None


# -- data ------------------------------------------------------------------------------------------------------------


def _stored(con: duckdb.DuckDBPyConnection, table: Table, rows: list[dict[str, Any]]) -> Relation:
    """The rows as a table of the engine, each column in the type that its field asks for."""
    columns = {
        field.column: pa.array([row[field.name] for row in rows], arrow_type(field.type)) for field in table.fields
    }
    name = '"' + table.name.replace('"', '""') + ' kept"'
    con.register("rows to keep", pa.table(columns))
    con.execute(f'CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM "rows to keep"')
    con.unregister("rows to keep")
    return Relation(name, {field.column: duckdb_type(field.type) for field in table.fields})


def arrow_type(type_: Type) -> pa.DataType:
    """How Arrow keeps values of a type."""
    match type_.kind:
        case "integer":
            return pa.int64()
        case "number" | "percent":
            return pa.float64()
        case "money":
            return pa.decimal128(18, type_.scale or 0)
        case "text":
            return pa.string()
        case "boolean":
            return pa.bool_()
        case "date":
            return pa.date32()
        case "timestamp":
            return pa.timestamp("us")
        case _:
            raise AssertionError(f"no column is a {type_}")


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
