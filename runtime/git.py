"""Which commit the rules are, where they lie in a git repository."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from .history.repository import git_environment
from .manifest import GitState

_PATIENCE = 10
"""Seconds; a repository on a slow disk may not hold up a run."""


def git_state(folder: Path, files: Sequence[Path]) -> GitState | None:
    """The commit that is checked out in `folder`, and whether one of `files` differs from it or is not in it; None
    where there is no git, no repository or no commit."""
    commit = _git(folder, "rev-parse", "--verify", "--quiet", "HEAD")
    if commit is None:
        return None
    status = _git(folder, "status", "--porcelain", "--untracked-files=all", "--ignored", "--", *map(str, files))
    return GitState(commit=commit.strip(), dirty=status is None or bool(status.strip()))


def _git(folder: Path, *arguments: str) -> str | None:
    """What a git command says; None where it fails."""
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            capture_output=True,
            text=True,
            check=True,
            timeout=_PATIENCE,
            env=git_environment(),
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout
