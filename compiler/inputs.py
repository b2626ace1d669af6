"""What conditions look at: the fields, features and previous segments whose values stand beside an assignment. Nothing
personal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..dsl.labels import labels_of, lineage_of
from ..dsl.program import FieldRef, Previous, Program
from ..dsl.wording import wording
from .plan import AggregateFeature, Feature, FeatureRef, Frame, Population
from .plan_walk import all_features, parts

Input = FieldRef | FeatureRef | Previous


def inputs_of_conditions(population: Population, program: Program) -> tuple[Input, ...]:
    """The fields, features and previous segments that the conditions name, each once, in order of first appearance;
    then the decisions and scores behind them."""
    found: list[Input] = [
        part for each in population.conditions for part in parts(each.test) if isinstance(part, Input)
    ]
    inspected = {each.let for each in population.inspections}
    found += [FeatureRef(each.name, each.type) for each in population.frame.features if each.name in inspected]
    return _not_personal(found, population, program)


def inputs_of_frame(population: Population, program: Program) -> tuple[Input, ...]:
    """Every field of a row and of what belongs to it one-to-one, then every feature, each once."""
    features = [FeatureRef(feature.name, feature.type) for feature in all_features(population.frame)]
    found = [*_fields(population.frame, program), *features]
    return _not_personal(found, population, program)


def name_of_input(input: Input, frame: Frame, program: Program) -> str:
    """What an input of a row of `frame` is called: fields of its table and lets by their own name, what has none by its
    words, `count of payments in last 90 days`. What is of another table says so: `crm.do_not_call`."""
    lets, own = {let.name for let in program.lets}, frame.source.table
    match input:
        case FieldRef(table, field):
            name = field
        case FeatureRef(name) if name not in lets:
            written = ((above.source.table, each) for above in _upwards(frame) for each in _own(above))
            table, expr = next((table, each.written) for table, each in written if each.name == name)
            name = wording(expr, table)
        case FeatureRef(name):
            return name
        case Previous():
            table, name = own, wording(input, own)
    return name if table == own else f"{table}.{name}"


def _upwards(frame: Frame) -> Iterator[Frame]:
    yield frame
    if frame.parent is not None:
        yield from _upwards(frame.parent.frame)


def _own(frame: Frame) -> Iterator[Feature | AggregateFeature]:
    yield from (each for pass_ in frame.passes for each in pass_.aggregates)
    yield from frame.features


def _fields(frame: Frame, program: Program) -> Iterator[FieldRef]:
    for source in (frame.source, *(attachment.source for attachment in frame.attachments)):
        for name in source.fields:
            yield FieldRef(source.table, name, program.table(source.table).field_named(name).type)
    if frame.parent is not None:
        yield from _fields(frame.parent.frame, program)


def _not_personal(found: Iterable[Input], population: Population, program: Program) -> tuple[Input, ...]:
    personal = personal_features(population.frame, program)
    return tuple(each for each in dict.fromkeys(found) if not_personal(each, personal, program))


def not_personal(input: Input, personal: frozenset[str], program: Program) -> bool:
    """Whether the value may be shown; `personal` are the names of features that may not."""
    match input:
        case FieldRef(table, field):
            return not program.table(table).field_named(field).personal
        case FeatureRef(name):
            return name not in personal
        case Previous():  # what a segmentation says may be shown, whatever it was decided by
            return True


def personal_features(frame: Frame, program: Program) -> frozenset[str]:
    """The names of the features of a frame, and of its parents, that are personal."""
    lineage, found = lineage_of(program), set[str]()
    for above in _upwards(frame):
        table = above.source.table
        found |= {each.name for each in _own(above) if labels_of(each.written, lineage, table).personal}
    return frozenset(found)
