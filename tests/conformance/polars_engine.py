"""Generated rules and rows through Polars, by the shortest way that is the product's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from segwright.compiler.assignment import Options, value_columns
from segwright.compiler.cut_points import cut_points_in
from segwright.compiler.plan import Binding, Population
from segwright.compiler.plan_from_program import plan_from_program
from segwright.compiler.polars.assign import assignment_frame
from segwright.compiler.polars.ranking import ranking_frame
from segwright.compiler.polars.stops import is_overflow
from segwright.compiler.polars.table import Table, Tables, previous_relation, table_of
from segwright.compiler.polars.ties import tie_frame
from segwright.compiler.polars.values import canonical_dtype
from segwright.dsl.program import Program
from segwright.dsl.program import Table as Declared
from segwright.dsl.types import INTEGER, Value
from segwright.runtime.engines.polars import PolarsEngine
from segwright.runtime.reference.interpreter import Before

from .engine import Data, EngineAnswers, Ground, Stopped, take


def answers(
    program: Program, data: Data, as_of: dt.date, *, evidence: bool, before: Before | None = None
) -> EngineAnswers:
    """The assignments of every population; see `Engine`."""
    tables = {table.name: table_of(_kept(table, data.get(table.name, []))) for table in program.tables}
    return answers_from(program, tables, as_of, {}, evidence=evidence, before=before)


def _kept(table: Declared, rows: list[dict[str, Any]]) -> pl.LazyFrame:
    """The rows as a frame, whole numbers in 32 bits where these hold them, as files often have them."""
    columns = {field.column: [row[field.name] for row in rows] for field in table.fields}
    schema = {
        field.column: pl.Int32()
        if field.type == INTEGER and all(each is None or abs(each) < 2**31 for each in columns[field.column])
        else canonical_dtype(field.type)
        for field in table.fields
    }
    return pl.LazyFrame(columns, schema=schema)


def answers_from(
    program: Program,
    tables: Tables,
    as_of: dt.date,
    parameters: Mapping[str, Value],
    *,
    evidence: bool,
    before: Before | None = None,
) -> EngineAnswers:
    """The same from tables as they are kept, with other values of parameters."""
    plan, tables = plan_from_program(program), dict(tables)
    declared = {parameter.name: parameter.value for parameter in program.parameters}
    binding = Binding(as_of, {**declared, **parameters})
    for population in plan.populations:
        tables |= _stored_before(program, population, before or {})
        binding = replace(
            binding, cut_points={**binding.cut_points, **_cut_points(program, population, binding, tables)}
        )
    found = EngineAnswers({}, {}, {}, {}, {}, Ground(plan, binding, PolarsEngine(program, tables)))
    for population in plan.populations:
        ties = tie_frame(population, binding, program, tables)
        if ties is not None and (tied := _rows(ties)):
            raise Stopped("tie", str(tied[0]))
        options = Options(evidence=evidence, features=evidence)
        rows = _rows(assignment_frame(population, binding, program, tables, options))
        take(found, population, rows, value_columns(population, program, options), evidence=evidence)
    return found


def _rows(frame: pl.LazyFrame) -> list[dict[str, Any]]:
    try:
        return frame.collect(engine="streaming").to_dicts()
    except pl.exceptions.InvalidOperationError as problem:
        if is_overflow(str(problem)):
            raise Stopped("overflow", str(problem)) from problem
        raise


def _stored_before(program: Program, population: Population, before: Before) -> dict[str, Table]:
    """What the run before says about the rows of a population, where that is asked."""
    frame = population.frame
    if not frame.previous:
        return {}
    key = frame.key or ""
    keys = list(dict.fromkeys(one for asked in frame.previous for one in before.get(asked, {})))
    columns: dict[str, list[Any]] = {key: keys}
    columns |= {asked: [before.get(asked, {}).get(one) for one in keys] for asked in frame.previous}
    schema: dict[str, pl.DataType] = dict.fromkeys(columns, pl.String())
    schema[key] = canonical_dtype(program.table(population.table).field_named(key).type)
    return {previous_relation(population.table): table_of(pl.LazyFrame(columns, schema=schema))}


def _cut_points(
    program: Program, population: Population, binding: Binding, tables: Tables
) -> dict[str, tuple[Value | None, ...]]:
    """Where the bands of a population begin."""
    if population.ranking is None:
        return {}
    (row,) = _rows(ranking_frame(population.ranking, binding, program, tables))
    return cut_points_in(population.ranking, row)
