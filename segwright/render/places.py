"""Places in files as build servers take them: paths from the top of the repository, lines, words that stay the same."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from os.path import relpath
from pathlib import Path

from ..dsl.diagnostics import Diagnostic
from ..dsl.source import Source

WEIGHT = {"error": 0, "warning": 1, "note": 2}


def from_top(name: str, top: Path) -> str:
    """The path of a file from the folder `top`, with slashes; `name` is its path from the current folder."""
    try:
        return Path(relpath(Path.cwd() / name, top)).as_posix()
    except ValueError:  # another drive
        return Path(name).as_posix()


def source_of(name: str, sources: Mapping[str, Source]) -> Source:
    """The text that a place lies in; an empty one where there is none, so that the place is its start."""
    return sources.get(name) or Source(name, "")


def fingerprints(
    diagnostics: Sequence[Diagnostic], sources: Mapping[str, Source], top: Path
) -> Iterator[tuple[Diagnostic, str]]:
    """Each problem with what tells it from others and stays the same when lines move: its code, its file and the words
    underlined; of several that are alike, the first one, the second one …"""
    seen: Counter[str] = Counter()
    for each in diagnostics:
        words = " ".join(source_of(each.span.file, sources).words(each.span).split())
        alike = "\0".join((each.code, from_top(each.span.file, top), words))
        seen[alike] += 1
        yield each, hashlib.sha256(f"{alike}\0{seen[alike]}".encode()).hexdigest()
