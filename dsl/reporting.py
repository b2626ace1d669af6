"""For which segmentations a measure is reported: those of its table that may read what it reads."""

from __future__ import annotations

from dataclasses import replace

from . import program as p
from .labels import Lineage, labels_of, lineage_of
from .outcomes import Measure
from .types import Length
from .walk import rebuilt, walk


def reported_for(measure: Measure, program: p.Program | Lineage) -> tuple[str, ...]:
    """The segmentations of the measure's table that state only purposes for which all that the measure reads may be
    read; where nothing that it reads is limited, all of them."""
    lineage = program if isinstance(program, Lineage) else lineage_of(program)
    allowed = labels_of(measure.value, lineage, measure.table).purposes
    return tuple(
        each.name
        for each in lineage.program.segmentations
        if each.table == measure.table and (allowed is None or (each.purposes and allowed >= set(each.purposes)))
    )


def looks_ahead(measure: Measure) -> bool:
    """Whether a measure has an outcome window, `in next …`."""
    return bool(outcome_windows(measure))


def outcome_windows(measure: Measure) -> tuple[p.Aggregate, ...]:
    """The aggregates of a measure with an outcome window, in the order written."""
    found = (part for part in walk(measure.value) if isinstance(part, p.Aggregate))
    return tuple(each for each in found if each.window is not None and each.window.direction == "next")


def at_horizon(measure: Measure, length: Length) -> Measure:
    """The measure with outcome windows of that length."""

    def longer(expr: p.Expr, table: str) -> p.Expr | None:
        if not isinstance(expr, p.Aggregate) or expr.window is None or expr.window.direction != "next":
            return None
        inner = replace(expr, window=None)
        return replace(rebuilt(inner, table, longer), window=p.Window("next", length))

    return replace(measure, value=rebuilt(measure.value, measure.table, longer))


def has_horizons(measure: Measure) -> bool:
    """Whether `measures at` reports the measure: it has outcome windows, all of one length."""
    lengths = (each.window.length for each in outcome_windows(measure) if each.window is not None)
    return len({length_key(each) if isinstance(each, Length) else each for each in lengths}) == 1


def length_key(length: Length) -> tuple[str, int]:
    """The same for lengths that are the same on every date: a year is twelve months."""
    return ("month", 12 * length.amount) if length.unit == "year" else (length.unit, length.amount)
