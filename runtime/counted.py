"""The rows that an aggregate counted for one row, for an explanation."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from ..compiler.duckdb.events import aggregate_named, counted_columns, counted_events_query
from ..compiler.duckdb.relation import Relation
from ..compiler.plan import Binding, Population
from ..dsl.program import Program
from ..dsl.types import Value
from .explanation import Counted

SHOWN = 10
"""So many rows an explanation shows; it always tells how many there are."""


def counted_by(
    connection: duckdb.DuckDBPyConnection,
    population: Population,
    binding: Binding,
    program: Program,
    relations: Mapping[str, Relation],
    key: Value,
    feature: str,
    name: str,
) -> Counted:
    """The first rows that the aggregate `feature` counted for `key`; `name` is how the rules call the aggregate."""
    columns = counted_columns(population, feature, program)
    rows = connection.execute(counted_events_query(population, feature, key, binding, program, relations)).fetchall()
    each, _ = aggregate_named(population, feature)
    shown = tuple(dict(zip(columns, row, strict=True)) for row in rows[:SHOWN])
    kinds = {column: expr.type.kind for column, expr in columns.items()}
    return Counted(name, each.frame.source.table, len(rows), kinds, shown)
