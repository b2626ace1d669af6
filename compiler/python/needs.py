"""Which features of a frame are needed, and which of them may be given by name in place of the rows that they are
aggregated from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from ..plan import AggregateFeature, AggregatePass, Band, Feature, FeatureRef, Frame, PlanExpr, operands_of


@dataclass(frozen=True, slots=True)
class ByName:
    """What stands in for the rows of a pass: `names` are given, `skipped` are features that only they need."""

    names: frozenset[str]
    skipped: frozenset[str]


def needed(frame: Frame, roots: Iterable[PlanExpr], given: Collection[str], cut: Collection[str] = ()) -> set[str]:
    """The names of the features, of this frame and of parents, that `roots` need, with what these need themselves.

    `given` are the keys of relative values that are given; of the features in `cut` nothing further is needed."""
    by_name = dict(_features(frame))
    found: set[str] = set()
    waiting = [name for root in roots for name in read_by(root, given)]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            feature = by_name.get(name)
            if isinstance(feature, Feature) and name not in cut:
                waiting += read_by(feature.value, given)
    return found


def read_by(expr: PlanExpr, given: Collection[str]) -> Iterator[str]:
    """The features that an expression reads itself."""
    match expr:
        case FeatureRef(name):
            yield name
        case Band(key=key) if key in given:
            pass
        case _:
            for operand in operands_of(expr):
                yield from read_by(operand, given)


def _features(frame: Frame) -> Iterator[tuple[str, Feature | AggregateFeature]]:
    if frame.parent is not None:
        yield from _features(frame.parent.frame)
    for each in frame.passes:
        yield from ((aggregate.name, aggregate) for aggregate in each.aggregates)
    yield from ((feature.name, feature) for feature in frame.features)


def by_name(
    frame: Frame, each: AggregatePass, roots: Collection[PlanExpr], given: Collection[str], lets: Collection[str]
) -> ByName | None:
    """What may be given in place of the rows of a pass: the lets that are its aggregates, and the lets that are
    reckoned from its other aggregates. None where something needs an aggregate that no let names."""
    unnamed = {aggregate.name for aggregate in each.aggregates if aggregate.name not in lets}
    above = {
        feature.name for feature in frame.features if unnamed & needed(frame, [feature.value], given) & set(_own(each))
    }
    stand_in = {name for name in above if name in lets}
    asked = needed(frame, roots, given, stand_in)
    if unnamed & asked:
        return None
    return ByName(frozenset(asked & (set(_own(each)) | stand_in)), frozenset(above - stand_in))


def _own(each: AggregatePass) -> list[str]:
    return [aggregate.name for aggregate in each.aggregates]
