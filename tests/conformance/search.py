"""The search for rules and rows on which an engine and the reference interpreter differ: programs and datasets are
generated once, and every engine is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from generators.cases import Case, cases
from generators.draws import nothing_local
from hypothesis import HealthCheck, Phase, given, note, seed, settings

from segwright.dsl.source import Source
from segwright.runtime.engines.duckdb import DuckdbEngine
from segwright.runtime.reference.errors import DataError
from segwright.runtime.reference.interpreter import Assigned, assign
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
WITHOUT_SHRINKING = settings(TEN, phases=[Phase.generate], report_multiple_bugs=False)
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
    each_case(start, lambda case: compare(engines, case, Counter() if tally is None else tally), how)


def each_case(start: int, look: Callable[[Case], None], how: settings = TEN) -> None:
    """Ten generated programs with their rows, the same for the same `start`."""

    @seed(start)
    @how
    @given(cases())
    def ten(case: Case) -> None:
        note(f"start {start}")
        look(case)

    with nothing_local():
        ten()


def compare(engines: Engines, case: Case, tally: Tally) -> None:
    """One generated program over one generated dataset, on every engine."""
    expected: Assigned | DataError
    try:
        expected = assign(case.program, case.rows, case.as_of, before=case.before)
    except DataError as error:
        expected = error
    tally["programs"] += 1
    tally["rows"] += sum(map(len, case.rows.values()))
    for name, engine in engines.items():
        found, asked = _found(engine, case, expected)
        differences = _differences(name, expected, found, case.source, tally)
        if not differences and isinstance(expected, Assigned) and isinstance(found, EngineAnswers) and found.ground:
            orphans = asked != without_orphans(case.program, asked, case.as_of)
            differences = [f"{name}: {each}" for each in _further(case, expected, found.ground, orphans=orphans)]
        assert not differences, "\n".join(differences)


def _found(engine: Engine, case: Case, expected: Assigned | DataError) -> tuple[EngineAnswers | Stopped, Data]:
    """What an engine says, and of which rows."""

    def answers(rows: Data) -> EngineAnswers | Stopped:
        try:
            return engine(case.program, rows, case.as_of, evidence=case.evidence, before=case.before)
        except Stopped as stopped:
            return stopped

    found = answers(case.rows)
    if isinstance(expected, DataError) or not isinstance(found, Stopped) or found.kind != "overflow":
        return found, case.rows
    # What overflows in aggregated rows that belong to nobody may stop the run, or not.
    rows = without_orphans(case.program, case.rows, case.as_of)
    return answers(rows), rows


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


def _further(case: Case, expected: Assigned, ground: Ground, *, orphans: bool) -> Iterator[str]:
    """Differences of what is told after a run: by a plain one the measures, which only DuckDB has, by one with
    evidence why a row is where it is."""
    for population in ground.plan.populations:
        keys = list(expected.answers[population.table])
        if case.evidence and population.inspections and keys:
            key = keys[case.place % len(keys)]
            yield from differing_explanation(expected, ground, population.table, key, orphans=orphans)
        elif not case.evidence and isinstance(ground.engine, DuckdbEngine):
            yield from differing_measures(expected, ground.binding, ground.engine, population, orphans=orphans)
