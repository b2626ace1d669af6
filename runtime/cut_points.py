"""Where the bands of relative values begin: found over everybody before anybody is decided about, and recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import duckdb

from ..compiler.cut_points import CutPoints
from ..compiler.duckdb.ranking import cut_points_in, ranking_query
from ..compiler.duckdb.relation import Relation
from ..compiler.plan import Binding, Plan, Population
from ..dsl.program import Program
from ..dsl.types import Value
from ..dsl.wording import value_wording
from .engine import engine_error
from .stops import overflow


def with_cut_points(
    con: duckdb.DuckDBPyConnection,
    program: Program,
    plan: Plan,
    binding: Binding,
    relations: Mapping[str, Relation],
    stage: Callable[[str], None] = lambda _: None,
) -> Binding:
    """The binding with the cut-points of every relative value of the plan, over the data as it is.

    Raises `DataError` where arithmetic overflows on the way, else `EngineError`."""
    found: dict[str, tuple[Value | None, ...]] = {}
    for population in plan.populations:
        if population.ranking is None:
            continue
        stage(f"ranking `{population.table}`")
        query = ranking_query(population.ranking, binding, program, relations)
        try:
            result = con.execute(query)
            names = [column[0] for column in result.description or ()]
            row = dict(zip(names, result.fetchall()[0], strict=True))
        except duckdb.Error as problem:
            stopped = overflow(con, program, _ranked(population), binding, relations, problem)
            raise stopped or engine_error(problem, f"ranking `{population.table}`") from problem
        found |= cut_points_in(population.ranking, row)
    return replace(binding, cut_points=found)


def worded_cut_points(plan: Plan, cut_points: CutPoints) -> dict[str, list[str | None]]:
    """Cut-points as rule files write values; None where nobody gets so far."""
    types = {
        key: relative.of.type
        for population in plan.populations
        if population.ranking is not None
        for key, relative in zip(population.ranking.keys, population.ranking.written, strict=True)
    }
    return {
        key: [None if value is None else value_wording(value, types[key]) for value in values]
        for key, values in cut_points.items()
    }


def _ranked(population: Population) -> Population:
    """The rows of a population as they are ranked, before anything is known about where they stand."""
    assert population.ranking is not None, "something is relative"
    return Population(population.table, population.ranking.frame, (), ())
