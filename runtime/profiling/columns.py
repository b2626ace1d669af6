"""A table's columns: a sample of each, then the first reading that fits every row.

Which readings are tried is the caller's business (`Propose`). Whether one fits is asked of every row, with the very
checks that a run makes, so what is proposed from a sample never rests on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from sqlglot import exp

from ...compiler.duckdb.columns import column_checks, column_value, misfit
from ...compiler.duckdb.readers import HOLDS, family_of, plain_text
from ...dsl.program import Field
from ...dsl.types import Value
from ..connection import engine_error, quoted, text
from ..settings import DataEntry
from ..sources import Whole, open_whole
from .records import Column, Propose, RawColumn, TableProfile

MOST_CELLS = 3_000_000
"""Values that a sample holds, over all columns; a narrow table's sample is longer than a wide one's."""
MOST_SAMPLED, LEAST_SAMPLED = 100_000, 10_000
MOST_VALUES = 1_000
"""Different values of a column that are looked at one by one."""
FEW = 40
"""Columns with fewer different values than this in the sample are counted in full."""
AT_ONCE = 40
"""Columns that one query looks at."""


def profile_table(
    con: duckdb.DuckDBPyConnection, name: str, entry: DataEntry, work: Path, propose: Propose
) -> TableProfile:
    """What a table's data holds; raises `SettingsError` or `DataError` where it cannot be read."""
    whole = open_whole(con, name, entry, work)
    try:
        return _profile(con, name, entry, whole, propose)
    except duckdb.Error as problem:
        raise engine_error(problem, f"looking at `{name}`") from problem


