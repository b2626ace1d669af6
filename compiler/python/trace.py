"""The truth of conditions, noted while they are asked: from what a decision has read, when somebody wants to see it."""

from __future__ import annotations

from collections.abc import Iterator

from ...dsl.program import FieldRef, Previous, SegmentIncludes, SegmentIs
from ...dsl.wording import wording, written
from ..plan import AggregateFeature, Band, Condition, Feature, FeatureRef, PlanExpr, operands_of
from ..plan_walk import all_features
from .expressions import Scope, field_value, given_name, is_given, relative_of, value
from .terms import Truth, value_of
from .words import Shown, Words
from .writer import Writer


def noted(writer: Writer, scope: Scope, condition: Condition, found: Truth) -> Truth:
    """The truth of a condition that is noted when it is asked for, with what it looked at."""
    name = writer.fresh()
    shown = [] if condition.personal else _looked_at(writer, scope, condition)
    writer.words[condition.number] = Words(
        wording(condition.written, writer.population.table), condition.personal, tuple(each for each, _ in shown)
    )
    truth = f"{name} := {value_of(found).code}"
    if condition.personal:
        # What is personal leaves no trace but that it was asked.
        note = f"note(({condition.number}, ({truth}))[:1])"
    else:
        note = f"note(({', '.join([str(condition.number), f'({truth})', *(code for _, code in shown)])}))"
    return Truth(f"({note} or {name} is True)", f"({note} or {name} is False)", total=False)


def _looked_at(writer: Writer, scope: Scope, condition: Condition) -> list[tuple[Shown, str]]:
    return list(dict.fromkeys(_named(writer, scope, condition.test)))


def _named(writer: Writer, scope: Scope, expr: PlanExpr) -> Iterator[tuple[Shown, str]]:
    """The fields, lets, aggregates and segments that an expression names, with the source of their values."""
    table = writer.population.table
    match expr:
        case FieldRef(owner, name):
            if not writer.program.table(owner).field_named(name).personal:
                yield Shown(wording(expr, table)), field_value(writer, scope.place, expr).code
        case FeatureRef(name):
            feature = _feature(scope, name)
            if isinstance(feature, Feature) and name.startswith("#"):
                yield from _named(writer, scope, feature.value)
            elif name not in writer.personal:
                lets = {let.name for let in writer.program.lets}
                words = written(name) if name in lets else wording(feature.written, table)
                yield Shown(words), value(writer, scope, expr).code
        case Band() if is_given(writer, expr):
            relative = relative_of(writer, expr)
            yield Shown(given_name(relative)), scope.place.given[given_name(relative)].variable
        case Previous():
            yield Shown(wording(expr, table)), value(writer, scope, expr).code
        case SegmentIs(segmentation) | SegmentIncludes(segmentation):
            yield Shown(segmentation, segmentation), writer.answers[segmentation].code
        case _:
            for operand in operands_of(expr):
                yield from _named(writer, scope, operand)


def _feature(scope: Scope, name: str) -> Feature | AggregateFeature:
    return next(each for each in all_features(scope.frame) if each.name == name)
