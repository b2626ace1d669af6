"""Ties: rows of one key at the end that `first` or `latest` asks for, which differ in what it asks for.

Looked for apart from the assignment, because it costs as much as all aggregates of a pass together. A value goes into
64 bits by DuckDB's hash, exactly for all but text, where two values in 2^64 may pass for the same. Of the pairs (order,
hash) and (order, complement of the hash) the greatest have the same hash exactly where all rows at the end agree.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from ...dsl.program import Program
from ..plan import AggregateFeature, AggregatePass, Binding, Frame, Population
from ..plan_walk import only_keys, passes, that_may_tie
from .expressions import term
from .frames import frame_rows, pass_rows
from .keys import keys_among
from .passes import counted
from .query import Query, column, from_table, named
from .relation import Relation
from .rows import Rows, scope_of
from .terms import both, call, cast, either, is_known, quoted, when, whole

ALL_BITS = 2**64 - 1


def tie_query(
    population: Population, binding: Binding, program: Program, relations: Mapping[str, Relation]
) -> str | None:
    """A query for the ties that keep `first` and `latest` from having an answer: `table` (the events), `feature` (the
    name of the aggregate in the plan), `key` (as text, of the row that has the events) and `at` (as text, the time at
    which they tie). No rows: no ties. None where the population asks for no first and no latest."""
    query = Query(program, binding, relations)
    found = [select for frame, each in passes(population.frame) for select in _ties(query, frame, each)]
    if not found:
        return None
    return query.finish(found[0] if len(found) == 1 else exp.union(*found, distinct=False))


def _ties(query: Query, frame: Frame, each: AggregatePass) -> list[exp.Select]:
    asking, source = that_may_tie(each), each.frame.source.table
    if not asking:
        return []
    rows = pass_rows(query, each)
    by = rows.fields[source, each.by]
    tied = [_tied_at(query, each, rows, aggregate) for aggregate in asking]
    columns = [f"tie {number}" for number in range(len(tied))]
    terms = [named(at, name) for at, name in zip(tied, columns, strict=True)]
    select = from_table(rows.table, [column(by), *terms]).group_by(column(by), copy=False)
    ties = query.add(f"ties of {source}", select.having(either(*(is_known(at) for at in tied)), copy=False))
    there = frame_rows(query, only_keys(frame))
    wanted = keys_among(there, frame.source.table, frame.key or "")
    return [
        from_table(
            ties,
            [
                named(quoted(source), "table"),
                named(quoted(aggregate.name), "feature"),
                named(cast(column(by), "TEXT"), "key"),
                named(column(name), "at"),
            ],
        ).where(is_known(column(name)), wanted(column(by)), copy=False)
        for aggregate, name in zip(asking, columns, strict=True)
    ]


def _tied_at(query: Query, each: AggregatePass, rows: Rows, aggregate: AggregateFeature) -> exp.Expr:
    """The time at the end that is asked for, as text, where the rows there differ; else NULL."""
    assert aggregate.value is not None, "`first` and `latest` ask for a value"
    source, scope = query.program.table(each.frame.source.table), scope_of(query, rows)
    value, at = term(scope, aggregate.value), column(rows.fields[source.name, each.at or ""])
    end = "MIN" if aggregate.overload.startswith("first.") else "MAX"
    where = exp.Where(this=both(*counted(query, each, rows, aggregate), is_known(value)))

    def at_end(term: exp.Expr) -> exp.Expr:
        return exp.Filter(this=call(end, term), expression=where.copy())

    hash = call("HASH", value)
    complement = exp.Sub(this=whole(ALL_BITS), expression=hash.copy())
    if each.then is not None:
        then = column(rows.fields[source.name, each.then])
        ends = [call("STRUCT_EXTRACT", at_end(call("ROW", at, then, bits)), whole(3)) for bits in (hash, complement)]
        differ = exp.NEQ(this=exp.Add(this=cast(ends[0], "HUGEINT"), expression=ends[1]), expression=whole(ALL_BITS))
    else:
        time = cast(_number(at, source.field_named(each.at or "").type.kind), "HUGEINT")
        high = exp.Mul(this=time, expression=whole(ALL_BITS + 1))
        first, second = (at_end(exp.Add(this=high.copy(), expression=bits)) for bits in (hash, complement))
        agreed = exp.Add(
            this=exp.Mul(this=whole(2), expression=at_end(high)),
            expression=whole(ALL_BITS),
        )
        differ = exp.NEQ(this=exp.Add(this=first, expression=second), expression=agreed)
    return when(differ, cast(at_end(at), "TEXT"))


def _number(at: exp.Expr, kind: str) -> exp.Expr:
    """A date as days, a timestamp as microseconds, so that order is kept."""
    if kind == "timestamp":
        return call("EPOCH_US", at)
    return exp.Paren(this=exp.Sub(this=at.copy(), expression=cast(quoted("1970-01-01"), "DATE")))
