"""Which rule files a command means, read and checked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .dsl.project import CheckedFiles, check_files
from .runtime.errors import SettingsError
from .runtime.settings import FILE, Settings, find_project, read_settings, rule_files


def checked_rules(paths: Sequence[Path]) -> CheckedFiles:
    """Check what is named: a project folder, rule files, or nothing (the project around the current folder).

    Files are shown relative to the current folder. Raises `SettingsError` where there is no such project or file."""
    return check_files(named_files(paths), Path.cwd())


def named_files(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The rule files that are named: those of a project, or the files themselves, each once.

    Raises `SettingsError` where there is no such project or file."""
    if paths and all(path.suffix == ".seg" or (path.is_file() and path.name != FILE) for path in paths):
        for path in paths:
            if not path.is_file():
                raise SettingsError(f"there is no rule file `{path}`")
        return tuple(dict.fromkeys(paths))
    if len(paths) > 1:
        raise SettingsError("name one project folder, or rule files that end in `.seg`")
    return rule_files(read_settings(find_project(paths[0] if paths else None)))


def project_rules(settings: Settings) -> CheckedFiles:
    """Check the rule files that the settings name."""
    return check_files(rule_files(settings), Path.cwd())
