"""Data under contract: every column that is read is checked in every row, before anything is written.

One pass over each table counts everything at once; only when something is wrong are offending rows looked for. Keys
that are whole numbers lying close together are held as one bit each: then uniqueness, and whether a row's parent is
there, cost next to nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb
from sqlglot import exp

from ..compiler.duckdb.columns import Check, column_checks, column_value
from ..compiler.plan import ColumnRead
from ..compiler.time import back
from ..dsl.program import Field, Program, Table
from .connection import engine_error, quoted, text
from .errors import DataError, Violation
from .notes import Note, many_told
from .sources import Input
from .violations import Rows, duplicates, offence

MOST_BITS = 1 << 28
"""Keys further apart than this are compared one by one: the bits would take more than 32 MB for each thread."""
SPARSEST = 64
"""Keys of which fewer than one in so many occurs are compared one by one."""
_PARENT_BITS = quoted("the bits of the parent's keys")


@dataclass(frozen=True, slots=True)
class ContractReport:
    """What the data was found to be: rows by table, and what is worth telling."""

    rows: Mapping[str, int]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class _Contract:
    """One table with what is read of it: canonical values by field (SQL), and checks, each of a field."""

    table: Table
    input: Input
    values: Mapping[str, str]
    checks: tuple[tuple[Field, Check], ...]

    @property
    def source(self) -> str:
        return self.input.relation.source


@dataclass(frozen=True, slots=True)
class _Keys:
    """The keys of a table's rows. Where they are held as bits, `bits` is the engine's table with one row that has
    them, and `low` … `high` are the ends; `all_there` when no number between them is missing."""

    bits: str | None = None
    low: int = 0
    high: int = -1
    all_there: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """What one pass over a table counted."""

    rows: int
    violated: tuple[int, ...]
    twice: int | None
    orphans: int | None
    latest: dt.date | None


def check_contracts(
    con: duckdb.DuckDBPyConnection,
    program: Program,
    columns: Iterable[ColumnRead],
    inputs: Mapping[str, Input],
    as_of: dt.date,
    progress: Callable[[str], None] = lambda _stage: None,
) -> ContractReport:
    """Checks every input; raises `DataError` with everything that is wrong in any of them."""
    read: dict[str, set[str]] = {}
    for column in columns:
        read.setdefault(column.table, set()).add(column.field)
    keys: dict[str, _Keys] = {}
    counted: dict[str, int] = {}
    notes: list[Note] = []
    violations: list[Violation] = []
    for table in _parents_first(program, inputs):
        progress(f"checking `{table.name}`")
        contract = _contract(table, read[table.name], inputs[table.name])
        try:
            found, keys[table.name] = _scan(con, program, contract, keys, inputs, as_of)
            violations += _violations(con, program, contract, found, inputs, as_of)
        except duckdb.Error as problem:
            raise engine_error(problem, f"checking `{table.name}`") from problem
        counted[table.name] = found.rows
        notes += _notes(program, contract, found, as_of)
    if violations:
        raise DataError(violations, {name: input.shown for name, input in inputs.items()})
    in_order = {table.name: counted[table.name] for table in program.tables if table.name in counted}
    return ContractReport(in_order, tuple(notes))


def _parents_first(program: Program, inputs: Mapping[str, Input]) -> Sequence[Table]:
    def depth(table: Table) -> int:
        return 0 if table.parent is None else 1 + depth(program.table(table.parent))

    return sorted((table for table in program.tables if table.name in inputs), key=depth)


def _contract(table: Table, fields: set[str], input: Input) -> _Contract:
    values: dict[str, str] = {}
    checks: list[tuple[Field, Check]] = []
    for field in table.fields:
        if field.name in fields:
            raw, raw_type = exp.column(field.column, quoted=True), input.relation.columns[field.column]
            values[field.name] = column_value(field, raw_type, raw).sql(dialect="duckdb")
            checks += [(field, check) for check in column_checks(field, raw_type, raw)]
    return _Contract(table, input, values, tuple(checks))


# -- the pass over a table ---------------------------------------------------------------------------------------------


def _scan(
    con: duckdb.DuckDBPyConnection,
    program: Program,
    contract: _Contract,
    keys: Mapping[str, _Keys],
    inputs: Mapping[str, Input],
    as_of: dt.date,
) -> tuple[_Found, _Keys]:
    table = contract.table
    # Of a table that is only watched for being fresh no parents are read.
    parent = keys.get(table.parent or "") if table.by in contract.values else None
    unique = _unique_field(table)
    span = _span(con, contract, unique)
    terms = ["count(*)", *(f"count_if({check.violated.sql(dialect='duckdb')})" for _, check in contract.checks)]
    terms.append(_orphans(contract, parent) if parent is not None else "NULL")
    terms.append(_latest(contract, as_of) if _is_fresh(program, table) else "NULL")
    terms.append(f"count({contract.values[unique]})" if unique else "NULL")
    bits = "NULL" if span is None else f"bitstring_agg({contract.values[unique]}, {span[0]}, {span[1]})"
    name = quoted(f"keys of {table.name}")
    listed = ", ".join(f"{term} AS c{number}" for number, term in enumerate(terms))
    beside = ""
    if parent is not None and parent.bits is not None and not parent.all_there:
        # Under a name that no column of the data is likely to have.
        beside = f", (SELECT bits AS {_PARENT_BITS} FROM {parent.bits}) AS {_PARENT_BITS}"
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT {listed}, {bits} AS bits FROM {contract.source}{beside}"
    )
    numbers = ", ".join(f"c{number}" for number in range(len(terms)))
    total, *violated, orphans, latest, known, different = con.execute(
        f"SELECT {numbers}, bit_count(bits) FROM {name}"
    ).fetchall()[0]
    twice = known - different if different is not None else _twice(con, contract, unique)
    own = _Keys() if span is None else _Keys(name, *span, all_there=different == span[1] - span[0] + 1)
    if table.at is not None or table.role not in ("root", "child"):
        own = _Keys()
    if parent is not None and parent.bits is None and table.parent is not None:
        orphans = _orphans_one_by_one(con, program, contract, inputs[table.parent], as_of)
    return _Found(total, tuple(violated), twice, orphans, latest), own


def _unique_field(table: Table) -> str:
    """The field that holds each value once; empty for events, and for snapshots, where it takes two."""
    match table.role:
        case "root" | "child":
            return table.key or "" if table.at is None else ""
        case "attached":
            return table.by or ""
        case "events":
            return ""


def _span(con: duckdb.DuckDBPyConnection, contract: _Contract, field: str) -> tuple[int, int] | None:
    """The least and the greatest key, where keys are whole numbers close enough together."""
    if not field or contract.table.field_named(field).type.kind != "integer":
        return None
    value = contract.values[field]
    low, high, total = con.execute(f"SELECT min({value}), max({value}), count(*) FROM {contract.source}").fetchall()[0]
    if low is None or high - low >= min(MOST_BITS, SPARSEST * total + 1_000_000):
        return None
    return low, high


def _twice(con: duckdb.DuckDBPyConnection, contract: _Contract, unique: str) -> int | None:
    """How many rows repeat a key that another row has; None where rows need not differ."""
    table = contract.table
    if unique:
        value = contract.values[unique]
        query = f"SELECT count({value}) - count(DISTINCT {value}) FROM {contract.source}"
    elif table.role == "root" and table.key is not None and table.at is not None:
        key, at = contract.values[table.key], contract.values[table.at]
        known = f"FROM {contract.source} WHERE {key} IS NOT NULL AND {at} IS NOT NULL"
        distinct = f"SELECT DISTINCT {key} AS k, {at} AS a {known}"
        query = f"SELECT (SELECT count(*) {known}) - (SELECT count(*) FROM ({distinct}))"
    else:
        return None
    return con.execute(query).fetchall()[0][0]


# -- parents -----------------------------------------------------------------------------------------------------------


def _orphans(contract: _Contract, parent: _Keys) -> str:
    """The count of rows whose parent is not there, where the parent's keys are held as bits."""
    if parent.bits is None or contract.table.by is None:
        return "NULL"
    by = contract.values[contract.table.by]
    if parent.all_there:
        return f"count_if({by} NOT BETWEEN {parent.low} AND {parent.high})"
    bit = f"get_bit({_PARENT_BITS}.{_PARENT_BITS}, CAST({by} - {parent.low} AS INTEGER)) = 0"
    return f"count_if(CASE WHEN {by} BETWEEN {parent.low} AND {parent.high} THEN {bit} ELSE {by} IS NOT NULL END)"


