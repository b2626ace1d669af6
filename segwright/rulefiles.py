"""Which rule files a command means, read and checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .dsl.project import CheckedFiles, check_files
from .runtime.errors import SettingsError
from .runtime.settings import FILE, Settings, find_project, read_settings, rule_files


def checked_rules(paths: Sequence[Path]) -> CheckedFiles:
    """Check what is named: a project folder, rule files, or nothing (the project around the current folder).

    Files are shown relative to the current folder. Raises `SettingsError` where there is no such project or file."""
    return check_files(named_files(paths), Path.cwd())


@dataclass(frozen=True, slots=True)
class Named:
    """Rule files that a command names, each once; `settings` are their project's, None where files are named."""

    files: tuple[Path, ...]
    settings: Settings | None


def named_files(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The rule files that are named: those of a project, or the files themselves, each once.

    Raises `SettingsError` where there is no such project or file."""
    return named_rules(paths).files


def named_rules(paths: Sequence[Path]) -> Named:
    """The rule files that are named, as `named_files`, and the settings of the project where one is named."""
    if paths and all(path.suffix == ".seg" or (path.is_file() and path.name != FILE) for path in paths):
        for path in paths:
            if not path.is_file():
                raise SettingsError(f"there is no rule file `{path}`")
        return Named(tuple(dict.fromkeys(paths)), None)
    if len(paths) > 1:
        raise SettingsError("name one project folder, or rule files that end in `.seg`")
    settings = read_settings(find_project(paths[0] if paths else None))
    return Named(rule_files(settings), settings)


def checked_projects(paths: Sequence[Path]) -> tuple[CheckedFiles, ...]:
    """Check the whole project of each file that is named, each project once, and rule files that belong to no project
    together. A file belongs to the project in its folder or the nearest folder above.

    Raises `SettingsError` where no file is named or there is no such file, or where the settings of a project cannot
    be followed."""
    if not paths:
        raise SettingsError("`--projects` asks for files: name those whose projects are meant")
    homes: dict[Path | None, list[Path]] = {}
    for path in paths:
        if not path.is_file():
            raise SettingsError(f"there is no file `{path}`")
        homes.setdefault(_home(path), []).append(path)
    alone = homes.pop(None, [])
    found: list[CheckedFiles] = []
    for folder, named in homes.items():
        checked = project_rules(read_settings(find_project(folder)))
        found.append(checked)
        read = {Path(name).resolve() for name in checked.sources}
        alone += [path for path in named if path.suffix == ".seg" and path.resolve() not in read]
    return (*found, *([check_files(alone, Path.cwd())] if alone else []))


def _home(path: Path) -> Path | None:
    return next((folder for folder in path.resolve().parents if (folder / FILE).is_file()), None)


def project_rules(settings: Settings) -> CheckedFiles:
    """Check the rule files that the settings name."""
    return check_files(rule_files(settings), Path.cwd())
