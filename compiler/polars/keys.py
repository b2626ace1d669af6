"""Restricting a frame to some keys, at every source."""

from __future__ import annotations

from ...dsl.program import Program
from ...dsl.types import Value
from ..plan import Population
from .frames import Restriction
from .values import literal


def only_key(program: Program, population: Population, key: Value | None) -> Restriction | None:
    """Wants the row of the population with that key alone; None (every row) where there is no key."""
    if key is None:
        return None
    type = program.table(population.table).field_named(population.frame.key or "").type
    wanted = literal(key, type)
    return lambda held: held == wanted
