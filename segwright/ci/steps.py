"""The steps that need nothing to compare with: the layout of rule files, what is wrong with them, their tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ..dsl.diagnostics import Diagnostic
from ..dsl.project import CheckedFiles
from ..dsl.source import Source, Span
from ..formatting import LaidOut, laid_out_file
from ..render.diagnostics import concise
from ..render.diagnostics import summary as counted
from ..render.tests import line_of, name_of
from ..render.tests import summary as tests_counted
from ..render.text import plain, plural, visible
from ..runtime.testing.results import TestResults
from ..testing import run_tests_of
from .codes import FORMAT, TEST
from .records import Step

FEW = 10
"""So many details of a step are shown; the command of the step shows all."""


def format_step(paths: Sequence[Path]) -> Step:
    """Whether rule files are in their canonical layout. One with errors has none before `check` passes."""
    files = [laid_out_file(path) for path in paths]
    changed = [file for file in files if file.changed]
    wrong = [file for file in files if file.text is None]
    problems = tuple(_other_layout(file) for file in changed)
    lines = [f"{problem.span.file}: {problem.message}" for problem in problems]
    lines += [f"{file.source.name}: it has errors, so it has no layout before `check` passes" for file in wrong]
    if not lines:
        return Step("format", "passed", f"{plural(len(files), 'file')} in canonical layout")
    said = f"{len(changed) + len(wrong)} of {plural(len(files), 'file')} not in canonical layout"
    return Step("format", "failed", f"{said}: `segwright fmt` lays them out", few(lines), problems, 1)


def _other_layout(file: LaidOut) -> Diagnostic:
    """Under the first line that would change."""
    before, after = file.source.text, file.text or ""
    lines = zip(before.splitlines(keepends=True), after.splitlines(keepends=True), strict=False)
    start = 0
    for one, other in lines:
        if one != other:
            break
        start += len(one)
    end = before.find("\n", start)
    span = Span(file.source.name, start, len(before) if end < 0 else end)
    return Diagnostic(FORMAT, "error", "this is not the canonical layout: `segwright fmt` lays the file out", span)


def check_step(rules: CheckedFiles) -> Step:
    """Every problem of the rules; errors fail."""
    errors = [found for found in rules.diagnostics if found.severity == "error"]
    others = [found for found in rules.diagnostics if found.severity == "warning"]
    lines = few([visible(line) for line in concise([*errors, *others], rules.sources).splitlines()])
    summary = f"{plural(len(rules.sources), 'file')}: {counted(rules.diagnostics)}"
    if errors:
        return Step("check", "failed", summary, lines, rules.diagnostics, 1)
    return Step("check", "passed", summary, lines, rules.diagnostics)


def tests_step(rules: CheckedFiles, report: Callable[[int, int], None] | None) -> tuple[Step, TestResults]:
    """The tests that stand in rule files, on every engine; raises `EngineError`."""
    results = run_tests_of(rules, report=report)
    problems = _failures(results)
    lines = few([_told(problem, rules.sources) for problem in problems])
    summary = plain(tests_counted(results))
    if results.passed:
        return Step("tests", "passed", summary), results
    return Step("tests", "failed", summary, lines, problems, 1), results


def _failures(results: TestResults) -> tuple[Diagnostic, ...]:
    return tuple(
        Diagnostic(TEST, "error", f'"{name_of(case)}": {visible(failure.message)}', failure.span)
        for case in results.cases
        for failure in case.failures
    )


def _told(problem: Diagnostic, sources: Mapping[str, Source]) -> str:
    return f"{problem.span.file}:{line_of(problem.span, sources)}: {problem.message}"


def few(lines: Sequence[str]) -> tuple[str, ...]:
    """The first ones, and how many more there are."""
    return (*lines[:FEW], *([f"and {len(lines) - FEW:,} more"] if len(lines) > FEW else []))
