"""One measure over the segments of a segmentation: its figures in words, and where they stand on one scale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..dsl.types import Kind
from ..render.show.names import words_of
from ..runtime.manifest import SegmentationRecord
from ..runtime.outcomes.records import FigureRecord, MeasureRecord, TargetRecord, Verdict
from .language import Language
from .material import Material, as_number, count_text, kind_of, places_of, value_text
from .wording import definition_words, finding, length_words, word_of


@dataclass(frozen=True, slots=True)
class Mark:
    """Where things stand on the scale of a column, in percent of its width."""

    value: float | None
    low: float | None
    high: float | None
    limits: tuple[float, ...]
    everybody: float | None


@dataclass(frozen=True, slots=True)
class TargetCell:
    text: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure. `text` is what stands in for it where there is none; `said` tells all of it in words."""

    text: str
    known: bool
    mark: Mark | None
    said: str
    notes: tuple[str, ...]
    targets: tuple[TargetCell, ...]


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    better: str | None
    told: str


@dataclass(frozen=True, slots=True)
class Full:
    """A line of the table of every figure."""

    measure: str
    segment: str
    value: str
    low: str
    high: str
    method: str
    n: str
    unknown: str


@dataclass(frozen=True, slots=True)
class MeasureColumn:
    """A measure as a column of a table: one scale, from `low` to `high`, and one number of decimals for all figures."""

    material: Material
    language: Language
    record: MeasureRecord
    segmentation: str
    kind: Kind
    places: int
    low: float | None
    high: float | None
    head: Column

    def cell(self, figure: FigureRecord, targets: Sequence[TargetRecord]) -> Cell:
        language, known = self.language, figure.status == "known" and figure.value is not None
        text = self.text(figure.value) if known else self._absent(figure)
        notes = (
            [language.say("outcomes.unknown", n=language.number(figure.unknown))] if known and figure.unknown else []
        )
        if figure.small:
            notes.append(language.say("outcomes.small"))
        return Cell(
            text=text,
            known=known,
            mark=self._mark(figure, targets) if known else None,
            said=self._said(figure) if known else text,
            notes=tuple(notes),
            targets=tuple(TargetCell(limit_words(each, self.kind, language), each.verdict) for each in targets),
        )

    def text(self, value: int | float | str | None) -> str:
        return value_text(value, self.kind, self.places, self.language)

    def lines(self, record: SegmentationRecord) -> Iterator[Full]:
        own = self.record.segmentations[self.segmentation]
        for segment in record.segments:
            yield self._line(self.material.segment_title(self.segmentation, segment), own[segment])
        yield self._line(self.language.say("outcomes.everybody"), self.record.everybody)

    def _line(self, segment: str, figure: FigureRecord) -> Full:
        known = figure.status == "known" and figure.value is not None
        hidden = figure.status == "hidden"
        return Full(
            self.head.title,
            segment,
            self.text(figure.value) if known else self._absent(figure),
            self.text(figure.low) if known and figure.low is not None else "",
            self.text(figure.high) if known and figure.high is not None else "",
            "; ".join(self._method(figure)) if known else "",
            "" if figure.n is None and not hidden else count_text(figure.n, self.language),
            "" if figure.unknown is None else self.language.number(figure.unknown),
        )

    def _method(self, figure: FigureRecord) -> Iterator[str]:
        said = {"methods": figure.interval, "reasons": figure.no_interval, "few": figure.small}
        return (word_of(section, word, self.language) for section, word in said.items() if word)

    def _absent(self, figure: FigureRecord) -> str:
        match figure.status:
            case "hidden":
                return self.language.say("outcomes.hidden")
            case "not yet observable":
                return self.language.say("outcomes.not_observable")
            case _:
                return self.language.say("outcomes.missing")

    def _said(self, figure: FigureRecord) -> str:
        if figure.low is None or figure.high is None or self.material.outcomes is None:
            return self.text(figure.value)
        return self.language.say(
            "outcomes.interval",
            value=self.text(figure.value),
            confidence=self.language.percent(self.material.outcomes.confidence, 0),
            low=self.text(figure.low),
            high=self.text(figure.high),
        )

    def _mark(self, figure: FigureRecord, targets: Sequence[TargetRecord]) -> Mark | None:
        value = as_number(figure.value)
        if value is None or self.low is None:
            return None
        limits = [self._place(as_number(each.limit)) for each in targets]
        return Mark(
            self._place(value),
            self._place(figure.low),
            self._place(figure.high),
            tuple(each for each in limits if each is not None),
            self._place(as_number(self.record.everybody.value) if self.record.everybody.status == "known" else None),
        )

    def _place(self, value: float | None) -> float | None:
        if value is None or self.low is None or self.high is None:
            return None
        return round(2 + 96 * (min(max(value, self.low), self.high) - self.low) / (self.high - self.low), 2)


def measure_column(
    material: Material,
    language: Language,
    measure: str,
    record: MeasureRecord,
    segmentation: str,
    targets: Sequence[TargetRecord],
) -> MeasureColumn:
    """The column of a measure for one segmentation, whose `targets` are drawn on its scale too."""
    kind = kind_of(measure, record, material.program)
    figures = [record.everybody, *record.segmentations[segmentation].values()]
    limits = [as_number(each.limit) for each in targets if each.measure == measure]
    ends = [each for figure in figures for each in (as_number(figure.value), figure.low, figure.high)]
    low, high = scale([each for each in [*ends, *limits] if each is not None], share=kind == "percent")
    window = language.say("outcomes.window", window=length_words(record.window, language)) if record.window else ""
    told = "; ".join(part for part in (window, definition_words(record.definition or "", language)) if part)
    head = Column(
        record.title or words_of(measure),
        None if record.better is None else language.say(f"outcomes.{record.better}"),
        ". ".join(part for part in (told, _unseen(record, language)) if part),
    )
    places = places_of([as_number(each.value) for each in figures], kind)
    return MeasureColumn(material, language, record, segmentation, kind, places, low, high, head)


def _unseen(record: MeasureRecord, language: Language) -> str:
    return record.not_observable or "" if record.unseen is None else finding(record.unseen, language)


def scale(known: Sequence[float], *, share: bool) -> tuple[float | None, float | None]:
    """The ends of a scale; shares begin at 0 where they come near it."""
    if not known:
        return None, None
    low, high = min(known), max(known)
    if share and 0 <= low < high * 0.6:
        low = 0.0
    return (low, high) if high > low else (low - 1.0, high + 1.0)


def limit_words(target: TargetRecord, kind: Kind, language: Language) -> str:
    """`≤ 3.0%`: the comparison as a sign, from the words of the rules, and the limit."""
    number = as_number(target.limit)
    limit = str(target.limit) if number is None else _limit(number, kind, language)
    signs = {"at most": "≤", "at least": "≥", "above": ">", "below": "<", "is not": "≠", "is": "="}
    said = {"<=": "≤", ">=": "≥", "!=": "≠", ">": ">", "<": "<", "=": "="}
    sign = next((sign for word, sign in {**signs, **said}.items() if f" {word} " in f" {target.said} "), "")
    return f"{sign} {limit}".strip()


def _limit(number: float, kind: Kind, language: Language) -> str:
    return (
        f"{language.percent(round(number, 9), _needed(number * 100))}"
        if kind == "percent"
        else language.plain(number, 4)
    )


def _needed(number: float) -> int:
    return len(f"{number:.4f}".rstrip("0").partition(".")[2])
