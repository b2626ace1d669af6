"""Single decisions say what the reference interpreter says: segments, clauses, conditions that were reached."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from generators.datasets import datasets, runs_before
from generators.programs import programs
from hypothesis import given, note, seed, settings
from hypothesis import strategies as st

from segwright.compiler.python import bits
from segwright.runtime.reference.errors import DataError
from segwright.runtime.reference.interpreter import Assigned, assign

from .decide_engine import Reached, decided
from .engine import EngineAnswers, Stopped
from .test_against_reference import FUZZ_EXAMPLES, TEN, checked, differing


@pytest.fixture(params=[bits.MANY_CLAUSES, 0], ids=["clause by clause", "by bits"])
def many_clauses(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """From how many clauses on a segmentation is decided by bits."""
    monkeypatch.setattr(bits, "MANY_CLAUSES", request.param)
    return request.param


@pytest.mark.usefixtures("many_clauses")
@pytest.mark.parametrize("start", range(15))
def test_generated_rules_and_rows(start: int) -> None:
    search(start, TEN)


@pytest.mark.fuzz
@pytest.mark.usefixtures("many_clauses")
def test_many_generated_rules_and_rows() -> None:
    first = random.randrange(2**32)
    for start in range(first, first + FUZZ_EXAMPLES // TEN.max_examples):
        search(start, TEN)


def search(start: int, how: settings) -> None:
    """Ten generated programs, each over a generated dataset; the same for the same `start`."""

    @seed(start)
    @how
    @given(st.data())
    def ten(data: st.DataObject) -> None:
        note(f"start {start}")
        compare(data)

    ten()


def compare(data: st.DataObject) -> None:
    """One generated program over one generated dataset, on both."""
    generated = data.draw(programs())
    program, source = checked(generated)
    rows = data.draw(datasets(program, generated.as_of))
    before = data.draw(runs_before(program, rows))
    note(f"as of {generated.as_of}\n{generated.text}")
    expected: Assigned | DataError
    try:
        expected = assign(program, rows, generated.as_of, before=before)
    except DataError as error:
        expected = error
    found: EngineAnswers | Stopped
    reached = Reached({})
    try:
        found, reached = decided(program, rows, generated.as_of, before=before)
    except Stopped as stopped:
        found = stopped
    differences = list(differing(expected, found, source))
    if isinstance(expected, Assigned):
        differences += _different_truths(expected, reached)
    assert not differences, "\n".join(differences)


def _different_truths(expected: Assigned, reached: Reached) -> Iterator[str]:
    for table, by_key in reached.truths.items():
        for key, truths in by_key.items():
            for condition, truth in truths.items():
                wanted = expected.truth(table, key, condition)
                if wanted is not truth:
                    yield f"`{table}` {key}: `{condition}` is {truth} instead of {wanted}"
