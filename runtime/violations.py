"""Which rows break a contract, told without a personal value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

import duckdb

from ..compiler.duckdb.columns import Check
from ..compiler.duckdb.readers import CheckKind
from ..compiler.duckdb.relation import Relation
from ..dsl.program import Domain, Field, Table
from ..dsl.types import Value
from .connection import quoted
from .declarations import hint
from .errors import Violation
from .notes import many, rows

FIRST = 5
"""So many offending keys are told."""
EXAMPLES = 3
"""So many offending values are told, the most frequent ones."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a table, to look for offenders in. `values` are the canonical values of the fields, as SQL."""

    con: duckdb.DuckDBPyConnection
    table: Table
    relation: Relation
    values: Mapping[str, str]

    @property
    def named_by(self) -> Field | None:
        """The field that people know a row by; None where it is personal."""
        name = self.table.key or self.table.by
        field = None if name is None or name not in self.values else self.table.field_named(name)
        return None if field is None or field.personal else field

    @property
    def numbered(self) -> str:
        """The rows with their numbers, from 1 in the order in which they are kept."""
        columns = ", ".join(quoted(name) for name in self.relation.columns)
        return f"(SELECT row_number() OVER () AS {NUMBER}, {columns} FROM {self.relation.source})"


NUMBER = quoted("the row's number")


@dataclass(frozen=True, slots=True)
class Offenders:
    """The first offending rows, by key where it may be told, else by number; `more` where there are others."""

    key: str | None
    keys: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    more: bool = False

    def __str__(self) -> str:
        first = "first " if self.more else ""
        if self.keys:
            return f"{first}{self.key} {', '.join(self.keys)}"
        what = "row" if len(self.numbers) == 1 else "rows"
        return f"{first}{what} {', '.join(str(number) for number in self.numbers)}"


def _by_key(key: str, found: Sequence[tuple[Any, ...]]) -> Offenders:
    """Of up to `FIRST` + 1 keys, each in one or more parts."""
    keys = tuple(" at ".join(shown(part) for part in row) for row in found[:FIRST])
    return Offenders(key, keys, more=len(found) > FIRST)


def _by_number(found: Sequence[tuple[int]]) -> Offenders:
    """Of up to `FIRST` + 1 row numbers."""
    return Offenders(None, numbers=tuple(row[0] for row in found[:FIRST]), more=len(found) > FIRST)


def offence(look: Rows, field: Field, check: Check, count: int) -> Violation:
    """A check that `count` rows violate."""
    violated = check.violated.sql(dialect="duckdb")
    who = _offenders(look, violated, field)
    found = [] if field.personal or field.protected or check.kind == "missing" else _examples(look, violated, field)
    called = f"`{field.name}`" if field.column == field.name else f"`{field.name}` (column `{field.column}`)"
    reason = _reason(field, check.kind, one=count == 1)
    sentence = f"{called}: {rows(count)} {reason}{_listed(found)}; {who}"
    kind = "missing value" if check.kind == "missing" else "value"
    meant = hint(field, check.kind, found)
    return Violation(kind, look.table.name, field.name, count, sentence, who.keys, who.numbers, meant)


def duplicates(look: Rows, table: Table, unique: str | None, among: str | None = None) -> list[Violation]:
    """Rows that share what no two rows may share: `unique`, or for snapshots the key and the time. With `among`, the
    query for the values of `unique` that count; there may be none such."""
    fields = [name for name in ((unique,) if unique else (table.key, table.at)) if name is not None]
    values = [look.values[name] for name in fields]
    known = " AND ".join(f"{value} IS NOT NULL" for value in values)
    if among is not None:
        known += f" AND {values[0]} IN ({among})"
    grouped = ", ".join(f"{value} AS g{number}" for number, value in enumerate(values))
    groups = (
        f"SELECT * FROM (SELECT {grouped} FROM {look.relation.source} WHERE {known}) GROUP BY ALL HAVING count(*) > 1"
    )
    count = look.con.execute(f"SELECT count(*) FROM ({groups})").fetchall()[0][0]
    if not count:
        return []
    if any(table.field_named(name).personal for name in fields):
        partition = ", ".join(values)
        numbered = (
            f"SELECT {NUMBER}, row_number() OVER (PARTITION BY {partition} ORDER BY {NUMBER}) AS nth, {known} AS k"
        )
        query = (
            f"SELECT {NUMBER} FROM ({numbered} FROM {look.numbered}) WHERE nth > 1 AND k ORDER BY 1 LIMIT {FIRST + 1}"
        )
        who = _by_number(look.con.execute(query).fetchall())
    else:
        found = look.con.execute(f"SELECT * FROM ({groups}) ORDER BY ALL LIMIT {FIRST + 1}").fetchall()
        who = _by_key(fields[0], found)
    names = " and ".join(f"`{name}`" for name in fields)
    one = count == 1
    if table.role == "attached":
        have = "has" if one else "have"
        more = f"{rows(count)} of `{table.parent}` {have} more than one row here, at most one is allowed"
    else:
        more = f"{many(count, 'key' if unique else 'pair')} occur{'s' if one else ''} in more than one row"
    kind = "duplicate row" if table.role == "attached" else "duplicate key"
    sentence = f"{names}: {more}; {who}"
    return [Violation(kind, table.name, fields[0], count, sentence, who.keys, who.numbers)]


