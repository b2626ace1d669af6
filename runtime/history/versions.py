"""What a command means by revisions, folders and files: which two versions of the rules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ...compiler.ruleset import compiled
from ...dsl.project import CheckedFiles, check_files
from ..errors import SettingsError
from ..ruleset_files import read_ruleset
from ..settings import Settings, find_project, read_settings, rule_files
from .broken import BrokenRules
from .line_ends import files_as_kept
from .projects import place_in, project_in
from .repository import SHORT, Repository, commit_of, git, merge_base, objects_of, repository_of
from .tree import Tree, Trees
from .version import Version
from .words import Word, word_of

WORKING_TREE = "the working tree"


def version_of(folder: Path, revision: str | None) -> Version:
    """The rules of the project in `folder`: at a revision of its git repository, or as they lie on disk (None).

    A project that lay in another folder at that revision is found by its name, and `notes` say so. Raises
    `SettingsError` where there is no such revision or project, `EngineError` where git cannot be asked, and
    `BrokenRules` (exit code 1) where the rules do not check."""
    if revision is None:
        return _on_disk(folder, WORKING_TREE)
    repository = repository_of(folder)
    commit = commit_of(repository, revision)
    return _at_commit(repository, folder, commit, _shown(revision, commit))


def versions(words: Sequence[str]) -> tuple[Version, Version]:
    """The two versions, before and after, that the words of a comparison mean.

    | words | before | after |
    |---|---|---|
    | none | HEAD | the working tree |
    | `main` | main | the working tree |
    | `main..HEAD`, `main HEAD` | main | HEAD; `main..` is the same |
    | `main...HEAD` | where HEAD parted from main | HEAD |
    | two folders, two compiled rule sets, one of each | the first | the second, as they lie on disk |
    | a compiled rule set | it | the working tree |

    A project's folder may stand among revisions; without one it is the current folder's. A word that is a project's
    folder and also a revision is the folder, and `notes` say so. Raises as `version_of`."""
    said = [word_of(word) for word in words]
    match [each.kind for each in said]:
        case []:
            return _pair(None, ["HEAD"])
        case ["rule set"]:
            return _of_file(said[0]), _on_disk(find_project(), WORKING_TREE)
        case [("folder" | "rule set"), ("folder" | "rule set")]:
            before, after = (_of_file(each) for each in said)
            return before, after
        case kinds if "rule set" not in kinds and kinds.count("folder") <= 1:
            folder = next((Path(each.text) for each in said if each.kind == "folder"), None)
            return _pair(folder, [each.text for each in said if each.kind == "revision"] or ["HEAD"])
        case _:
            raise SettingsError(
                "name one revision, two revisions, `main..HEAD`, two folders or two compiled rule sets; and before "
                "revisions perhaps a project's folder"
            )


# -- words ---------------------------------------------------------------------------------------------------------


def _of_file(word: Word) -> Version:
    if word.kind == "folder":
        return _on_disk(find_project(Path(word.text)), f"`{word.text}`")
    path = Path(word.text)
    return Version(f"`{path.name}`", read_ruleset(path))


def _pair(given: Path | None, revisions: Sequence[str]) -> tuple[Version, Version]:
    """The versions that one or two revisions mean, of the project that is named or of the current one."""
    folder = find_project(given)
    before, after = _revisions(revisions)
    if isinstance(before, _Parting):
        repository = repository_of(folder)
        commit = merge_base(repository, before.one, before.other)
        shown = f"where `{before.other}` parted from `{before.one}` ({commit[:SHORT]})"
        old = _at_commit(repository, folder, commit, shown)
    else:
        old = version_of(folder, before)
    doubtful = [] if given is None else _doubtful(folder, given)
    return replace(old, notes=(*doubtful, *old.notes)), version_of(folder, after)


@dataclass(frozen=True, slots=True)
class _Parting:
    """The commit at which `other` parted from `one`."""

    one: str
    other: str


def _revisions(words: Sequence[str]) -> tuple[str | _Parting, str | None]:
    match [re.fullmatch(r"(.*?)(\.{2,3})(.*)", word) for word in words]:
        case [None]:
            return words[0], None
        case [None, None]:
            return words[0], words[1]
        case [found] if found is not None:
            one, other = found[1] or "HEAD", found[3] or "HEAD"
            return (_Parting(one, other) if found[2] == "..." else one), other
        case _:
            raise SettingsError(
                f"name one or two revisions, or one range such as `main..HEAD`, not `{' '.join(words)}`"
            )


def _doubtful(folder: Path, given: Path) -> list[str]:
    """What to say where the word that names the project's folder could also name a revision."""
    if git(folder, "rev-parse", "--verify", "--quiet", f"{given.as_posix()}^{{commit}}").returncode != 0:
        return []
    return [
        f"`{given}` is a project's folder and also a revision: the folder is meant; write `refs/heads/{given}` else"
    ]


# -- versions ------------------------------------------------------------------------------------------------------


def _on_disk(folder: Path, shown: str) -> Version:
    settings = read_settings(folder)
    return _version(settings, check_files(rule_files(settings), settings.folder, files_as_kept()), shown, on_disk=True)


def _at_commit(repository: Repository, folder: Path, commit: str, shown: str) -> Version:
    here = folder.resolve()
    with objects_of(repository) as read:
        tree = Tree(Trees(read), f"{commit}^{{tree}}", repository.top)
        found = project_in(tree, here, shown)
    today = place_in(repository.top, here)
    notes = () if found.place == today else (f"at {shown} the project `{found.settings.name}` lay in `{found.place}`",)
    return replace(_version(found.settings, found.checked, shown, on_disk=False), commit=commit, notes=notes)


def _version(settings: Settings, checked: CheckedFiles, shown: str, *, on_disk: bool) -> Version:
    if checked.program is None:
        raise BrokenRules(shown, checked, on_disk=on_disk)
    return Version(shown, compiled(checked.program, checked.sources.values(), settings.name), settings, checked)


def _shown(revision: str, commit: str) -> str:
    return commit[:SHORT] if commit.startswith(revision.lower()) else f"{revision} ({commit[:SHORT]})"
