"""From the settings' `[data]` to relations that queries read.

Parquet files and DuckDB tables are scanned where they lie. CSV and JSON are parsed once, the columns that are read
into a Parquet file in the run's own folder: text cells and JSON values as they stand, converted by declared type like
any other raw column. Frames that a Python program gives are written there as well.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, assert_never

import duckdb

from ..compiler.duckdb.columns import misfit
from ..compiler.duckdb.relation import Relation
from ..compiler.plan import ColumnRead
from ..dsl.check.suggest import suggest
from ..dsl.program import Field, Program
from .connection import engine_error, file_text, first_line, quoted, text
from .errors import DataError, SettingsError, Violation
from .found import Format, file_format, found_files, meant
from .frames import written_frame
from .notes import rows
from .parse_text import csv_columns, json_columns, materialise_csv, materialise_json
from .settings import FILE, DataEntry
from .shared_columns import check_shared_columns


@dataclass(frozen=True, slots=True)
class Input:
    """The data of one declared table: where it lies, as messages call it, and the relation that holds it.

    `files` are the files behind it, the database included; `format` is `duckdb` for a table or view."""

    table: str
    shown: str
    format: Format | Literal["duckdb", "frame"]
    files: tuple[Path, ...]
    relation: Relation


@dataclass(frozen=True, slots=True)
class _Located:
    """Data that was found, before its columns are looked at. `names` are the names that it really has, `partial` those
    that not every file has."""

    shown: str
    format: Format | Literal["duckdb", "frame"]
    files: tuple[Path, ...]
    source: str
    names: tuple[str, ...]
    types: Mapping[str, str]
    partial: frozenset[str] = frozenset()


def open_inputs(
    con: duckdb.DuckDBPyConnection,
    program: Program,
    columns: Iterable[ColumnRead],
    data: Mapping[str, DataEntry],
    work: Path | None,
) -> dict[str, Input]:
    """The input of every table that `columns` reads, in that order. Without `work` CSV and JSON are not parsed into it:
    each query then parses them where they lie.

    Raises `SettingsError` where the settings name no data, or data that is not there, for some table, and `DataError`
    for files that cannot be read and columns that are missing or of a type that never fits; each tells all of them.
    """
    wanted: dict[str, list[Field]] = {}
    for column in columns:
        wanted.setdefault(column.table, []).append(program.table(column.table).field_named(column.field))
    _all_named(program, wanted, data)
    check_shared_columns(program, {table: _places(table, entry) for table, entry in data.items()})
    inputs: dict[str, Input] = {}
    absent: list[str] = []
    violations: list[Violation] = []
    for table, fields in wanted.items():
        try:
            inputs[table] = _open(con, table, fields, data[table], work)
        except SettingsError as problem:
            absent.append(problem.message)
        except DataError as problem:
            violations += problem.violations
    if absent:
        raise SettingsError("\n".join(absent))
    if violations:
        raise DataError(violations, {table: entry.shown for table, entry in data.items()})
    return inputs


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything that the data of a table holds. `left_out`: columns that no field can name, each with the reason."""

    input: Input
    left_out: tuple[tuple[str, str], ...]


def open_whole(con: duckdb.DuckDBPyConnection, table: str, entry: DataEntry, work: Path) -> Whole:
    """The data of a table for whoever has not declared it yet, with the columns that could be declared, in their order.

    Raises `SettingsError` for data that is not there and `DataError` for files that cannot be read."""
    names, partial = (), frozenset[str]()
    if entry.duckdb is not None:
        located = _database_table(con, table, entry)
    else:
        files = found_files(table, entry)
        match file_format(files[0]):
            case "csv":
                names, partial = csv_columns(con, table, files)
            case "json":
                names = json_columns(con, table, files)
            case _:
                pass
        usable = [name for name in names if _unusable(name, names, partial) is None]
        located = _files(con, table, usable, entry, work)
    names, partial = names or located.names, partial or located.partial
    reasons = {name: _unusable(name, names, partial) for name in names}
    types = {name: located.types[name] for name, reason in reasons.items() if reason is None}
    input = Input(table, located.shown, located.format, located.files, Relation(located.source, types))
    return Whole(input, tuple((name, reason) for name, reason in reasons.items() if reason is not None))


def _unusable(name: str, names: Sequence[str], partial: Collection[str]) -> str | None:
    """Why no field can be kept in a column of that name."""
    if name in partial:
        return "not every file has it"
    if not name.strip():
        return "it has no name"
    if not name.isprintable():
        return "its name holds a sign that no rule file can"
    if names.count(name) > 1:
        return "two columns are called so"
    alike = next((other for other in names if other != name and other.casefold() == name.casefold()), None)
    return None if alike is None else f"`{alike}` differs from it in upper and lower case only"


