"""The measures of a run: the figures of each segment and of everybody, after the rows have been assigned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from ..compiler.duckdb.measure import Group, groups_of, measure_query
from ..compiler.duckdb.relation import Relation
from ..compiler.duckdb.stops import is_overflow
from ..compiler.plan import Binding, Measuring, Population
from ..compiler.plan_from_program import plan_from_program
from ..dsl.program import Program
from .connection import engine_error, file_text
from .engines.duckdb import DuckdbEngine
from .engines.engine import Engine
from .errors import DataError, RunError, Violation
from .manifest import FigureRecord, MeasureRecord
from .stops import check_ties


def measured(duck: DuckdbEngine, population: Population, binding: Binding, file: Path) -> dict[str, MeasureRecord]:
    """The figures of each measure of a population, by its name; `file` holds the assignments.

    Raises `DataError` where a measure overflows."""
    measuring = population.measuring
    if measuring is None:
        return {}
    con, program, relations = duck.con, duck.program, duck.relations
    assignments = _assignments(con, file)
    try:
        rows = _figures(con, program, population, measuring, binding, relations, assignments)
    except duckdb.Error as problem:
        raise _explained(con, program, population, binding, relations, assignments, problem) from problem
    found = dict(zip(groups_of(population), rows, strict=True))
    return {
        figure.measure: MeasureRecord(
            type=figure.type.kind,
            everybody=_record(found[Group()], number),
            segmentations={
                each.segmentation: {
                    segment: _record(found[Group(each.segmentation, segment)], number) for segment in each.segments
                }
                for each in population.decisions
                if each.segmentation in figure.segmentations
            },
        )
        for number, figure in enumerate(measuring.figures)
    }


def check_measure_ties(engine: Engine, population: Population, binding: Binding) -> list[Violation]:
    """The ties that leave what measures ask without an answer, like `check_ties`."""
    if population.measuring is None:
        return []
    return check_ties(engine, replace(population, frame=population.measuring.frame), binding)


def _assignments(con: duckdb.DuckDBPyConnection, file: Path) -> Relation:
    source = f"read_parquet({file_text(file)})"
    columns = con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    return Relation(source, {name: type for name, type, *_ in columns})


def _figures(
    con: duckdb.DuckDBPyConnection,
    program: Program,
    population: Population,
    measuring: Measuring,
    binding: Binding,
    relations: Mapping[str, Relation],
    assignments: Relation,
) -> list[tuple[Any, ...]]:
    """One row for each group, in order: its number, then value and unknown rows of each figure."""
    query = measure_query(population, measuring, binding, program, relations, assignments)
    return con.execute(query).fetchall()


def _record(row: tuple[Any, ...], number: int) -> FigureRecord:
    value, unknown = row[1 + 2 * number : 3 + 2 * number]
    match value:
        case Decimal():
            value = format(value, "f")
        case dt.date():
            value = value.isoformat()
        case _:
            pass
    return FigureRecord(value=value, unknown=unknown)


def _explained(
    con: duckdb.DuckDBPyConnection,
    program: Program,
    population: Population,
    binding: Binding,
    relations: Mapping[str, Relation],
    assignments: Relation,
    problem: duckdb.Error,
) -> RunError:
    """An error of the engine in words; of an overflow with the first measure that has it when measured alone."""
    if not is_overflow(str(problem)):
        return engine_error(problem, f"measuring `{population.table}`")
    for measure in program.measures:
        alone = plan_from_program(replace(program, measures=(measure,)))
        measuring = next(each.measuring for each in alone.populations if each.table == population.table)
        if measuring is None:
            continue
        try:
            _figures(con, program, population, measuring, binding, relations, assignments)
        except duckdb.Error as again:
            if is_overflow(str(again)):
                sentence = (
                    f"the measure `{measure.name}` is too large, for some row or for some segment: whole numbers have "
                    "64 bits, money has 18 digits"
                )
                return DataError([Violation("overflow", population.table, None, None, sentence)])
            raise
    sentence = "arithmetic that the measures read is too large: whole numbers have 64 bits, money has 18 digits"
    return DataError([Violation("overflow", population.table, None, None, sentence)])
