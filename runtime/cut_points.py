"""Where the bands of relative values begin: found over everybody before anybody is decided about, and recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..compiler.cut_points import CutPoints, cut_points_in
from ..compiler.plan import Binding, Plan, Population
from ..dsl.types import Value
from ..dsl.wording import value_wording
from .engines.engine import Engine
from .stops import overflow_named


def with_cut_points(
    engine: Engine, plan: Plan, binding: Binding, stage: Callable[[str], None] = lambda _: None
) -> Binding:
    """The binding with the cut-points of every relative value of the plan, over the data as it is.

    Raises `DataError` where arithmetic overflows on the way, else `EngineError`."""
    found: dict[str, tuple[Value | None, ...]] = {}
    for population in plan.populations:
        if population.ranking is None:
            continue
        stage(f"ranking `{population.table}`")
        with overflow_named(engine, _ranked(population), binding):
            found |= cut_points_in(population.ranking, engine.ranked(population.ranking, binding))
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
