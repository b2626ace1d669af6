"""What differs between two versions of the rules of a project, and what that does to its rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .compiler.changes.records import Changes
from .runtime.comparing.records import Comparison
from .runtime.errors import DataError, SettingsError
from .runtime.history.version import Version
from .runtime.settings import FILE, Settings, find_project, read_settings

if TYPE_CHECKING:
    from .compiler.ruleset import RuleSet
    from .project import Project
    from .runtime.engines.names import EngineName
    from .runtime.progress import Progress

EXAMPLES = 3
"""So many movers of each segmentation are shown, unless asked otherwise."""
NO_DATA = "no data was to be looked at"


@dataclass(frozen=True, slots=True)
class Difference:
    """Two versions, what changed in the rules, and what that does to the rows; `comparison` is None where no data was
    looked at, for which `not_compared` is the reason in words."""

    before: Version
    after: Version
    changes: Changes
    comparison: Comparison | None
    not_compared: str | None = None

    def markdown(self) -> str:
        """As a comment on a pull request: GitHub Flavored Markdown that fits into one."""
        from .render.changes.markdown import as_markdown

        return as_markdown(self)

    def text(self) -> str:
        """As `segwright diff` prints it, without colours, a line a sentence."""
        from .render.changes.text import as_text
        from .render.text import plain

        return plain(as_text(self))

    def as_json(self) -> dict[str, Any]:
        """As data for programs; docs/diff.md tells what the keys mean."""
        from .render.changes.data import as_json

        return as_json(self)


@dataclass(frozen=True, slots=True)
class Compared:
    """How data is compared. `as_of` and `engine` in place of the settings'; `parameters` are written as in rule files;
    `data` are paths or frames by table in place of the settings'; so many `examples` of movers of each segmentation."""

    as_of: dt.date | str | None = None
    engine: EngineName | None = None
    parameters: Mapping[str, str] | None = None
    data: Mapping[str, Any] | None = None
    examples: int = EXAMPLES


def difference(
    before: Version,
    after: Version,
    *,
    data: bool = True,
    settings: Settings | None = None,
    options: Compared | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Difference:
    """What changed from one version to the other and, with `data`, what that does to the rows.

    The data is that of the new rules' project; of a compiled rule set, which has none, that which `settings` name, else
    that of the old rules' project. It is not looked at where the rules mean what they meant, since nobody can move
    then, nor where some of it is not there. Raises as `Project.run` for what the options ask and for data that breaks
    its contract."""
    asked = Compared() if options is None else options
    changes = _changes(before, after)
    project = after.settings or settings or before.settings
    reason = _reason(after, changes, project, asked) if data else NO_DATA
    if reason is not None or project is None:
        return Difference(before, after, changes, None, reason)
    return Difference(before, after, changes, _compared(before, after, changes, project, asked, progress))


def _changes(before: Version, after: Version) -> Changes:
    """Those of the programs and, behind them, those that only the texts of the rule files tell."""
    from .compiler.changes import changes_between, text_changes

    changes = changes_between(before.rules.program, after.rules.program)
    if before.checked is None or after.checked is None:
        return changes
    return replace(changes, changes=(*changes.changes, *text_changes(before.checked, after.checked)))


def named_versions(words: Sequence[str]) -> tuple[Version, Version, Settings | None]:
    """The versions that the words of `segwright diff` mean, and the settings of the project whose data a compiled rule
    set is compared over: the folder before two rule sets, else the project around the current folder.

    Raises as `runtime.history.versions.versions`."""
    from .runtime.history.versions import versions

    folder = words[0] if len(words) == _FOLDER_AND_TWO_FILES and all(map(_is_rule_set, words[1:])) else None
    before, after = versions(words if folder is None else words[1:])
    if before.settings is not None or after.settings is not None:
        return before, after, None
    return before, after, _project_settings(folder)


def versions_of(
    project: Project, before: str | RuleSet | Project, after: str | RuleSet | Project | None
) -> tuple[Version, Version]:
    """The two versions that `Project.diff` is asked for.

    Raises as `runtime.history.versions.versions`."""
    from .runtime.history.versions import versions

    match before, after:
        case str(), None | str():
            return versions([str(project.settings.folder), before, *([] if after is None else [after])])
        case _:
            return _version(project, before), _version(project, after)


def _version(project: Project, asked: str | RuleSet | Project | None) -> Version:
    from .project import Project as OtherProject
    from .runtime.history.versions import version_of

    match asked:
        case None | str():
            return version_of(project.settings.folder, asked)
        case OtherProject(settings=settings):
            return replace(version_of(settings.folder, None), shown=f"`{settings.folder.name}`")
        case _:
            return Version(f"the compiled rule set `{asked.name}`", asked)


_FOLDER_AND_TWO_FILES = 3


def _is_rule_set(word: str) -> bool:
    return Path(word).suffix == ".json"


def _project_settings(folder: str | None) -> Settings | None:
    """Those of a named project; else of the one around the current folder, if there is one."""
    if folder is not None:
        return read_settings(find_project(Path(folder)))
    here = Path.cwd()
    near = next((each for each in (here, *here.parents) if (each / FILE).is_file()), None)
    return None if near is None else read_settings(near)


# -- data --------------------------------------------------------------------------------------------------------------


def _reason(after: Version, changes: Changes, project: Settings | None, asked: Compared) -> str | None:
    """Why no data is looked at; None where it is."""
    if changes.same_meaning:
        return "the rules mean what they meant, so nobody can move"
    if not after.rules.program.segmentations:
        return f"{after.shown} declares no segmentation, so there are no segments to compare"
    if project is None:
        return "a compiled rule set names no data: name the folder of a project first, or start in it"
    if (asked.as_of or project.as_of) is None:
        return "there is no as-of date: give `--as-of 2026-09-01`, or `as_of` in segwright.toml"
    absent = [*_absent(after, project, asked)]
    return f"there is no data to compare with: {'; '.join(absent)}" if absent else None


def _absent(after: Version, project: Settings, asked: Compared) -> Iterator[str]:
    """Tables that the new rules read and whose data is not there; what only the old rules lack is left out and noted.
    What was given in place of the settings' data is there, or it is a mistake that the comparison tells."""
    from .compiler.plan_from_program import plan_from_program
    from .runtime.found import found_files

    tables = [each.table for each in plan_from_program(after.rules.program).columns]
    for table in dict.fromkeys(tables):
        entry = project.data.get(table)
        if table in (asked.data or {}):
            continue
        if entry is None:
            yield f"`[data]` in segwright.toml does not say where `{table}` lies"
        elif entry.duckdb is not None:
            if not entry.duckdb.exists():
                yield f"the database of `{table}` is not there: {entry.shown}"
        elif entry.frame is None:
            try:
                found_files(table, entry)
            except SettingsError as problem:
                yield problem.message


def _compared(
    before: Version,
    after: Version,
    changes: Changes,
    project: Settings,
    asked: Compared,
    progress: Callable[[Progress], None] | None,
) -> Comparison:
    from .runtime.comparing.compare import CompareOptions, compare
    from .runtime.frames import with_given

    options = CompareOptions(
        as_of=asked.as_of,
        engine=asked.engine,
        parameters=asked.parameters or {},
        examples=asked.examples,
    )
    settings = with_given(project, asked.data or {})
    try:
        return compare(before.rules, after.rules, changes, settings, options, progress)
    except DataError as problem:  # what breaks the old rules alone is left out and noted
        raise DataError(problem.violations, problem.places, after.shown) from problem
