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
from .hiding import hide
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
) -> tuple[AssignedRecord, TableOutcomes]:
    """What the segments of a population come to, and how many rows they have, as far as that may be shown.

    `record` counts the assignments; `notes` are those of the run so far, among them those about fresh data; `last_run`
    is the as-of date of the run before. Raises `DataError` where a measure overflows."""
    table, qualified = population.table, qualified_columns(population, measured.options)
    fair = fairness_of(measured, program, population)
    found = TableOutcomes(
        rows=record.rows,
        measures=measure_records(measured, program, population, binding),
        fairness=fair.records,
        proxies=proxy_records(measured, program, population),
        contact=contact_pressure(measured.con, population, measured.relation.source, qualified),
    )
    if program.policy.hide_below is not None:
        record, found = hide(population, record, found, fair.crossed, program.policy.hide_below)
    counts = {
        name: {segment: each.count for segment, each in shown.segments.items()}
        for name, shown in record.segmentations.items()
    }
    targets = target_records(program, binding, table, counts, record.rows, found.measures)
    guards = guard_records(program, table, binding.as_of, counts, record.rows, found.measures, notes, last_run)
    return record, found.model_copy(update={"targets": targets, "guards": guards})
