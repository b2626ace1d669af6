"""The rows behind an aggregate of one row: what an explanation shows."""

from __future__ import annotations

import polars as pl

from ...dsl.program import Program
from ...dsl.types import Value
from ..counted import aggregate_named, counted_columns
from ..plan import Binding, Population
from .expressions import term
from .frames import pass_rows
from .keys import only_key
from .passes import counted
from .rows import Reading, scope_of
from .table import Tables


def counted_events_frame(
    population: Population, feature: str, key: Value, binding: Binding, program: Program, tables: Tables
) -> pl.LazyFrame:
    """The rows that the aggregate `feature` of the population counted for the row with that key: the columns of
    `counted_columns`; events from the latest to the earliest, rows of child tables in order of their key.

    Raises `KeyError` where the population has no aggregate of that name."""
    each, aggregate = aggregate_named(population, feature)
    reading = Reading(program, binding, tables)
    rows = pass_rows(reading, each, only_key(program, population, key))
    scope, source = scope_of(reading, rows), each.frame.source.table
    conditions = counted(reading, each, rows, aggregate)
    if aggregate.value is not None:
        conditions.append(term(scope, aggregate.value).is_not_null())
    order = (each.at, each.then) if each.at is not None else (each.frame.key,)
    by = [pl.col(rows.fields[source, name]) for name in order if name is not None]
    found = rows.frame.filter(*conditions) if conditions else rows.frame
    if by:
        found = found.sort(by, descending=each.at is not None, nulls_last=True)
    shown = counted_columns(population, feature, program)
    return found.select(term(scope, expr).alias(name) for name, expr in shown.items())
