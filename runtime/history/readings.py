"""The rules of a project at many commits, each distinct state of its files checked once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from ...compiler.ruleset import RuleSet, compiled
from ...dsl.files import Files
from ...dsl.project import CheckedFiles
from ..errors import SettingsError
from ..settings import FILE, Settings
from .commits import Commit
from .projects import has_settings, place_in, places_called, project_at
from .tree import Tree, Trees, files_of, find, matching_in


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What a project was at a commit. `rules` are None where they do not check; `problem` says why the settings cannot
    be followed, and then there is nothing else."""

    place: PurePosixPath
    settings: Settings | None
    checked: CheckedFiles | None
    rules: RuleSet | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class State:
    """A commit and what the project was at it; None where the commit does not have the project."""

    commit: Commit
    reading: Reading | None


@dataclass(frozen=True, slots=True)
class _Known:
    """A reading and what it was read from: the object at each path that was asked for (None: nothing there), and the
    files that the patterns of the settings matched."""

    reading: Reading
    objects: Mapping[Path, str | None]
    matched: Mapping[str, tuple[Path, ...]]


_Seen = dict[tuple[PurePosixPath, str | None], list[_Known]]
"""Readings by the place of the project and the object of its settings."""


def states(trees: Trees, top: Path, folder: Path, name: str | None, commits: tuple[Commit, ...]) -> Iterator[State]:
    """What the project in `folder` was at each of the commits, which stand newest first. A project that moved is
    followed by its name, which is `name` today. A reading that is the same as at the commit before is the same
    object."""
    seen: _Seen = {}
    place = place_in(top, folder)
    for commit in commits:
        tree = Tree(trees, commit.tree, top)
        here: PurePosixPath | None = place
        if not has_settings(tree, place):
            found = [] if name is None else places_called(tree, name)
            here = found[0] if len(found) == 1 else None
        if here is None:
            yield State(commit, None)
            continue
        reading = _reading(tree, here, folder, seen)
        place = here
        name = name if reading.settings is None else reading.settings.name
        yield State(commit, reading)


def _reading(tree: Tree, place: PurePosixPath, folder: Path, seen: _Seen) -> Reading:
    known = seen.setdefault((place, _object(tree, tree.top / place / FILE)), [])
    for each in known:
        if _is_still(each, tree, tree.top / place):
            return each.reading
    objects: dict[Path, str | None] = {}
    files = files_of(tree)

    def read(path: Path) -> bytes:
        objects[path] = _object(tree, path)
        return files.read(path)

    reading = _read(tree, place, folder, replace(files, read=read))
    if reading.settings is None:  # whatever changes in the folder may mend it
        objects[tree.top / place] = _object(tree, tree.top / place)
    patterns = () if reading.settings is None else reading.settings.rules
    matched = {pattern: tuple(matching_in(tree, tree.top / place, pattern)) for pattern in patterns}
    known.append(_Known(reading, objects, matched))
    return reading


def _read(tree: Tree, place: PurePosixPath, folder: Path, files: Files) -> Reading:
    try:
        found = project_at(tree, place, folder, files)
    except SettingsError as problem:
        return Reading(place, None, None, None, problem.message)
    program = found.checked.program
    rules = None if program is None else compiled(program, found.checked.sources.values(), found.settings.name)
    return Reading(place, found.settings, found.checked, rules, None)


def _is_still(known: _Known, tree: Tree, then: Path) -> bool:
    return all(_object(tree, path) == object for path, object in known.objects.items()) and all(
        tuple(matching_in(tree, then, pattern)) == found for pattern, found in known.matched.items()
    )


def _object(tree: Tree, path: Path) -> str | None:
    try:
        entry = find(tree, path).entry
    except OSError:  # reading it says why; here it is only not there
        return None
    return None if entry is None else entry.object