def _orphans_one_by_one(
    con: duckdb.DuckDBPyConnection, program: Program, contract: _Contract, parent: Input, as_of: dt.date
) -> int:
    by = contract.values[contract.table.by or ""]
    held = _parent_keys(program, contract.table, parent, as_of)
    rows = f"SELECT {by} AS k FROM {contract.source} WHERE {by} IS NOT NULL"
    return con.execute(f"SELECT count(*) FROM ({rows}) AS c ANTI JOIN ({held}) AS p USING (k)").fetchall()[0][0]


def _parent_keys(program: Program, table: Table, parent: Input, as_of: dt.date) -> str:
    """The query for the keys `k` that a table's rows may belong to: those of its parent's rows that are there."""
    owner = program.table(table.parent or "")
    wanted = {name for name in (owner.key, owner.at) if name is not None}
    of_parent = _contract(owner, wanted, parent)
    visible = "" if owner.at is None else f" WHERE CAST({of_parent.values[owner.at]} AS DATE) <= {_date(as_of)}"
    return f"SELECT {of_parent.values[owner.key or '']} AS k FROM {of_parent.source}{visible}"


# -- freshness ---------------------------------------------------------------------------------------------------------


def _is_fresh(program: Program, table: Table) -> bool:
    return table.at is not None and any(freshness.table == table.name for freshness in program.freshness)


