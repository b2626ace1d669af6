"""Going through the expressions and frames of a Plan."""

from __future__ import annotations

from collections.abc import Iterator

from ..dsl.program import SegmentIncludes, SegmentIs
from .plan import (
    AggregateFeature,
    AllOf,
    AnyOf,
    Feature,
    FeatureRef,
    Formula,
    Frame,
    Is,
    Negated,
    NotTrue,
    PlanExpr,
    Source,
    operands_of,
)


def parts(expr: PlanExpr) -> Iterator[PlanExpr]:
    """`expr` and everything inside it, without following features."""
    yield expr
    for operand in operands_of(expr):
        yield from parts(operand)


def features_in(expr: PlanExpr) -> frozenset[str]:
    """The names of the features that `expr` reads itself."""
    return frozenset(part.name for part in parts(expr) if isinstance(part, FeatureRef))


def segmentations_in(expr: PlanExpr) -> frozenset[str]:
    """The segmentations that `expr` asks."""
    return frozenset(part.segmentation for part in parts(expr) if isinstance(part, SegmentIs | SegmentIncludes))


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


def sources(frame: Frame) -> tuple[Source, ...]:
    """Every source in a frame: its own, then those of attachments, parents and passes."""
    found = [frame.source, *(attachment.source for attachment in frame.attachments)]
    if frame.parent is not None:
        found += sources(frame.parent.frame)
    return (*found, *(source for each in frame.passes for source in sources(each.frame)))
