"""Rows that live on a program's boundaries: its constants, its cut-offs, ends of months and domains, ties, orphans."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from segwright.dsl.program import Aggregate, Const, Field, Program, Table, Window
from segwright.dsl.types import Length, Value
from segwright.runtime.reference.interpreter import Before

from .draws import Draw, chance, pick
from .literals import TEXTS
from .parts import parts

Data = dict[str, list[dict[str, Any]]]
"""Rows by table, values by field name in their Python form, None for missing."""

SIZES: dict[str, dict[str, tuple[Any, ...]]] = {
    "usual": {},
    # Where doubles no longer tell whole numbers apart, and halves of what numbers are rounded to.
    "large": {
        "integer": (2**53, 2**53 + 1, -(2**53) - 1),
        "number": (2.0**53, -0.5e-9, 0.5e-9, 1.5e-9, 2.5e-9),
        "money": (2**53 + 1, (2**53 + 1) * 100),
    },
    "32 bits at their ends": {"integer": (2**31 - 1, 1 - 2**31)},
    "whole numbers at their ends": {"integer": (2**63 - 1, -(2**63), 2**62)},
    "doubles at their ends": {"number": (1.7e308, -1.7e308, 1e29, 5e-324)},
    "money at its ends": {"money": (10**18 - 1, 1 - 10**18, 10**18 // 2)},
}
"""Values that fields of a kind have besides, often; money in units."""
DRAWN = (*["usual"] * 9, *list(SIZES)[1:], *["doubles at their ends"] * 2)

TIMES = (dt.time(), dt.time(23, 59, 59, 999_999), dt.time(12), dt.time(0, 0, 0, 1))


@st.composite
def datasets(draw: Draw, program: Program, as_of: dt.date) -> Data:
    """Canonical rows for every table, within their contracts; a few have ties or numbers that overflow."""
    size = pick(draw, (*DRAWN, *_where_sums_end(program) * 4))
    pools = _Pools(program, as_of, size)
    # Where the largest doubles are added up, runs stop, and nothing else about them comes to light.
    added = _Pools(program, as_of, "usual") if "doubles" in size and chance(draw, 50) else pools
    ties = pick(draw, ("none", "none", "equal", "any"))
    data: Data = {}
    keys: dict[str, list[Any]] = {}
    for table in _parents_first(program):
        rows = _rows(draw, table, added if table.role in ("child", "events") else pools, keys)
        if table.role == "attached":
            rows = _first_of_each(rows, (table.by,))
        if table.key is not None:
            rows = _first_of_each(rows, (table.key, table.at))
            keys[table.name] = [row[table.key] for row in rows]
        if table.role == "events" and ties != "any":
            rows = _without_ties(rows, table, ties)
        data[table.name] = rows
    return data


@st.composite
def runs_before(draw: Draw, program: Program, data: Data) -> Before:
    """What the run before says: of some rows nothing, of some a segment that there is no more; or no run at all."""
    if chance(draw, 15):
        return {}
    found: Before = {}
    for segmentation in program.segmentations:
        key = program.table(segmentation.table).key
        if segmentation.exclusive and not chance(draw, 10):
            names = [*(segment.name for segment in segmentation.all_segments), "no more"]
            keys = list(dict.fromkeys(row[key or ""] for row in data[segmentation.table]))
            drawn = draw(st.lists(st.sampled_from([*names, None]), min_size=len(keys), max_size=len(keys)))
            found[segmentation.name] = {one: name for one, name in zip(keys, drawn, strict=True) if name is not None}
    return found


# -- rows --------------------------------------------------------------------------------------------------------


def _rows(draw: Draw, table: Table, pools: _Pools, keys: dict[str, list[Any]]) -> list[dict[str, Any]]:
    most = {"root": 6, "attached": 8, "child": 8, "events": 20}[table.role]
    cells: dict[str, st.SearchStrategy[Any]] = {}
    for field in table.fields:
        if field.name == table.by:
            assert table.parent is not None
            # Some have no parent.
            nobody = [_orphan(field), None] if field.optional else [_orphan(field)]
            parents = list(dict.fromkeys(keys[table.parent]))
            # A few parents have most of the rows, or hardly any row would have company.
            few = [] if table.role == "attached" else parents[:2] * len(parents)
            cells[field.name] = st.sampled_from([*parents, *few, *nobody])
        elif field.name == table.at:
            moments = pools.of(field, may_be_missing=False)
            few = draw(st.lists(st.sampled_from([*moments[:8] * 3, *moments]), min_size=1, max_size=4))
            cells[field.name] = st.sampled_from(few)
        elif field.name == table.key and table.at is not None:
            cells[field.name] = st.sampled_from(_key_values(field, 3))
        elif field.name == table.key:
            cells[field.name] = st.none()  # numbered below
        else:
            cells[field.name] = st.sampled_from(pools.of(field, may_be_missing=field.optional))
    row = st.tuples(*cells.values())
    drawn = draw(st.lists(row, min_size=pick(draw, (0, most // 2, most // 2)), max_size=most))
    rows = [dict(zip(cells, values, strict=True)) for values in drawn]
    if table.key is not None and table.at is None:
        for values, key in zip(rows, _key_values(table.field_named(table.key), most), strict=False):
            values[table.key] = key
    return rows


def _key_values(field: Field, how_many: int) -> list[Any]:
    whole = [1, 2, 3, 0, -1, 2**63 - 1, 7, 8, 9, 10][:how_many]
    return whole if field.type.kind == "integer" else [*TEXTS[1:]][:how_many]


def _orphan(field: Field) -> Any:
    return 99 if field.type.kind == "integer" else "nobody"


def _first_of_each(rows: list[dict[str, Any]], names: tuple[str | None, ...]) -> list[dict[str, Any]]:
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        found.setdefault(tuple(row[name] for name in names if name is not None), row)
    return list(found.values())


def _without_ties(rows: list[dict[str, Any]], table: Table, ties: str) -> list[dict[str, Any]]:
    """Rows of one parent at one time (and place in the order) are one, or the same twice."""
    names = (table.by, table.at, table.then)
    unique = _first_of_each(rows, names)
    if ties == "none":
        return unique
    first = {tuple(row[name] for name in names if name): row for row in unique}
    return [first[tuple(row[name] for name in names if name)] for row in rows]


def _where_sums_end(program: Program) -> list[str]:
    """The sizes at which sums of the program overflow, or wrap around."""
    summed = {part.overload for part in _parts(program) if isinstance(part, Aggregate)}
    return [name for name, often in SIZES.items() if "ends" in name and {f"sum.{kind}" for kind in often} & summed]


def _parents_first(program: Program) -> list[Table]:
    depth = {table.name: 0 for table in program.tables}
    for _ in program.tables:
        depth |= {table.name: depth[table.parent] + 1 for table in program.tables if table.parent}
    return sorted(program.tables, key=lambda table: depth[table.name])


# -- values ------------------------------------------------------------------------------------------------------


class _Pools:
    """The values that fields are drawn from: a program's own constants and their neighbours."""

    def __init__(self, program: Program, as_of: dt.date, size: str) -> None:
        self.often = SIZES[size]
        inside = _parts(program)
        self.dates = _dates(program, inside, as_of)
        self.constants: dict[str, list[Value]] = {}
        for value, kind in _constants(program, inside):
            self.constants.setdefault(kind, []).append(value)

    def of(self, field: Field, *, may_be_missing: bool) -> list[Any]:
        """Values of a field that its domain allows, the simplest first."""
        unique = {repr(value): value for value in self._candidates(field)}  # 0.0 and -0.0 are two
        values = [value for value in unique.values() if _allowed(field, value)]
        values += [value for value in values if _units(field, value) in self.often.get(field.type.kind, ())] * 3
        # A third or so of what may be missing is.
        return [*values, *[None] * max(1, len(values) // 2)] if may_be_missing else values

    def _candidates(self, field: Field) -> Iterator[Any]:
        domain = field.domain
        ends = [] if domain is None else [end for end in (domain.low, domain.high) if end is not None]
        kind = field.type.kind
        written = [*self.constants.get(kind, []), *ends]
        match kind:
            case "integer":
                yield from (0, 1)
                whole = [value for value in written if isinstance(value, int)]
                yield from (near for value in whole for near in (value, value - 1, value + 1))
                yield from (-1, 2, 30, 100)
                yield from self.often.get(kind, ())
            case "number":
                yield from (0.0, 1.0, *(v for v in written if isinstance(v, float)), 0.1, 0.2, 0.3, -0.0, 1e-9, 0.5e-9)
                yield from (0.7, 1.1, 3.3, -2.5, 1e15, 123456.789)
                yield from self.often.get(kind, ())
            case "percent":
                shares = (0.0, 0.3, 1.0, 0.125, -0.05, 1e-9, 0.333333333, 0.1, 0.2, 0.7, 0.6, 0.123456789)
                yield from (*shares, *(v for v in written if isinstance(v, float)))
            case "money":
                scale = field.type.scale or 0
                units = [0, 1, 1_000, -500, 10**scale, 10 * 10**scale]
                for value in written:
                    if isinstance(value, Decimal):
                        exact = int(value.scaleb(scale))
                        units += [exact, exact - 1, exact + 1]
                units += self.often.get(kind, ())
                yield from (Decimal(unit).scaleb(-scale) for unit in units if abs(unit) < 10**18)
            case "text":
                yield from field.type.choices or (*TEXTS, *(v for v in written if isinstance(v, str)))
            case "boolean":
                yield from (True, False)
            case "date":
                yield from self.dates
            case "timestamp":
                yield from (dt.datetime.combine(date, TIMES[0]) for date in self.dates)
                yield from (dt.datetime.combine(date, time) for date in self.dates[:6] for time in TIMES[1:])
            case _:
                raise AssertionError(f"no field has type {kind}")


def _units(field: Field, value: Any) -> Any:
    return int(value.scaleb(field.type.scale or 0)) if isinstance(value, Decimal) else value


def _allowed(field: Field, value: Any) -> bool:
    if field.type.kind == "integer" and not -(2**63) <= value < 2**63:
        return False
    domain = field.domain
    if domain is None:
        return True
    low, high = domain.low, domain.high
    above = low is None or value > low or (domain.low_included and value == low)
    return above and (high is None or value < high or (domain.high_included and value == high))


def _dates(program: Program, inside: list[object], as_of: dt.date) -> list[dt.date]:
    """The as-of date, where windows end and the days beside, ends of months, leap days."""
    found = [as_of, as_of - dt.timedelta(days=1)]
    lengths = [value for part in inside if isinstance(part, Window) for value in _lengths(part, program)]
    for length in dict.fromkeys(lengths):
        for cut in _cuts(as_of, length):
            found += [cut, cut + dt.timedelta(days=1), cut - dt.timedelta(days=1)]
    found += [as_of + dt.timedelta(days=1), dt.date(2024, 2, 29), dt.date(2025, 2, 28), dt.date(2026, 1, 31)]
    found += [value for value, kind in _constants(program, inside) if kind == "date" and type(value) is dt.date]
    found += [dt.date(1900, 2, 28), as_of.replace(day=1), dt.date(2026, 2, 28), dt.date(2025, 12, 31)]
    return list(dict.fromkeys(found))


def _lengths(window: Window, program: Program) -> Iterator[Length]:
    for length in (window.length, window.except_last):
        value = length if length is None or isinstance(length, Length) else program.parameter(length.name).value
        if isinstance(value, Length):
            yield value


def _cuts(as_of: dt.date, length: Length) -> Iterator[dt.date]:
    """Days on which a window of that length may start, by this reading of the calendar or the other."""
    if length.unit == "day":
        yield as_of - dt.timedelta(days=length.amount)
        return
    months = as_of.year * 12 + as_of.month - 1 - length.amount * (1 if length.unit == "month" else 12)
    first = dt.date(months // 12, months % 12 + 1, 1)
    last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    yield last
    yield min(last, first + dt.timedelta(days=as_of.day - 1))


def _constants(program: Program, inside: list[object]) -> Iterator[tuple[Value, str]]:
    for part in inside:
        if isinstance(part, Const):
            yield part.value, part.type.kind
    for parameter in program.parameters:
        yield parameter.value, parameter.type.kind


def _parts(program: Program) -> list[object]:
    """Every literal, window and aggregate that decides."""
    return [
        part for part in parts((program.lets, program.segmentations)) if isinstance(part, Const | Window | Aggregate)
    ]
