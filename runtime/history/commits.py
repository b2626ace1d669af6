"""The commits of a branch, newest first.

First parents are followed: a branch that was merged counts as one step, the merge, and every commit has one commit
before it.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from ..errors import SettingsError
from .repository import Repository, commit_of, git, merge_base

_FIELDS = ("%H", "%T", "%cI", "%an", "%s")


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit: its hash, the object of its topmost folder, when it came in, who wrote it, and what it says it does."""

    hash: str
    tree: str
    at: dt.datetime
    author: str
    subject: str


@dataclass(frozen=True, slots=True)
class Commits:
    """Commits, newest first. `asked` of them are what was asked for; the ones behind are older and serve to compare
    with."""

    commits: tuple[Commit, ...]
    asked: int


def commits_of(repository: Repository, words: str | None) -> Commits:
    """The commits that lead to a revision (None: HEAD), or those of a range such as `v1..v2`, which leaves the
    first out; raises `SettingsError` where there is no such revision."""
    found = re.fullmatch(r"(.*?)(\.{2,3})(.*)", words or "HEAD")
    if found is None:
        every = _listed(repository, commit_of(repository, words or "HEAD"))
        return Commits(every, len(every))
    one, other = found[1] or "HEAD", found[3] or "HEAD"
    last = commit_of(repository, other)
    first = merge_base(repository, one, other) if found[2] == "..." else commit_of(repository, one)
    every, asked = _listed(repository, last), _listed(repository, last, f"^{first}")
    if not asked and first != last:
        raise SettingsError(f"no commit leads from `{one}` to `{other}`; did you mean `{other}..{one}`?")
    return Commits(every, len(asked))


def _listed(repository: Repository, *revisions: str) -> tuple[Commit, ...]:
    answer = git(
        repository.top,
        "-c",
        "log.showSignature=false",
        "log",
        "-z",
        "--first-parent",
        "--no-color",
        "--encoding=UTF-8",
        f"--format={'%n'.join(_FIELDS)}",
        *revisions,
        "--",
    )
    said = answer.stdout.decode("utf-8", errors="replace")
    return tuple(_commit(part) for part in said.split("\0") if part)


def _commit(said: str) -> Commit:
    commit, tree, at, author, subject = said.split("\n", len(_FIELDS) - 1)
    return Commit(commit, tree, dt.datetime.fromisoformat(at), author, subject)
