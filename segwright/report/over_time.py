"""Measures at several horizons and by vintage: small charts of one scale."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..dsl.types import Kind
from ..runtime.outcomes.records import FigureRecord, Figures, MeasureRecord
from .charts import line
from .flows import ChartBlock
from .language import Language
from .material import Material, as_number, kind_of, places_of, value_text
from .wording import length_words


@dataclass(frozen=True, slots=True)
class Series:
    """A measure over time for the segments of a segmentation."""

    id: str
    title: str
    of: str
    charts: tuple[ChartBlock, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def series(material: Material, language: Language) -> list[Series]:
    """Every measure that has horizons or vintages, in order of the rules."""
    found: list[Series] = []
    for table in material.tables():
        outcomes = material.outcomes_of(table)
        for measure, record in (outcomes.measures if outcomes else {}).items():
            for name in record.segmentations:
                found += _of(material, language, measure, record, name)
    return found


def _of(material: Material, language: Language, measure: str, record: MeasureRecord, name: str) -> Iterator[Series]:
    kind, title = kind_of(measure, record, material.program), record.title or measure
    for word, points in (("horizons", record.horizons), ("vintages", record.vintages)):
        if len([each for each in points.values() if name in each.segmentations]) > 1:
            heading = language.say(f"horizons.{word}", measure=title, title=material.segmentation_title(name))
            column = language.say("horizons.horizon" if word == "horizons" else "horizons.vintage")
            yield _series(material, language, f"{word}-{name}-{measure}", heading, column, kind, title, name, points)


def _series(
    material: Material,
    language: Language,
    id: str,
    heading: str,
    column: str,
    kind: Kind,
    title: str,
    name: str,
    points: Mapping[str, Figures],
) -> Series:
    segments = [each.name for each in material.program.segmentation(name).all_segments]
    figures = [figure for each in points.values() for figure in (*each.segmentations[name].values(), each.everybody)]
    values = [as_number(each.value) for each in figures]
    places = places_of(values, kind)
    known = [
        each for figure in figures for each in (as_number(figure.value), figure.low, figure.high) if each is not None
    ]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    ends = (min(0.0, low) if kind == "percent" else low, high if high > low else low + 1.0)

    def said(figure: FigureRecord) -> str:
        match figure.status, figure.value:
            case "known", value if value is not None:
                return value_text(value, kind, places, language)
            case "hidden", _:
                return language.say("outcomes.hidden")
            case "not yet observable", _:
                return language.say("outcomes.not_observable")
            case _:
                return language.say("outcomes.missing")

    everybody = [_point(_at(at, language), each.everybody) for at, each in points.items()]
    charts: list[ChartBlock] = []
    rows: list[tuple[str, ...]] = []
    for segment in segments:
        called = material.segment_title(name, segment)
        own = {at: each.segmentations[name][segment] for at, each in points.items()}
        rows.append((called, *(said(figure) for figure in own.values())))
        shown = [_point(_at(at, language), figure) for at, figure in own.items()]
        if any(point["value"] is not None for point in shown):
            told = "; ".join(
                language.say("horizons.point", at=_at(at, language), value=said(figure)) for at, figure in own.items()
            )
            spoken = language.say("horizons.alt", measure=title, segment=called, points=told)
            number_format = ".0%" if kind == "percent" and high >= 0.1 else ".1%" if kind == "percent" else ",~f"
            spec = line(shown, everybody, ends, number_format)
            charts.append(ChartBlock(f"{id}-{segment}", called, spoken, spec, (), ()))
    rows.append((language.say("outcomes.everybody"), *(said(each.everybody) for each in points.values())))
    header = (language.say("outcomes.segment"), *(_at(at, language) for at in points))
    return Series(id, heading, column, tuple(charts), header, tuple(rows))


def _at(at: str, language: Language) -> str:
    return language.say("horizons.missing") if at == "missing" else length_words(at, language)


def _point(at: str, figure: FigureRecord) -> dict[str, object]:
    known = figure.status == "known"
    return {
        "at": at,
        "value": as_number(figure.value) if known else None,
        "low": figure.low if known else None,
        "high": figure.high if known else None,
    }
