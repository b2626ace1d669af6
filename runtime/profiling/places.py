"""From words on the command line to the tables that they mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ...dsl.check.suggest import suggest
from ..connection import first_line, quoted, text
from ..errors import SettingsError
from ..settings import DataEntry

_MAGIC_AT, _MAGIC = 8, b"DUCK"
_PACKED = (".gz", ".zst")


@dataclass(frozen=True, slots=True)
class Place:
    """A table of data: what it is called where it lies, and where that is."""

    called: str
    entry: DataEntry


def places(con: duckdb.DuckDBPyConnection, words: Sequence[str]) -> tuple[Place, ...]:
    """The tables that words mean, each once: a file, a folder or a pattern of files, a DuckDB database with all its
    tables and views, or `database.duckdb:schema.table`. Relative to the current folder.

    Raises `SettingsError` for what is not there."""
    found: dict[tuple[object, ...], Place] = {}
    for word in words:
        for place in _places(con, word):
            found.setdefault((place.entry.path, place.entry.duckdb, place.entry.table), place)
    return tuple(found.values())


def _places(con: duckdb.DuckDBPyConnection, word: str) -> Sequence[Place]:
    path = Path(word)
    if is_database(path):
        return [_table_of(path, name) for name in _tables(con, path)]
    database, colon, name = word.rpartition(":")
    if colon and is_database(Path(database)):
        names = _tables(con, Path(database))
        bare = name.removeprefix("main.")
        if bare not in names:
            near = suggest(bare, names)
            meant = f"did you mean `{near}`?" if near else "it has " + ", ".join(f"`{each}`" for each in names)
            raise SettingsError(f"there is no table `{name}` in `{database}`; {meant}")
        return [_table_of(Path(database), bare)]
    if not path.exists() and not any(sign in word for sign in "*?["):
        beside = [each.name for each in path.parent.iterdir()] if path.parent.is_dir() else []
        near = suggest(path.name, beside)
        meant = f"; did you mean `{path.parent / near}`?" if near else ""
        raise SettingsError(f"there is no data at `{word}`{meant}")
    return [Place(_stem(path), DataEntry(word, path=path.absolute()))]


def is_database(path: Path) -> bool:
    """Whether a file is a DuckDB database, whatever it is called."""
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return file.read(_MAGIC_AT + len(_MAGIC))[_MAGIC_AT:] == _MAGIC
    except OSError as problem:
        raise SettingsError(f"`{path}` cannot be read: {(problem.strerror or 'no reason given').lower()}") from problem


def _table_of(path: Path, name: str) -> Place:
    return Place(name.rpartition(".")[2], DataEntry(f"{path}, {name}", duckdb=path.absolute(), table=name))


def _tables(con: duckdb.DuckDBPyConnection, path: Path) -> list[str]:
    """The tables and views of a database, those outside its main schema with the schema before them."""
    attached = con.execute("SELECT database_name, path FROM duckdb_databases()").fetchall()
    alias = next((name for name, file in attached if file is not None and Path(file) == path.resolve()), None)
    if alias is None:
        alias = f"data_{len(attached)}"
        try:
            con.execute(f"ATTACH {text(path.resolve())} AS {quoted(alias)} (READ_ONLY)")
        except duckdb.Error as problem:
            raise SettingsError(f"the database `{path}` cannot be opened: {first_line(problem)}") from problem
    held = con.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = $1 UNION ALL "
        "SELECT schema_name, view_name FROM duckdb_views() WHERE database_name = $1 AND NOT internal ORDER BY ALL",
        [alias],
    ).fetchall()
    if not held:
        raise SettingsError(f"the database `{path}` holds no table")
    return [name if schema == "main" else f"{schema}.{name}" for schema, name in held]


def _stem(path: Path) -> str:
    """A file's name without its endings, a pattern's without its signs."""
    name = path.name
    for ending in _PACKED:
        name = name.removesuffix(ending)
    stem = Path(name).stem if path.suffix else name
    return "".join(sign for sign in stem if sign not in "*?[]") or path.parent.name
