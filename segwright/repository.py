"""Where the repository of a project begins."""

from __future__ import annotations

from pathlib import Path


def top_of(folder: Path) -> Path:
    """The topmost folder of the git repository that a folder lies in; the current folder where there is no git, or no
    repository."""
    from .runtime.errors import RunError
    from .runtime.history.repository import repository_of

    try:
        return repository_of(folder).top
    except RunError:  # nothing is compared here: paths are told from the current folder
        return Path.cwd()
