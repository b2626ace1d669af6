"""The search for rules and rows on which an engine and the reference interpreter differ: programs and datasets are
generated once, and every engine is asked."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from generators.datasets import datasets, runs_before
from generators.draws import nothing_local
from generators.programs import Generated, programs
from hypothesis import HealthCheck, given, note, seed, settings
from hypothesis import strategies as st

from segwright.dsl.check import check
from segwright.dsl.parse import parse
from segwright.dsl.program import Program
from segwright.dsl.source import Source
from segwright.runtime.engines.duckdb import DuckdbEngine
from segwright.runtime.reference.errors import DataError
from segwright.runtime.reference.interpreter import Assigned, Before, assign
from segwright.runtime.reference.rows import Data, without_orphans

from . import decide_engine, duckdb_engine, polars_engine
from .compared import Comparison, comparisons
from .engine import Engine, EngineAnswers, Ground, Stopped
from .explained import differing_explanation
from .measured import differing_measures

# Hypothesis makes variants of what it has once it has ten examples; fresh ones find more.
TEN = settings(
    max_examples=10,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
STARTS = 30
"""So many searches of ten programs are the default budget."""
Engines = Mapping[str, Engine]
Tally = Counter[str]
"""How much was compared: `programs`, `rows`, and for each engine its comparisons and why it stopped."""


@contextmanager
def every_engine() -> Iterator[Engines]:
    """All engines."""
    with duckdb_engine.connected() as con:
        yield {
            "duckdb": partial(duckdb_engine.answers, con),
            "polars": polars_engine.answers,
            "decisions": decide_engine.answers,
        }


def search(engines: Engines, start: int, how: settings = TEN, tally: Tally | None = None) -> None:
    """Ten generated programs, each over a generated dataset; the same for the same `start`. Raises AssertionError for
    the first difference, shrunk."""

    @seed(start)
    @how
    @given(st.data())
    def ten(data: st.DataObject) -> None:
        note(f"start {start}")
        compare(engines, data, Counter() if tally is None else tally)

    with nothing_local():
        ten()


def compare(engines: Engines, data: st.DataObject, tally: Tally) -> None:
    """One generated program over one generated dataset, on every engine."""
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
    tally["programs"] += 1
    tally["rows"] += sum(map(len, rows.values()))
    for name, engine in engines.items():
        found, asked = _found(engine, program, rows, generated.as_of, before, expected, evidence=evidence)
        differences = _differences(name, expected, found, source, tally)
        assert not differences, "\n".join(differences)
        if isinstance(expected, Assigned) and isinstance(found, EngineAnswers) and found.ground:
            orphans = asked != without_orphans(program, asked, generated.as_of)
            explained = data if evidence else None
            further = _further(explained, expected, found.ground, orphans=orphans)
            differences = [f"{name}: {each}" for each in further]
            assert not differences, "\n".join(differences)


def _found(
    engine: Engine,
    program: Program,
    rows: Data,
    as_of: dt.date,
    before: Before,
    expected: Assigned | DataError,
    *,
    evidence: bool,
) -> tuple[EngineAnswers | Stopped, Data]:
    """What an engine says, and of which rows."""
    try:
        return engine(program, rows, as_of, evidence=evidence, before=before), rows
    except Stopped as stopped:
        if isinstance(expected, DataError) or stopped.kind != "overflow":
            return stopped, rows
    # What overflows in aggregated rows that belong to nobody may stop the run, or not.
    rows = without_orphans(program, rows, as_of)
    try:
        return engine(program, rows, as_of, evidence=evidence, before=before), rows
    except Stopped as stopped:
        return stopped, rows


def _differences(
    name: str, expected: Assigned | DataError, found: EngineAnswers | Stopped, source: Source, tally: Tally
) -> list[str]:
    match expected, found:
        case DataError(), Stopped(kind=kind):
            # Where there are ties and overflow, either may be met first.
            tally[f"{name}: {kind}"] += 1
            return []
        case Assigned(may_stop=str()), Stopped(kind="overflow"):
            tally[f"{name}: overflow that may stop a run"] += 1
            return []
        case DataError(kind=kind), EngineAnswers():
            return [f"{name} does not stop: {kind}, {expected}"]
        case Assigned(), Stopped(kind=kind):
            return [f"{name} stops: {kind}, {found}"]
        case Assigned(), EngineAnswers():
            compared: list[Comparison] = list(comparisons(expected, found))
            tally[f"{name}: comparisons"] += len(compared)
            return [f"{name}: {each.words(source)}" for each in compared if not each.same]
        case _:
            raise AssertionError("answers, or a reason why there are none")


def _further(data: st.DataObject | None, expected: Assigned, ground: Ground, *, orphans: bool) -> Iterator[str]:
    """Differences of measures, which DuckDB alone tells, and with `data` of the explanation of some row."""
    for population in ground.plan.populations:
        if isinstance(ground.engine, DuckdbEngine):
            yield from differing_measures(expected, ground.binding, ground.engine, population, orphans=orphans)
        keys = list(expected.answers[population.table])
        if data is not None and population.inspections and keys:
            key = data.draw(st.sampled_from(keys))
            yield from differing_explanation(expected, ground, population.table, key)


def checked(generated: Generated) -> tuple[Program, Source]:
    """The program of generated rules, which have no errors."""
    source = Source("generated.seg", generated.text)
    document, problems = parse(source)
    found = check([document])
    errors = [each for each in (*problems, *found.diagnostics) if each.severity == "error"]
    assert not errors, "\n".join(f"`{source.words(each.span)}`: {each.message}" for each in errors)
    assert found.program is not None
    return found.program, source