def _all_named(program: Program, wanted: Mapping[str, object], data: Mapping[str, DataEntry]) -> None:
    declared = [table.name for table in program.tables]
    problems = [
        f"data is given for `{table}`, which no rule file declares" + meant(table, declared)
        for table in data
        if table not in declared
    ]
    problems += [
        f"the rules read `{table}`, but `[data]` in {FILE} does not say where it lies" + meant(table, data)
        for table in wanted
        if table not in data
    ]
    if problems:
        raise SettingsError("\n".join(problems))


def _places(table: str, entry: DataEntry) -> frozenset[object]:
    """What the data of a table is made of: files, the same under whatever name, a table of a database, a frame."""
    if entry.frame is not None:
        return frozenset({id(entry.frame)})
    if entry.duckdb is not None:
        return frozenset({(_identity(entry.duckdb), (entry.table or "").casefold().removeprefix("main."))})
    try:
        return frozenset(map(_identity, found_files(table, entry)))
    except SettingsError:  # told when the table is opened, if rules read it
        return frozenset()


def _identity(file: Path) -> object:
    try:
        found = file.stat()
    except OSError:
        return file
    return found.st_dev, found.st_ino


def _open(
    con: duckdb.DuckDBPyConnection, table: str, fields: Sequence[Field], entry: DataEntry, work: Path | None
) -> Input:
    if entry.frame is not None:
        located = _frame(con, table, fields, entry, work)
    elif entry.duckdb is not None:
        located = _database_table(con, table, entry)
    else:
        located = _files(con, table, [field.column for field in fields], entry, work)
    problems = [
        *_missing_columns(table, fields, located.names),
        *_misfits(table, fields, located.types),
    ]
    if problems:
        raise DataError(problems)
    types = {field.column: located.types[field.column] for field in fields}
    return Input(table, located.shown, located.format, located.files, Relation(located.source, types))


# -- columns -----------------------------------------------------------------------------------------------------------


def _missing_columns(table: str, fields: Sequence[Field], names: Sequence[str]) -> list[Violation]:
    problems: list[Violation] = []
    for field in fields:
        alike = [name for name in names if name.casefold() == field.column.casefold()]
        if len(alike) > 1:
            both = " and ".join(f"`{name}`" for name in alike)
            sentence = f"the columns {both} of `{table}` differ in upper and lower case only: rename one"
            problems.append(Violation("column", table, field.name, None, sentence))
        elif field.column not in names:
            problems.append(Violation("column", table, field.name, None, _no_column(field, names)))
    return problems


def _no_column(field: Field, names: Sequence[str]) -> str:
    nearest = suggest(field.column, names)
    sentence = f"there is no column `{field.column}`"
    if field.column != field.name:
        sentence += f" for `{field.name}`"
    if nearest is None:
        return sentence
    return f'{sentence}; if `{nearest}` is meant, declare `{field.name} … as "{nearest}"`'


def _misfits(table: str, fields: Sequence[Field], types: Mapping[str, str]) -> list[Violation]:
    found = [(field, misfit(field, types[field.column])) for field in fields if field.column in types]
    return [
        Violation("value", table, field.name, None, f"`{field.name}` {reason}")
        for field, reason in found
        if reason is not None
    ]


# -- DuckDB tables and views -------------------------------------------------------------------------------------------


def _database_table(con: duckdb.DuckDBPyConnection, table: str, entry: DataEntry) -> _Located:
    path, name = entry.duckdb, entry.table or ""
    if path is None or not path.is_file():
        raise SettingsError(f"the database for `{table}` is not there: {entry.shown}")
    alias = _attached(con, table, path)
    parts = name.split(".")
    schema, bare = (parts[0], parts[1]) if len(parts) == 2 else ("main", name)
    held = con.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = $1 UNION ALL "
        "SELECT schema_name, view_name FROM duckdb_views() WHERE database_name = $1 AND NOT internal",
        [alias],
    ).fetchall()
    if (schema, bare) not in held:
        names = [found if in_schema == "main" else f"{in_schema}.{found}" for in_schema, found in held]
        raise SettingsError(f"there is no table `{name}` in {entry.shown}{meant(name, names)}")
    source = ".".join(quoted(part) for part in (alias, schema, bare))
    try:
        types = _described(con, source)
    except duckdb.Error as problem:
        raise SettingsError(f"`{name}` cannot be read ({entry.shown}): {first_line(problem)}") from problem
    return _Located(entry.shown, "duckdb", (path,), source, tuple(types), types)


