"""What became of `segwright ci` as JUnit XML: a suite for each step, a case for each thing that it looks at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal

from ..ci.records import Outcome, Step, StepName
from ..dsl.diagnostics import Diagnostic
from .diagnostics import concise
from .junit import Case, Suite, case_of, class_of, document
from .text import visible


def as_junit(outcome: Outcome, ended: dt.datetime) -> str:
    """The whole XML document; `ended` is when the last step ended, in UTC."""
    suites: list[Suite] = []
    begun = ended - dt.timedelta(seconds=sum(step.seconds for step in outcome.steps))
    for step in outcome.steps:
        suites.append(Suite(step.name, class_of(outcome.project), begun, step.seconds, _cases(step, outcome)))
        begun += dt.timedelta(seconds=step.seconds)
    return document(suites)


def _cases(step: Step, outcome: Outcome) -> list[Case]:
    """A step that could not be done, or was skipped, is one case."""
    cases = [] if step.status == "skipped" or step.exit_code > 1 else [*_CASES[step.name](step, outcome)]
    return cases or [_whole(step)]


def _whole(step: Step) -> Case:
    named = Case(step.name, step.name, step.seconds)
    match step.status:
        case "passed":
            return named
        case "skipped":
            return Case(step.name, step.name, step.seconds, "skipped", step.summary)
        case "failed":
            kind: Literal["error", "failure"] = "error" if step.exit_code > 1 else "failure"
            text = "\n".join(map(visible, (step.summary, *step.lines)))
            return Case(step.name, step.name, step.seconds, kind, step.summary, step.name, text)


def _of_files(step: Step, outcome: Outcome) -> Iterator[Case]:
    """A case for each rule file, failed by its errors."""
    for file in outcome.files:
        errors = [each for each in step.problems if each.severity == "error" and each.span.file == file]
        yield _case(file, step, errors, outcome)


def _case(file: str, step: Step, errors: Sequence[Diagnostic], outcome: Outcome) -> Case:
    seconds = step.seconds / max(1, len(outcome.files))
    if not errors:
        return Case(file, step.name, seconds)
    message = "; ".join(each.message for each in errors)
    text = "\n".join(map(visible, concise(errors, outcome.sources).splitlines()))
    return Case(file, step.name, seconds, "failure", message, errors[0].code, text)


def _of_tests(_step: Step, outcome: Outcome) -> Iterator[Case]:
    tests = outcome.tests
    if tests is not None:
        each = tests.seconds / max(1, len(tests.cases))
        yield from (case_of(case, outcome.sources, each) for case in tests.cases)


def _of_gates(_step: Step, outcome: Outcome) -> Iterator[Case]:
    for gate in outcome.gates:
        message = "; ".join(gate.why)
        match gate.verdict:
            case "failed" if gate.stops:
                text = "\n".join(map(visible, [*gate.why, *([f"to pass: {gate.remedy}"] if gate.remedy else [])]))
                yield Case(gate.gate, "gates", 0.0, "failure", message, gate.gate, text)
            case "not looked at":
                yield Case(gate.gate, "gates", 0.0, "skipped", message)
            case _:
                yield Case(gate.gate, "gates", 0.0)


def _none(_step: Step, _outcome: Outcome) -> Iterator[Case]:
    yield from ()


_CASES: Mapping[StepName, Callable[[Step, Outcome], Iterator[Case]]] = {
    "settings": _none,
    "format": _of_files,
    "check": _of_files,
    "tests": _of_tests,
    "diff": _none,
    "gates": _of_gates,
}
