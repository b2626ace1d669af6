"""The frame behind an explanation: the plan's own decisions for one key, with what they looked at."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from ...dsl.program import Program
from ...dsl.types import Value
from ..plan import Binding, PlanExpr, Population
from .decisions import decide, scope_of_decided
from .expressions import term
from .frames import frame_rows
from .keys import only_key
from .rows import Reading
from .table import Tables


def observation_frame(
    population: Population,
    binding: Binding,
    program: Program,
    tables: Tables,
    key: Value,
    observed: Iterable[PlanExpr],
) -> pl.LazyFrame:
    """The rows with that key (one, where the data keeps its contract): `clause_<segmentation>`, the number of the
    winning clause, or `included_<segmentation>`, one truth for each segment; `condition_<number>` for each condition
    that is not personal; `observed_<i>`, the value of the i-th of `observed`."""
    reading = Reading(program, binding, tables)
    rows = frame_rows(reading, population.frame, only_key(program, population, key))
    decided = decide(reading, population, rows, conditions=True)
    scope = scope_of_decided(reading, population, decided)
    terms = [pl.col(held).alias(f"clause_{name}") for name, held in decided.clause.items()]
    for name, segments in decided.included.items():
        terms.append(pl.concat_list(*segments.values()).alias(f"included_{name}"))
    terms += [
        pl.col(decided.conditions[condition.number]).alias(f"condition_{condition.number}")
        for condition in population.conditions
        if not condition.personal
    ]
    terms += [term(scope, expr).alias(f"observed_{number}") for number, expr in enumerate(observed)]
    return decided.rows.frame.select(terms)
