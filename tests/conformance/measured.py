"""What DuckDB says the measures of each segment are, beside what the reference interpreter says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from segwright.compiler.duckdb.assign import assignment_query
from segwright.compiler.duckdb.measure import Group, groups_of, measure_query
from segwright.compiler.duckdb.relation import Relation
from segwright.compiler.duckdb.ties import tie_query
from segwright.compiler.plan import Binding, Measuring, Population
from segwright.runtime.engines.duckdb import DuckdbEngine
from segwright.runtime.reference.errors import DataError
from segwright.runtime.reference.interpreter import Assigned
from segwright.runtime.reference.measures import keys_in, measure

from .duckdb_engine import rows_of_query
from .engine import Stopped

Figures = dict[tuple[str, Group], tuple[Any, int]]
"""By measure and group: the value, None where missing, and how many rows had no value for something."""


def differing_measures(
    expected: Assigned, binding: Binding, engine: DuckdbEngine, population: Population, *, orphans: bool
) -> Iterator[str]:
    """Every difference for the measures of a population, in words. With `orphans`, aggregated rows that belong to
    nobody, these may overflow."""
    measuring = population.measuring
    if measuring is None:
        return
    try:
        wanted: Figures | DataError = _wanted(expected, population, measuring)
    except DataError as error:
        wanted = error
    try:
        found: Figures | Stopped = _found(engine, binding, population, measuring)
    except Stopped as stopped:
        found = stopped
    match wanted, found:
        case dict(), dict():
            for place, figure in wanted.items():
                if repr(figure) != repr(found[place]):
                    yield f"`{place[0]}` of {place[1]} is {found[place]} instead of {figure}"
        case DataError(), Stopped():
            return
        case DataError(kind=kind), dict():
            yield f"the measures do not stop: {kind}, {wanted}"
        case dict(), Stopped(kind=kind):
            if kind != "overflow" or not (orphans or expected.world.may_stop):
                yield f"the measures stop: {kind}, {found}"
        case _:
            raise AssertionError("figures, or a reason why there are none")


def _wanted(expected: Assigned, population: Population, measuring: Measuring) -> Figures:
    """Raises `DataError`."""
    figures: Figures = {}
    declared = {each.name: each for each in expected.world.program.measures}
    for figure in measuring.figures:
        for group in groups_of(population):
            keys = list(expected.rows[population.table])
            if group.segmentation is not None and group.segment is not None:
                keys = keys_in(expected, group.segmentation, group.segment)
            found = measure(expected, declared[figure.measure], keys)
            figures[figure.measure, group] = (found.value, found.unknown)
    return figures


def _found(engine: DuckdbEngine, binding: Binding, population: Population, measuring: Measuring) -> Figures:
    """Raises `Stopped`."""
    con, program, relations = engine.con, engine.program, engine.relations
    ties = tie_query(replace(population, frame=measuring.frame), binding, program, relations)
    if ties is not None and (tied := rows_of_query(con, ties)):
        raise Stopped("tie", str(tied[0]))
    assigned = assignment_query(population, binding, program, relations)
    con.execute(f"CREATE OR REPLACE TEMP TABLE assigned_before_measuring AS {assigned}")
    columns = con.execute("DESCRIBE assigned_before_measuring").fetchall()
    assignments = Relation("assigned_before_measuring", {name: type_ for name, type_, *_ in columns})
    query = measure_query(population, measuring, binding, program, relations, assignments)
    rows = rows_of_query(con, query)
    return {
        (figure.measure, group): (row[f"figure_{number}"], row[f"unknown_{number}"])
        for group, row in zip(groups_of(population), rows, strict=True)
        for number, figure in enumerate(measuring.figures)
    }
