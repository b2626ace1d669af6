"""What each part of a program rests on, and who reads each column for which purpose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from . import program as p
from .builtins import BY_OVERLOAD
from .labels import Lineage, Reading, readings_of
from .walk import walk, window_parameters

LetKey = tuple[str, str]
"""The table and the name of a let, decision or scorecard."""
FieldKey = tuple[str, str]
"""The table and the name of a field."""


@dataclass(frozen=True, slots=True)
class Uses:
    """What expressions name, each once, in order of first mention. `fields` includes what puts events in time, not what
    joins tables. `segmentations` are asked for their answer of today, `previous` for that of the run before."""

    lets: tuple[LetKey, ...]
    fields: tuple[FieldKey, ...]
    parameters: tuple[str, ...]
    segmentations: tuple[str, ...]
    previous: tuple[str, ...]
    relatives: tuple[p.Relative, ...]


@dataclass(frozen=True, slots=True)
class ColumnRead:
    """A column that something rests on. `value`: whether its value tells, not only whether there is one, how long ago
    it was or what it joins. `through`: the segmentation that is asked and reads it; None where it is read directly or
    by way of lets."""

    table: str
    field: str
    value: bool
    through: str | None = None


@dataclass(frozen=True, slots=True)
class Dependence:
    """All that something rests on: `uses` follows lets to their end but not segmentations, `columns` follows both and
    includes what joins tables."""

    uses: Uses
    columns: tuple[ColumnRead, ...]


# -- what something rests on -------------------------------------------------------------------------------------------


def uses_of(exprs: Iterable[p.Expr], lineage: Lineage) -> Uses:
    """What expressions name themselves; what the lets that they name rest on is not followed."""
    lets: dict[LetKey, None] = {}
    fields: dict[FieldKey, None] = {}
    parameters: dict[str, None] = {}
    segmentations: dict[str, None] = {}
    previous: dict[str, None] = {}
    relatives: dict[p.Relative, None] = {}
    for part in (part for expr in exprs for part in walk(expr)):
        match part:
            case p.LetRef():
                lets[part.table, part.name] = None
            case p.FieldRef():
                fields[part.table, part.field] = None
            case p.ParameterRef():
                parameters[part.name] = None
            case p.Aggregate():
                fields |= dict.fromkeys(_in_time(part, lineage))
                parameters |= dict.fromkeys(length.name for length in window_parameters(part))
            case p.SegmentIs() | p.SegmentIncludes():
                segmentations[part.segmentation] = None
            case p.Previous():
                previous[part.segmentation] = None
            case p.Relative():
                relatives[part] = None
            case _:
                pass
    return Uses(tuple(lets), tuple(fields), tuple(parameters), tuple(segmentations), tuple(previous), tuple(relatives))


def followed(exprs: Sequence[p.Expr], lineage: Lineage) -> tuple[p.Expr, ...]:
    """The expressions, and the values of the lets that they name, of those that these name, and so on."""
    seen: dict[LetKey, p.Expr] = {}
    waiting = list(exprs)
    while waiting:
        for key in uses_of([waiting.pop(0)], lineage).lets:
            if key not in seen:
                seen[key] = lineage.lets[key].value
                waiting.append(seen[key])
    return (*exprs, *seen.values())


def dependence_of(exprs: Sequence[p.Expr], table: str, lineage: Lineage) -> Dependence:
    """What expressions over the rows of `table` rest on."""
    read = (reading for expr in exprs for reading in readings_of(expr, lineage, table))
    return Dependence(uses_of(followed(exprs, lineage), lineage), _each_once(map(_column, read)))


def dependence_of_segment(segment: p.Segment, table: str, lineage: Lineage) -> Dependence:
    """What the conditions and the consent of one segment of the rows of `table` rest on. In an exclusive segmentation
    the segments before it decide too."""
    decided = dependence_of(conditions_of(segment), table, lineage)
    consent = dependence_of([field for each in segment.consent for field in each.fields], table, lineage)
    unseen = (replace(column, value=False) for column in consent.columns)
    return Dependence(decided.uses, _each_once([*decided.columns, *unseen]))


def dependence_of_segmentation(segmentation: p.Segmentation, lineage: Lineage) -> Dependence:
    """What decides into which segments a row comes; the reasons that it is given decide nothing."""
    conditions = [each for segment in segmentation.segments for each in conditions_of(segment)]
    each = [dependence_of_segment(segment, segmentation.table, lineage) for segment in segmentation.segments]
    columns = _each_once(column for found in each for column in found.columns)
    return Dependence(uses_of(followed(conditions, lineage), lineage), columns)


def conditions_of(segment: p.Segment) -> list[p.Expr]:
    """Every condition of a segment, in order."""
    return [each for clause in segment.clauses for each in (clause.when, *clause.unless)]


def _in_time(aggregate: p.Aggregate, lineage: Lineage) -> Iterator[FieldKey]:
    source = lineage.tables[aggregate.source]
    follows = source.then if BY_OVERLOAD[aggregate.overload][0].name in ("first", "latest") else None
    for name in (source.at, source.known_at, follows):
        if name is not None and aggregate.window is not None:
            yield source.name, name


def _column(reading: Reading) -> ColumnRead:
    return ColumnRead(reading.table, reading.field, reading.shown, reading.through)


def _each_once(columns: Iterable[ColumnRead]) -> tuple[ColumnRead, ...]:
    """Each column once for each way, with its value where any reads that. One that is also read directly is not told
    again as read through a segmentation."""
    found: dict[tuple[str, str, str | None], ColumnRead] = {}
    for column in columns:
        key = (column.table, column.field, column.through)
        if key not in found or column.value:
            found[key] = column
    return tuple(
        column
        for (table, field, through), column in found.items()
        if through is None or (table, field, None) not in found
    )


# -- who reads what ----------------------------------------------------------------------------------------------------

ReaderKind = Literal["segmentation", "reasons", "measure", "measures by", "fairness", "guarantee", "freshness"]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a column. `name`: of the segmentation, measure or table, the title of a guarantee, the period of
    `measures by`, "" for fairness. `purposes` are those that a segmentation states."""

    kind: ReaderKind
    name: str
    purposes: tuple[str, ...]
    value: bool
    through: str | None


