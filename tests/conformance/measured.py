"""What an engine says the measures of each segment and vintage are, beside what the reference interpreter says."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
from scratch import scratch

from segwright.compiler.assignment import Options, wide_options
from segwright.compiler.duckdb.measure import Cut, cuts_of, measure_query
from segwright.compiler.duckdb.relation import Relation
from segwright.compiler.duckdb.stops import is_overflow
from segwright.compiler.plan import Binding, Figure, Measuring, Population
from segwright.dsl.outcomes import Measure, MeasuresBy
from segwright.dsl.reporting import at_horizon
from segwright.runtime.engines.engine import Engine, Overflow
from segwright.runtime.reference.errors import DataError
from segwright.runtime.reference.interpreter import Assigned
from segwright.runtime.reference.measures import keys_in, measure

from .engine import Stopped

Group = tuple[Cut, str | None, dt.date | None]
"""How the rows are parted, the segment, the first day of the vintage."""
Figures = dict[tuple[int, Group], tuple[Any, int]]
"""By number of the figure and group: the value, None where missing, and how many rows had no value for something."""


def differing_measures(
    expected: Assigned, binding: Binding, engine: Engine, population: Population, *, orphans: bool
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
                seen = found.get(place, found.get((place[0], NOBODY)))
                if repr(figure) != repr(seen):
                    yield f"`{measuring.figures[place[0]].measure}` of {place[1]} is {seen} instead of {figure}"
        case DataError(), Stopped():
            return
        case DataError(kind=kind), dict():
            yield f"the measures do not stop: {kind}, {wanted}"
        case dict(), Stopped(kind=kind):
            if kind != "overflow" or not (orphans or expected.world.may_stop):
                yield f"the measures stop: {kind}, {found}"
        case _:
            raise AssertionError("figures, or a reason why there are none")


NOBODY: Group = (Cut(None, None), "nobody", None)
"""Stands for every group without rows."""


def _wanted(expected: Assigned, population: Population, measuring: Measuring) -> Figures:
    """Raises `DataError`."""
    program, figures = expected.world.program, Figures()
    periods = [each for each in program.measures_by if each.table == population.table]
    segments = {each.segmentation: each.segments for each in population.decisions}
    for cut in cuts_of(population, measuring):
        groups: dict[str | None, list[Any]] = {None: list(expected.rows[population.table])}
        if cut.segmentation is not None:
            names = segments[cut.segmentation]
            groups = {name: keys_in(expected, cut.segmentation, name) for name in names}
        for segment, keys in groups.items():
            parted: dict[dt.date | None, list[Any]] = {None: keys}
            if cut.vintage is not None:
                parted = _parted(expected, periods[cut.vintage], keys)
            for day, members in parted.items():
                for number, figure in enumerate(measuring.figures):
                    found = measure(expected, _declared(expected, figure), members)
                    figures[number, (cut, segment, day)] = (found.value, found.unknown)
    return figures


def _declared(expected: Assigned, figure: Figure) -> Measure:
    declared = next(each for each in expected.world.program.measures if each.name == figure.measure)
    return declared if figure.horizon is None else at_horizon(declared, figure.horizon)


def _parted(expected: Assigned, period: MeasuresBy, keys: list[Any]) -> dict[dt.date | None, list[Any]]:
    """Keys by the first day of the month, quarter or year in which a date of their rows lies."""
    months = {"month": 1, "quarter": 3, "year": 12}[period.period]
    parted: dict[dt.date | None, list[Any]] = {}
    for key in keys:
        date = expected.world.value(period.of, expected.rows[period.table][key])
        first = None
        if isinstance(date, dt.date):
            first = dt.date(date.year, (date.month - 1) // months * months + 1, 1)
        parted.setdefault(first, []).append(key)
    return parted


def _found(engine: Engine, binding: Binding, population: Population, measuring: Measuring) -> Figures:
    """Raises `Stopped`."""
    tied = engine.tied(replace(population, frame=measuring.frame), binding)
    if tied:
        raise Stopped("tie", str(tied[0]))
    options = wide_options(population, Options())
    with tempfile.TemporaryDirectory() as folder, scratch() as con:
        file = Path(folder) / "measured.parquet"
        try:
            engine.assign(population, binding, options, file)
        except Overflow as problem:
            raise Stopped("overflow", "a row") from problem
        source = f"read_parquet('{file}')"
        columns = con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        relation = Relation(source, {name: type for name, type, *_ in columns})
        try:
            result = con.execute(measure_query(population, measuring, binding, engine.program, relation, options))
        except duckdb.Error as problem:
            if is_overflow(str(problem)):
                raise Stopped("overflow", str(problem)) from problem
            raise
        names = [column[0] for column in result.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    return {
        (number, _group(population, measuring, row)): (row[f"figure_{number}"], row[f"unknown_{number}"])
        for row in rows
        for number in range(len(measuring.figures))
    }


def _group(population: Population, measuring: Measuring, row: dict[str, Any]) -> Group:
    if row["cut"] < 0:
        return NOBODY
    cut = cuts_of(population, measuring)[row["cut"]]
    segments = {each.segmentation: each.segments for each in population.decisions}
    segment = None if cut.segmentation is None else segments[cut.segmentation][row["segment"]]
    return cut, segment, row["period"]
