"""CSV and JSON files, parsed once into a Parquet file in the run's own folder.

A CSV file is UTF-8, with a header line; cells are separated by commas, semicolons, tabs or bars, whichever finds the
declared columns in the header, and may stand in double quotes. Nothing is guessed from the rows.
"""

from __future__ import annotations

import csv
import gzip
import re
from codecs import getincrementaldecoder
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ..compiler.duckdb.columns import CELL
from .connection import file_text, quoted, text
from .errors import DataError, Violation

_SEPARATORS = (",", ";", "\t", "|")
LONGEST_HEADER = 1_000_000
"""Bytes of a header line that are looked at."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """The Parquet file with the wanted columns that are there, or the query that parses them; `names` are all columns
    of the original."""

    source: str
    names: tuple[str, ...]
    types: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Header:
    separator: str
    names: tuple[str, ...]


# -- CSV ---------------------------------------------------------------------------------------------------------------


def materialise_csv(
    con: duckdb.DuckDBPyConnection, table: str, wanted: Sequence[str], files: Sequence[Path], work: Path | None
) -> Parsed:
    """The wanted columns of the files, one below the other, as text cells; a column may be missing from all of them.
    Without `work` nothing is parsed but the headers.

    Raises `DataError` for a file without header, a line that does not fit it, and text that is not UTF-8."""
    headers = {file: _header(con, table, wanted, file) for file in files}
    names = tuple(dict.fromkeys(name for header in headers.values() for name in header.names))
    present = [name for name in dict.fromkeys(wanted) if name in names]
    lacking = [
        Violation("column", table, None, None, f"there is no column `{name}` in `{file.name}`, unlike other files")
        for name in present
        for file, header in headers.items()
        if name not in header.names
    ]
    if lacking:
        raise DataError(lacking[:10])
    doubled = [name for header in headers.values() for name in present if header.names.count(name) > 1]
    if doubled:
        sentence = f"two columns are called `{doubled[0]}`: rename one"
        raise DataError([Violation("column", table, None, None, sentence)])
    selects = [_select_cells(file, header, present) for file, header in headers.items()]
    query = " UNION ALL ".join(selects)
    source = f"({query})" if work is None else _write(con, table, query, work)
    return Parsed(source, names, dict.fromkeys(present, CELL))


def csv_columns(
    con: duckdb.DuckDBPyConnection, table: str, files: Sequence[Path]
) -> tuple[tuple[str, ...], frozenset[str]]:
    """The names in the header of the first file, as often as it has them, and those that only others have; and which of
    them not every file has. Raises as `materialise_csv`."""
    first, *others = headers = [_header(con, table, (), file).names for file in files]
    names = (*first, *dict.fromkeys(name for header in others for name in header if name not in first))
    return names, frozenset(name for name in names if any(name not in header for header in headers))


def _select_cells(file: Path, header: _Header, present: Sequence[str]) -> str:
    positions = {name: f"c{header.names.index(name)}" for name in present}
    chosen = ", ".join(f"{position} AS {quoted(name)}" for name, position in positions.items()) or "1 AS none"
    columns = ", ".join(f"'c{number}': 'VARCHAR'" for number in range(len(header.names)))
    return (
        f"SELECT {chosen} FROM read_csv({file_text(file)}, auto_detect = false, header = true, "
        f"columns = {{{columns}}}, delim = {text(header.separator)}, quote = '\"', escape = '\"')"
    )


def _header(con: duckdb.DuckDBPyConnection, table: str, wanted: Sequence[str], file: Path) -> _Header:
    # The first line as one cell: a separator that no text holds, no quotes, lines that do not fit are passed over.
    query = (
        f"SELECT line FROM read_csv({file_text(file)}, columns = {{'line': 'VARCHAR'}}, auto_detect = false, "
        "header = false, delim = '\x01', quote = '', escape = '', strict_mode = false, ignore_errors = true) LIMIT 1"
    )
    try:
        lines = con.execute(query).fetchall()
    except duckdb.Error as problem:
        raise _unreadable(table, file, problem) from problem
    if not _begins_as_utf8(file):
        raise DataError(
            [Violation("file", table, None, None, f"`{file.name}` is not UTF-8 text: save the file as UTF-8")]
        )
    if not lines or not lines[0][0]:
        raise DataError([Violation("file", table, None, None, f"`{file.name}` is empty: it has no header line")])
    line: str = lines[0][0].removeprefix("\ufeff").rstrip("\r")
    tried = [_Header(separator, _cells(line, separator)) for separator in _separators(file)]
    return max(tried, key=lambda header: (len(set(wanted) & set(header.names)), len(header.names)))


def _begins_as_utf8(file: Path) -> bool:
    """Whether the first line is UTF-8: where it is not, it was passed over. Of what Python does not unpack, True."""
    suffix = file.suffix.lower()
    if suffix == ".zst":
        return True
    with gzip.open(file) if suffix == ".gz" else file.open("rb") as opened:
        try:
            getincrementaldecoder("utf-8")().decode(opened.readline(LONGEST_HEADER))
        except UnicodeDecodeError:
            return False
    return True


def _separators(file: Path) -> tuple[str, ...]:
    return ("\t",) if ".tsv" in (suffix.lower() for suffix in file.suffixes) else _SEPARATORS


def _cells(line: str, separator: str) -> tuple[str, ...]:
    return tuple(next(csv.reader([line], delimiter=separator, quotechar='"', doublequote=True)))


def _unreadable(table: str, file: Path | None, problem: duckdb.Error) -> DataError:
    """What is wrong with a text file, by file and line. The engine's own words hold the line itself, and stay out."""
    message = str(problem)
    named = re.search(r"^\s*file = (.*)$", message, re.MULTILINE) or re.search(r'in file "([^"]*)"', message)
    name = Path(named[1]).name if named else file.name if file else "a file"
    numbered = re.search(r"CSV Error on Line: (\d+)", message) or re.search(r"in line (\d+)", message)
    # DuckDB counts a line that is not JSON from the end of the one before.
    line = int(numbered[1]) - ("Malformed JSON" in message) if numbered else None
    place = f"`{name}`" if line is None else f"line {line} of `{name}`"
    sentence = f"{place} {_reason(message)}"
    return DataError([Violation("file", table, None, None, sentence)])


