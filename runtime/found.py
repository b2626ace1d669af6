"""Which files a place in the settings names, and how they are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from ..dsl.check.suggest import suggest
from .errors import SettingsError
from .settings import DataEntry

Format = Literal["parquet", "csv", "json"]
_FORMATS: Mapping[str, Format] = {
    ".parquet": "parquet",
    ".pq": "parquet",
    ".csv": "csv",
    ".tsv": "csv",
    ".json": "json",
    ".ndjson": "json",
    ".jsonl": "json",
}


def found_files(table: str, entry: DataEntry) -> tuple[Path, ...]:
    """The data files that an entry names: one file, the files in and below a folder, or what a pattern matches.

    In folders, files whose name starts with `.` or `_` are no data. Raises `SettingsError` where there is none."""
    path = entry.path
    if path is None:
        raise SettingsError(f"`{table}` has no path")
    if path.is_file():
        return (path,)
    if path.is_dir():
        files = [file for file in path.rglob("*") if file.is_file() and not _hidden(file.relative_to(path))]
        if not files:
            raise SettingsError(f"the folder for `{table}` holds no data: {entry.shown}")
        return tuple(sorted(files))
    pattern = [part for part in path.parts if any(sign in part for sign in "*?[")]
    if not pattern:
        raise SettingsError(f"the data of `{table}` is not there: {entry.shown}{_beside(path)}")
    first = path.parts.index(pattern[0])
    base = Path(*path.parts[:first])
    files = [file for file in base.glob(str(Path(*path.parts[first:]))) if file.is_file()]
    if not files:
        raise SettingsError(f"no file matches the pattern for `{table}`: {entry.shown}")
    return tuple(sorted(files))


def _hidden(relative: Path) -> bool:
    return any(part.startswith((".", "_")) for part in relative.parts)


def _beside(path: Path) -> str:
    names = [found.name for found in path.parent.iterdir()] if path.parent.is_dir() else []
    return meant(path.name, names)


def file_format(file: Path) -> Format | None:
    """How the data in a file is kept, told by its name; None for one that holds no data."""
    suffixes = [suffix.lower() for suffix in file.suffixes]
    if suffixes and suffixes[-1] in (".gz", ".zst"):
        suffixes.pop()
        return None if not suffixes or _FORMATS.get(suffixes[-1]) == "parquet" else _FORMATS.get(suffixes[-1])
    return _FORMATS.get(suffixes[-1]) if suffixes else None


def meant(word: str, candidates: Iterable[str]) -> str:
    """A question to put behind a word that is not known: which of the candidates it may be; "" for none."""
    nearest = suggest(word, candidates)
    return f"; did you mean `{nearest}`?" if nearest and nearest != word else ""
