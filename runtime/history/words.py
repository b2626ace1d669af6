"""What a word of a command may name: a project's folder, a compiled rule set, a revision."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..errors import SettingsError
from ..settings import FILE


@dataclass(frozen=True, slots=True)
class Word:
    """A word, and what it names: a folder with settings, a file of JSON, or else a revision or a range of them."""

    kind: Literal["folder", "rule set", "revision"]
    text: str


def word_of(text: str) -> Word:
    """What a word names; raises `SettingsError` for one that can only be a folder, and is no project's."""
    path = Path(text)
    if (path / FILE).is_file() or (path.name == FILE and path.is_file()):
        return Word("folder", text)
    if path.suffix == ".json":
        return Word("rule set", text)
    if re.match(r"\.{0,2}[/\\]|~|\.{1,2}$|\w:[/\\]", text) or text.endswith(("/", "\\")):
        raise SettingsError(f"there is no {FILE} in `{text}`" if path.is_dir() else f"there is no folder `{text}`")
    return Word("revision", text)
