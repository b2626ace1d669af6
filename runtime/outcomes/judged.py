"""Everything that the segments of one table are judged by, brought together for `outcomes.json`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from ...compiler.assignment import qualified_columns
from ...compiler.plan import Binding, Population
from ...dsl.program import Program
from ..manifest import AssignedRecord
from ..notes import Note
from .contact import contact_pressure
from .fairness import fairness_of
from .guards import guard_records
from .measures import Measured, measure_records
from .proxies import proxy_records
from .records import TableOutcomes
from .targets import target_records


def judged(
    measured: Measured,
    program: Program,
    population: Population,
    binding: Binding,
    record: AssignedRecord,
    notes: Iterable[Note],
    last_run: dt.date | None,
) -> TableOutcomes:
    """What the segments of a population come to.

    `record` counts the assignments; `notes` are those of the run so far, among them those about fresh data; `last_run`
    is the as-of date of the run before. Raises `DataError` where a measure overflows."""
    table = population.table
    counts = {
        name: {segment: each.count for segment, each in found.segments.items()}
        for name, found in record.segmentations.items()
    }
    measures = measure_records(measured, program, population, binding)
    qualified = qualified_columns(population, measured.options)
    return TableOutcomes(
        rows=record.rows,
        measures=measures,
        targets=target_records(program, binding, table, counts, record.rows, measures),
        guards=guard_records(program, table, binding.as_of, counts, record.rows, measures, notes, last_run),
        fairness=fairness_of(measured, program, population).records,
        proxies=proxy_records(measured, program, population),
        contact=contact_pressure(measured.con, population, measured.relation.source, qualified),
    )
