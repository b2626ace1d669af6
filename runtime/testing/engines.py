"""The engines that tests run on. Each puts the rows of a small data set into segments, as it would those of a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from ...compiler.assignment import Options
from ...compiler.plan import Binding, Decision
from ...compiler.plan_from_program import plan_from_program
from ...dsl.program import Program
from ..engines.engine import Engine
from ..engines.names import EngineName
from ..errors import DataError
from ..reference.interpreter import Answer
from ..reference.rows import Data
from ..stops import check_ties, overflow_named
from .duckdb_engine import duckdb_with
from .polars_engine import polars_with

Answers = dict[int, dict[str, Answer]]
"""By key of the row and segmentation: the segment and its clause, or the segments of an overlapping one."""

Ask = Callable[[Program, str, Data, Binding], Answers]
"""The answers for every row of a table with an integer key. Raises a `RunError`: `DataError` where the rows tie or
overflow."""

_WITH: Mapping[EngineName, Callable[[Program, Data], AbstractContextManager[Engine]]] = {
    "duckdb": duckdb_with,
    "polars": polars_with,
}


def _asks(opened: Callable[[Program, Data], AbstractContextManager[Engine]]) -> Ask:
    def ask(program: Program, table: str, data: Data, binding: Binding) -> Answers:
        population = next(each for each in plan_from_program(program).populations if each.table == table)
        with opened(program, data) as engine, overflow_named(engine, population, binding):
            ties = check_ties(engine, population, binding)
            if ties:
                raise DataError(ties)
            rows = engine.rows(population, binding, Options(codes_only=True))
        return {row[0]: _answers(population.decisions, row[1:]) for row in rows}

    return ask


def _answers(decisions: Sequence[Decision], codes: Sequence[Any]) -> dict[str, Answer]:
    return {each.segmentation: _answer(each, code) for each, code in zip(decisions, codes, strict=True)}


def _answer(decision: Decision, code: Any) -> Answer:
    """The clause that won, or the numbers (from 1) of the segments that are included, in names."""
    if not decision.exclusive:
        return [decision.segments[number - 1] for number in code]
    names = {clause.number: clause.segment for clause in decision.clauses}
    return (names.get(code, decision.otherwise or ""), code)


ENGINES: Mapping[str, Ask] = {name: _asks(opened) for name, opened in _WITH.items()}
"""By the name that settings and commands call an engine."""
