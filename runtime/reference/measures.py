"""Measures: one figure for a group of rows, reckoned from the rows one by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ...dsl.outcomes import Measure
from ...dsl.program import Call, Const, Expr, GroupAggregate, ParameterRef
from ...dsl.types import Value
from ...dsl.walk import walk
from .aggregates import Item, aggregate
from .functions import apply
from .interpreter import Assigned, World
from .numbers import percent
from .rows import Row


@dataclass(frozen=True, slots=True)
class Measured:
    """What a measure comes to for a group, None where it is missing; and how many rows lacked something it asks."""

    value: Value | None
    unknown: int


def keys_in(found: Assigned, segmentation: str, segment: str) -> list[Any]:
    """The keys of the rows that are in a segment."""
    table = found.world.program.segmentation(segmentation).table
    answers = {key: by_name[segmentation] for key, by_name in found.answers[table].items()}
    return [
        key
        for key, answer in answers.items()
        if (segment in answer if isinstance(answer, list) else segment == answer[0])
    ]


def measure(found: Assigned, asked: Measure, keys: Iterable[Any]) -> Measured:
    """A measure without outcome window over the rows with those keys. Raises the errors of `errors.py`."""
    rows = [found.rows[asked.table][key] for key in keys]
    groups = [part for part in walk(asked.value) if isinstance(part, GroupAggregate)]
    parts = [part for group in groups for part in (group.value, group.where) if part is not None]
    unknown = [row for row in rows if any(found.world.value(part, row) is None for part in parts)]
    return Measured(_figure(asked.value, rows, found.world), len(unknown))


def _figure(expr: Expr, rows: list[Row], world: World) -> Value | None:
    match expr:
        case Const():
            return expr.value
        case ParameterRef():
            return world.parameters[expr.name]
        case Call():
            operands = [_figure(operand, rows, world) for operand in expr.operands]
            types = [*(operand.type for operand in expr.operands), expr.type]
            return apply(expr.overload, operands, types, world.as_of)
        case GroupAggregate():
            return _over(expr, rows, world)
        case _:
            raise AssertionError(f"a measure is arithmetic on aggregates over its group: {expr}")


def _over(expr: GroupAggregate, rows: list[Row], world: World) -> Value | None:
    if expr.overload == "share.rows":
        return _share([None if expr.where is None else world.value(expr.where, row) for row in rows])
    within = [row for row in rows if expr.where is None or world.value(expr.where, row) is True]
    values = [None if expr.value is None else world.value(expr.value, row) for row in within]
    match expr.overload:
        case "count.rows":
            return len(within)
        case "share_among.rows":
            return _share(values)
        case "net_promoter_score.integer":
            answers = [value for value in values if isinstance(value, int)]
            balance = sum(answer >= 9 for answer in answers) - sum(answer <= 6 for answer in answers)
            return float(100 * balance) / float(len(answers)) if answers else None
        case overload:
            return aggregate(overload, [Item(value, ()) for value in values], expr.value.type if expr.value else None)


def _share(truths: list[Value | None]) -> float | None:
    """Rows for which the condition is unknown are left out of both parts."""
    known = len(truths) - truths.count(None)
    return percent(float(truths.count(True)) / float(known)) if known else None
