"""Ties: rows of one key at the end that `first` or `latest` asks for, which differ in what it asks for."""

from __future__ import annotations

import polars as pl

from ...dsl.program import Program
from ..names import Names
from ..plan import AggregateFeature, AggregatePass, Binding, Frame, Population
from ..plan_walk import only_keys, passes, that_may_tie
from .expressions import all_of, term
from .frames import frame_rows, pass_rows
from .passes import counted, ordered_by
from .rows import Reading, Rows, scope_of
from .table import Tables


def tie_frame(population: Population, binding: Binding, program: Program, tables: Tables) -> pl.LazyFrame | None:
    """The ties that keep `first` and `latest` from having an answer: `table` (the events), `feature` (the name of the
    aggregate in the plan), `key` (as text, of the row that has the events) and `at` (as text, the time at which they
    tie). No rows: no ties. None where the population asks for no first and no latest."""
    reading = Reading(program, binding, tables)
    found = [frame for of, each in passes(population.frame) for frame in _ties(reading, of, each)]
    return pl.concat(found) if found else None


def _ties(reading: Reading, frame: Frame, each: AggregatePass) -> list[pl.LazyFrame]:
    asking, source = that_may_tie(each), each.frame.source.table
    if not asking:
        return []
    rows = pass_rows(reading, each)
    by, at = rows.fields[source, each.by], rows.fields[source, each.at or ""]
    there = frame_rows(reading, only_keys(frame))
    key = there.fields[frame.source.table, frame.key or ""]
    wanted = there.frame.select(pl.col(key).alias(by))
    names = Names(set(rows.names.taken))
    order = names.fresh("order")
    values = [names.fresh("value") for _ in asking]
    masked = [
        _masked(reading, each, rows, aggregate).alias(name) for aggregate, name in zip(asking, values, strict=True)
    ]
    there_rows = (
        rows.frame.with_columns(*masked, ordered_by(reading, each, rows).alias(order))
        .select(by, at, order, *values)
        .join(wanted, on=by, how="semi")
    )
    return [
        _tied(there_rows, by, at, order, value, aggregate.overload.startswith("first.")).select(
            pl.lit(source).alias("table"),
            pl.lit(aggregate.name).alias("feature"),
            pl.col(by).cast(pl.String).alias("key"),
            _written(pl.col("at")).alias("at"),
        )
        for aggregate, value in zip(asking, values, strict=True)
    ]


def _masked(reading: Reading, each: AggregatePass, rows: Rows, aggregate: AggregateFeature) -> pl.Expr:
    """What an aggregate asks for, null in rows that it does not count."""
    assert aggregate.value is not None, "`first` and `latest` ask for a value"
    value, conditions = term(scope_of(reading, rows), aggregate.value), counted(reading, each, rows, aggregate)
    return pl.when(all_of(conditions)).then(value) if conditions else value


def _tied(rows: pl.LazyFrame, by: str, at: str, order: str, value: str, first: bool) -> pl.LazyFrame:
    """The keys whose rows at the end differ, with the time of that end."""
    known = rows.filter(pl.col(value).is_not_null())
    end = pl.col(order).min() if first else pl.col(order).max()
    ends = known.group_by(by).agg(end.alias("end of order"))
    return (
        known.join(ends, on=by)
        .filter(pl.col(order) == pl.col("end of order"))
        .group_by(by)
        .agg(pl.col(at).max().alias("at"), (pl.col(value).min() != pl.col(value).max()).alias("differ"))
        .filter(pl.col("differ"))
    )


def _written(at: pl.Expr) -> pl.Expr:
    """A time as text, without parts of a second that are 0."""
    return at.cast(pl.String).str.replace(r"(\.[0-9]*?)0+$", "${1}").str.strip_suffix(".")
