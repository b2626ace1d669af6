"""The rows that an aggregate counted for one row, for an explanation."""

from __future__ import annotations

from ..compiler.counted import aggregate_named, counted_columns
from ..compiler.plan import Binding, Population
from ..dsl.types import Value
from .engines.engine import Engine
from .explanation import Counted

SHOWN = 10
"""So many rows an explanation shows; it always tells how many there are."""


def counted_by(
    engine: Engine, population: Population, binding: Binding, key: Value, feature: str, name: str
) -> Counted:
    """The first rows that the aggregate `feature` counted for `key`; `name` is how the rules call the aggregate."""
    columns = counted_columns(population, feature, engine.program)
    rows = engine.counted(population, binding, key, feature)
    each, _ = aggregate_named(population, feature)
    shown = tuple(dict(zip(columns, row, strict=True)) for row in rows[:SHOWN])
    kinds = {column: expr.type.kind for column, expr in columns.items()}
    return Counted(name, each.frame.source.table, len(rows), kinds, shown)
