"""The outcome table: each segment with its size and its figures, their intervals and targets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..runtime.manifest import SegmentationRecord
from ..runtime.observed.hiding import hidden_sizes
from ..runtime.outcomes.records import DifferenceRecord, MeasureRecord, TargetRecord
from .figures import Cell, Column, Full, MeasureColumn, TargetCell, limit_words, measure_column
from .language import Language
from .material import Material, count_text

SHOWN_PAIRS = 8
"""Of more pairs it is told how many they are."""


@dataclass(frozen=True, slots=True)
class Row:
    title: str
    name: str
    count: str
    share: str
    share_of: float | None
    targets: tuple[TargetCell, ...]
    cells: tuple[Cell, ...]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class PairLine:
    measure: str
    first: str
    second: str
    chance: str
    clear: bool


@dataclass(frozen=True, slots=True)
class OutcomeTable:
    table: str
    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    everybody: Row
    nobody: str | None
    full: tuple[Full, ...]
    hidden: str | None
    pairs: tuple[PairLine, ...]
    unclear: tuple[str, ...]
    legend: str | None


def outcome_tables(material: Material, language: Language) -> list[OutcomeTable]:
    """A table for each segmentation, in order of declaration."""
    return [
        _table(material, language, table, name)
        for table in material.tables()
        for name in material.manifest.assignments[table].segmentations
    ]


def _table(material: Material, language: Language, table: str, name: str) -> OutcomeTable:
    assigned = material.manifest.assignments[table]
    record, outcomes = assigned.segmentations[name], material.outcomes_of(table)
    measures = {
        each: found for each, found in (outcomes.measures if outcomes else {}).items() if name in found.segmentations
    }
    targets = [each for each in (outcomes.targets if outcomes else []) if each.segmentation == name]
    k = material.program.policy.hide_below
    sizes = _sizes(record, assigned.rows, k)
    columns = {each: measure_column(material, language, each, found, name, targets) for each, found in measures.items()}
    everybody = Row(
        language.say("outcomes.everybody"),
        "",
        count_text(assigned.rows if sizes is not None else None, language),
        "",
        None,
        (),
        tuple(each.cell(each.record.everybody, ()) for each in columns.values()),
    )
    rows = [
        _row(material, language, name, segment, sizes, assigned.rows, columns, targets) for segment in record.segments
    ]
    gone = sizes is None or any(count is None for count in sizes.values())
    share = None if record.none is None or not assigned.rows or gone else record.none / assigned.rows
    confidence = language.percent(material.outcomes.confidence if material.outcomes else 0.95, 0)
    return OutcomeTable(
        table=table,
        name=name,
        title=material.segmentation_title(name),
        columns=tuple(each.head for each in columns.values()),
        rows=tuple(rows),
        everybody=everybody,
        nobody=None
        if share is None or record.none is None
        else f"{language.number(record.none)} ({language.percent(share)})",
        full=tuple(line for each in columns.values() for line in each.lines(record)),
        hidden=language.say("outcomes.hidden_note", k=language.number(k)) if k is not None else None,
        pairs=tuple(_pairs(material, language, measures, name)),
        unclear=tuple(_unclear(material, language, measures, name)),
        legend=language.say("outcomes.legend", confidence=confidence) if columns else None,
    )


def _sizes(record: SegmentationRecord, rows: int | None, k: int | None) -> dict[str, int | None] | None:
    """The size of each segment, None where it is hidden; None for all where even the total is. A run made before runs
    hid anything has every size: then what must be hidden is found here."""
    if rows is None or (k is not None and rows < k):
        return None
    sizes = {segment: each.count for segment, each in record.segments.items()}
    known = {segment: count for segment, count in sizes.items() if count is not None}
    if k is None or len(known) < len(sizes):
        return sizes
    gone = hidden_sizes(known, rows, k, exclusive=record.exclusive)
    return {segment: None if segment in gone else count for segment, count in known.items()}


def _row(
    material: Material,
    language: Language,
    name: str,
    segment: str,
    sizes: Mapping[str, int | None] | None,
    rows: int | None,
    columns: Mapping[str, MeasureColumn],
    targets: Sequence[TargetRecord],
) -> Row:
    count = None if sizes is None else sizes[segment]
    share = None if count is None or not rows else count / rows
    own = [each for each in targets if each.segment == segment]
    in_force = next(each for each in material.program.segmentation(name).all_segments if each.name == segment)
    date = material.manifest.as_of
    absent = (in_force.valid_from is not None and date < in_force.valid_from) or (
        in_force.valid_until is not None and date > in_force.valid_until
    )
    return Row(
        title=material.segment_title(name, segment),
        name=segment,
        count=count_text(count, language),
        share=language.percent(share) if share is not None else "",
        share_of=share,
        targets=tuple(_size_target(each, language) for each in own if each.measure is None),
        cells=tuple(
            column.cell(column.record.segmentations[name][segment], [each for each in own if each.measure == measure])
            for measure, column in columns.items()
        ),
        note=language.say("outcomes.not_in_force") if absent else None,
    )


def _size_target(target: TargetRecord, language: Language) -> TargetCell:
    return TargetCell(
        limit_words(target, "percent" if isinstance(target.limit, float) else "integer", language), target.verdict
    )


# -- differences ------------------------------------------------------------------------------------------------------


def _own(record: MeasureRecord, name: str) -> list[DifferenceRecord]:
    return [each for each in record.differences if each.segmentation == name]


def _pairs(
    material: Material, language: Language, measures: Mapping[str, MeasureRecord], name: str
) -> Iterator[PairLine]:
    for measure, record in measures.items():
        for each in _own(record, name):
            chance = f"< {language.number(0.001, 3)}" if each.p < 0.001 else language.number(each.p, 3)
            first, second = (material.segment_title(name, one) for one in (each.first, each.second))
            yield PairLine(record.title or measure, first, second, chance, each.clear)


def _unclear(material: Material, language: Language, measures: Mapping[str, MeasureRecord], name: str) -> Iterator[str]:
    for measure, record in measures.items():
        own = _own(record, name)
        found = [each for each in own if not each.clear]
        if len(found) > SHOWN_PAIRS:
            counts = {"unclear": language.number(len(found)), "all": language.number(len(own))}
            yield language.say("outcomes.differences_many", measure=record.title or measure, **counts)
        elif found:
            said = "; ".join(
                language.say(
                    "outcomes.pair",
                    first=material.segment_title(name, each.first),
                    second=material.segment_title(name, each.second),
                )
                for each in found
            )
            yield language.say("outcomes.differences_pairs", measure=record.title or measure, pairs=said)
