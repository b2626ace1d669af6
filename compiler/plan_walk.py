"""Going through the expressions and frames of a Plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..dsl.builtins import BUILTINS, PARTIAL_OVERLOADS
from ..dsl.program import Call, FieldRef, SegmentIncludes, SegmentIs
from ..dsl.types import Value
from .plan import (
    AggregateFeature,
    AggregatePass,
    AllOf,
    AnyOf,
    Feature,
    FeatureRef,
    Formula,
    Frame,
    Is,
    Negated,
    NotTrue,
    ParentJoin,
    PlanExpr,
    Population,
    Source,
    operands_of,
)

_OF_TIME = frozenset(builtin.name for builtin in BUILTINS if builtin.group == "time")


def parts(expr: PlanExpr) -> Iterator[PlanExpr]:
    """`expr` and everything inside it, without following features."""
    yield expr
    for operand in operands_of(expr):
        yield from parts(operand)


def looks_at_time(population: Population) -> bool:
    """Whether the as-of date has a say in what is decided about the rows."""
    return (
        any(clause.valid_from or clause.valid_until for each in population.decisions for clause in each.clauses)
        or any(_is_of_time(part) for condition in population.conditions for part in parts(condition.test))
        or _frame_looks_at_time(population.frame)
        or (population.ranking is not None and _frame_looks_at_time(population.ranking.frame))
        or any(_is_of_time(part) for value in _ranked(population) for part in parts(value))
    )


def _ranked(population: Population) -> tuple[PlanExpr, ...]:
    return () if population.ranking is None else population.ranking.values


def _frame_looks_at_time(frame: Frame) -> bool:
    return (
        frame.snapshot_at is not None
        or bool(frame.previous)
        or any(each.at is not None or _frame_looks_at_time(each.frame) for each in frame.passes)
        or any(_is_of_time(part) for feature in frame.features for part in parts(feature.value))
        or any(_is_of_time(part) for each in frame.passes for value in _aggregated(each) for part in parts(value))
        or (frame.parent is not None and _frame_looks_at_time(frame.parent.frame))
    )


def _aggregated(each: AggregatePass) -> list[PlanExpr]:
    found = [expr for aggregate in each.aggregates for expr in (aggregate.value, aggregate.where)]
    return [expr for expr in found if expr is not None]


def _is_of_time(expr: PlanExpr) -> bool:
    return isinstance(expr, Call) and expr.overload.partition(".")[0] in _OF_TIME


def features_in(expr: PlanExpr) -> frozenset[str]:
    """The names of the features that `expr` reads itself."""
    return frozenset(part.name for part in parts(expr) if isinstance(part, FeatureRef))


def segmentations_in(expr: PlanExpr) -> frozenset[str]:
    """The segmentations that `expr` asks."""
    return frozenset(part.segmentation for part in parts(expr) if isinstance(part, SegmentIs | SegmentIncludes))


def segmentations_asked(frame: Frame) -> dict[str, frozenset[str]]:
    """The segmentations that each row feature of a frame asks, itself or by way of others. One that asks any is worked
    out after they are decided."""
    found: dict[str, frozenset[str]] = {}
    for feature in frame.features:
        through = (found.get(name, frozenset()) for name in features_in(feature.value))
        found[feature.name] = segmentations_in(feature.value).union(*through)
    return found


def conditions_in(formula: Formula) -> frozenset[int]:
    """The numbers of the conditions that `formula` reads."""
    match formula:
        case Is(number):
            return frozenset({number})
        case AllOf(operands) | AnyOf(operands):
            return frozenset(number for operand in operands for number in conditions_in(operand))
        case Negated(operand) | NotTrue(operand):
            return conditions_in(operand)


def all_features(frame: Frame) -> Iterator[Feature | AggregateFeature]:
    """The features of a row: those of its parents, the aggregates of its passes, its own."""
    if frame.parent is not None:
        yield from all_features(frame.parent.frame)
    for each in frame.passes:
        yield from each.aggregates
    yield from frame.features


def can_overflow(feature: Feature | AggregateFeature) -> bool:
    """Whether reckoning the feature can stop the run."""
    if isinstance(feature, AggregateFeature):
        return feature.overload.split(".")[0] in ("sum", "average", "trend_per_month")
    return isinstance(feature.value, Call) and feature.value.overload in PARTIAL_OVERLOADS


OVER_NOTHING: dict[str, Value] = {"count": 0, "sum": 0, "distinct_count": 0, "any": False, "no": True}
"""What an aggregate is where there is no row, by name; the others are missing."""


def passes(frame: Frame) -> Iterator[tuple[Frame, AggregatePass]]:
    """Every pass below a frame, with the frame that it belongs to."""
    for each in frame.passes:
        yield frame, each
        yield from passes(each.frame)


def that_may_tie(each: AggregatePass) -> list[AggregateFeature]:
    """The aggregates of a pass that a tie can leave without an answer; rows that tie in time have the same time."""
    time = (each.frame.source.table, each.at)
    return [
        aggregate
        for aggregate in each.aggregates
        if aggregate.overload.startswith(("first.", "latest."))
        and not (isinstance(aggregate.value, FieldRef) and (aggregate.value.table, aggregate.value.field) == time)
    ]


def only_keys(frame: Frame) -> Frame:
    """The rows of a frame as far as it says which there are."""
    needed = {frame.key, frame.snapshot_at, None if frame.parent is None else frame.parent.by}
    fields = tuple(name for name in frame.source.fields if name in needed)
    parent = None if frame.parent is None else ParentJoin(only_keys(frame.parent.frame), frame.parent.by)
    return replace(
        frame,
        source=Source(frame.source.table, fields),
        attachments=(),
        parent=parent,
        passes=(),
        features=(),
        previous=(),
    )


def sources(frame: Frame) -> tuple[Source, ...]:
    """Every source in a frame: its own, then those of attachments, parents and passes."""
    found = [frame.source, *(attachment.source for attachment in frame.attachments)]
    if frame.parent is not None:
        found += sources(frame.parent.frame)
    return (*found, *(source for each in frame.passes for source in sources(each.frame)))
