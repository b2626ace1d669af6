"""One program for both sides gives each exactly what it gives by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from conformance import duckdb_engine, polars_engine
from conformance.engine import Engine, Stopped
from conformance.search import TEN
from generators.cases import Case, cases
from generators.draws import Draw, nothing_local
from generators.mutations import mutated
from hypothesis import given, note, seed
from hypothesis import strategies as st

from segwright.compiler.joint import Joint, joint_program
from segwright.dsl.program import Program
from segwright.runtime.reference.errors import DataError
from segwright.runtime.reference.interpreter import Answer, Before, assign
from segwright.runtime.reference.rows import Data

STARTS = 10
"""So many searches of ten pairs of programs."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A generated case, and its program changed."""

    case: Case
    after: Program


@st.composite
def pairs(draw: Draw) -> Pair:
    case = draw(cases())
    return Pair(case, draw(mutated(case.program)))


@pytest.fixture(scope="module")
def engines() -> Iterator[dict[str, Engine]]:
    with duckdb_engine.connected() as con:
        yield {"duckdb": partial(duckdb_engine.answers, con), "polars": polars_engine.answers}


@pytest.mark.parametrize("start", range(STARTS))
def test_both_sides_are_answered_as_each_by_itself(engines: dict[str, Engine], start: int) -> None:
    """The reference interpreter answers for each side alone, the engines for both together."""
    tally: Counter[str] = Counter()

    @seed(start)
    @TEN
    @given(pairs())
    def ten(pair: Pair) -> None:
        note(f"start {start}")
        for name, engine in engines.items():
            look(name, engine, pair, tally)

    with nothing_local():
        ten()
    assert tally["answers before"] > 20, tally
    assert tally["answers after"] > 20, tally


def look(name: str, engine: Engine, pair: Pair, tally: Counter[str]) -> None:
    case, after = pair.case, pair.after
    joint = joint_program(case.program, after)
    note(f"kept of the old rules: {joint.words}")
    try:
        old = assign(case.program, case.rows, case.as_of, before=case.before)
        new = assign(after, case.rows, case.as_of, before=case.before)
    except DataError:
        return
    data = rows_for(joint, case.rows)
    history = case.before | {here: case.before.get(of, {}) for of, here in joint.words.segmentations.items()}
    found = answered(engine, joint.program, data, case, history)
    if isinstance(found, Stopped):
        assert old.may_stop or new.may_stop, f"{name} stops: {found}"
        return
    for table, by_key in new.answers.items():
        for key, answers in by_key.items():
            for segmentation, answer in answers.items():
                assert found[table][key][segmentation] == answer, f"{name}, after: `{segmentation}` of {key}"
                tally["answers after"] += 1
                before = joint.compared.get(segmentation)
                if before is not None:
                    same = old.answers[table][key][segmentation]
                    assert found[table][key][before] == same, f"{name}, before: `{segmentation}` of {key}"
                    tally["answers before"] += before != segmentation
                    if before == segmentation:
                        assert same == answer, "what is shared means the same"


def answered(
    engine: Engine, program: Program, data: Data, case: Case, history: Before
) -> dict[str, dict[Any, dict[str, Answer]]] | Stopped:
    try:
        return engine(program, data, case.as_of, evidence=False, before=history).answers
    except Stopped as stopped:
        return stopped


def rows_for(joint: Joint, rows: Data) -> Data:
    """The rows of every table, and of those that only the old rules have so."""
    return {**rows, **{here: rows[table] for here, table in joint.borrowed.items()}}