def _attached(con: duckdb.DuckDBPyConnection, table: str, path: Path) -> str:
    """The name under which the database is attached read-only; a database is attached once."""
    databases = con.execute("SELECT database_name, path FROM duckdb_databases()").fetchall()
    for alias, attached in databases:
        if attached is not None and Path(attached) == path.resolve():
            return alias
    alias = f"data_{len(databases)}"
    try:
        con.execute(f"ATTACH {text(path.resolve())} AS {quoted(alias)} (READ_ONLY)")
    except duckdb.Error as problem:
        raise SettingsError(f"the database for `{table}` cannot be opened: {first_line(problem)}") from problem
    return alias


def _described(con: duckdb.DuckDBPyConnection, source: str) -> dict[str, str]:
    return {row[0]: row[1] for row in con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}


# -- frames ------------------------------------------------------------------------------------------------------------


def _frame(
    con: duckdb.DuckDBPyConnection, table: str, fields: Sequence[Field], entry: DataEntry, work: Path | None
) -> _Located:
    if work is None:
        raise SettingsError(f"what is given for `{table}` is a frame, and no text can name it")
    written = written_frame(con, table, [field.column for field in fields], entry.frame, work)
    shown = f"{entry.shown} of {rows(written.rows)}"
    return _Located(shown, "frame", (written.file,), written.source, written.names, written.types)


# -- files -------------------------------------------------------------------------------------------------------------


def _files(
    con: duckdb.DuckDBPyConnection, table: str, wanted: Sequence[str], entry: DataEntry, work: Path | None
) -> _Located:
    files = found_files(table, entry)
    formats = {file_format(file) for file in files}
    if None in formats or len(formats) > 1:
        odd = next((file.name for file in files if file_format(file) is None), None)
        reason = "files of several formats" if odd is None else f"`{odd}`, which is neither Parquet, CSV nor JSON"
        if odd is not None and odd.lower().endswith((".xls", ".xlsx", ".xlsm", ".ods")):
            reason += ": save the sheet as CSV (UTF-8)"
        raise SettingsError(f"the data of `{table}` ({entry.shown}) holds {reason}")
    format = file_format(files[0])
    match format:
        case "parquet":
            return _parquet(con, table, entry, wanted, files)
        case "csv":
            parsed = materialise_csv(con, table, wanted, files, work)
        case "json":
            parsed = materialise_json(con, table, wanted, files, work)
        case None:
            raise AssertionError("formats were looked at above")
        case _:
            assert_never(format)
    return _Located(entry.shown, format, files, parsed.source, parsed.names, parsed.types)


def _parquet(
    con: duckdb.DuckDBPyConnection, table: str, entry: DataEntry, wanted: Sequence[str], files: Sequence[Path]
) -> _Located:
    listed = "[" + ", ".join(file_text(file) for file in files) + "]"
    source = f"read_parquet({listed}, union_by_name = true)" if len(files) > 1 else f"read_parquet({listed})"
    try:
        types = _described(con, source)
        schema = con.execute(f"SELECT file_name, name, num_children FROM parquet_schema({listed})").fetchall()
    except duckdb.IOException as problem:
        raise engine_error(problem, f"opening the data of `{table}`") from problem
    except duckdb.Error as problem:
        named = re.search(r"'([^']*)'", first_line(problem))
        name = f"`{Path(named[1]).name}`" if named else "a file"
        sentence = f"{name} is not a Parquet file, or damaged"
        raise DataError([Violation("file", table, None, None, sentence)]) from problem
    by_file = _top_level_names(schema)
    partial = [
        Violation(
            "column", table, None, None, f"there is no column `{column}` in `{Path(file).name}`, unlike other files"
        )
        for column in wanted
        for file, names in by_file.items()
        if column not in names and any(column in other for other in by_file.values())
    ]
    if partial:
        raise DataError(partial[:10])
    # A name that differs in case only was renamed by the engine, so look at the files' own names; partition folders
    # add columns that no file has.
    names = dict.fromkeys(name for own in by_file.values() for name in own)
    folders = {name: None for name in types if name.casefold() not in {own.casefold() for own in names}}
    everywhere = set[str]().union(*by_file.values()).intersection(*by_file.values())
    not_all = frozenset(name for name in names if name not in everywhere)
    return _Located(entry.shown, "parquet", tuple(files), source, (*names, *folders), types, not_all)


def _top_level_names(schema: Sequence[tuple[str, str, int | None]]) -> dict[str, list[str]]:
    """The names of each file's columns: the schema lists every node, children after their parent."""
    names: dict[str, list[str]] = {}
    open_children: list[int] = []
    for file, name, children in schema:
        if file not in names:
            names[file], open_children = [], [children or 0]
            continue
        if len(open_children) == 1:
            names[file].append(name)
        open_children[-1] -= 1
        if children:
            open_children.append(children)
        while len(open_children) > 1 and open_children[-1] == 0:
            open_children.pop()
    return names
