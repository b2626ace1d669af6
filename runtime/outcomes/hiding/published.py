"""The tables that a run publishes of one population."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from ....compiler.plan import Decision, Figure, Measuring, Population
from ...manifest import AssignedRecord
from ...suppression import Cell, Cross, Dimension, cell, yes_or_no
from ..crossed import Crossed
from ..records import Figures, MeasureRecord, TableOutcomes
from .parts import Told, is_untellable, parted, told_by

VINTAGE = "vintage"
Known: TypeAlias = tuple[str, str | None]
"""A figure: the name of its measure, and its horizon in words (None: as written)."""


@dataclass(slots=True)
class Published:
    """The tables, while they are found.

    `sizes` are the dimensions that segmentations are. `figures` are the dimensions that a figure tells of, None for one
    that is never shown; `unknown` the one that `unknown` alone tells of; `told` how it parts the rows. By overlapping
    segmentation, `beside` are the dimensions that must be intact for its other counts to be shown; `spare`, where sizes
    leave rows over, is how many are in no segment, and the segment to hide where these are few."""

    rows: int
    dimensions: dict[str, Dimension] = field(default_factory=dict)
    crosses: list[Cross] = field(default_factory=list)
    sizes: set[str] = field(default_factory=set)
    figures: dict[Known, tuple[str, ...] | None] = field(default_factory=dict)
    unknown: dict[Known, tuple[str, ...]] = field(default_factory=dict)
    told: dict[Known, Told] = field(default_factory=dict)
    beside: dict[str, tuple[str, ...]] = field(default_factory=dict)
    spare: dict[str, tuple[int, Cell]] = field(default_factory=dict)


def published(
    population: Population, record: AssignedRecord, outcomes: TableOutcomes, crossed: Sequence[Crossed]
) -> Published:
    """All tables of the population; counts that are nobody's are left out."""
    told = Published(record.rows or 0)
    for decision in population.decisions:
        _sizes(told, decision, record, outcomes)
    told.sizes |= told.dimensions.keys()
    _vintages(told, population, outcomes)
    measuring = population.measuring
    for known, figure, figures in figures_of(population, outcomes):
        assert measuring is not None, "figures are of a measuring"
        _figure(told, population, measuring, known, figure, figures)
    for each in outcomes.measures:
        _figures_by_vintage(told, each, outcomes.measures[each])
    _protected(told, population, outcomes, crossed)
    return told


# -- segments --------------------------------------------------------------------------------------------------------


def cell_of(decision: Decision, segment: str) -> Cell:
    """Who is in a segment."""
    return cell((decision.segmentation, segment) if decision.exclusive else (overlapping(decision, segment), "yes"))


def overlapping(decision: Decision, segment: str) -> str:
    """The dimension of who is in a segment that may overlap others, and who is not."""
    return f"{decision.segmentation}.{segment}"


def dimensions_of(decision: Decision, segments: Sequence[str]) -> dict[str, dict[str, str]]:
    """The dimensions that a segmentation is: by name the group of each segment."""
    if decision.exclusive:
        return {decision.segmentation: {segment: segment for segment in segments}}
    return {overlapping(decision, segment): {segment: "yes"} for segment in segments}


def clauses_of(decision: Decision, segment: str) -> list[int]:
    numbers = [each.number for each in decision.clauses if each.segment == segment]
    return numbers + ([decision.otherwise_clause or 0] if segment == decision.otherwise else [])


def clauses_in(decision: Decision, segment: str) -> str:
    """The dimension of the clauses of a segment."""
    return f"clauses of {decision.segmentation}.{segment}"


def _sizes(told: Published, decision: Decision, record: AssignedRecord, outcomes: TableOutcomes) -> None:
    name, found = decision.segmentation, record.segmentations[decision.segmentation]
    sizes = {segment: each.count or 0 for segment, each in found.segments.items()}
    if decision.exclusive:
        _add(told, Dimension(name, tuple(sizes.items())))
        for segment in sizes:
            counted = [(str(each), (found.clauses or {}).get(each) or 0) for each in clauses_of(decision, segment)]
            _add(told, Dimension(clauses_in(decision, segment), tuple(counted), within=(name, segment)))
        return
    for segment, count in sizes.items():
        _add(told, yes_or_no(overlapping(decision, segment), count, told.rows))
    none, contact = found.none or 0, outcomes.contact.get(name)
    counts = {0: none} if contact is None else {number: count or 0 for number, count in contact.counts.items()}
    if len(sizes) > 1:
        rest = told.rows - sum(counts.values())
        groups = [(str(number), count) for number, count in counts.items()] + ([("more", rest)] if rest else [])
        _add(told, Dimension(f"contact of {name}", tuple(groups)))
    if contact is not None and contact.capped is not None:
        _add(told, yes_or_no(f"capped of {name}", contact.capped, told.rows))
    told.beside[name] = tuple(
        each
        for each in (f"contact of {name}", f"capped of {name}", *dimensions_of(decision, [*sizes]))
        if each in told.dimensions
    )
    # At least as many are in none as the sizes leave over, which tells how few they are.
    if told.rows > sum(sizes.values()):
        smallest = min((each for each in sizes if sizes[each]), key=lambda each: sizes[each].bit_length(), default=None)
        if smallest is not None:
            told.spare[name] = none, cell_of(decision, smallest)


