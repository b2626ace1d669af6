"""What became of tests, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..dsl.source import Source, Span
from ..runtime.explanation import Explanation
from ..runtime.testing.results import CaseResult, Failure, TestResults
from .explanation import as_json as explanation_as_json
from .explanation import as_text as explanation_as_text
from .text import plural, style, visible

INDENT = "  "
FEW = 4
"""So many tests are named that leave the same values out."""


def as_json(results: TestResults, sources: Mapping[str, Source]) -> dict[str, Any]:
    """`{"passed", "tests", "failed", "engines", "seconds", "cases": […]}`; lines count from 1."""
    return {
        "passed": results.passed,
        "tests": len(results.cases),
        "failed": sum(not case.passed for case in results.cases),
        "engines": [*results.engines, "reference"],
        "seconds": round(results.seconds, 3),
        "cases": [_case_as_json(case, sources) for case in results.cases],
    }


def _case_as_json(case: CaseResult, sources: Mapping[str, Source]) -> dict[str, Any]:
    return {
        "title": case.title,
        "row": case.row,
        **_place_as_json(case.span, sources),
        "passed": case.passed,
        "failures": [_failure_as_json(failure, sources) for failure in case.failures],
        "left_out": list(case.left_out),
        "explanations": [_explanation_as_json(each) for each in case.explanations],
    }


def _explanation_as_json(explanation: Explanation) -> dict[str, Any]:
    """Without what a made-up row has not: a key, a run, and a date where the test gives none."""
    told = explanation_as_json(explanation)
    return {name: told[name] for name in told if name not in ("key", "as_of", "run")}


def _failure_as_json(failure: Failure, sources: Mapping[str, Source]) -> dict[str, Any]:
    return {
        "kind": failure.kind,
        "message": failure.message,
        **_place_as_json(failure.span, sources),
        "segmentation": failure.segmentation,
        "expected": failure.expected,
        "actual": failure.actual,
    }


def _place_as_json(span: Span, sources: Mapping[str, Source]) -> dict[str, Any]:
    return {"file": span.file, "line": line_of(span, sources)}


def line_of(span: Span, sources: Mapping[str, Source]) -> int:
    """The line, from 1, on which a span starts."""
    return sources[span.file].position(span.start).line


def name_of(case: CaseResult) -> str:
    """The title of a case, with the number of its row where its test has a table."""
    title = visible(case.title)
    return title if case.row is None else f"{title}, row {case.row}"


# -- text --------------------------------------------------------------------------------------------------------


def as_text(results: TestResults, sources: Mapping[str, Source], columns: int | None = None) -> str:
    """Every failed case with what was expected, what came out and why, then what tests leave out, then the summary;
    with colours (`text.style`)."""
    lines: list[str] = []
    for case in results.cases:
        if not case.passed:
            lines += [*_failed(case, sources, columns), ""]
    lines += _unexplained(results.cases)
    lines += _left_out(results.cases, sources)
    return "\n".join([*lines, summary(results)]) + "\n"


def summary(results: TestResults) -> str:
    """`14 tests passed on duckdb and the reference interpreter`."""
    if not results.cases:
        return 'there are no tests: a rule file says them as `test "…" given … expect …`'
    engines = f"on {', '.join(results.engines)} and the reference interpreter"
    failed = sum(not case.passed for case in results.cases)
    if not failed:
        return style(f"{plural(len(results.cases), 'test')} passed {engines}", "green", bold=True)
    counts = f"{failed:,} of {plural(len(results.cases), 'test')} failed"
    return f"{style(counts, 'red', bold=True)} {engines}"


def _failed(case: CaseResult, sources: Mapping[str, Source], columns: int | None) -> Iterator[str]:
    place = f"{case.span.file}:{line_of(case.span, sources)}"
    yield f"{style('failed', 'red', bold=True)} {place}: {style(name_of(case), bold=True)}"
    for failure in case.failures:
        where = line_of(failure.span, sources)
        at = "" if where == line_of(case.span, sources) else f" ({failure.span.file}:{where})"
        yield f"{INDENT}{visible(failure.message)}{at}"
    yield from told(case, None if columns is None else columns - 2 * len(INDENT))


def told(case: CaseResult, columns: int | None = None) -> Iterator[str]:
    """The explanations of a case, indented."""
    for explanation in case.explanations:
        yield ""
        yield from (f"{INDENT * 2}{line}".rstrip() for line in _explanation(explanation, columns))


def _explanation(explanation: Explanation, columns: int | None) -> list[str]:
    """Without its heading: a made-up row has no key of its own."""
    _, _, *lines = explanation_as_text(explanation, columns=columns).splitlines()
    return lines


def _unexplained(cases: Sequence[CaseResult]) -> Iterator[str]:
    """Where there are very many failures, not all of them are explained."""
    wrong = [case for case in cases if any(failure.segmentation is not None for failure in case.failures)]
    bare = [case for case in wrong if not case.explanations]
    if bare:
        yield f"{style('note', 'cyan')}: {plural(len(bare), 'failed test')} not explained here: run some alone, by `-k`"
        yield ""


def _left_out(cases: Sequence[CaseResult], sources: Mapping[str, Source]) -> Iterator[str]:
    """What data always has, and tests do not say; one line for the tests that leave out the same."""
    groups: dict[tuple[str, ...], list[CaseResult]] = {}
    for case in cases:
        if case.left_out:
            groups.setdefault(case.left_out, []).append(case)
    for fields, found in groups.items():
        names = [f"`{name}`" for name in fields]
        listed = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
        places = list(dict.fromkeys(f"{case.span.file}:{line_of(case.span, sources)}" for case in found))
        more = f" and {len(places) - FEW} more" if len(places) > FEW else ""
        is_or_are = "is" if len(names) == 1 else "are"
        yield (
            f"{style('note', 'cyan')}: {listed} {is_or_are} not given, so missing here, and never missing in the data: "
            f"{', '.join(places[:FEW])}{more}"
        )
    if groups:
        yield ""