def _offenders(look: Rows, violated: str, field: Field) -> Offenders:
    named_by = look.named_by
    if named_by is not None and named_by.name != field.name:
        key = look.values[named_by.name]
        query = (
            f"SELECT DISTINCT {key} AS k FROM {look.relation.source} WHERE {violated} AND {key} IS NOT NULL "
            f"ORDER BY k LIMIT {FIRST + 1}"
        )
        found = look.con.execute(query).fetchall()
        if found:
            return _by_key(named_by.name, found)
    query = f"SELECT {NUMBER} FROM {look.numbered} WHERE {violated} ORDER BY 1 LIMIT {FIRST + 1}"
    return _by_number(look.con.execute(query).fetchall())


def _examples(look: Rows, violated: str, field: Field) -> list[str]:
    raw = f"CAST({quoted(field.column)} AS VARCHAR)"
    query = (
        f"SELECT {raw} AS v FROM {look.relation.source} WHERE {violated} AND {raw} IS NOT NULL "
        f"GROUP BY v ORDER BY count(*) DESC, v LIMIT {EXAMPLES}"
    )
    return [row[0] for row in look.con.execute(query).fetchall()]


def _listed(found: Sequence[str]) -> str:
    listed = ", ".join(f'"{value}"' if len(value) <= 40 else f'"{value[:40]}…"' for value in found)
    return f" (found {listed})" if found else ""


def _reason(field: Field, kind: CheckKind, *, one: bool) -> str:
    """What is wrong, after `3 rows` (or `1 row`)."""
    s = "s" if one else ""
    match kind:
        case "missing":
            return f"ha{'s' if one else 've'} no value, and the field is not `optional`"
        case "unreadable":
            how = "" if field.mapping.written is None else f' written "{field.mapping.written}"'
            return f"cannot be read as {_type_words(field)}{how}"
        case "fraction":
            return f"hold{s} a number that is not whole"
        case "size":
            return f"hold{s} a number too large for {_type_words(field)}"
        case "step":
            places = field.type.scale or 0
            return f"hold{s} money with more than {many(places, 'decimal place')}"
        case "clock":
            return f"hold{s} a date with a time of day"
        case "calendar":
            return f"hold{s} a date outside the years 1 to 9999"
        case "domain" if field.domain is not None:
            return f"lie{s} outside `{range_words(field.domain, field)}`"
        case "list":
            return f"hold{s} none of {', '.join(shown(choice) for choice in field.type.choices or ())}"
        case "code":
            return f"hold{s} a code that stands for neither true nor false"
        case "domain" | "others":
            return f"lie{s} outside the declaration"
        case _:
            assert_never(kind)


def _type_words(field: Field) -> str:
    return "text" if field.type.choices is not None else str(field.type)


def range_words(domain: Domain, field: Field) -> str:
    """A domain as rule files write it."""
    low, high = (None if end is None else literal_words(end, field) for end in (domain.low, domain.high))
    if (domain.low_included and domain.high_included) or low is None or high is None:
        return " ".join(f"{word} {end}" for word, end in (("from", low), ("to", high)) if end is not None)
    return f"{'[' if domain.low_included else '('}{low}..{high}{']' if domain.high_included else ')'}"


def literal_words(value: Value, field: Field) -> str:
    """A literal of a field's type as rule files write it."""
    if field.type.kind == "percent" and isinstance(value, float):
        return f"{round(value * 100, 7):g}%"
    return shown(value)


def shown(value: Any) -> str:
    """A key or literal as people read it."""
    match value:
        case str():
            return f'"{value}"'
        case dt.datetime():
            return value.isoformat(sep=" ")
        case _:
            return str(value)
