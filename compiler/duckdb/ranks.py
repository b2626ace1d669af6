"""The query for values at certain ranks of the groups that are measured."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from sqlglot import exp

from ...dsl.program import Program
from ..assignment import Options, measured_columns
from ..plan import Binding, GroupTerm, Measuring, Population
from .measure import cuts_of, number_of_name, rows_measured
from .query import Query, column, from_table, named
from .relation import Relation
from .terms import both, call, cast, is_known, quoted, whole

Group = tuple[int, int | None, dt.date | None]
"""Number of the cut, of the segment, first day of the vintage."""


def rank_query(
    population: Population,
    measuring: Measuring,
    binding: Binding,
    program: Program,
    measured: Relation,
    options: Options,
    median: GroupTerm,
    wanted: Sequence[tuple[Group, int]],
) -> str:
    """A query for `cut`, `segment`, `period` and `value`: the value at each wanted rank, from 1, among the known values
    of a term over the rows of a group, in ascending order. The rest as `measure_query`."""
    query = Query(program, binding, {"measured": measured})
    asked = measured_columns(population, program, options)
    rows = rows_measured(query, population, measuring, measured, asked)
    assert median.value is not None, "a median of something"
    value = column(asked[median.value])
    counted = is_known(value) if median.where is None else both(is_known(value), column(asked[median.where]))
    placed = [each.where(counted.copy(), copy=False) for each in _placed(query, population, measuring, rows, value)]
    tables = [query.add("placed", each) for each in placed]
    ranks = query.add("wanted", _wanted(wanted))
    found: list[exp.Query] = [_at_ranks(each, ranks) for each in tables]
    united = found[0]
    for each in found[1:]:
        united = exp.Union(this=united, expression=each, distinct=False)
    return query.finish(united)


def _placed(
    query: Query, population: Population, measuring: Measuring, rows: str, value: exp.Expr
) -> Iterator[exp.Select]:
    """For each cut every row with its group, its value and the place of that in the group."""
    numbers = {each.segmentation: (number, each) for number, each in enumerate(population.decisions)}
    for at, cut in enumerate(cuts_of(population, measuring)):
        segment, source = exp.null(), rows
        if cut.segmentation is not None:
            number, decision = numbers[cut.segmentation]
            name = f"segment {number}"
            segment = column(name)
            if not decision.exclusive:
                kept = exp.Star(except_=[column(name)])
                source = query.add("members", from_table(rows, [kept, named(call("UNNEST", column(name)), name)]))
                segment = number_of_name(decision, column(name))
        period = exp.null() if cut.vintage is None else column(f"vintage {cut.vintage}")
        keys = [cast(segment, "INTEGER"), cast(period, "DATE")]
        order = exp.Order(expressions=[exp.Ordered(this=value.copy())])
        place = exp.Window(this=call("ROW_NUMBER"), partition_by=[key.copy() for key in keys], order=order)
        terms = [named(whole(at), "cut"), named(keys[0], "segment"), named(keys[1], "period")]
        yield from_table(source, [*terms, named(value.copy(), "value"), named(place, "place")])


def _wanted(wanted: Sequence[tuple[Group, int]]) -> exp.Select:
    """The wanted ranks as a table."""
    rows = [
        exp.Tuple(
            expressions=[
                whole(cut),
                cast(exp.null() if segment is None else whole(segment), "INTEGER"),
                cast(exp.null() if period is None else quoted(period.isoformat()), "DATE"),
                whole(rank),
            ]
        )
        for (cut, segment, period), rank in dict.fromkeys(wanted)
    ]
    alias = exp.TableAlias(this=exp.to_identifier("w"), columns=[exp.to_identifier(name) for name in _KEYS])
    return exp.Select().select(exp.Star(), copy=False).from_(exp.Values(expressions=rows, alias=alias), copy=False)


_KEYS = ("cut", "segment", "period", "place")


def _at_ranks(table: str, ranks: str) -> exp.Select:
    on = [exp.NullSafeEQ(this=column(name, table), expression=column(name, ranks)) for name in _KEYS]
    select = from_table(table, [column(name, table) for name in (*_KEYS[:3], "value")])
    return select.join(exp.Table(this=exp.to_identifier(ranks, quoted=True)), on=both(*on), copy=False)