def _profile(
    con: duckdb.DuckDBPyConnection, name: str, entry: DataEntry, whole: Whole, propose: Propose
) -> TableProfile:
    source, types = whole.input.relation.source, whole.input.relation.columns
    rows = con.execute(f"SELECT count(*) FROM {source}").fetchall()[0][0]
    left_out = list(whole.left_out)
    readable: dict[str, str] = {}
    for column, raw_type in types.items():
        if family_of(raw_type) == "other":
            left_out.append((column, f"it holds {HOLDS['other']}"))
        else:
            readable[column] = raw_type
    sampled = max(LEAST_SAMPLED, min(MOST_SAMPLED, MOST_CELLS // max(1, len(readable))))
    sample = source
    if rows > sampled and readable:
        sample = quoted(f"sample of {name}")
        listed = ", ".join(map(quoted, readable))
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE {sample} AS SELECT {listed} FROM {source} "
            f"USING SAMPLE reservoir({sampled} ROWS) REPEATABLE (1)"
        )
    waiting: list[_Waiting] = []
    for column, raw_type in readable.items():
        raw = _raw(con, _Place(name, source, sample, rows, rows <= sampled), column, raw_type)
        fields = [field for field in propose(raw) if misfit(field, raw_type) is None]
        if fields:
            waiting.append(_Waiting(raw, tuple(fields)))
        else:
            left_out.append(
                (column, "it holds lists or objects" if raw.family == "json" else f"it holds {HOLDS['other']}")
            )
    columns = _measured(con, source, waiting)
    in_order = {column: columns[column] for column in types if column in columns}
    return TableProfile(name, entry, whole.input, rows, in_order, tuple(left_out), min(rows, sampled))


@dataclass(frozen=True, slots=True)
class _Place:
    table: str
    source: str
    sample: str
    rows: int
    whole: bool


def _raw(con: duckdb.DuckDBPyConnection, place: _Place, column: str, raw_type: str) -> RawColumn:
    """The column with its most frequent values: of the sample, or of all rows where there are but a few."""
    family = family_of(raw_type)
    value = plain_text(family, exp.column(column, quoted=True)).sql(dialect="duckdb")

    def counted(source: str) -> list[tuple[str, int]]:
        return con.execute(
            f"SELECT v, count(*) AS n FROM (SELECT {value} AS v FROM {source}) WHERE v IS NOT NULL "
            f"GROUP BY v ORDER BY n DESC, v LIMIT {MOST_VALUES}"
        ).fetchall()

    values, whole = counted(place.sample), place.whole
    if not whole and len(values) < FEW:
        values, whole = counted(place.source), True
    kinds = len(values)
    if kinds == MOST_VALUES:
        kinds = con.execute(f"SELECT count(DISTINCT {value}) FROM {place.sample}").fetchall()[0][0]
    json: frozenset[str] = frozenset()
    if family == "json":
        found = con.execute(f"SELECT DISTINCT json_type({quoted(column)}) FROM {place.sample}").fetchall()
        json = frozenset(kind for (kind,) in found if kind not in (None, "NULL"))
    return RawColumn(place.table, column, raw_type, family, place.rows, tuple(values), kinds, whole, json)


# -- readings ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Counted:
    misfits: int
    known: int
    distinct: int
    low: Value | None
    high: Value | None


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A column with the readings that are still to be tried, and those that did not fit."""

    raw: RawColumn
    fields: tuple[Field, ...]
    unfit: tuple[tuple[Field, int], ...] = ()


def _measured(con: duckdb.DuckDBPyConnection, source: str, waiting: Sequence[_Waiting]) -> dict[str, Column]:
    """The first reading of each column that fits all rows: all first ones are tried at once, then the second ones of
    the columns that are left."""
    found: dict[str, Column] = {}
    while waiting:
        left: list[_Waiting] = []
        for each, counted in zip(waiting, _counts(con, source, waiting), strict=True):
            field, *others = each.fields
            if counted.misfits and others:
                left.append(_Waiting(each.raw, tuple(others), (*each.unfit, (field, counted.misfits))))
                continue
            found[each.raw.name] = Column(
                each.raw,
                field,
                _value(each.raw, field),
                each.raw.rows - counted.known,
                counted.distinct,
                counted.low,
                counted.high,
                each.unfit,
            )
        waiting = left
    return found


_PLAIN = {
    "integer": "[0-9]{1,18}",
    **dict.fromkeys(("number", "percent", "money"), r"[0-9]{1,9}(\.[0-9]{1,2})?"),
}
"""Cells that are numbers of that type beyond doubt, by type."""


def _wrong(raw: RawColumn, field: Field) -> str:
    """The condition under which a row does not fit; empty where every row does."""
    checks = column_checks(field, raw.raw_type, exp.column(raw.name, quoted=True))
    wrong = " OR ".join(f"coalesce({check.violated.sql(dialect='duckdb')}, false)" for check in checks)
    plain = _PLAIN.get(field.type.kind)
    if not wrong or raw.family != "cell" or plain is None:
        return wrong
    # The checks of a run look at each cell with several patterns: they are spared where one tells.
    return f"CASE WHEN regexp_full_match({quoted(raw.name)}, {text(plain)}) THEN false ELSE {wrong} END"


def _value(raw: RawColumn, field: Field) -> str:
    return column_value(field, raw.raw_type, exp.column(raw.name, quoted=True)).sql(dialect="duckdb")


def _counts(con: duckdb.DuckDBPyConnection, source: str, waiting: Sequence[_Waiting]) -> list[_Counted]:
    counted: list[_Counted] = []
    for start in range(0, len(waiting), AT_ONCE):
        chunk = waiting[start : start + AT_ONCE]
        terms = [term for each in chunk for term in _terms(each.raw, each.fields[0])]
        row = con.execute(f"SELECT {', '.join(terms)} FROM {source}").fetchall()[0]
        for at in range(0, len(row), _TERMS):
            misfits, known, distinct, low, high = row[at : at + _TERMS]
            counted.append(_Counted(misfits or 0, known, distinct, low, high))
    return counted


_TERMS = 5


def _terms(raw: RawColumn, field: Field) -> Sequence[str]:
    """How many rows do not fit, how many have a value, about how many there are, the least and the greatest."""
    value = _value(raw, field)
    wrong = _wrong(raw, field)
    ordered = field.type.kind not in ("text", "boolean")
    return (
        f"count_if({wrong})" if wrong else "0",
        f"count({value})",
        f"approx_count_distinct({value})",
        f"min({value})" if ordered else "NULL",
        f"max({value})" if ordered else "NULL",
    )
