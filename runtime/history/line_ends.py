"""Files on the disk with the line ends that git keeps: where a checkout writes those of Windows, a rule file that
nobody touched reads as it was committed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ...dsl.files import ON_DISK, Files
from ..errors import EngineError
from .repository import git


def files_as_kept() -> Files:
    """The files on the disk, those that git converts with the line ends that they have in it."""
    return replace(ON_DISK, read=_read)


def _read(path: Path) -> bytes:
    content = path.read_bytes()
    return content.replace(b"\r\n", b"\n") if b"\r\n" in content and _is_converted(path) else content


def _is_converted(path: Path) -> bool:
    """Whether git keeps a file that has the line ends of Windows with plain ones, and takes both for the same."""
    try:
        # `i/lf w/crlf attr/text=auto`, a tab, the name: in the index, in the folder, by .gitattributes.
        said = git(path.parent, "ls-files", "-z", "--eol", "--", path.name).stdout.decode("utf-8", errors="replace")
        if not said.startswith("i/lf"):
            return False
        attributes = said.partition("attr/")[2].partition("\t")[0].split()
        if attributes:
            return "-text" not in attributes
        return git(path.parent, "config", "--get", "core.autocrlf").stdout.strip() in (b"true", b"input")
    except EngineError:  # there is no git, so nothing was converted
        return False