def _add(told: Published, dimension: Dimension) -> None:
    told.dimensions.setdefault(dimension.name, dimension)


# -- figures ---------------------------------------------------------------------------------------------------------


def figures_of(population: Population, outcomes: TableOutcomes) -> Iterator[tuple[Known, Figure, Figures]]:
    """Every figure of the measures and of their horizons."""
    for figure in () if population.measuring is None else population.measuring.figures:
        record = outcomes.measures[figure.measure]
        if figure.horizon is None:
            yield (figure.measure, None), figure, record
        else:
            yield (figure.measure, str(figure.horizon)), figure, record.horizons[str(figure.horizon)]


def _figure(
    told: Published, population: Population, measuring: Measuring, known: Known, figure: Figure, figures: Figures
) -> None:
    told.told[known] = told_by(measuring, figure)
    if is_untellable(measuring, figure):
        told.figures[known] = None
        return
    everybody = parted(told.told[known], figures.everybody)
    for name, counts in everybody.items():
        if sum(count > 0 for count in counts) > 1:  # else it tells no more than the rows
            _add(told, Dimension(name, tuple((str(at), count) for at, count in enumerate(counts))))
    names = tuple(name for name in everybody if name in told.dimensions)
    apart = tuple(name for name in names if told.told[known].apart and name == told.told[known].lacking)
    told.figures[known], told.unknown[known] = tuple(name for name in names if name not in apart), apart
    for decision in population.decisions:
        segments = figures.segmentations.get(decision.segmentation, {})
        parts = {segment: parted(told.told[known], each) for segment, each in segments.items()}
        for own, groups in dimensions_of(decision, [*segments]).items():
            for name in names:
                pairs = {
                    (groups[segment], str(at)): count
                    for segment in groups
                    for at, count in enumerate(parts[segment][name])
                }
                _cross(told, own, name, pairs)


def _cross(told: Published, rows: str, columns: str, pairs: Mapping[tuple[str, str], int]) -> None:
    """A table of pairs, once; where only those inside a segment are counted, those outside are all others."""
    if any((each.rows, each.columns) == (rows, columns) for each in told.crosses):
        return
    whole = dict(pairs)
    if {row for row, _ in pairs} == {"yes"}:
        for group, count in told.dimensions[columns].groups:
            whole["no", group] = count - pairs.get(("yes", group), 0)
    told.crosses.append(Cross(rows, columns, {pair: count for pair, count in whole.items() if count}))


# -- vintages --------------------------------------------------------------------------------------------------------


def _vintages(told: Published, population: Population, outcomes: TableOutcomes) -> None:
    """How many rows there are of each vintage, in all and in segments."""
    for record in outcomes.measures.values():
        counts = [(label, each.everybody.n or 0) for label, each in record.vintages.items()]
        if counts:
            _add(told, Dimension(VINTAGE, tuple(counts)))
        for decision in population.decisions:
            reported = record.segmentations.get(decision.segmentation, {})
            for own, groups in dimensions_of(decision, [*reported]).items():
                if VINTAGE in told.dimensions:
                    pairs = {
                        (group, label): each.segmentations[decision.segmentation][segment].n or 0
                        for segment, group in groups.items()
                        for label, each in record.vintages.items()
                    }
                    _cross(told, own, VINTAGE, pairs)


def _figures_by_vintage(told: Published, measure: str, record: MeasureRecord) -> None:
    if VINTAGE in told.dimensions:
        for name in (*(told.figures[measure, None] or ()), *told.unknown.get((measure, None), ())):
            parts = {
                label: parted(told.told[measure, None], each.everybody)[name] for label, each in record.vintages.items()
            }
            pairs = {(label, str(at)): count for label, each in parts.items() for at, count in enumerate(each)}
            _cross(told, VINTAGE, name, pairs)


# -- protected fields ------------------------------------------------------------------------------------------------


def _protected(told: Published, population: Population, outcomes: TableOutcomes, crossed: Sequence[Crossed]) -> None:
    decisions = {each.segmentation: each for each in population.decisions}
    for each in crossed:
        _add(told, Dimension(protected(each.field), tuple(each.groups.items())))
        decision = decisions[each.segmentation]
        segments = dict.fromkeys(segment for segment, _ in each.pairs)
        for own, groups in dimensions_of(decision, [*segments]).items():
            pairs = {(groups[segment], value): n for (segment, value), n in each.pairs.items() if segment in groups}
            _cross(told, own, protected(each.field), pairs)
    for record in outcomes.fairness:
        if not decisions[record.segmentation].exclusive and len(record.segments) > 1:
            counts = {each.value: each.selected or 0 for each in record.groups}
            name = selected(record.segmentation, record.segments)
            _add(told, yes_or_no(name, sum(counts.values()), told.rows))
            _cross(told, name, protected(record.field), {("yes", value): n for value, n in counts.items()})


def protected(name: str) -> str:
    """The dimension of the values of a protected field."""
    return f"values of {name}"


def selected(segmentation: str, segments: Sequence[str]) -> str:
    """The dimension of who is in any of several segments that may overlap."""
    return f"{segmentation}.{' or '.join(segments)}"


def at_vintage(label: str) -> Cell:
    return cell((VINTAGE, label))
