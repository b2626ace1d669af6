"""The rows behind an aggregate of one row: what an explanation shows."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from ...dsl.program import FieldRef, Program
from ...dsl.types import Value
from ..inputs import Input, name_of_input, not_personal, personal_features
from ..plan import AggregateFeature, AggregatePass, Binding, PlanExpr, Population
from ..plan_walk import parts
from .expressions import term
from .frames import pass_rows
from .keys import only_key
from .passes import counted
from .query import Names, Query, column, from_table, named
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


def counted_columns(population: Population, feature: str, program: Program) -> dict[str, PlanExpr]:
    """The columns that tell about a row which an aggregate counted: its time or key, what it gave the aggregate (the
    field, or `value` where that is reckoned), and what `where` looks at. Nothing personal.

    Raises `KeyError` where the population has no aggregate of that name."""
    each, aggregate = aggregate_named(population, feature)
    table = program.table(each.frame.source.table)
    marks = [name for name in (each.at, each.then, table.key) if name is not None]
    inputs: list[PlanExpr] = [FieldRef(table.name, name, table.field_named(name).type) for name in marks]
    if aggregate.value is not None:
        inputs.append(aggregate.value)
    if aggregate.where is not None:
        inputs += [part for part in parts(aggregate.where) if isinstance(part, Input)]
    personal = personal_features(each.frame, program)
    names, found = Names(), dict[str, PlanExpr]()
    for expr in dict.fromkeys(inputs):
        if all(not_personal(part, personal, program) for part in parts(expr) if isinstance(part, Input)):
            found[names.fresh(name_of_input(expr, each.frame, program) if isinstance(expr, Input) else "value")] = expr
    return found


def aggregate_named(population: Population, feature: str) -> tuple[AggregatePass, AggregateFeature]:
    """The aggregate of that name and its pass; `KeyError` where the population has none."""
    for each in population.frame.passes:
        for aggregate in each.aggregates:
            if aggregate.name == feature:
                return each, aggregate
    raise KeyError(feature)
