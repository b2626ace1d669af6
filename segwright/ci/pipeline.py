"""All steps of `segwright ci`, in order: each runs, whatever became of those before it, unless it needs what they did
not find."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from os.path import relpath
from pathlib import Path

from ..dsl.diagnostics import Diagnostic
from ..dsl.project import CheckedFiles, check_files
from ..dsl.source import Source
from ..repository import top_of
from ..runtime.errors import RunError, SettingsError
from ..runtime.progress import Progress
from ..runtime.settings import FILE, Settings, find_project, read_settings, rule_files
from .base import NoBase, base_of
from .changed import Compared, diff_step, gates_step
from .codes import BASE, STOPPED
from .places import line_span, settings_span
from .records import Outcome, Status, Step, StepName
from .steps import check_step, format_step, tests_step

Show = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Options:
    """What `ci` is asked for: a base in place of the one that it finds, an as-of date in place of the settings',
    whether to look at data, and the environment that may tell of a pull request."""

    base: str | None = None
    as_of: dt.date | str | None = None
    data: bool = True
    environment: Mapping[str, str] | None = None


def run_ci(project: Path | None, options: Options, show: Show | None = None) -> Outcome:
    """Every step for the project in a folder (None: the one around the current folder).

    Raises `SettingsError` where there is no such project; what else is wrong is told by the step that it stops."""
    folder = find_project(project)
    start = Outcome(folder.name, folder, top_of(folder), (), _settings_text(folder))
    try:
        settings = read_settings(folder)
        paths = rule_files(settings)
    except SettingsError as problem:
        stopped = _stopped("settings", problem, start, None)
        left = (_skipped(name, "the settings cannot be followed") for name in _AFTER_SETTINGS)
        return replace(start, steps=(stopped, *left))
    begun = time.perf_counter()
    rules = check_files(paths, Path.cwd())
    checked = replace(check_step(rules), seconds=time.perf_counter() - begun)
    outcome = replace(
        start,
        project=settings.name,
        sources={**start.sources, **rules.sources},
        files=tuple(sorted(rules.sources)),
        steps=(_timed(lambda: format_step(paths)), checked),
    )
    if rules.program is None:
        why = "the rules do not check"
        return replace(outcome, steps=(*outcome.steps, *(_skipped(name, why) for name in ("tests", "diff", "gates"))))
    return _compared(_tested(outcome, rules, show), settings, options, show)


_AFTER_SETTINGS: tuple[StepName, ...] = ("format", "check", "tests", "diff", "gates")


def _tested(outcome: Outcome, rules: CheckedFiles, show: Show | None) -> Outcome:
    begun = time.perf_counter()
    report = None if show is None else lambda done, every: show(Progress("testing", done / every))
    try:
        step, results = tests_step(rules, report)
    except RunError as problem:
        return _with(outcome, _stopped("tests", problem, outcome, None), begun)
    return replace(_with(outcome, step, begun), tests=results)


def _compared(outcome: Outcome, settings: Settings, options: Options, show: Show | None) -> Outcome:
    """The last two steps."""
    begun = time.perf_counter()
    base = base_of(outcome.folder, options.base, options.environment or {})
    if isinstance(base, NoBase):
        outcome = _with(outcome, _without_base(base, outcome), begun)
        found = Compared(missing="there is no base to compare with")
    else:
        outcome = replace(outcome, base=base)
        try:
            step, found = diff_step(outcome, base, settings, options.as_of, options.data, show)
        except RunError as problem:
            step = _stopped("diff", problem, outcome, "data" if problem.exit_code == 3 else None)
            found = Compared(missing="the comparison could not be made")
        outcome = replace(_with(outcome, step, begun), difference=found.difference, notes=found.notes)
    begun = time.perf_counter()
    step, gates = gates_step(outcome, settings, found)
    return replace(_with(outcome, step, begun), gates=gates)


def _without_base(base: NoBase, outcome: Outcome) -> Step:
    status: Status = "failed" if base.exit_code else "skipped"
    severity = "error" if base.exit_code else "note"
    problem = Diagnostic(BASE, severity, base.message, settings_span(outcome))
    return Step("diff", status, base.message, (), (problem,), base.exit_code)


# -- small ones ----------------------------------------------------------------------------------------------------


def _timed(step: Callable[[], Step]) -> Step:
    begun = time.perf_counter()
    return replace(step(), seconds=time.perf_counter() - begun)


def _with(outcome: Outcome, step: Step, begun: float) -> Outcome:
    return replace(outcome, steps=(*outcome.steps, replace(step, seconds=time.perf_counter() - begun)))


def _skipped(name: StepName, why: str) -> Step:
    return Step(name, "skipped", why)


def _stopped(name: StepName, problem: RunError, outcome: Outcome, section: str | None) -> Step:
    """A step that could not be done; told at the line of the settings that the problem names, or at a section."""
    line = problem.details.get("line")
    span = line_span(outcome, line) if isinstance(line, int) else settings_span(outcome, section)
    first, *more = problem.message.split("\n")
    told = Diagnostic(STOPPED.get(problem.exit_code, "engine"), "error", problem.message, span)
    return Step(name, "failed", first, tuple(line for line in more if line.strip()), (told,), problem.exit_code)


def _settings_text(folder: Path) -> dict[str, Source]:
    """The settings file, so that problems can be told at its lines; as far as it is text."""
    name = Path(relpath(folder / FILE)).as_posix()
    try:
        text = (folder / FILE).read_bytes().decode("utf-8", errors="replace")
    except OSError:  # reading the settings says why
        text = ""
    return {name: Source(name, text)}
