"""What became of tests, as the JUnit XML that build servers read: one `testsuite` a rule file, one `testcase` a case.

The elements, their order and attributes are those of the schema of Ant's JUnit reports, which Jenkins' and others'
accept too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from xml.etree import ElementTree as xml

from ..dsl.source import Source
from ..runtime.testing.results import CaseResult, FailureKind, TestResults
from .tests import line_of, name_of, told
from .text import plain, visible

UNEXPECTED: frozenset[FailureKind] = frozenset({"value asked for", "data", "engine"})
"""Kinds of failure that are no wrong answer, but none at all, or two."""


def as_junit(results: TestResults, sources: Mapping[str, Source], ended: dt.datetime) -> str:
    """The whole XML document; `ended` is when the tests ended, in UTC."""
    begun = (ended - dt.timedelta(seconds=results.seconds)).strftime("%Y-%m-%dT%H:%M:%S")
    each = results.seconds / max(1, len(results.cases))
    root = xml.Element("testsuites")
    for number, file in enumerate(dict.fromkeys(case.span.file for case in results.cases)):
        cases = [case for case in results.cases if case.span.file == file]
        root.append(_suite(file, number, cases, sources, begun, each))
    xml.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + xml.tostring(root, encoding="unicode") + "\n"


def _suite(
    file: str, number: int, cases: Sequence[CaseResult], sources: Mapping[str, Source], begun: str, each: float
) -> xml.Element:
    kinds = [_kind(case) for case in cases]
    suite = xml.Element(
        "testsuite",
        {
            "id": str(number),
            "name": visible(file),
            "package": visible(PurePosixPath(file).parent.as_posix()),
            "timestamp": begun,
            "hostname": "localhost",
            "tests": str(len(cases)),
            "failures": str(kinds.count("failure")),
            "errors": str(kinds.count("error")),
            "time": f"{each * len(cases):.3f}",
        },
    )
    xml.SubElement(suite, "properties")
    for case, kind in zip(cases, kinds, strict=True):
        named = {"name": name_of(case), "classname": _class(file), "time": f"{each:.3f}"}
        element = xml.SubElement(suite, "testcase", named)
        if kind is not None:
            message = "; ".join(visible(failure.message) for failure in case.failures)
            problem = xml.SubElement(element, kind, {"message": message, "type": case.failures[0].kind})
            problem.text = "\n".join(_lines(case, sources))
    xml.SubElement(suite, "system-out")
    xml.SubElement(suite, "system-err")
    return suite


def _kind(case: CaseResult) -> str | None:
    if case.passed:
        return None
    return "error" if any(failure.kind in UNEXPECTED for failure in case.failures) else "failure"


def _class(file: str) -> str:
    return visible(PurePosixPath(file).with_suffix("").as_posix().replace("/", ".").strip("."))


def _lines(case: CaseResult, sources: Mapping[str, Source]) -> list[str]:
    failures = [f"{failure.span.file}:{line_of(failure.span, sources)}: {failure.message}" for failure in case.failures]
    return [visible(plain(line)) for line in [*failures, *told(case)]]
