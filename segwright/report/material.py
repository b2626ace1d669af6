"""What a report is made of, and how its values are written."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from ..dsl.program import Field, GroupAggregate, Program
from ..dsl.types import Kind
from ..render.show.names import words_of
from ..runtime.manifest import Manifest
from ..runtime.observed.records import Observed, TableObserved, Unobserved
from ..runtime.outcomes.records import MeasureRecord, Outcomes, TableOutcomes
from .language import Language


@dataclass(frozen=True, slots=True)
class Material:
    """A run with everything that is known of it. `outcomes` is None where the run recorded none."""

    run: str
    program: Program
    manifest: Manifest
    outcomes: Outcomes | None
    observed: Observed | Unobserved
    integrity: str
    made: dt.date
    version: str

    def outcomes_of(self, table: str) -> TableOutcomes | None:
        return None if self.outcomes is None else self.outcomes.tables.get(table)

    def observed_of(self, table: str) -> TableObserved | None:
        return None if isinstance(self.observed, Unobserved) else self.observed.get(table)

    def tables(self) -> list[str]:
        """The tables with segmentations, in order of declaration."""
        return [each.name for each in self.program.tables if each.name in self.manifest.assignments]

    def segmentation_title(self, segmentation: str) -> str:
        return self.program.segmentation(segmentation).title or words_of(segmentation)

    def segment_title(self, segmentation: str, segment: str) -> str:
        known = self.program.segmentation(segmentation).all_segments
        return next((each.title for each in known if each.name == segment and each.title), words_of(segment))

    def field_title(self, table: str, name: str) -> str:
        """The title of a field, wherever a record names it: `gender`, or `crm.kind`."""
        found = self._field(table, name)
        return (found and found.title) or words_of(name)

    def field_kind(self, table: str, name: str) -> Kind:
        """The kind of a field; text where the record names none that is known."""
        found = self._field(table, name)
        return found.type.kind if found else "text"

    def _field(self, table: str, name: str) -> Field | None:
        owner, _, field = name.rpartition(".")
        known = next((each for each in self.program.tables if each.name == (owner or table)), None)
        return next((each for each in known.fields if each.name == field), None) if known else None


# -- values -----------------------------------------------------------------------------------------------------------

Raw = int | float | str | None


def kind_of(measure: str, record: MeasureRecord, program: Program) -> Kind:
    """The kind in which a measure is read: the average or median of percents is a number, and read as a percent."""
    declared = next((each for each in program.measures if each.name == measure), None)
    match declared.value if declared else None:
        case GroupAggregate(overload="average.percent" | "median.percent"):
            return "percent"
        case _:
            return record.type


def as_number(value: Raw) -> float | None:
    """A figure on a scale; dates and whatever else is text have no place there."""
    match value:
        case int() | float():
            return float(value)
        case str():
            try:
                return float(Decimal(value))
            except ArithmeticError:
                return None
        case None:
            return None


def places_of(values: Iterable[float | None], kind: Kind) -> int:
    """How many decimals a column of figures needs, so that two or three digits count."""
    known = [abs(value) * (100 if kind == "percent" else 1) for value in values if value is not None]
    largest = max((value for value in known if math.isfinite(value)), default=0.0)
    match kind:
        case "integer":
            return 0
        case "percent":
            return 1 if largest >= 1 else 2
        case "money":
            return 0 if largest >= 100 else 2
        case _:
            return 0 if largest >= 1000 else 1 if largest >= 10 else 2 if largest >= 1 else 3


def value_text(value: Raw, kind: Kind, places: int, language: Language) -> str:
    """A figure as people read it."""
    number = as_number(value)
    if number is None:
        return _date_text(str(value), language)
    if kind == "percent":
        return language.percent(number, places)
    return language.number(Decimal(str(value)), places)


def _date_text(value: str, language: Language) -> str:
    try:
        return language.date(dt.date.fromisoformat(value[:10]))
    except ValueError:
        return value


def count_text(count: int | None, language: Language) -> str:
    """A count, or that it is hidden."""
    return language.say("outcomes.hidden") if count is None else language.number(count)
