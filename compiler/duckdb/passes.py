"""An aggregate pass: which rows it reads at all, and what it makes of those of one key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp

from ...dsl.types import Type
from ..plan import AggregateFeature, AggregatePass
from ..windows import bounds, widest
from .expressions import term
from .lower_aggregates import LOWER_AGGREGATES, AggregateCall
from .query import Names, Query, column, from_table, named
from .rows import Rows, scope_of
from .terms import both, cast, literal, quoted


@dataclass(frozen=True, slots=True)
class Grouped:
    """The table of a pass: its key column `by`, and the column of each aggregate by name."""

    table: str
    by: str
    columns: Mapping[str, str]


# -- time ----------------------------------------------------------------------------------------------------------


def after(at: exp.Expr, type: Type, date: dt.date) -> exp.Expr:
    """Later than the whole of `date`; a timestamp counts by its calendar date."""
    if type.kind == "date":
        return exp.GT(this=at.copy(), expression=literal(date, type))
    return exp.GTE(this=at.copy(), expression=_midnight_after(date))


def until(at: exp.Expr, type: Type, date: dt.date) -> exp.Expr:
    """On `date` or before."""
    if type.kind == "date":
        return exp.LTE(this=at.copy(), expression=literal(date, type))
    return exp.LT(this=at.copy(), expression=_midnight_after(date))


def _midnight_after(date: dt.date) -> exp.Expr:
    # DuckDB's calendar goes on after the year 9999, Python's does not.
    day = "10000-01-01" if date == dt.date.max else (date + dt.timedelta(days=1)).isoformat()
    return cast(quoted(f"{day} 00:00:00"), "TIMESTAMP")


# -- which rows ----------------------------------------------------------------------------------------------------


def visible(query: Query, each: AggregatePass, own: Mapping[str, exp.Expr]) -> list[exp.Expr]:
    """What a row of the pass has to fulfil for any of its aggregates, given the terms of its own fields: it is known by
    the as-of date and lies in the widest window."""
    table, as_of = query.program.table(each.frame.source.table), query.binding.as_of
    if each.at is None:
        return []
    low, high = widest(query.binding, each)
    at, type = own[each.at], table.field_named(each.at).type
    conditions = [until(at, type, high)]
    if low is not None:
        conditions.insert(0, after(at, type, low))
    if each.known_at is not None:
        conditions.append(until(own[each.known_at], table.field_named(each.known_at).type, as_of))
    return conditions


def counted(query: Query, each: AggregatePass, rows: Rows, aggregate: AggregateFeature) -> list[exp.Expr]:
    """What tells the rows that an aggregate counts from the others of its pass."""
    conditions: list[exp.Expr] = []
    if each.at is not None:
        source = each.frame.source.table
        at, type = column(rows.fields[source, each.at]), query.program.table(source).field_named(each.at).type
        (low, high), (lowest, highest) = bounds(query.binding, aggregate), widest(query.binding, each)
        if low is not None and low != lowest:
            conditions.append(after(at, type, low))
        if high != highest:
            conditions.append(until(at, type, high))
    if aggregate.where is not None:
        conditions.append(term(scope_of(query, rows), aggregate.where))
    return conditions


# -- groups --------------------------------------------------------------------------------------------------------


def group_rows(query: Query, each: AggregatePass, rows: Rows) -> Grouped:
    """Adds the table of a pass to the query, given the table of its rows: one row for each key that has any."""
    names, source = Names(), each.frame.source.table
    by = names.fresh(each.by)
    columns = {aggregate.name: names.fresh(aggregate.name) for aggregate in each.aggregates}
    filters = [counted(query, each, rows, aggregate) for aggregate in each.aggregates]
    # What all of them ask for is asked once, before grouping; but nothing may hide an overflow in a feature.
    shared = filters[0] if all(filter == filters[0] for filter in filters) and not each.frame.features else []
    terms = [named(column(rows.fields[source, each.by]), by)]
    for aggregate, filter in zip(each.aggregates, filters, strict=True):
        where = None if filter == shared or not filter else both(*filter)
        call = _call(query, each, rows, aggregate, where)
        value = named(LOWER_AGGREGATES[aggregate.overload](call), columns[aggregate.name])
        terms.append(query.remarked((source, aggregate.name), value))
    select = from_table(rows.table, terms).where(*shared, copy=False)
    table = query.add(f"{source} by {each.by}", select.group_by(column(rows.fields[source, each.by]), copy=False))
    return Grouped(table, by, columns)


def _call(
    query: Query, each: AggregatePass, rows: Rows, aggregate: AggregateFeature, where: exp.Expr | None
) -> AggregateCall:
    source, scope = query.program.table(each.frame.source.table), scope_of(query, rows)
    value = aggregate.value
    return AggregateCall(
        value=None if value is None else term(scope, value),
        type=None if value is None else value.type,
        at=None if each.at is None else column(rows.fields[source.name, each.at]),
        at_type=None if each.at is None else source.field_named(each.at).type,
        then=None if each.then is None else column(rows.fields[source.name, each.then]),
        where=where,
        result=aggregate.type,
        as_of=query.binding.as_of,
    )
