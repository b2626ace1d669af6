"""The rows behind an aggregate of one row: what an explanation shows."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from ...dsl.program import Program
from ...dsl.types import Value
from ..counted import aggregate_named, counted_columns
from ..plan import Binding, Population
from .expressions import term
from .frames import pass_rows
from .keys import only_key
from .passes import counted
from .query import Query, column, from_table, named
from .relation import Relation
from .rows import scope_of
from .terms import is_known


def counted_events_query(
    population: Population,
    feature: str,
    key: Value,
    binding: Binding,
    program: Program,
    relations: Mapping[str, Relation],
) -> str:
    """A query for the rows that the aggregate `feature` of the population counted for the row with that key: the
    columns of `counted_columns`; events from the latest to the earliest, rows of child tables in order of their key.

    Raises `KeyError` where the population has no aggregate of that name."""
    each, aggregate = aggregate_named(population, feature)
    query = Query(program, binding, relations)
    rows = pass_rows(query, each, only_key(program, population, key))
    scope, source = scope_of(query, rows), each.frame.source.table
    shown = counted_columns(population, feature, program)
    conditions = counted(query, each, rows, aggregate)
    if aggregate.value is not None:
        conditions.append(is_known(term(scope, aggregate.value)))
    select = from_table(rows.table, [named(term(scope, expr), name) for name, expr in shown.items()])
    for name in (each.at, each.then) if each.at is not None else (each.frame.key,):
        if name is not None:
            order = exp.Ordered(this=column(rows.fields[source, name], rows.table), desc=each.at is not None)
            select = select.order_by(order, copy=False)
    return query.finish(select.where(*conditions, copy=False))
