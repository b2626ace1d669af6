"""What became of tests, as the JUnit XML that build servers read: one `testsuite` a rule file, one `testcase` a case.

The elements, their order and attributes are those of the schema of Ant's JUnit reports, which Jenkins' and others'
accept too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Literal
from xml.etree import ElementTree as xml

from ..dsl.source import Source
from ..runtime.testing.results import CaseResult, FailureKind, TestResults
from .tests import line_of, name_of, told
from .text import plain, visible

UNEXPECTED: frozenset[FailureKind] = frozenset({"value asked for", "data", "engine"})
"""Kinds of failure that are no wrong answer, but none at all, or two."""


@dataclass(frozen=True, slots=True)
class Case:
    """A test case: what became of it (`outcome`, None where it passed), and its `message`, the `type` of what is wrong,
    and the `text` that tells more."""

    name: str
    classname: str
    seconds: float
    outcome: Literal["failure", "error", "skipped"] | None = None
    message: str = ""
    type: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Suite:
    """A test suite; `begun` in UTC."""

    name: str
    package: str
    begun: dt.datetime
    seconds: float
    cases: Sequence[Case]


def as_junit(results: TestResults, sources: Mapping[str, Source], ended: dt.datetime) -> str:
    """The whole XML document; `ended` is when the tests ended, in UTC."""
    begun = ended - dt.timedelta(seconds=results.seconds)
    each = results.seconds / max(1, len(results.cases))
    suites: list[Suite] = []
    for file in dict.fromkeys(case.span.file for case in results.cases):
        found = [case for case in results.cases if case.span.file == file]
        cases = [case_of(case, sources, each) for case in found]
        suites.append(Suite(file, PurePosixPath(file).parent.as_posix(), begun, each * len(cases), cases))
    return document(suites)


def document(suites: Sequence[Suite]) -> str:
    """Suites as XML."""
    root = xml.Element("testsuites")
    root.extend(_suite(number, suite) for number, suite in enumerate(suites))
    xml.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + xml.tostring(root, encoding="unicode") + "\n"


def case_of(case: CaseResult, sources: Mapping[str, Source], seconds: float) -> Case:
    """A test of a rule file as a case."""
    named = Case(name_of(case), class_of(case.span.file), seconds)
    kind = _kind(case)
    if kind is None:
        return named
    return replace(
        named,
        outcome=kind,
        message="; ".join(failure.message for failure in case.failures),
        type=case.failures[0].kind,
        text="\n".join(_lines(case, sources)),
    )


def _suite(number: int, suite: Suite) -> xml.Element:
    outcomes = [case.outcome for case in suite.cases]
    skipped = outcomes.count("skipped")
    element = xml.Element(
        "testsuite",
        {
            "id": str(number),
            "name": visible(suite.name),
            "package": visible(suite.package),
            "timestamp": suite.begun.strftime("%Y-%m-%dT%H:%M:%S"),
            "hostname": "localhost",
            "tests": str(len(suite.cases)),
            "failures": str(outcomes.count("failure")),
            "errors": str(outcomes.count("error")),
            **({"skipped": str(skipped)} if skipped else {}),
            "time": f"{suite.seconds:.3f}",
        },
    )
    xml.SubElement(element, "properties")
    for case in suite.cases:
        named = {"name": visible(case.name), "classname": case.classname, "time": f"{case.seconds:.3f}"}
        told = xml.SubElement(element, "testcase", named)
        message = visible(case.message)
        match case.outcome:
            case None:
                pass
            case "skipped":
                xml.SubElement(told, "skipped", {"message": message})
            case _:
                problem = xml.SubElement(told, case.outcome, {"message": message, "type": case.type})
                problem.text = case.text
    xml.SubElement(element, "system-out")
    xml.SubElement(element, "system-err")
    return element


def _kind(case: CaseResult) -> Literal["failure", "error"] | None:
    if case.passed:
        return None
    return "error" if any(failure.kind in UNEXPECTED for failure in case.failures) else "failure"


def class_of(file: str) -> str:
    """The name of a file as that of a class."""
    return visible(PurePosixPath(file).with_suffix("").as_posix().replace("/", ".").strip("."))


def _lines(case: CaseResult, sources: Mapping[str, Source]) -> list[str]:
    failures = [f"{failure.span.file}:{line_of(failure.span, sources)}: {failure.message}" for failure in case.failures]
    return [visible(plain(line)) for line in [*failures, *told(case)]]
