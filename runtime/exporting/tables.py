"""What a run came to as tables: a row for each figure, size, target, guard, group. Hidden ones are empty and say so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..manifest import Manifest
from ..outcomes.records import FigureRecord, Figures, Outcomes

Row = dict[str, Any]


def _sizes(manifest: Manifest, _outcomes: Outcomes) -> Iterator[Row]:
    for table, assigned in manifest.assignments.items():
        for segmentation, record in assigned.segmentations.items():
            for segment, size in record.segments.items():
                place = {"table": table, "segmentation": segmentation, "segment": segment}
                yield {**place, "rows": size.count, "share": size.share, "hidden": size.count is None}


def _figures(_manifest: Manifest, outcomes: Outcomes) -> Iterator[Row]:
    for table, found in outcomes.tables.items():
        for name, measure in found.measures.items():
            at = {"table": table, "measure": name, "window": measure.window, "vintage": None}
            yield from _of(at, measure)
            for window, figures in measure.horizons.items():
                yield from _of({**at, "window": window}, figures)
            for vintage, figures in measure.vintages.items():
                yield from _of({**at, "vintage": vintage}, figures)


def _of(at: Row, figures: Figures) -> Iterator[Row]:
    yield _figure(at, None, None, figures.everybody)
    for segmentation, by_segment in figures.segmentations.items():
        for segment, figure in by_segment.items():
            yield _figure(at, segmentation, segment, figure)


def _figure(at: Row, segmentation: str | None, segment: str | None, figure: FigureRecord) -> Row:
    """Values that are text (money, dates) stand under `text`, so that `value` holds numbers alone."""
    is_text = isinstance(figure.value, str)
    return {
        **at,
        "segmentation": segmentation,
        "segment": segment,
        "value": None if is_text or figure.value is None else float(figure.value),
        "text": figure.value if is_text else None,
        "low": figure.low,
        "high": figure.high,
        "interval": figure.interval,
        "n": figure.n,
        "unknown": figure.unknown,
        "status": figure.status,
        "small": figure.small,
    }


def _targets(_manifest: Manifest, outcomes: Outcomes) -> Iterator[Row]:
    for table, found in outcomes.tables.items():
        for each in found.targets:
            row = each.model_dump(exclude={"limit", "value"})
            value = None if each.value is None else str(each.value)
            yield {"table": table, **row, "limit": str(each.limit), "value": value}


def _guards(_manifest: Manifest, outcomes: Outcomes) -> Iterator[Row]:
    for table, found in outcomes.tables.items():
        for each in found.guards:
            yield {"table": table, **each.model_dump(exclude={"said"})}


def _fairness(_manifest: Manifest, outcomes: Outcomes) -> Iterator[Row]:
    for table, found in outcomes.tables.items():
        for each in found.fairness:
            segments = ";".join(each.segments)
            place = {"table": table, "field": each.field, "direction": each.direction, "segments": segments}
            for group in each.groups:
                yield {**place, **group.model_dump()}


def _contact(_manifest: Manifest, outcomes: Outcomes) -> Iterator[Row]:
    for table, found in outcomes.tables.items():
        for segmentation, each in found.contact.items():
            for number, rows in each.counts.items():
                yield {"table": table, "segmentation": segmentation, "segments": number, "rows": rows}


TABLES: Mapping[str, Callable[[Manifest, Outcomes], Iterator[Row]]] = {
    "sizes": _sizes,
    "figures": _figures,
    "targets": _targets,
    "guards": _guards,
    "fairness": _fairness,
    "contact": _contact,
}
"""By name; besides these there are the assignments."""
