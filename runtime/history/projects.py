"""The rules of a project in the tree of a commit: where it lay, its settings, its rule files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ...dsl.files import Files
from ...dsl.project import CheckedFiles, check_files
from ..errors import SettingsError
from ..settings import FILE, Settings, read_settings, rule_files_in, settings_from
from .tree import Tree, files_of, find, folders_with, matching_in

_LISTED = 10
"""Projects that a message lists."""


@dataclass(frozen=True, slots=True)
class OldProject:
    """A project as a commit has it. `place` is its folder, from the top of the repository; `settings` have the paths
    that its folder of today has; `checked` are its rules, sound or not."""

    place: PurePosixPath
    settings: Settings
    checked: CheckedFiles


def project_in(tree: Tree, folder: Path, shown: str) -> OldProject:
    """The project of a folder as a commit has it, whichever folder it lay in then; `shown` is how messages call the
    commit. Raises `SettingsError` where it is not in the commit, or where its settings cannot be followed."""
    here = place_in(tree.top, folder)
    place = here if has_settings(tree, here) else _found_by_name(tree, folder)
    if place is None:
        raise SettingsError(_not_there(tree, folder, shown))
    try:
        return project_at(tree, place, folder, files_of(tree))
    except SettingsError as problem:
        raise SettingsError(
            f"at {shown}, {problem.message}: name a commit whose settings can be followed; `segwright log --all` marks "
            "those whose cannot"
        ) from problem


def project_at(tree: Tree, place: PurePosixPath, folder: Path, files: Files) -> OldProject:
    """The project that lies at `place` in a commit, with the paths of `folder`, its files read with `files`; raises
    `SettingsError` where its settings cannot be followed."""
    then = tree.top / place
    settings = settings_from(_settings_text(files, then), folder)
    paths = rule_files_in(then, settings.rules, lambda of, pattern: matching_in(tree, of, pattern))
    return OldProject(place, settings, check_files(paths, then, files))


def place_in(top: Path, folder: Path) -> PurePosixPath:
    """Where a folder on the disk lies, from the top of its repository; raises `SettingsError` where it does not lie
    in it."""
    if not folder.is_relative_to(top):
        raise SettingsError(f"`{folder.name}` does not lie in the git repository `{top.name}`")
    return PurePosixPath(*folder.relative_to(top).parts)


def has_settings(tree: Tree, place: PurePosixPath) -> bool:
    """Whether a project lies at `place` in a commit."""
    try:
        return find(tree, tree.top / place / FILE).entry is not None
    except OSError:  # the path leads nowhere
        return False


def places_called(tree: Tree, name: str) -> list[PurePosixPath]:
    """Where the projects of that name lie in a commit."""
    return [place for place in folders_with(tree, FILE) if _name(tree, place) == name]


def _found_by_name(tree: Tree, folder: Path) -> PurePosixPath | None:
    if not (folder / FILE).is_file():
        return None
    found = places_called(tree, read_settings(folder).name)
    return found[0] if len(found) == 1 else None


def _name(tree: Tree, place: PurePosixPath) -> str | None:
    """What the project at `place` is called; None where its settings cannot be followed."""
    try:
        return settings_from(_settings_text(files_of(tree), tree.top / place), tree.top / place).name
    except SettingsError:  # it may be anybody's: a list of projects has it by its folder
        return None


def _settings_text(files: Files, then: Path) -> str:
    """The settings as text, with line ends as reading a file gives them."""
    try:
        return files.read(then / FILE).decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as problem:
        raise SettingsError("the settings cannot be read: it is not UTF-8 text", file=FILE) from problem
    except OSError as problem:
        raise SettingsError(f"the settings cannot be read: {problem.strerror}", file=FILE) from problem


def _not_there(tree: Tree, folder: Path, shown: str) -> str:
    name = read_settings(folder).name if (folder / FILE).is_file() else folder.name
    there = [(place, _name(tree, place)) for place in folders_with(tree, FILE)]
    if not there:
        return f"there is no {FILE} at {shown}: name a later commit, which has the project"
    listed = ", ".join(f"`{place}`" + (f" ({called})" if called else "") for place, called in there[:_LISTED])
    more = f" and {len(there) - _LISTED} more" if len(there) > _LISTED else ""
    same = sum(called == name for _, called in there)
    why = f"{same} projects are called so there" if same > 1 else "no project is called so there"
    return (
        f"the project `{name}` is not in its folder at {shown}, and {why}; there are {listed}{more}. To compare with "
        "one of them, check that commit out beside this one (`git worktree add`) and name both folders"
    )
