"""The rows that an aggregate counted for one customer, for an explanation."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from ..compiler.duckdb.events import aggregate_named, counted_events_query
from ..compiler.duckdb.relation import Relation
from ..compiler.plan import Binding, Population
from ..dsl.program import Program
from ..dsl.types import Value
from .explanation import Counted, CountedRow

SHOWN = 10
"""How many rows an explanation shows; it always tells how many there are."""


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
    """The latest rows that the aggregate `feature` counted for `key`; `name` is how the rules say the aggregate."""
    query = counted_events_query(population, feature, key, binding, program, relations)
    result = connection.execute(query)
    columns = [column[0] for column in result.description or ()]
    rows = result.fetchall()
    each, _ = aggregate_named(population, feature)
    shown = tuple(CountedRow(dict(zip(columns, row, strict=True))) for row in rows[:SHOWN])
    return Counted(name, each.frame.source.table, len(rows), shown)
