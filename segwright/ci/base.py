"""The commit that a change is compared with: where its history parted from the branch that it goes into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..runtime.errors import RunError, SettingsError
from ..runtime.history.repository import (
    SHORT,
    Repository,
    commit_of,
    find_commit,
    git,
    is_shallow,
    merge_base,
    repository_of,
)

USUAL = ("origin/main", "origin/master", "main", "master")
"""Branches that a change goes into where nothing says which."""


@dataclass(frozen=True, slots=True)
class Base:
    """`commit` is where HEAD parted from `revision`; `why` says what named that."""

    commit: str
    revision: str
    why: str

    @property
    def shown(self) -> str:
        """How messages call it."""
        return f"{self.revision} ({self.commit[:SHORT]})"


@dataclass(frozen=True, slots=True)
class NoBase:
    """There is nothing to compare with, for the reason that `message` says. `exit_code` is 0 where nobody asked for a
    comparison, so that nothing is wrong."""

    message: str
    exit_code: int


def base_of(folder: Path, given: str | None, environment: Mapping[str, str]) -> Base | NoBase:
    """What the project in `folder` is compared with: `given` (`--base`), else the target of the pull request that the
    environment tells of (GitHub, GitLab), else the default branch of `origin`, else main or master.

    A base that is given, or that a pull request has, must be there: else the exit code of `NoBase` is 2, or that of
    what is wrong with git."""
    asked = _asked(given, environment)
    repository: Repository | None = None
    try:
        repository = repository_of(folder)
        if asked is not None:
            revision, why = asked
            return Base(merge_base(repository, revision, "HEAD"), revision, why)
        commit_of(repository, "HEAD")
        found = _usual(repository)
        if found is None:
            names = ", ".join(f"`{name}`" for name in USUAL)
            return NoBase(f"there is no branch to compare with: none of {names}; name one, as in `--base main`", 0)
        revision, why = found
        return Base(merge_base(repository, revision, "HEAD"), revision, why)
    except RunError as problem:
        is_fine = asked is None and isinstance(problem, SettingsError)
        on_gitlab = "GITLAB_CI" in environment and repository is not None and is_shallow(repository)
        way = '; on GitLab `GIT_DEPTH: "0"` gets all of it' if on_gitlab else ""
        return NoBase(f"{problem.message}{way}", 0 if is_fine else problem.exit_code)


def _asked(given: str | None, environment: Mapping[str, str]) -> tuple[str, str] | None:
    """A revision and what names it, where a comparison is asked for."""
    if given is not None:
        return given, "`--base` names it"
    if branch := environment.get("GITHUB_BASE_REF"):
        return f"origin/{branch}", "the pull request goes into it"
    if commit := environment.get("CI_MERGE_REQUEST_DIFF_BASE_SHA"):
        return commit, "the merge request begins there"
    if branch := environment.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME"):
        return f"origin/{branch}", "the merge request goes into it"
    return None


def _usual(repository: Repository) -> tuple[str, str] | None:
    head = git(repository.top, "symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD")
    default = head.stdout.decode("utf-8", errors="replace").strip()
    if head.returncode == 0 and find_commit(repository, default) is not None:
        return default, "it is the default branch of origin"
    found = next((name for name in USUAL if find_commit(repository, name) is not None), None)
    return None if found is None else (found, "it is the first that there is of the usual branches")
