"""For which segmentations a measure is reported: those of its table that may read what it reads."""

from __future__ import annotations

from . import program as p
from .labels import Lineage, labels_of
from .outcomes import Measure
from .walk import walk


def reported_for(measure: Measure, program: p.Program | Lineage) -> tuple[str, ...]:
    """The segmentations of the measure's table that state only purposes for which all that the measure reads may be
    read; where nothing that it reads is limited, all of them."""
    lineage = program if isinstance(program, Lineage) else Lineage(program)
    allowed = labels_of(measure.value, lineage, measure.table).purposes
    return tuple(
        each.name
        for each in lineage.program.segmentations
        if each.table == measure.table and (allowed is None or (each.purposes and allowed >= set(each.purposes)))
    )


def looks_ahead(measure: Measure) -> bool:
    """Whether a measure has an outcome window, `in next …`."""
    windows = (part.window for part in walk(measure.value) if isinstance(part, p.Aggregate))
    return any(window is not None and window.direction == "next" for window in windows)
