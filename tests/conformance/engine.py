"""What an engine says of generated rules and rows, as it is compared with the reference interpreter."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Protocol

from segwright.compiler.inputs import Input
from segwright.compiler.plan import Binding, FeatureRef, Plan, Population
from segwright.compiler.plan_walk import all_features
from segwright.dsl.program import Expr, Program
from segwright.dsl.types import Value
from segwright.runtime.engines.duckdb import DuckdbEngine
from segwright.runtime.engines.polars import PolarsEngine
from segwright.runtime.reference.interpreter import Answer, Before

Data = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class EngineAnswers:
    """What an engine says. `answers` as in `Assigned` of the interpreter; `truths`: table → key → for each of
    `conditions[table]`, the conditions that are not personal, true, false or None for unknown; `values`: the same for
    `features[table]`, the aggregates and lets that are not personal. `ground` is what was asked: it tells explanations
    too, DuckDB's measures as well. Single decisions tell more by themselves: `reached`, the truths of the conditions
    that they came to, `told`, the values of lets that these looked at, and `reasons`, the codes by segmentation."""

    answers: dict[str, dict[Any, dict[str, Answer]]]
    conditions: dict[str, tuple[Expr, ...]]
    truths: dict[str, dict[Any, tuple[bool | None, ...]]]
    features: dict[str, tuple[Expr, ...]]
    values: dict[str, dict[Any, tuple[Value | None, ...]]]
    ground: Ground | None = None
    reached: dict[str, dict[Any, dict[Expr, bool | None]]] = field(default_factory=dict)
    told: dict[str, dict[Any, dict[str, Value | None]]] = field(default_factory=dict)
    reasons: dict[str, dict[Any, dict[str, list[str]]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ground:
    """The plan of some rules, and the engine of the runtime over the generated rows."""

    plan: Plan
    binding: Binding
    engine: DuckdbEngine | PolarsEngine


class Stopped(Exception):
    """The engine finds that the data has no answer; `kind` is how a `.case` file calls it."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class Engine(Protocol):
    """The assignments of every population; without `evidence` as a plain run has them, and no truths and values.

    Raises `Stopped` for ties and overflow. Other contracts of the data are not checked."""

    def __call__(
        self, program: Program, data: Data, as_of: dt.date, *, evidence: bool, before: Before | None = None
    ) -> EngineAnswers: ...


def take(
    found: EngineAnswers,
    population: Population,
    rows: list[dict[str, Any]],
    columns: dict[str, Input],
    *,
    evidence: bool,
) -> None:
    """Adds what the rows of an assignment say; `columns` are those of values."""
    table, key = population.table, population.frame.key
    assert key is not None
    shown = [condition for condition in population.conditions if evidence and not condition.personal]
    found.conditions[table] = tuple(condition.written for condition in shown)
    found.answers[table] = {
        row[key]: {
            decision.segmentation: (row[decision.segmentation], row[f"{decision.segmentation}_clause"])
            if decision.exclusive
            else row[decision.segmentation]
            for decision in population.decisions
        }
        for row in rows
    }
    assert len(found.answers[table]) == len(rows), f"a key of `{table}` comes twice"
    found.truths[table] = {row[key]: tuple(_truth(row, condition.number) for condition in shown) for row in rows}
    written = {feature.name: feature.written for feature in all_features(population.frame)}
    held = {column: written[each.name] for column, each in columns.items() if isinstance(each, FeatureRef)}
    found.features[table] = tuple(held.values())
    found.values[table] = {row[key]: tuple(row[column] for column in held) for row in rows}


def _truth(row: dict[str, Any], number: int) -> bool | None:
    word, bit = divmod(number, 64)
    true, known = (bool(row[f"evidence_{kind}_{word}"] >> bit & 1) for kind in ("true", "known"))
    assert known or not true, f"condition {number} is true and unknown"
    return true if known else None
