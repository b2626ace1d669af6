"""What stops an assignment though every single value keeps its contract: ties and overflow, by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import duckdb

from ..compiler.duckdb.assign import Options, assignment_query
from ..compiler.duckdb.relation import Relation
from ..compiler.duckdb.stops import is_overflow
from ..compiler.duckdb.ties import tie_query
from ..compiler.plan import AggregatePass, Binding, Feature, Frame, Population
from ..compiler.plan_walk import segmentations_asked
from ..dsl.program import Expr, LetRef, Program
from ..dsl.wording import wording
from .engine import text
from .errors import DataError, Violation
from .notes import rows
from .violations import FIRST

_TIES = "ties"


def check_ties(
    con: duckdb.DuckDBPyConnection,
    program: Program,
    population: Population,
    binding: Binding,
    relations: Mapping[str, Relation],
) -> list[Violation]:
    """The ties that leave `first` and `latest` without an answer, one violation for each aggregate."""
    query = tie_query(population, binding, program, relations)
    if query is None:
        return []
    con.execute(f"CREATE OR REPLACE TEMP TABLE {_TIES} AS {query}")
    found = con.execute(f'SELECT "table", feature, count(*) FROM {_TIES} GROUP BY ALL ORDER BY ALL').fetchall()
    written = dict(_written(population.frame))
    return [_tie(con, program, table, feature, written[feature], count) for table, feature, count in found]


def _tie(
    con: duckdb.DuckDBPyConnection, program: Program, table: str, feature: str, written: Expr, count: int
) -> Violation:
    events = program.table(table)
    owner = program.table(events.parent or "")
    key = owner.field_named(owner.key or "")
    first = f'WHERE "table" = {text(table)} AND feature = {text(feature)}'
    order = "TRY_CAST(key AS HUGEINT), key"
    keys = con.execute(f'SELECT key, "at" FROM {_TIES} {first} ORDER BY {order} LIMIT {FIRST}').fetchall()
    said = ", ".join(f"{name} (at {at})" for name, at in keys)
    who = "" if key.personal else f"; {'' if count <= FIRST else 'first '}{key.name} {said}"
    advice = "" if events.then is not None else f"; say which comes first: `at {events.at} then …`"
    sentence = (
        f"`{wording(written, events.parent or '')}` has no answer for {rows(count)} of `{owner.name}`: rows tie "
        f"in time and differ{who}{advice}"
    )
    return Violation("tie", table, None, count, sentence, () if key.personal else tuple(name for name, _ in keys))


def overflow(
    con: duckdb.DuckDBPyConnection,
    program: Program,
    population: Population,
    binding: Binding,
    relations: Mapping[str, Relation],
    problem: duckdb.Error,
) -> DataError | None:
    """The data error behind an engine's error, None where it was no overflow. Runs the features again, one more each
    time, until one overflows."""
    if not is_overflow(str(problem)):
        return None
    for written, partial in _growing(population):
        try:
            query = assignment_query(partial, binding, program, relations, Options(features=True))
            con.execute(f"CREATE OR REPLACE TEMP TABLE overflow AS {query}")
        except duckdb.Error as again:
            if is_overflow(str(again)):
                name = (
                    f"let `{written.name}`"
                    if isinstance(written, LetRef)
                    else f"`{wording(written, population.table)}`"
                )
                sentence = f"{name} is too large for some row: whole numbers have 64 bits, money has 18 digits"
                return DataError([Violation("overflow", population.table, None, None, sentence)])
            raise
    sentence = "arithmetic that the rules read is too large for some row: whole numbers have 64 bits, money 18 digits"
    return DataError([Violation("overflow", population.table, None, None, sentence)])


def _growing(population: Population) -> Iterator[tuple[Expr, Population]]:
    """The population without decisions, with one aggregate, one more, …, then with one feature, one more, …"""
    frame = population.frame
    passes: tuple[AggregatePass, ...] = ()
    for each in frame.passes:
        for number, aggregate in enumerate(each.aggregates, 1):
            grown = (*passes, replace(each, aggregates=each.aggregates[:number]))
            yield aggregate.written, _bare(population, grown, ())
        passes = (*passes, each)
    asked = segmentations_asked(frame)
    features = tuple(each for each in frame.features if not asked[each.name])
    for number, feature in enumerate(features, 1):
        yield feature.written, _bare(population, frame.passes, features[:number])


def _bare(population: Population, passes: tuple[AggregatePass, ...], features: tuple[Feature, ...]) -> Population:
    frame = replace(population.frame, passes=passes, features=features)
    return replace(population, frame=frame, conditions=(), decisions=())


def _written(frame: Frame) -> Iterator[tuple[str, Expr]]:
    for each in frame.passes:
        for aggregate in each.aggregates:
            yield aggregate.name, aggregate.written
        yield from _written(each.frame)
