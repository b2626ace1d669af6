"""Every engine says what the reference interpreter says: segments, clauses, evidence, and when a run stops."""

from __future__ import annotations

import datetime as dt
import os
import random
from collections.abc import Iterator
from functools import partial

import pytest
from generators.datasets import datasets, runs_before
from generators.programs import Generated, programs
from hypothesis import HealthCheck, given, note, seed, settings
from hypothesis import strategies as st

from segwright.dsl.check import check
from segwright.dsl.parse import parse
from segwright.dsl.program import Program
from segwright.dsl.source import Source
from segwright.runtime.reference.errors import DataError
from segwright.runtime.reference.interpreter import Assigned, Before, assign
from segwright.runtime.reference.rows import Data, without_orphans

from . import duckdb_engine, polars_engine
from .engine import Engine, EngineAnswers, Ground, Stopped
from .explained import differing_explanation
from .measured import differing_measures

# Hypothesis makes variants of what it has once it has ten examples; fresh ones find more.
TEN = settings(
    max_examples=10,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
FUZZ_EXAMPLES = int(os.environ.get("SEGWRIGHT_FUZZ_EXAMPLES", "5000"))


@pytest.fixture(scope="module", params=["duckdb", "polars"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param == "polars":
        yield polars_engine.answers
        return
    with duckdb_engine.connected() as con:
        yield partial(duckdb_engine.answers, con)


@pytest.mark.parametrize("start", range(30))
def test_generated_rules_and_rows(engine: Engine, start: int) -> None:
    search(engine, start, TEN)


@pytest.mark.fuzz
def test_many_generated_rules_and_rows(engine: Engine) -> None:
    first = random.randrange(2**32)
    for start in range(first, first + FUZZ_EXAMPLES // TEN.max_examples):
        search(engine, start, TEN)


def search(engine: Engine, start: int, how: settings) -> None:
    """Ten generated programs, each over a generated dataset; the same for the same `start`."""

    @seed(start)
    @how
    @given(st.data())
    def ten(data: st.DataObject) -> None:
        note(f"start {start}")
        compare(engine, data)

    ten()


def compare(engine: Engine, data: st.DataObject) -> None:
    """One generated program over one generated dataset, on both."""
    generated = data.draw(programs())
    program, source = checked(generated)
    rows = data.draw(datasets(program, generated.as_of))
    before = data.draw(runs_before(program, rows))
    evidence = data.draw(st.booleans())
    note(f"as of {generated.as_of}\n{generated.text}")
    expected: Assigned | DataError
    try:
        expected = assign(program, rows, generated.as_of, before=before)
    except DataError as error:
        expected = error
    found = _found(engine, program, rows, generated.as_of, before, evidence=evidence)
    if isinstance(expected, Assigned) and isinstance(found, Stopped) and found.kind == "overflow":
        # What overflows in aggregated rows that belong to nobody may stop the run, or not.
        rows = without_orphans(program, rows, generated.as_of)
        found = _found(engine, program, rows, generated.as_of, before, evidence=evidence)
    differences = list(differing(expected, found, source))
    if isinstance(expected, Assigned) and isinstance(found, EngineAnswers) and found.ground and not differences:
        orphans = rows != without_orphans(program, rows, generated.as_of)
        differences += _differing_further(data, program, expected, found.ground, orphans=orphans, explanations=evidence)
    assert not differences, "\n".join(differences)


def _differing_further(
    data: st.DataObject,
    program: Program,
    expected: Assigned,
    ground: Ground,
    *,
    orphans: bool,
    explanations: bool,
) -> Iterator[str]:
    """Measures, and the explanation of some row."""
    for population in ground.plan.populations:
        yield from differing_measures(program, expected, ground, population, orphans=orphans)
        keys = list(expected.answers[population.table])
        if explanations and population.inspections and keys:
            key = data.draw(st.sampled_from(keys))
            yield from differing_explanation(program, expected, ground, population.table, key)


def _found(
    engine: Engine, program: Program, rows: Data, as_of: dt.date, before: Before, *, evidence: bool
) -> EngineAnswers | Stopped:
    try:
        return engine(program, rows, as_of, evidence=evidence, before=before)
    except Stopped as stopped:
        return stopped


def checked(generated: Generated) -> tuple[Program, Source]:
    """The program of generated rules, which have no errors."""
    source = Source("generated.seg", generated.text)
    document, problems = parse(source)
    found = check([document])
    errors = [each for each in (*problems, *found.diagnostics) if each.severity == "error"]
    assert not errors, "\n".join(f"`{source.words(each.span)}`: {each.message}" for each in errors)
    assert found.program is not None
    return found.program, source


def differing(expected: Assigned | DataError, found: EngineAnswers | Stopped, source: Source) -> Iterator[str]:
    """Every difference, in words."""
    match expected, found:
        case DataError(), Stopped():
            # Where there are ties and overflow, either may be met first.
            return
        case Assigned(may_stop=str()), Stopped(kind="overflow"):
            return
        case DataError(kind=kind), EngineAnswers():
            yield f"the engine does not stop: {kind}, {expected}"
        case Assigned(), Stopped(kind=kind):
            yield f"the engine stops: {kind}, {found}"
        case Assigned(), EngineAnswers():
            yield from _different_answers(expected, found, source)


def _different_answers(expected: Assigned, found: EngineAnswers, source: Source) -> Iterator[str]:
    if expected.answers.keys() != found.answers.keys():
        yield f"tables {list(found.answers)} instead of {list(expected.answers)}"
        return
    for table, by_key in expected.answers.items():
        if by_key.keys() != found.answers[table].keys():
            yield f"`{table}` has {list(found.answers[table])} instead of {list(by_key)}"
            return
        for key, answer in by_key.items():
            for condition, truth in zip(found.conditions[table], found.truths[table][key], strict=True):
                wanted = expected.truth(table, key, condition)
                if wanted is not truth:
                    yield f"`{table}` {key}: `{source.words(condition.span)}` is {truth} instead of {wanted}"
            for feature, value in zip(found.features[table], found.values[table][key], strict=True):
                wanted = expected.value(table, key, feature)
                if wanted != value or (wanted is None) is not (value is None):
                    yield f"`{table}` {key}: `{source.words(feature.span)}` is {value!r} instead of {wanted!r}"
            if answer != found.answers[table][key]:
                yield f"`{table}` {key}: {found.answers[table][key]} instead of {answer}"
