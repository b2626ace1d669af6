"""Rule files compiled: into a rule set in one file, or into SQL."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .dsl.project import CheckedFiles, check_files
from .dsl.source import Source
from .files import write_named
from .project import RulesError
from .rulefiles import named_rules
from .runtime.errors import SettingsError
from .runtime.settings import Settings

if TYPE_CHECKING:
    from .compiler.ruleset import RuleSet


@dataclass(frozen=True, slots=True)
class Compiled:
    """Rule files, the rule set that they make, the folder that they lie in, and the settings of their project where a
    project was named."""

    checked: CheckedFiles
    rules: RuleSet
    folder: Path
    settings: Settings | None


def compile_rules(paths: Sequence[Path]) -> Compiled:
    """Compile what is named: a project folder, rule files, or nothing (the project around the current folder).

    A rule set has the name of its project; of rule files, that of the folder they lie in. Raises `SettingsError` where
    there is no such project or file, and `RulesError`."""
    from .compiler.ruleset import compiled

    named = named_rules(paths)
    checked = check_files(named.files, Path.cwd())
    if checked.program is None:
        raise RulesError(checked, "compiled")
    folder = _folder_of(named.files) if named.settings is None else named.settings.folder
    name = folder.name if named.settings is None else named.settings.name
    sources = [_named_in(folder, source) for source in checked.sources.values()]
    return Compiled(checked, compiled(checked.program, sources, name or "rules"), folder, named.settings)


def _folder_of(files: Sequence[Path]) -> Path:
    """The innermost folder that holds all of them."""
    return Path(os.path.commonpath([file.resolve().parent for file in files]))


def _named_in(folder: Path, source: Source) -> Source:
    """A rule file by its path from the folder: hashes do not depend on where the command was started."""
    return Source(Path(os.path.relpath(Path.cwd() / source.name, folder)).as_posix(), source.text)


def write_compiled(target: Path, text: str, rule_files: CheckedFiles) -> None:
    """Write what was compiled, whole or not at all.

    Raises `SettingsError` for a place that is none, or that holds a rule file, and `EngineError` where nothing can be
    written."""
    if any(target.resolve() == Path(name).resolve() for name in rule_files.sources):
        raise SettingsError(f"`{target}` is one of the rule files; name another file to write")
    write_named(target, text)