def _latest(contract: _Contract, as_of: dt.date) -> str:
    """The latest date of a visible row."""
    table = contract.table
    days = [f"CAST({contract.values[name]} AS DATE)" for name in (table.at, table.known_at) if name is not None]
    visible = " AND ".join(f"{day} <= {_date(as_of)}" for day in days)
    return f"max({days[0]}) FILTER (WHERE {visible})"


def _date(date: dt.date) -> str:
    return f"DATE {text(date.isoformat())}"


# -- what was found ----------------------------------------------------------------------------------------------------


def _violations(
    con: duckdb.DuckDBPyConnection,
    program: Program,
    contract: _Contract,
    found: _Found,
    inputs: Mapping[str, Input],
    as_of: dt.date,
) -> list[Violation]:
    table, look = contract.table, Rows(con, contract.table, contract.input.relation, contract.values)
    violations = [
        offence(look, field, check, count)
        for (field, check), count in zip(contract.checks, found.violated, strict=True)
        if count and check.kind != "others"
    ]
    if found.twice:
        # Two rows attached to a parent that is not there are two orphans, and harm nobody.
        attached = table.role == "attached" and table.parent in inputs
        among = _parent_keys(program, table, inputs[table.parent], as_of) if attached and table.parent else None
        violations += duplicates(look, table, _unique_field(table) or None, among)
    return violations


def _notes(program: Program, contract: _Contract, found: _Found, as_of: dt.date) -> list[Note]:
    table, hide_below = contract.table, program.policy.hide_below
    notes: list[Note] = []
    if found.rows == 0:
        notes.append(Note("no rows", table.name, f"`{table.name}` holds no rows ({contract.input.shown})"))
    for (field, check), count in zip(contract.checks, found.violated, strict=True):
        if check.kind == "others" and count:
            said, told = many_told(count, "value", hide_below)
            are = "lies outside its declaration and is" if told == 1 else "lie outside their declaration and are"
            message = f"{said} of `{field.name}` in `{table.name}` {are} read as missing"
            notes.append(Note("others missing", table.name, message, told))
    if found.orphans:
        said, told = many_told(found.orphans, "row", hide_below)
        are = ("belongs", "is") if told == 1 else ("belong", "are")
        message = f"{said} of `{table.name}` {are[0]} to no row of `{table.parent}` and {are[1]} ignored"
        notes.append(Note("orphans", table.name, message, told))
    for freshness in program.freshness:
        due = back(as_of, freshness.within)
        if freshness.table == table.name and (found.latest is None or (due is not None and found.latest < due)):
            latest = (
                "there is no visible row" if found.latest is None else f"the latest visible row is of {found.latest}"
            )
            message = f"`{table.name}` is not fresh: {latest}, expected within {freshness.within} before {as_of}"
            notes.append(Note("freshness", table.name, message, latest=found.latest))
    return notes
