"""Writing the tables of a run to one file: whole, or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from itertools import chain
from pathlib import Path

import duckdb

from ...dsl.check.suggest import suggest
from ..connection import engine_error, file_text, quoted, text
from ..errors import EngineError, SettingsError
from ..manifest import Manifest
from ..outcomes.records import Outcomes
from .tables import TABLES, Row
from .workbook import MOST_ROWS, write_workbook

ASSIGNMENTS = "assignments"


def export_run(folder: Path, manifest: Manifest, outcomes: Outcomes | None, target: Path, table: str | None) -> None:
    """Writes a table of a run, or of formats that hold several all of them, to `target`, whose name says the format.

    Tables are the assignments (`assignments`; `assignments.accounts` of another table) and those of `TABLES`. Lists of
    segments are text with `;` between names where a format has no lists (CSV, Excel). Raises `SettingsError` for
    formats and tables that there are not, and `EngineError` where the file cannot be written; then nothing is."""
    write = FORMATS.get(target.suffix.lower())
    if write is None:
        near = ", ".join(FORMATS)
        raise SettingsError(f"`{target.name}` has no format to export to: end it with one of {near}")
    with duckdb.connect(":memory:") as con:
        names = _tables(con, folder, manifest, outcomes)
        chosen = names if table is None and write in _WHOLE else [_chosen(names, table or ASSIGNMENTS)]
        try:
            _whole(target, lambda work: write(con, chosen, work))
        except duckdb.Error as problem:
            raise engine_error(problem, f"writing `{target.name}`") from problem
        except OSError as problem:
            raise EngineError(f"`{target.name}` cannot be written: {problem.strerror or problem}") from problem


def _chosen(names: list[str], table: str) -> str:
    if table not in names:
        near = suggest(table, names)
        listed = ", ".join(f"`{name}`" for name in names)
        raise SettingsError(
            f"there is no table `{table}` in this run" + (f"; did you mean `{near}`?" if near else f": it has {listed}")
        )
    return table


def _whole(target: Path, write: Callable[[Path], None]) -> None:
    with tempfile.TemporaryDirectory(prefix=".segwright-", dir=target.absolute().parent) as work:
        file = Path(work) / target.name
        write(file)
        os.replace(file, target)


# -- tables ----------------------------------------------------------------------------------------------------------


def _tables(con: duckdb.DuckDBPyConnection, folder: Path, manifest: Manifest, outcomes: Outcomes | None) -> list[str]:
    """Makes a view or table for each table of the run; their names."""
    names: list[str] = []
    for record in manifest.assignments.values():
        name = record.file.removesuffix(".parquet")
        con.execute(f"CREATE VIEW {quoted(name)} AS FROM read_parquet({file_text(folder / record.file)})")
        names.append(name)
    for name, rows in TABLES.items() if outcomes is not None else ():
        found = list(rows(manifest, outcomes)) if outcomes is not None else []
        if found:
            _fill(con, name, found)
            names.append(name)
    return names


def _fill(con: duckdb.DuckDBPyConnection, name: str, rows: list[Row]) -> None:
    types = {column: _type([row[column] for row in rows]) for column in rows[0]}
    columns = ", ".join(f"{quoted(column)} {type}" for column, type in types.items())
    con.execute(f"CREATE TABLE {quoted(name)} ({columns})")
    place = f"({', '.join('?' * len(types))})"
    for start in range(0, len(rows), _AT_ONCE):
        part = rows[start : start + _AT_ONCE]
        values = [*chain.from_iterable(row.values() for row in part)]
        con.execute(f"INSERT INTO {quoted(name)} VALUES {', '.join([place] * len(part))}", values)


_AT_ONCE = 200


def _type(values: list[object]) -> str:
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {bool} and kinds:
        return "BOOLEAN"
    if kinds <= {int} and kinds:
        return "BIGINT"
    return "DOUBLE" if kinds and kinds <= {int, float} else "VARCHAR"


# -- formats ---------------------------------------------------------------------------------------------------------

Write = Callable[[duckdb.DuckDBPyConnection, list[str], Path], None]


def _csv(con: duckdb.DuckDBPyConnection, names: list[str], file: Path) -> None:
    con.execute(f"COPY ({_without_lists(con, names[0])}) TO {text(file)} (FORMAT csv, HEADER)")


def _parquet(con: duckdb.DuckDBPyConnection, names: list[str], file: Path) -> None:
    con.execute(f"COPY (FROM {quoted(names[0])}) TO {text(file)} (FORMAT parquet)")


def _json(con: duckdb.DuckDBPyConnection, names: list[str], file: Path) -> None:
    con.execute(f"COPY (FROM {quoted(names[0])}) TO {text(file)} (FORMAT json, ARRAY true)")


def _json_lines(con: duckdb.DuckDBPyConnection, names: list[str], file: Path) -> None:
    con.execute(f"COPY (FROM {quoted(names[0])}) TO {text(file)} (FORMAT json)")


def _duckdb(con: duckdb.DuckDBPyConnection, names: list[str], file: Path) -> None:
    con.execute(f"ATTACH {text(file)} AS exported")
    for name in names:
        con.execute(f"CREATE TABLE exported.{quoted(name)} AS FROM {quoted(name)}")
    con.execute("DETACH exported")


def _excel(con: duckdb.DuckDBPyConnection, names: list[str], file: Path) -> None:
    long = {name: con.execute(f"SELECT count(*) FROM {quoted(name)}").fetchall()[0][0] for name in names}
    for name, rows in long.items():
        if rows > MOST_ROWS:
            raise SettingsError(
                f"`{name}` has {rows:,} rows, more than a sheet of Excel holds ({MOST_ROWS:,}): export it as .csv or "
                ".parquet, or another table with `--table`"
            )
    write_workbook(file, {name: con.cursor().execute(_without_lists(con, name)) for name in names})


def _without_lists(con: duckdb.DuckDBPyConnection, name: str) -> str:
    columns = con.execute(f"DESCRIBE {quoted(name)}").fetchall()
    lists = [column for column, type, *_ in columns if type.endswith("[]")]
    replaced = ", ".join(f"array_to_string({quoted(each)}, ';') AS {quoted(each)}" for each in lists)
    return f"SELECT *{f' REPLACE ({replaced})' if lists else ''} FROM {quoted(name)}"


FORMATS: Mapping[str, Write] = {
    ".csv": _csv,
    ".parquet": _parquet,
    ".json": _json,
    ".jsonl": _json_lines,
    ".xlsx": _excel,
    ".duckdb": _duckdb,
}
"""By the end of a file's name."""
_WHOLE = (_excel, _duckdb)
