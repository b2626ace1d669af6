"""A new project from data: looked at, guessed, written down, and held against the data before anybody sees it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ..compiler.plan_from_program import plan_from_program
from ..dsl.check import check
from ..dsl.format import formatted
from ..dsl.parse import parse
from ..dsl.program import Program
from ..dsl.source import Source
from ..runtime.connection import connected
from ..runtime.contracts import check_contracts
from ..runtime.profiling.columns import profile_table
from ..runtime.profiling.places import Place, places
from ..runtime.profiling.records import TableProfile
from ..runtime.progress import reported
from .fields import guessed_fields
from .naming import declared, identifier
from .readings import propose
from .records import Started, TableGuess, Unstartable
from .roles import roles
from .schema import schema_text
from .segments import EDIT, SCHEMA, segments_text
from .settings_text import GITIGNORE, settings_text

if TYPE_CHECKING:
    from ..runtime.profiling.records import Connection
    from ..runtime.progress import Report

SETTINGS, SEGMENTS, IGNORE = "segwright.toml", "segments.seg", ".gitignore"
FILES = (SETTINGS, SCHEMA, SEGMENTS, IGNORE)
"""What a new project consists of."""


def start(
    words: Sequence[str],
    folder: Path,
    *,
    name: str | None = None,
    as_of: dt.date | None = None,
    today: dt.date | None = None,
    report: Report | None = None,
) -> Started:
    """The project that data makes, not written yet. words: files, folders, patterns, databases, tables of databases,
    relative to the current folder. folder: where the project will lie. as_of: by default the day after the latest
    event, else `today`.

    Every field fits every row. Raises `SettingsError` for data that is not there,
    `DataError` for data that cannot be read, `Unstartable` where nothing tells its rows apart."""
    with TemporaryDirectory(prefix="segwright-") as work, connected(Path(work)) as con, reported(con, report) as begin:
        found = places(con, words)
        profiles: list[TableProfile] = []
        for place, table in zip(found, _table_names(found), strict=True):
            begin(f"looking at `{table}`")
            profiles.append(profile_table(con, table, place.entry, Path(work), propose))
        begin("looking for what belongs to what")
        tables, left_out = roles(con, [(each, guessed_fields(each.columns.values())) for each in profiles])
        if not tables:
            told = [f"`{each.table}` ({each.shown}): {each.reason}" for each in left_out]
            raise Unstartable("\n  ".join(["no project can be made of this data; nothing was written", *told]))
        date, why = (as_of, "as it was given") if as_of is not None else _as_of(tables, today or dt.date.today())
        begin("finding a first segmentation")
        rules = {
            SCHEMA: laid_out(SCHEMA, schema_text(tables, left_out)),
            SEGMENTS: laid_out(SEGMENTS, _segments(con, tables, date)),
        }
        program = _checked(rules)
        _hold_against_data(con, program, tables, date, begin)
    called = name or folder.name or "segmentation"
    settings = settings_text(called, tables, folder, date, why)
    line = next(number for number, text in enumerate(rules[SEGMENTS].splitlines(), 1) if EDIT in text)
    files = {SETTINGS: settings, **rules, IGNORE: GITIGNORE}
    return Started(folder, called, date, why, files, tables, left_out, (SEGMENTS, line))


def _table_names(found: Sequence[Place]) -> list[str]:
    names: list[str] = []
    for place in found:
        names.append(identifier(declared(identifier(place.called, (), "data")), names, "data"))
    return names


def _as_of(tables: Sequence[TableGuess], today: dt.date) -> tuple[dt.date, str]:
    """The day after the latest event or snapshot, so that all of them are visible; else today."""
    latest: dict[str, dt.date] = {}
    for table in tables:
        high = table.fields[table.at].column.high if table.at is not None else None
        if isinstance(high, dt.date):
            latest[table.name] = high.date() if isinstance(high, dt.datetime) else high
    known = {table: day for table, day in latest.items() if day < dt.date.max}
    if not known:
        return today, "today, as no table has a time; the same date gives the same answer for ever"
    table = max(known, key=lambda each: known[each])
    if known[table] >= today:
        return today, f"today, as rows of `{table}` lie in the future, up to {known[table]}"
    return known[table] + dt.timedelta(days=1), f"the day after the latest row of `{table}`, {known[table]}"


def _segments(con: Connection, tables: Sequence[TableGuess], as_of: dt.date) -> str:
    taken = {table.name for table in tables} | {name for table in tables for name in table.fields}
    return segments_text(con, main_table(tables), tables, as_of, taken)


def main_table(tables: Sequence[TableGuess]) -> TableGuess:
    """The table that the first segmentation is of: of those that belong to none, the one that most belong to."""
    roots = [table for table in tables if table.role == "root"]
    return max(roots, key=lambda root: sum(table.parent == root.name for table in tables))


def laid_out(name: str, text: str) -> str:
    """A rule file in its canonical layout."""
    laid, problems = formatted(Source(name, text))
    if laid is None:
        raise AssertionError(f"{name}: {problems[0].message}")
    again, _ = formatted(Source(name, laid))
    return again or laid


def _checked(rules: dict[str, str]) -> Program:
    checked = check([parse(Source(name, text))[0] for name, text in rules.items()])
    errors = [each.message for each in checked.diagnostics if each.severity == "error"]
    if errors or checked.program is None:
        raise AssertionError(f"the rules that were made do not hold: {errors}")
    return checked.program


def _hold_against_data(
    con: Connection,
    program: Program,
    tables: Sequence[TableGuess],
    as_of: dt.date,
    begin: Callable[[str], None],
) -> None:
    """Checks what the rules read, as their first run will. (That every other field fits every row was found when its
    column was looked at.)"""
    reads = plan_from_program(program).columns
    read = {column.table for column in reads}
    inputs = {table.name: table.profile.input for table in tables if table.name in read}
    check_contracts(con, program, reads, inputs, as_of, begin)
