"""Reading the file that holds a compiled rule set."""

from __future__ import annotations

import json
from pathlib import Path

from ..compiler.codec import UnreadableProgram
from ..compiler.ruleset import RuleSet, load
from .errors import SettingsError


def read_ruleset(path: Path) -> RuleSet:
    """The compiled rule set in a file; needs neither its source nor the parser.

    Raises `SettingsError` where there is no such file, or where it is no rule set, of another format, or was changed
    since."""
    name = path.name
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise SettingsError(f"the rule set `{name}` cannot be read: {problem.strerror}") from problem
    except ValueError as problem:
        raise SettingsError(f"`{name}` is no compiled rule set") from problem
    if not isinstance(data, dict):
        raise SettingsError(f"`{name}` is no compiled rule set")
    try:
        return load(data)
    except UnreadableProgram as problem:
        raise SettingsError(f"`{name}`: {problem}") from problem
