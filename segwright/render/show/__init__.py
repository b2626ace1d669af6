"""The rules in plain English, with what they rest on: as data, as text, as Markdown with a graph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

from ...dsl import program as p
from ...dsl.labels import Lineage, lineage_of
from ...dsl.lineage import (
    LetKey,
    conditions_of,
    dependence_of,
    dependence_of_segmentation,
    readers_by_column,
    uses_of,
)
from .facts import Facts, Table
from .markdown import as_markdown
from .outcomes import outcome_facts
from .readers import DECIDES, table_facts
from .rules import definition_facts, parameter_facts, segmentation_facts
from .text import as_text

__all__ = ["Facts", "as_json", "as_markdown", "as_text", "facts_of"]


def facts_of(program: p.Program, segmentation: str | None = None) -> Facts:
    """What there is to say of a program, or of one of its segmentations and what that one rests on.

    Raises `KeyError` where there is no such segmentation."""
    lineage = lineage_of(program)
    whole = segmentation is None
    shown = program.segmentations if whole else (program.segmentation(segmentation),)
    read = dict.fromkeys(key for each in shown for key in _lets_of(each, lineage))
    named = dict.fromkeys([*read, *lineage.lets]) if whole else read
    used = _parameters_of(shown, lineage)
    return Facts(
        tuple(segmentation_facts(each, lineage) for each in shown),
        tuple(definition_facts(key, key in read, lineage) for key in named),
        tuple(parameter_facts(each.name, lineage) for each in program.parameters if whole or each.name in used),
        tuple(_tables(lineage, None if whole else segmentation)),
        outcome_facts(lineage, shown),
    )


def _lets_of(segmentation: p.Segmentation, lineage: Lineage) -> list[LetKey]:
    """The lets that a segmentation rests on, in order of mention, then those that its reasons do."""
    decisive = dependence_of_segmentation(segmentation, lineage).uses.lets
    scorecards = [(segmentation.table, name) for segment in segmentation.all_segments for name in segment.reasons_from]
    values = [lineage.lets[key].value for key in scorecards]
    return [*decisive, *scorecards, *dependence_of(values, segmentation.table, lineage).uses.lets]


def _parameters_of(shown: tuple[p.Segmentation, ...], lineage: Lineage) -> set[str]:
    values = [lineage.lets[key].value for each in shown for key in _lets_of(each, lineage)]
    conditions = [each for found in shown for segment in found.segments for each in conditions_of(segment)]
    return set(uses_of([*values, *conditions], lineage).parameters)


def _tables(lineage: Lineage, only: str | None) -> Iterator[Table]:
    """Every table, or what one segmentation reads of them."""
    readers = readers_by_column(lineage)
    for table in lineage.program.tables:
        facts = table_facts(table, lineage.program, readers)
        kept = tuple(
            each
            for each in facts.fields
            if only is None or any(reader.name == only and reader.kind in DECIDES for reader in each.readers)
        )
        if kept:
            yield replace(facts, fields=kept)


def as_json(facts: Facts) -> dict[str, Any]:
    """The facts as JSON data, a key for each field."""
    return asdict(facts)
