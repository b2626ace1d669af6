"""Why the rows of failing tests landed where they did: the same explanation that rows of real data get."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ...compiler.plan import Binding
from ...compiler.plan_from_program import plan_from_program
from ...dsl.outcomes import TestCase
from ..engines.engine import Overflow
from ..errors import DataError, EngineError
from ..explain import explain
from ..explanation import Explanation
from ..observe import subject_of
from .dataset import data_of
from .duckdb_engine import duckdb_with
from .program import TestProgram

MANY = 20
"""So many failing cases of a data set are explained."""


def explained(
    testing: TestProgram, binding: Binding, cases: Sequence[TestCase], wanted: Mapping[int, Sequence[str]]
) -> dict[int, tuple[Explanation, ...]]:
    """The explanations of some cases by their numbers, of the first `MANY`: one for each segmentation wanted. A case
    whose rows stop the engine has none; its result says why."""
    told: dict[int, tuple[Explanation, ...]] = {}
    numbers = list(wanted)[:MANY]
    if not numbers:
        return told
    subject = replace(
        subject_of(testing.program, plan_from_program(testing.program), binding, testing.table),
        stand_ins=testing.stand_ins(),
    )
    with duckdb_with(testing.program, data_of(testing, [cases[number] for number in numbers])) as engine:
        for key, number in enumerate(numbers):
            try:
                found = [explain(engine, subject, key, name) for name in wanted[number]]
            except (DataError, EngineError, Overflow):  # the result says why there is no answer
                continue
            told[number] = tuple(replace(each, key=None) for each in found if each is not None)
    return told
