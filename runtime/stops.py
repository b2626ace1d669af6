"""What stops an assignment though every single value keeps its contract: ties and overflow, by name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from ..compiler.plan import AggregatePass, Binding, Feature, Frame, Population
from ..compiler.plan_walk import segmentations_asked
from ..dsl.program import Expr, LetRef, Program
from ..dsl.wording import wording
from .engines.engine import Engine, Overflow, Tied
from .errors import DataError, Violation
from .notes import rows
from .violations import FIRST


def check_ties(engine: Engine, population: Population, binding: Binding) -> list[Violation]:
    """The ties that leave `first` and `latest` without an answer, one violation for each aggregate."""
    written = dict(_written(population.frame))
    return [_tie(engine.program, tied, written[tied.feature]) for tied in engine.tied(population, binding)]


def check_measure_ties(engine: Engine, population: Population, binding: Binding) -> list[Violation]:
    """The ties that leave what measures ask without an answer, like `check_ties`."""
    if population.measuring is None:
        return []
    return check_ties(engine, replace(population, frame=population.measuring.frame), binding)


def _tie(program: Program, tied: Tied, written: Expr) -> Violation:
    events = program.table(tied.table)
    owner = program.table(events.parent or "")
    key = owner.field_named(owner.key or "")
    said = ", ".join(f"{name} (at {at})" for name, at in tied.first)
    who = "" if key.personal else f"; {'' if tied.count <= FIRST else 'first '}{key.name} {said}"
    advice = "" if events.then is not None else f"; say which comes first: `at {events.at} then …`"
    sentence = (
        f"`{wording(written, events.parent or '')}` has no answer for {rows(tied.count)} of `{owner.name}`: rows tie "
        f"in time and differ{who}{advice}"
    )
    keys = () if key.personal else tuple(name for name, _ in tied.first)
    return Violation("tie", tied.table, None, tied.count, sentence, keys)


@contextmanager
def overflow_named(engine: Engine, population: Population, binding: Binding) -> Iterator[None]:
    """Overflow comes out as the data error that names what does not fit."""
    try:
        yield
    except Overflow as problem:
        raise overflow(engine, population, binding) from problem


def overflow(engine: Engine, population: Population, binding: Binding) -> DataError:
    """The data error for an overflow. Runs the features again, one more each time, until one overflows."""
    for written, partial in _growing(population):
        try:
            engine.reckon(partial, binding)
        except Overflow:
            name = f"let `{written.name}`" if isinstance(written, LetRef) else f"`{wording(written, population.table)}`"
            sentence = f"{name} is too large for some row: whole numbers have 64 bits, money has 18 digits"
            return DataError([Violation("overflow", population.table, None, None, sentence)])
    sentence = "arithmetic that the rules read is too large for some row: whole numbers have 64 bits, money 18 digits"
    return DataError([Violation("overflow", population.table, None, None, sentence)])


def _growing(population: Population) -> Iterator[tuple[Expr, Population]]:
    """The population without decisions, with one aggregate, one more, …, then with one feature, one more, …"""
    frame = population.frame
    passes: tuple[AggregatePass, ...] = ()
    for each in frame.passes:
        for number, aggregate in enumerate(each.aggregates, 1):
            grown = (*passes, replace(each, aggregates=each.aggregates[:number]))
            yield aggregate.written, _bare(population, grown, ())
        passes = (*passes, each)
    asked = segmentations_asked(frame)
    features = tuple(each for each in frame.features if not asked[each.name])
    for number, feature in enumerate(features, 1):
        yield feature.written, _bare(population, frame.passes, features[:number])


def _bare(population: Population, passes: tuple[AggregatePass, ...], features: tuple[Feature, ...]) -> Population:
    frame = replace(population.frame, passes=passes, features=features)
    return replace(population, frame=frame, conditions=(), decisions=())


def _written(frame: Frame) -> Iterator[tuple[str, Expr]]:
    for each in frame.passes:
        for aggregate in each.aggregates:
            yield aggregate.name, aggregate.written
        yield from _written(each.frame)
