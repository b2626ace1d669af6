"""What conditions look at: the fields and features whose values stand beside an assignment. Nothing personal."""

from __future__ import annotations

from collections.abc import Iterator

from ..dsl.labels import Lineage, labels_of
from ..dsl.program import FieldRef, Program
from .plan import FeatureRef, Frame, Population
from .plan_walk import all_features, parts

Input = FieldRef | FeatureRef


def inputs_of_conditions(population: Population, program: Program) -> tuple[Input, ...]:
    """The fields and features that the conditions name, each once, in order of first appearance; then the decisions and
    scores behind them."""
    found = [part for each in population.conditions for part in parts(each.test) if isinstance(part, Input)]
    inspected = {each.let for each in population.inspections}
    found += [FeatureRef(each.name, each.type) for each in population.frame.features if each.name in inspected]
    return _not_personal(found, population, program)


def inputs_of_frame(population: Population, program: Program) -> tuple[Input, ...]:
    """Every field of a row and of what belongs to it one-to-one, then every feature, each once."""
    features = [FeatureRef(feature.name, feature.type) for feature in all_features(population.frame)]
    found = [*_fields(population.frame, program), *features]
    return _not_personal(found, population, program)


def _fields(frame: Frame, program: Program) -> Iterator[FieldRef]:
    for source in (frame.source, *(attachment.source for attachment in frame.attachments)):
        for name in source.fields:
            yield FieldRef(source.table, name, program.table(source.table).field_named(name).type)
    if frame.parent is not None:
        yield from _fields(frame.parent.frame, program)


def _not_personal(found: list[Input], population: Population, program: Program) -> tuple[Input, ...]:
    personal = personal_features(population.frame, program)
    return tuple(each for each in dict.fromkeys(found) if not_personal(each, personal, program))


def not_personal(input: Input, personal: frozenset[str], program: Program) -> bool:
    """Whether the value may be shown; `personal` are the names of features that may not."""
    match input:
        case FieldRef(table, field):
            return not program.table(table).field_named(field).personal
        case FeatureRef(name):
            return name not in personal


def personal_features(frame: Frame, program: Program) -> frozenset[str]:
    """The names of the features of a frame, and of its parents, that are personal."""
    lineage, found = Lineage(program), set[str]()
    above: Frame | None = frame
    while above is not None:
        written = [(each.name, each.written) for each in above.features]
        written += [(each.name, each.written) for pass_ in above.passes for each in pass_.aggregates]
        table = above.source.table
        found |= {name for name, expr in written if labels_of(expr, lineage, table).personal}
        above = None if above.parent is None else above.parent.frame
    return frozenset(found)
