"""Where rule files are read from: the disk, or something that looks like it, such as a revision of a repository."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Files:
    """Rule files by their path.

    `read` gives the bytes of a file and raises the `OSError` that `Path.read_bytes` raises. `resolve` gives every path
    of one file the same absolute form. `beside` names what lies in the folder of a path, nothing where there is no
    such folder."""

    read: Callable[[Path], bytes]
    resolve: Callable[[Path], Path]
    beside: Callable[[Path], Sequence[str]]


def _beside(path: Path) -> list[str]:
    return [other.name for other in path.parent.iterdir()] if path.parent.is_dir() else []


ON_DISK = Files(Path.read_bytes, Path.resolve, _beside)
"""Files as they lie on the disk."""
