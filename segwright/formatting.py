"""Rule files in their canonical layout: read, compared, written."""

from __future__ import annotations

import codecs
import os
import re
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from .dsl.diagnostics import Diagnostic
from .dsl.format import formatted
from .dsl.project import read_file
from .dsl.source import Source
from .files import write_whole
from .runtime.errors import EngineError


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A rule file and its canonical text; None where it cannot be read as rules, for what `diagnostics` say."""

    source: Source
    text: str | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def changed(self) -> bool:
        """Whether the file is not laid out so."""
        return self.text is not None and self.text != self.source.text


def laid_out(source: Source) -> LaidOut:
    """A text and its canonical layout, with the line ends that the first line has."""
    text, problems = formatted(source)
    if text is not None and source.text.partition("\n")[0].endswith("\r"):
        text = text.replace("\n", "\r\n")
    return LaidOut(source, text, problems)


def laid_out_file(path: Path) -> LaidOut:
    """A rule file and its canonical layout; it is shown by its path from the current folder."""
    source, problems = read_file(path, Path.cwd())
    return LaidOut(source, None, problems) if problems else laid_out(source)


def difference(found: LaidOut) -> str:
    """What would change, as a unified diff; "" for nothing."""
    name, before, after = found.source.name, found.source.text, found.text
    if after is None:
        return ""
    lines = unified_diff(_lines(before), _lines(after), name, name)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def write(path: Path, found: LaidOut) -> None:
    """Write a rule file that is not laid out so, whole or not at all; its mode stays, and so does a byte order mark.

    Raises `EngineError` where it cannot be written."""
    if found.text is None or not found.changed:
        return
    target = path.resolve()
    try:
        if not os.access(target, os.W_OK):
            raise PermissionError(0, "it is read-only")
        content = found.text.encode("utf-8")
        if target.read_bytes().startswith(codecs.BOM_UTF8):
            content = codecs.BOM_UTF8 + content
        write_whole(target, content)
    except OSError as failure:
        why = (failure.strerror or "no such path").lower()
        raise EngineError(f"`{found.source.name}` cannot be written: {why}") from failure
