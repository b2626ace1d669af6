"""The measures of a run: the figures of everybody, of each segment and of each vintage, with their intervals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import duckdb

from ...compiler.assignment import Options
from ...compiler.duckdb.measure import Cut, cuts_of, measure_query
from ...compiler.duckdb.relation import Relation
from ...compiler.duckdb.samples import sample_size
from ...compiler.duckdb.stops import is_overflow
from ...compiler.plan import Binding, Decision, FeatureRef, Figure, Measuring, Population
from ...compiler.plan_walk import parts
from ...compiler.sampling import Median, sample_of
from ...dsl.program import Program
from ...dsl.types import Length
from ..connection import engine_error
from ..errors import DataError, RunError, Violation
from ..statistics.differences import all_pairs, could_be_chance
from ..statistics.figures import DIGITS_OF_ENDS, Interval, Unstated
from .ends import Ends, not_observable, unseen, window_wording
from .medians import median_intervals
from .records import DifferenceRecord, FigureRecord, Figures, MeasureRecord
from .samples import Place, Sampled, counts_people, difference, interval_of, people_of, small

DIGITS_OF_P = 4
"""A tiny probability takes what its figures are off several times over."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The data that measures are taken from: the relation that an assignment with `options` wrote, and where the data
    of tables ends."""

    con: duckdb.DuckDBPyConnection
    relation: Relation
    options: Options
    ends: Ends


_Row = Mapping[str, Any]
_Group = tuple[int, int | None, dt.date | None]
"""Number of the cut, of the segment, first day of the vintage."""


def measure_records(
    measured: Measured, program: Program, population: Population, binding: Binding
) -> dict[str, MeasureRecord]:
    """The measures of a population by name. Raises `DataError` where one overflows."""
    measuring = population.measuring
    if measuring is None or not measuring.figures:
        return {}
    try:
        rows = _rows(measured, program, population, measuring, binding)
        medians = median_intervals(
            measured.con, measured.relation, measured.options, program, population, binding, rows
        )
    except duckdb.Error as problem:
        raise _explained(measured, program, population, binding, problem) from problem
    found = _Found(program, population, measuring, binding, measured.ends, rows, medians)
    declared = {each.name: each for each in program.measures}
    records: dict[str, MeasureRecord] = {}
    for number, figure in enumerate(measuring.figures):
        if figure.horizon is not None:
            continue
        measure = declared[figure.measure]
        horizons = {at: other for at, other in enumerate(measuring.figures) if _is_horizon_of(other, figure)}
        figures = _figures(found, number, None)
        records[figure.measure] = MeasureRecord(
            everybody=figures.everybody,
            segmentations=figures.segmentations,
            title=measure.title,
            type=figure.type.kind,
            better=measure.better,
            definition=measure.definition,
            window=window_wording(figure, binding),
            not_observable=not_observable(figure, binding, measured.ends),
            unseen=unseen(figure, binding, measured.ends),
            horizons={str(other.horizon): _figures(found, at, None) for at, other in horizons.items()},
            vintages=_vintages(found, number),
            differences=_differences(found, number),
        )
    return records


def _is_horizon_of(other: Figure, figure: Figure) -> bool:
    return other.measure == figure.measure and isinstance(other.horizon, Length)


# -- rows of the query -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Found:
    program: Program
    population: Population
    measuring: Measuring
    binding: Binding
    ends: Ends
    rows: Mapping[_Group, _Row]
    medians: Mapping[tuple[int, _Group], Interval | Unstated]

    def row(self, group: _Group) -> _Row:
        """The row of a group; of one without rows what figures come to over nothing."""
        return self.rows.get(group) or self.rows[-1, None, None]


def _rows(
    measured: Measured, program: Program, population: Population, measuring: Measuring, binding: Binding
) -> dict[_Group, _Row]:
    query = measure_query(population, measuring, binding, program, measured.relation, measured.options)
    result = measured.con.execute(query)
    names = [column[0] for column in result.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    return {(row["cut"], row["segment"], row["period"]): row for row in rows}


# -- figures ---------------------------------------------------------------------------------------------------------


def _figures(found: _Found, number: int, period: tuple[int, dt.date | None] | None) -> Figures:
    """A figure of everybody and of each segment; `period`: a vintage (its number and first day)."""
    figure = found.measuring.figures[number]
    cuts = {cut: at for at, cut in enumerate(cuts_of(found.population, found.measuring))}
    vintage, day = (None, None) if period is None else period
    return Figures(
        everybody=_figure(found, number, (cuts[Cut(None, vintage)], None, day)),
        segmentations={
            each.segmentation: {
                segment: _figure(found, number, (cuts[Cut(each.segmentation, vintage)], place, day))
                for place, segment in enumerate(each.segments)
            }
            for each in found.population.decisions
            if each.segmentation in figure.segmentations
        },
    )


def _figure(found: _Found, number: int, group: _Group) -> FigureRecord:
    figure, row = found.measuring.figures[number], found.row(group)
    n, unknown = row["n"], row[f"unknown_{number}"]
    if not_observable(figure, found.binding, found.ends) is not None:
        return FigureRecord(value=None, status="not yet observable", n=n)
    value, sampled = _plain(row[f"figure_{number}"]), _sampled(found, number, row)
    people = _people(found, number, row) if sampled is None else people_of(sampled)
    if value is None:
        return FigureRecord(value=None, status="missing", n=n, unknown=unknown, people=people)
    if sampled is None:
        return FigureRecord(value=value, n=n, unknown=unknown, people=people)
    if isinstance(sampled.kind, Median):
        around = found.medians[number, group]
    else:
        around = interval_of(Place(found.measuring, figure, found.binding), sampled)
    few = small(sampled)
    match around:
        case Unstated(reason):
            return FigureRecord(value=value, n=n, unknown=unknown, no_interval=reason, small=few, people=people)
        case Interval(low, high, method):
            low, high = min(_rounded(low), float(value)), max(_rounded(high), float(value))
            return FigureRecord(
                value=value, n=n, unknown=unknown, low=low, high=high, interval=method, small=few, people=people
            )


def _people(found: _Found, number: int, row: _Row) -> dict[str, tuple[int, ...]]:
    """Of a figure that is no estimate: a count of rows is one itself."""
    terms = {each.name: each for each in found.measuring.terms}
    match found.measuring.figures[number].value:
        case FeatureRef(name) if counts_people(terms[name]):
            return {name: (row[f"figure_{number}"],)}
        case _:
            return {}


def _sampled(found: _Found, number: int, row: _Row) -> Sampled | None:
    kind = sample_of(found.measuring, found.measuring.figures[number])
    if kind is None:
        return None
    terms = tuple(row[f"sample_{number}_{place}"] for place in range(sample_size(kind)))
    return Sampled(kind, row["n"], terms if row["n"] else (0,) * len(terms))


def _rounded(end: float) -> float:
    return float(f"{end:.{DIGITS_OF_ENDS}g}")


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return format(value, "f")
        case dt.date():
            return value.isoformat()
        case _:
            return value


# -- vintages and differences ------------------------------------------------------------------------------------------


def _vintages(found: _Found, number: int) -> dict[str, Figures]:
    """By period, the earliest first, `missing` last; where there are several `measures by`, one after the other."""
    cuts, labelled = cuts_of(found.population, found.measuring), dict[str, Figures]()
    for vintage, declared in enumerate(found.measuring.vintages):
        everybody = cuts.index(Cut(None, vintage))
        days = [day for cut, _, day in found.rows if cut == everybody]
        for day in sorted(days, key=lambda day: day or dt.date.max):
            labelled[_label(declared.period, day)] = _figures(found, number, (vintage, day))
    return labelled


def _label(period: str, day: dt.date | None) -> str:
    match period, day:
        case _, None:
            return "missing"
        case "year", dt.date():
            return f"{day.year}"
        case "quarter", dt.date():
            return f"{day.year} Q{(day.month + 2) // 3}"
        case _:
            return f"{day.year}-{day.month:02}"


def _differences(found: _Found, number: int) -> list[DifferenceRecord]:
    """Every pair of segments of an exclusive segmentation whose figures can be compared."""
    figure = found.measuring.figures[number]
    cuts = {cut: at for at, cut in enumerate(cuts_of(found.population, found.measuring))}
    exclusive = [each for each in found.population.decisions if each.exclusive]
    if not_observable(figure, found.binding, found.ends) is not None:
        return []
    return [
        record
        for each in exclusive
        if each.segmentation in figure.segmentations
        for record in _differing(found, number, each, cuts[Cut(each.segmentation, None)])
    ]


def _differing(found: _Found, number: int, decision: Decision, cut: int) -> list[DifferenceRecord]:
    place = Place(found.measuring, found.measuring.figures[number], found.binding)
    rows = {segment: found.row((cut, at, None)) for at, segment in enumerate(decision.segments)}
    sampled = {segment: _sampled(found, number, row) for segment, row in rows.items()}
    known: dict[str, Sampled] = {segment: each for segment, each in sampled.items() if each is not None}
    pairs = all_pairs(known, lambda first, second: difference(place, first, second))
    return [
        DifferenceRecord(
            segmentation=decision.segmentation,
            first=pair.first,
            second=pair.second,
            p=float(f"{pair.p_value:.{DIGITS_OF_P}g}"),
            clear=not could_be_chance(pair),
        )
        for pair in pairs
        if pair.p_value is not None
    ]


# -- overflow ----------------------------------------------------------------------------------------------------------


def _explained(
    measured: Measured, program: Program, population: Population, binding: Binding, problem: duckdb.Error
) -> RunError:
    """An error of the engine in words; of an overflow with the first measure that has it when measured alone."""
    if not is_overflow(str(problem)):
        return engine_error(problem, f"measuring `{population.table}`")
    measuring = population.measuring
    for figure in () if measuring is None else measuring.figures:
        assert measuring is not None, "figures are of a measuring"
        names = {part.name for part in parts(figure.value) if isinstance(part, FeatureRef)}
        terms = tuple(each for each in measuring.terms if each.name in names)
        try:
            alone = replace(measuring, figures=(figure,), terms=terms, vintages=())
            _rows(measured, program, population, alone, binding)
        except duckdb.Error as again:
            if is_overflow(str(again)):
                sentence = f"the measure `{figure.measure}` is too large for some segment: {_LIMITS}"
                return DataError([Violation("overflow", population.table, None, None, sentence)])
            raise
    sentence = f"arithmetic that the measures read is too large: {_LIMITS}"
    return DataError([Violation("overflow", population.table, None, None, sentence)])


_LIMITS = "whole numbers have 64 bits, money has 18 digits"
