"""Running tests: all cases of one table and date at once, on each engine and on the reference interpreter."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ...compiler.plan import Binding
from ...dsl import program as p
from ...dsl.labels import labels_of
from ...dsl.outcomes import Expectation, Test, TestCase
from ...dsl.wording import wording
from ..errors import DataError, RunError, Violation
from ..explanation import Explanation
from ..reference import errors as reference
from ..reference.interpreter import Answer, Assigned, assign
from .dataset import data_of
from .engines import ENGINES, Ask
from .explained import explained
from .program import FAILS, HOLDS, TestProgram, program_for_tests
from .reached import LeftOut, left_out
from .results import CaseResult, Failure, TestResults

NO_DATE = dt.date(2000, 1, 1)
"""The as-of date where none is given, since nothing that is reached looks at time."""
AT_ONCE = 1_000
"""So many cases make one data set."""

Report = Callable[[int, int], None]
"""Told how many cases are done, of how many."""


@dataclass(frozen=True, slots=True)
class _Case:
    test: Test
    row: int | None
    case: TestCase


@dataclass(frozen=True, slots=True)
class _Seen:
    """What became of one case: by engine the answers of every segmentation, or why there are none."""

    by_engine: Mapping[str, dict[str, Answer] | DataError]
    reference: dict[str, Answer] | DataError
    left_out: LeftOut
    explanations: tuple[Explanation, ...] = ()


def run_tests(
    program: p.Program,
    tests: Iterable[Test] | None = None,
    engines: Sequence[str] | None = None,
    report: Report | None = None,
) -> TestResults:
    """Run tests of a program, by default all of them on all engines; `KeyError` for an engine that there is not.

    Raises an `EngineError` where an engine fails for another reason than the rows of a test."""
    begun = time.monotonic()
    names = tuple(ENGINES) if engines is None else tuple(engines)
    asked = {name: ENGINES[name] for name in names}
    every = [
        _Case(test, None if single else number, case)
        for test in (program.tests if tests is None else tests)
        for single in (len(test.cases) == 1 and test.cases[0].span == test.span,)
        for number, case in enumerate(test.cases, 1)
    ]
    done: dict[int, CaseResult] = {}
    for group in _groups(every):
        for start in range(0, len(group), AT_ONCE):
            numbers = group[start : start + AT_ONCE]
            cases = [every[number] for number in numbers]
            done |= dict(zip(numbers, _results(program, cases, asked), strict=True))
            if report is not None:
                report(len(done), len(every))
    return TestResults(tuple(done[number] for number in range(len(every))), names, time.monotonic() - begun)


def _groups(cases: Sequence[_Case]) -> list[list[int]]:
    """The numbers of the cases of each table and as-of date."""
    found: dict[tuple[str, dt.date | None], list[int]] = {}
    for number, each in enumerate(cases):
        found.setdefault((each.case.table, each.test.as_of), []).append(number)
    return list(found.values())


def _results(program: p.Program, cases: Sequence[_Case], engines: Mapping[str, Ask]) -> list[CaseResult]:
    table, as_of = cases[0].case.table, cases[0].test.as_of or NO_DATE
    expected = [expect for each in cases for expect in each.case.expect]
    conditions = tuple(dict.fromkeys(expect.because for expect in expected if expect.because is not None))
    testing = program_for_tests(program, table, {expect.segmentation for expect in expected}, conditions)
    binding = Binding(as_of, {parameter.name: parameter.value for parameter in program.parameters})
    seen = _seen(testing, binding, [each.case for each in cases], engines)
    results = [_result(testing, each, answers) for each, answers in zip(cases, seen, strict=True)]
    failing = [number for number, result in enumerate(results) if not result.passed]
    wanted = {
        number: tuple(dict.fromkeys(expect.segmentation for expect in cases[number].case.expect)) for number in failing
    }
    told = explained(testing, binding, [each.case for each in cases], wanted)
    return [
        CaseResult(each.title, each.row, each.span, each.failures, each.left_out, told.get(number, ()))
        for number, each in enumerate(results)
    ]


# -- asking ------------------------------------------------------------------------------------------------------


def _seen(testing: TestProgram, binding: Binding, cases: Sequence[TestCase], engines: Mapping[str, Ask]) -> list[_Seen]:
    """What every engine says of every case. Where rows of one case stop an engine, the cases go one by one."""
    data = data_of(testing, cases)
    try:
        assigned = _on_reference(testing, binding, cases)
        by_engine = {name: ask(testing.program, testing.table, data, binding) for name, ask in engines.items()}
    except DataError:
        if len(cases) > 1:
            return [_seen(testing, binding, [case], engines)[0] for case in cases]
        return [_seen_alone(testing, binding, cases[0], engines)]
    answers = assigned.answers[testing.table]
    return [
        _Seen(
            {name: found[number] for name, found in by_engine.items()},
            answers[number],
            left_out(testing, assigned, number, case),
        )
        for number, case in enumerate(cases)
    ]


def _seen_alone(testing: TestProgram, binding: Binding, case: TestCase, engines: Mapping[str, Ask]) -> _Seen:
    data = data_of(testing, [case])
    by_engine: dict[str, dict[str, Answer] | DataError] = {}
    for name, ask in engines.items():
        try:
            by_engine[name] = ask(testing.program, testing.table, data, binding)[0]
        except DataError as problem:
            by_engine[name] = problem
    try:
        assigned = _on_reference(testing, binding, [case])
    except DataError as problem:
        return _Seen(by_engine, problem, LeftOut())
    if assigned.may_stop is not None and any(isinstance(each, DataError) for each in by_engine.values()):
        return _Seen(by_engine, _overflow(testing, assigned.may_stop), LeftOut())
    return _Seen(by_engine, assigned.answers[testing.table][0], left_out(testing, assigned, 0, case))


def _on_reference(testing: TestProgram, binding: Binding, cases: Sequence[TestCase]) -> Assigned:
    try:
        return assign(testing.program, data_of(testing, cases), binding.as_of, binding.parameters)
    except reference.TieError as problem:
        raise DataError([Violation("tie", testing.table, None, None, str(problem))]) from problem
    except reference.OverflowError_ as problem:
        raise _overflow(testing, str(problem)) from problem


def _overflow(testing: TestProgram, why: str) -> DataError:
    return DataError([Violation("overflow", testing.table, None, None, why)])


# -- comparing ---------------------------------------------------------------------------------------------------


def _result(testing: TestProgram, each: _Case, seen: _Seen) -> CaseResult:
    span = each.case.span
    failures = [*_disagreements(testing, each.case, seen)]
    match seen.reference:
        case DataError(violations=violations):
            sentences = "; ".join(violation.sentence for violation in violations)
            failures.append(Failure("data", f"there is no answer: {sentences}", span))
        case answers:
            for name, words in seen.left_out.asked_for.items():
                given = " and ".join(f"`{word}`" for word in words)
                message = f"`{name}` has no answer for this row, because a value is left out: give {given}"
                failures.append(Failure("value asked for", message, span))
            for expect in each.case.expect:
                failures += _failures(testing, expect, answers, span)
    fields = tuple(seen.left_out.fields)
    return CaseResult(each.test.title, each.row, span, tuple(failures), fields, ())


def _failures(testing: TestProgram, expect: Expectation, answers: dict[str, Answer], span: p.Span) -> list[Failure]:
    answer, found = answers[expect.segmentation], list[Failure]()
    if not _meets(expect, answer):
        found.append(
            Failure(
                "segment",
                f"`{expect.segmentation}`: expected {_wanted(expect)}, got {_said(answer)}",
                expect.span,
                expect.segmentation,
                ", ".join(expect.segments) or "none",
                _segments(answer),
            )
        )
    if expect.because is not None and expect.outcome is not None:
        outcome = _outcome(testing, expect.because, answers)
        if outcome != expect.outcome:
            words = wording(expect.because, testing.table)
            personal = labels_of(expect.because, testing.declared).personal
            instead = "and it does not; it asks for personal data" if personal else f"but it {_verb(outcome)}"
            found.append(
                Failure(
                    "because",
                    f"`{words}`: expected that it {_verb(expect.outcome)}, {instead}",
                    expect.because.span if expect.because.span.file else span,
                    expect.segmentation,
                    expect.outcome,
                    "not shown" if personal else outcome,
                )
            )
    return found


def _verb(outcome: str) -> str:
    return "is unknown" if outcome == "unknown" else outcome


def _meets(expect: Expectation, answer: Answer) -> bool:
    match expect.relation:
        case "is":
            return answer[0] == expect.segments[0]
        case "includes":
            return set(expect.segments) <= set(map(str, answer))
        case "none":
            return not answer


def _wanted(expect: Expectation) -> str:
    listed = ", ".join(f"`{segment}`" for segment in expect.segments)
    return (
        "none" if expect.relation == "none" else f"{listed} among others" if expect.relation == "includes" else listed
    )


def _said(answer: Answer) -> str:
    match answer:
        case (str() as segment, int() as clause):
            return f"`{segment}` by clause {clause}"
        case _:
            return ", ".join(f"`{segment}`" for segment in answer) or "none"


def _segments(answer: Answer) -> str:
    return answer[0] if isinstance(answer, tuple) else ", ".join(answer) or "none"


def _outcome(testing: TestProgram, condition: p.Expr, answers: dict[str, Answer]) -> str:
    number, asked = testing.conditions.index(condition), answers[testing.because or ""]
    return next((said for said in (HOLDS, FAILS) if f"{number} {said}" in asked), "unknown")


def _disagreements(testing: TestProgram, case: TestCase, seen: _Seen) -> list[Failure]:
    """Where an engine and the reference interpreter differ, in any answer."""
    found: list[Failure] = []
    for engine, answers in seen.by_engine.items():
        if isinstance(answers, DataError) or isinstance(seen.reference, DataError):
            if _kinds(answers) != _kinds(seen.reference):
                said = f"{engine} {_told(answers)}, and the reference interpreter {_told(seen.reference)}"
                found.append(Failure("engine", f"{said}: {_FAULT}", case.span))
            continue
        for name, answer in answers.items():
            if answer != seen.reference[name]:
                what = "what holds" if name == testing.because else f"`{name}`"
                said = f"{engine} says {_said(answer)}, and the reference interpreter {_said(seen.reference[name])}"
                found.append(Failure("engine", f"of {what} {said}: {_FAULT}", case.span, name))
    return found


_FAULT = "this is a fault of segwright, please report it with this test"


def _kinds(found: dict[str, Answer] | DataError) -> set[str]:
    return {violation.kind for violation in found.violations} if isinstance(found, DataError) else set()


def _told(found: dict[str, Answer] | RunError) -> str:
    return f"stops ({', '.join(sorted(_kinds(found)))})" if isinstance(found, DataError) else "answers"
