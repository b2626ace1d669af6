"""The settings of a new project."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from os.path import relpath
from pathlib import Path

from ..runtime.settings import DataEntry
from .records import TableGuess
from .schema import comment

GITIGNORE = "runs/\nreport.html\n"


def settings_text(name: str, tables: Sequence[TableGuess], folder: Path, as_of: dt.date, why: str) -> str:
    """The text of `segwright.toml`: data stays where it is, named by its path from the project's folder."""
    keys = [_key(table.name) for table in tables]
    widest = max(map(len, keys), default=0)
    data = "".join(
        f"{key:<{widest}} = {_place(table.profile.entry, folder)}\n" for key, table in zip(keys, tables, strict=True)
    )
    return (
        "# Paths are relative to this file.\n\n"
        f'[project]\nname  = {_text(name)}\nrules = ["*.seg"]\n\n'
        f"[data]\n{data}\n"
        f'[run]\n{comment(f"guess: {why}")}as_of  = {as_of.isoformat()}\nout    = "runs"\nengine = "duckdb"\n'
    )


def _place(entry: DataEntry, folder: Path) -> str:
    if entry.duckdb is not None:
        return f"{{ duckdb = {_text(_relative(entry.duckdb, folder))}, table = {_text(entry.table or '')} }}"
    assert entry.path is not None
    return _text(_relative(entry.path, folder))


def _relative(path: Path, folder: Path) -> str:
    # From where the folder really lies: `..` leads up from there when the settings are read.
    try:
        return Path(relpath(path.parent.resolve() / path.name, folder.resolve())).as_posix()
    except ValueError:  # another drive
        return path.as_posix()


def _key(name: str) -> str:
    """A key as TOML writes it: without quotes only where it is plain."""
    return name if name.isascii() and name.replace("_", "").isalnum() else _text(name)


def _text(value: str) -> str:
    # A text of JSON is a basic string of TOML, but for one sign that JSON leaves alone.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
