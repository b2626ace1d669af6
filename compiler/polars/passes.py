"""An aggregate pass: which rows it reads at all, and what it makes of those of one key, in one grouping."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from ...dsl.program import FieldRef
from ...dsl.types import DATE, Type
from ..names import Names
from ..plan import AggregateFeature, AggregatePass, FeatureRef, PlanExpr
from ..windows import Bounds, bounds, widest
from .expressions import all_of, term
from .lower_aggregates import LOWER_AGGREGATES, AggregateCall, order_of
from .rows import Reading, Rows, scope_of
from .values import literal


@dataclass(frozen=True, slots=True)
class Grouped:
    """One row for each key that has any row in a pass: its key column `by`, the column of each aggregate by name."""

    frame: pl.LazyFrame
    by: str
    columns: Mapping[str, str]


# -- time ----------------------------------------------------------------------------------------------------------


def after(at: pl.Expr, type: Type, date: dt.date) -> pl.Expr:
    """Later than the whole of `date`; a timestamp counts by its calendar date."""
    return at > literal(date, DATE) if type.kind == "date" else at >= _midnight_after(date)


def until(at: pl.Expr, type: Type, date: dt.date) -> pl.Expr:
    """On `date` or before."""
    return at <= literal(date, DATE) if type.kind == "date" else at < _midnight_after(date)


def _midnight_after(date: dt.date) -> pl.Expr:
    # Polars' calendar goes on after the year 9999, Python's does not.
    days = date.toordinal() + 1 - dt.date(1970, 1, 1).toordinal()
    return pl.lit(days * 86_400_000_000, dtype=pl.Int64).cast(pl.Datetime("us"))


# -- which rows ----------------------------------------------------------------------------------------------------


def visible(reading: Reading, each: AggregatePass, own: Mapping[str, pl.Expr]) -> list[pl.Expr]:
    """What a row of the pass has to fulfil for any of its aggregates, given its own fields: it is known by the as-of
    date and lies in the widest window."""
    table, as_of = reading.program.table(each.frame.source.table), reading.binding.as_of
    if each.at is None:
        return []
    low, high = widest(reading.binding, each)
    at, type = own[each.at], table.field_named(each.at).type
    conditions = [until(at, type, high)]
    if low is not None:
        conditions.insert(0, after(at, type, low))
    if each.known_at is not None:
        conditions.append(until(own[each.known_at], table.field_named(each.known_at).type, as_of))
    return conditions


def counted(reading: Reading, each: AggregatePass, rows: Rows, aggregate: AggregateFeature) -> list[pl.Expr]:
    """What tells the rows that an aggregate counts from the others of its pass."""
    conditions: list[pl.Expr] = []
    window, _ = _told(reading, each, aggregate)
    if window is not None:
        source, (low, high) = each.frame.source.table, window
        at = pl.col(rows.fields[source, each.at or ""])
        type = reading.program.table(source).field_named(each.at or "").type
        lowest, highest = widest(reading.binding, each)
        if low is not None and low != lowest:
            conditions.append(after(at, type, low))
        if high != highest:
            conditions.append(until(at, type, high))
    if aggregate.where is not None:
        conditions.append(term(scope_of(reading, rows), aggregate.where))
    return conditions


def _told(reading: Reading, each: AggregatePass, aggregate: AggregateFeature) -> tuple[Bounds | None, PlanExpr | None]:
    """By which window and condition the rows that an aggregate counts are told from others."""
    return None if each.at is None else bounds(reading.binding, aggregate), aggregate.where


# -- groups --------------------------------------------------------------------------------------------------------


def group_rows(reading: Reading, each: AggregatePass, rows: Rows) -> Grouped:
    """The rows of a pass, grouped: masks and values of aggregates are columns beforehand, each once."""
    told = {aggregate.name: _told(reading, each, aggregate) for aggregate in each.aggregates}
    conditions = {told[each_.name]: counted(reading, each, rows, each_) for each_ in each.aggregates}
    # What all of them ask for is asked once, before grouping; but nothing may hide an overflow in a feature.
    if len(conditions) == 1 and not each.frame.features:
        (shared,) = conditions.values()
        rows = replace(rows, frame=rows.frame.filter(*shared) if shared else rows.frame)
        conditions = {which: list[pl.Expr]() for which in conditions}
    names, masks = Names(set(rows.names.taken)), dict[tuple[Bounds | None, PlanExpr | None], str | None]()
    for which, found in conditions.items():
        masks[which] = names.fresh("counted") if found else None
    frame = rows.frame.with_columns(
        all_of(conditions[which]).alias(name) for which, name in masks.items() if name is not None
    )
    source = reading.program.table(each.frame.source.table)
    scope, by = scope_of(reading, rows), rows.fields[source.name, each.by]
    values: dict[tuple[PlanExpr, str | None], str] = {}
    terms: list[pl.Expr] = []
    for aggregate in each.aggregates:
        mask = masks[told[aggregate.name]]
        if aggregate.value is None or (aggregate.value, mask) in values:
            continue
        value = term(scope, aggregate.value)
        if mask is None and isinstance(aggregate.value, FieldRef | FeatureRef):
            values[aggregate.value, mask] = value.meta.output_name()
            continue
        values[aggregate.value, mask] = names.fresh("value")
        masked = value if mask is None else pl.when(pl.col(mask)).then(value)
        terms.append(masked.alias(values[aggregate.value, mask]))
    order = None
    if _is_ordered(each):
        order = names.fresh("order")
        terms.append(ordered_by(reading, each, rows).alias(order))
    columns, aggregated = dict[str, str](), list[pl.Expr]()
    taken = Names({by.casefold()})
    for aggregate in each.aggregates:
        mask, value = masks[told[aggregate.name]], aggregate.value
        call = AggregateCall(
            value=None if value is None else pl.col(values[value, mask]),
            type=None if value is None else value.type,
            counted=None if mask is None else pl.col(mask),
            at=None if each.at is None else pl.col(rows.fields[source.name, each.at]),
            at_type=None if each.at is None else source.field_named(each.at).type,
            order=None if order is None else pl.col(order),
            result=aggregate.type,
            as_of=reading.binding.as_of,
        )
        columns[aggregate.name] = taken.fresh(aggregate.name)
        aggregated.append(LOWER_AGGREGATES[aggregate.overload](call).alias(columns[aggregate.name]))
    return Grouped(frame.with_columns(terms).group_by(by).agg(aggregated), by, columns)


def _is_ordered(each: AggregatePass) -> bool:
    return any(aggregate.overload.startswith(("first.", "latest.")) for aggregate in each.aggregates)


def ordered_by(reading: Reading, each: AggregatePass, rows: Rows) -> pl.Expr:
    """What a later row of the pass has more of."""
    source = reading.program.table(each.frame.source.table)
    at = pl.col(rows.fields[source.name, each.at or ""])
    if each.then is None:
        return order_of(at, None, None)
    return order_of(at, pl.col(rows.fields[source.name, each.then]), source.field_named(each.then).type.kind)