def readers_by_column(lineage: Lineage) -> dict[FieldKey, tuple[Reader, ...]]:
    """Who reads each column that anybody reads. Whatever only tests name is not read."""
    found: dict[FieldKey, list[Reader]] = {}
    for kind, name, purposes, columns in _all_readers(lineage):
        for column in _each_once(columns):
            reader = Reader(kind, name, purposes, column.value, column.through)
            found.setdefault((column.table, column.field), []).append(reader)
    return {key: tuple(readers) for key, readers in found.items()}


_Reads = tuple[ReaderKind, str, tuple[str, ...], list[ColumnRead]]


def _all_readers(lineage: Lineage) -> Iterator[_Reads]:
    program = lineage.program
    for segmentation in program.segmentations:
        found = dependence_of_segmentation(segmentation, lineage).columns
        columns = [each for each in found if each.through != segmentation.name]  # through its own run before
        key = lineage.tables[segmentation.table].key
        columns += [] if key is None else [ColumnRead(segmentation.table, key, value=False)]
        yield "segmentation", segmentation.name, segmentation.purposes, columns
        scorecards = dict.fromkeys(name for segment in segmentation.all_segments for name in segment.reasons_from)
        values = [lineage.lets[segmentation.table, name].value for name in scorecards]
        if values:
            yield "reasons", segmentation.name, segmentation.purposes, _read(values, segmentation.table, lineage)
    for measure in program.measures:
        yield "measure", measure.name, (), _read([measure.value], measure.table, lineage)
    for by in program.measures_by:
        yield "measures by", by.period, (), _read([by.of], by.table, lineage)
    for fairness in program.policy.fairness:
        yield "fairness", "", (), [ColumnRead(ref.table, ref.field, value=True) for ref in fairness.across]
    for guarantee in program.guarantees:
        if guarantee.condition is not None:
            table = lineage.segmentations[guarantee.of.segmentation].table
            named = [each for each in _read([guarantee.condition], table, lineage) if each.through is None]
            yield "guarantee", guarantee.title, (), named
    for freshness in program.freshness:
        table = lineage.tables[freshness.table]
        columns = [ColumnRead(table.name, name, value=True) for name in (table.at, table.known_at) if name is not None]
        yield "freshness", table.name, (), columns


def _read(exprs: Sequence[p.Expr], table: str, lineage: Lineage) -> list[ColumnRead]:
    return list(dependence_of(exprs, table, lineage).columns)
