"""The rules of a project in the tree of a commit: where it lay, its settings, its rule files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ...dsl.project import CheckedFiles, check_files
from ..errors import SettingsError
from ..settings import FILE, Settings, read_settings, rule_files_in, settings_from
from .tree import Tree, files_of, find, folders_with, matching_in


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
    place = place_of(tree, folder)
    if place is None:
        raise SettingsError(_not_there(tree, folder, shown))
    return project_at(tree, place, folder, shown)


def project_at(tree: Tree, place: PurePosixPath, folder: Path, shown: str) -> OldProject:
    """The project that lies at `place` in a commit, with the paths of `folder`; raises as `project_in`."""
    then = tree.top / place
    try:
        settings = settings_from(_settings_text(tree, place), folder)
        paths = rule_files_in(then, settings.rules, lambda of, pattern: matching_in(tree, of, pattern))
    except SettingsError as problem:
        raise SettingsError(
            f"at {shown}, {problem.message}: compare with a commit whose settings can be followed (`git log -- {FILE}` "
            "lists those that changed them)"
        ) from problem
    return OldProject(place, settings, check_files(paths, then, files_of(tree)))


def place_of(tree: Tree, folder: Path) -> PurePosixPath | None:
    """Where the project of a folder lies in a commit, from the top of the repository: in the same folder, else in the
    one folder that has a project of the same name; None where there is none, or several."""
    here = PurePosixPath(*folder.relative_to(tree.top).parts)
    if _has_settings(tree, here):
        return here
    if not (folder / FILE).is_file():
        return None
    name = read_settings(folder).name
    found = [place for place in folders_with(tree, FILE) if project_name(tree, place) == name]
    return found[0] if len(found) == 1 else None


def project_name(tree: Tree, place: PurePosixPath) -> str | None:
    """What the project at `place` is called; None where its settings cannot be followed."""
    try:
        return settings_from(_settings_text(tree, place), tree.top / place).name
    except SettingsError:  # it may be anybody's: a list of projects has it by its folder
        return None


def _has_settings(tree: Tree, place: PurePosixPath) -> bool:
    try:
        return find(tree, tree.top / place / FILE).entry is not None
    except OSError:
        return False


def _settings_text(tree: Tree, place: PurePosixPath) -> str:
    """The settings as text, with line ends as reading a file gives them."""
    try:
        return files_of(tree).read(tree.top / place / FILE).decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as problem:
        raise SettingsError("the settings cannot be read: it is not UTF-8 text", file=FILE) from problem
    except OSError as problem:
        raise SettingsError(f"the settings cannot be read: {problem.strerror}", file=FILE) from problem


def _not_there(tree: Tree, folder: Path, shown: str) -> str:
    name = read_settings(folder).name if (folder / FILE).is_file() else folder.name
    there = [(place, project_name(tree, place)) for place in folders_with(tree, FILE)]
    if not there:
        return f"there is no segwright.toml at {shown}: name a later commit, which has the project"
    listed = ", ".join(f"`{place}`" + (f" ({called})" if called else "") for place, called in there[:10])
    more = f" and {len(there) - 10} more" if len(there) > 10 else ""
    same = [place for place, called in there if called == name]
    why = f"{len(same)} projects are called `{name}` there" if len(same) > 1 else f"no project is called `{name}` there"
    return (
        f"the project `{name}` is not in its folder at {shown}, and {why}; there are {listed}{more}. To compare with "
        "one of them, check that commit out beside this one (`git worktree add`) and name both folders"
    )