def _reason(message: str) -> str:
    counted = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", message)
    if counted:
        found, expected = int(counted[2]), int(counted[1])
        return f"has {found} cell{'' if found == 1 else 's'}, the header has {expected}"
    if "unterminated quote" in message:
        return "has a quotation mark that is not closed, or text after the closing one"
    if "unicode" in message.lower() or "utf-8" in message.lower():
        return "is not UTF-8 text: save the file as UTF-8"
    if "maximum line size" in message.lower():
        return "is too long for one row"
    if "duplicate key" in message:
        return "has an object that says one name twice"
    if "Expected OBJECT" in message:
        return "is not an object with a value for each column"
    if "Malformed JSON" in message or "JSON" in message:
        return "is not valid JSON"
    return "cannot be read: its quotation marks or line ends are not those of a CSV file"


# -- JSON --------------------------------------------------------------------------------------------------------------


def json_columns(con: duckdb.DuckDBPyConnection, table: str, files: Sequence[Path]) -> tuple[str, ...]:
    """The names that the objects in the files have, as a sample shows them; raises as `materialise_json`."""
    listed = "[" + ", ".join(file_text(file) for file in files) + "]"
    try:
        described = con.execute(f"DESCRIBE SELECT * FROM read_json({listed}, maximum_depth = 1)").fetchall()
    except duckdb.Error as problem:
        raise _unreadable(table, None, problem) from problem
    return tuple(row[0] for row in described)


def materialise_json(
    con: duckdb.DuckDBPyConnection, table: str, wanted: Sequence[str], files: Sequence[Path], work: Path | None
) -> Parsed:
    """The wanted columns of the files as JSON values; a name that no object has is missing from the result. Without
    `work` nothing is parsed, and every name is taken to be there.

    Takes one array of objects, or objects one after the other. Raises `DataError` for what is neither."""
    listed = "[" + ", ".join(file_text(file) for file in files) + "]"
    columns = ", ".join(f"{text(name)}: 'JSON'" for name in dict.fromkeys(wanted))
    if work is None:
        return Parsed(f"read_json({listed}, columns = {{{columns}}})", tuple(wanted), dict.fromkeys(wanted, "JSON"))
    try:
        described = con.execute(f"DESCRIBE SELECT * FROM read_json({listed}, maximum_depth = 1)").fetchall()
    except duckdb.Error as problem:
        raise _unreadable(table, None, problem) from problem
    source = _write(con, table, f"SELECT * FROM read_json({listed}, columns = {{{columns}}})", work)
    counts = ", ".join(f"count({quoted(name)})" for name in dict.fromkeys(wanted))
    total, *filled = con.execute(f"SELECT count(*), {counts} FROM {source}").fetchall()[0]
    # The names were looked for in a sample; a column that holds something is there all the same.
    seen = [row[0] for row in described]
    seen += [name for name, count in zip(dict.fromkeys(wanted), filled, strict=True) if count and name not in seen]
    names = tuple(seen) if total else tuple(wanted)
    return Parsed(source, names, {name: "JSON" for name in wanted if name in names})


def _write(con: duckdb.DuckDBPyConnection, table: str, query: str, work: Path) -> str:
    number = len(list(work.glob("input-*.parquet")))
    path = work / f"input-{number}.parquet"
    try:
        con.execute(f"COPY ({query}) TO {text(path)} (FORMAT parquet)")
    except (duckdb.InvalidInputException, duckdb.ConversionException) as problem:
        raise _unreadable(table, None, problem) from problem
    return f"read_parquet({file_text(path)})"
