"""Restricting a query to some keys, at every source."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from ...dsl.program import Program
from ...dsl.types import Value
from ..plan import Population
from .query import column, from_table
from .rows import Rows
from .terms import literal

Restriction = Callable[[exp.Expr], exp.Expr]
"""Given the term of a key: the condition that the row is wanted."""


def only_key(program: Program, population: Population, key: Value | None) -> Restriction | None:
    """Wants the row of the population with that key alone; None (every row) where there is no key."""
    if key is None:
        return None
    type = program.table(population.table).field_named(population.frame.key or "").type
    return lambda term: exp.EQ(this=term.copy(), expression=literal(key, type))


def keys_among(rows: Rows, table: str, field: str) -> Restriction:
    """Wants the keys in a column of `rows`."""
    keys = from_table(rows.table, [column(rows.fields[table, field])])
    return lambda term: exp.In(this=term.copy(), query=exp.Subquery(this=keys.copy()))
