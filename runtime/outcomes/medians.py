"""The intervals of medians: values at ranks that depend on how many values a group has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import duckdb

from ...compiler.assignment import Options
from ...compiler.duckdb.ranks import rank_query
from ...compiler.duckdb.relation import Relation
from ...compiler.plan import Binding, Population
from ...compiler.sampling import Median, sample_of
from ...dsl.program import Program
from ..statistics.figures import Interval, Unstated
from ..statistics.medians import Ranks, median_ranks

Group = tuple[int, int | None, dt.date | None]


def median_intervals(
    con: duckdb.DuckDBPyConnection,
    relation: Relation,
    options: Options,
    program: Program,
    population: Population,
    binding: Binding,
    rows: Mapping[Group, Mapping[str, Any]],
) -> dict[tuple[int, Group], Interval | Unstated]:
    """The interval of each figure that is a median (by its number) over each group."""
    measuring = population.measuring
    found: dict[tuple[int, Group], Interval | Unstated] = {}
    if measuring is None:
        return found
    for number, figure in enumerate(measuring.figures):
        kind = sample_of(measuring, figure)
        if not isinstance(kind, Median) or kind.term.value is None:
            continue
        ranks = {group: median_ranks(row[f"sample_{number}_0"] or 0) for group, row in rows.items()}
        wanted, ends = [*_wanted(ranks)], dict[Group, list[float]]()
        query = rank_query(population, measuring, binding, program, relation, options, kind.term, wanted)
        for cut, segment, period, value in con.execute(query).fetchall() if wanted else ():
            ends.setdefault((cut, segment, period), []).append(float(value))
        for group, each in ranks.items():
            found[number, group] = (
                each if isinstance(each, Unstated) else Interval(min(ends[group]), max(ends[group]), "order statistics")
            )
    return found


def _wanted(ranks: Mapping[Group, Ranks | Unstated]) -> Iterator[tuple[Group, int]]:
    for group, each in ranks.items():
        if isinstance(each, Ranks):
            yield from ((group, rank) for rank in (each.low, each.high))
