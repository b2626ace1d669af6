"""Raw columns into canonical values, as the fields' declarations say; only for fields that the rules read.

Raw values are Python values: `int`, `float`, `Decimal`, `str`, `bool`, `date`, `datetime`, None for an empty cell.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from segwright.dsl.program import Aggregate, Field, FieldRef, LetRef, Program, RowKnown, Table
from segwright.dsl.reporting import looks_ahead, reported_for
from segwright.dsl.types import Value
from segwright.runtime.reference.errors import MissingValue, OverflowError_, WrongValue
from segwright.runtime.reference.numbers import INT64, MONEY, money, percent
from segwright.runtime.reference.rows import Data


def read(program: Program, raw: Data) -> Data:
    """Canonical rows by field name from raw rows by column name; fields that the rules do not read are missing.

    "Only columns that are read are checked, but in every row." Raises `MissingValue`, `WrongValue`."""
    needed = needed_fields(program)
    return {
        table.name: [
            {
                field.name: canonical(field, row[field.column]) if (table.name, field.name) in needed else None
                for field in table.fields
            }
            for row in raw.get(table.name, [])
        ]
        for table in program.tables
    }


# -- which fields -------------------------------------------------------------------------------------------------


def needed_fields(program: Program) -> set[tuple[str, str]]:
    """Table and name of every field that a run reads: what segmentations and measures ask for, keys, times."""
    found: set[tuple[str, str]] = set()
    tables: set[str] = set()
    for part in _reached(program):
        match part:
            case FieldRef():
                found.add((part.table, part.field))
                tables.add(part.table)
            case RowKnown():
                tables.add(part.table)
            case Aggregate():
                tables.add(part.source)
                then = program.table(part.source).then
                if then and part.overload.startswith(("first.", "latest.")):
                    found.add((part.source, then))
            case _:
                pass
    tables |= {segmentation.table for segmentation in program.segmentations}
    for name in list(tables):
        tables |= set(_above(program, program.table(name)))
    for table in (program.table(name) for name in tables):
        key = None if table.role == "attached" else table.key
        found |= {(table.name, name) for name in (key, table.by, table.at, table.known_at) if name}
    return found


def _above(program: Program, table: Table) -> Iterator[str]:
    while table.parent is not None:
        yield table.parent
        table = program.table(table.parent)


def _reached(program: Program) -> Iterator[object]:
    """Every part of the segmentations and of the measures that are reported, and of the lets that they name."""
    seen: set[tuple[str, str]] = set()
    waiting: list[object] = list(program.segmentations)
    # "what a measure with an outcome window asks is not evaluated yet"
    waiting += [each for each in program.measures if reported_for(each, program) and not looks_ahead(each)]
    while waiting:
        for part in _parts(waiting.pop()):
            yield part
            if isinstance(part, LetRef) and (part.table, part.name) not in seen:
                seen.add((part.table, part.name))
                waiting.append(program.let(part.table, part.name).value)


def _parts(part: object) -> Iterator[object]:
    yield part
    if isinstance(part, tuple):
        for each in part:
            yield from _parts(each)
    elif is_dataclass(part):
        for field in fields(part):
            yield from _parts(getattr(part, field.name))


# -- one value -----------------------------------------------------------------------------------------------------


def canonical(field: Field, raw: Any) -> Value | None:
    """The value of one cell. Raises `MissingValue`, `WrongValue`."""
    value = _read(field, raw)
    if value is None and not field.optional:
        # "A field is never missing unless declared `optional`; a missing value elsewhere is a data error."
        raise MissingValue(f"`{field.name}` is not optional")
    return value


def _read(field: Field, raw: Any) -> Value | None:
    mapping = field.mapping
    if raw is None or any(_same(raw, code) for code in mapping.missing_codes):
        return None
    # "NaN and ±infinity in a floating-point column are read as missing, whatever the field's type"
    if isinstance(raw, float) and not math.isfinite(raw):
        return None
    try:
        value = _coded(field, raw) if mapping.true_codes or mapping.false_codes else _of_type(field, raw)
        _check_domain(field, value)
    except _Other as other:
        if mapping.others_missing:
            return None
        raise WrongValue(f"`{field.name}`: {other}") from None
    return value


class _Other(Exception):
    """A value outside the domain, list or codes."""


def _same(raw: Any, code: Value) -> bool:
    numbers = (int, float, Decimal)
    if isinstance(raw, numbers) and isinstance(code, numbers) and not isinstance(raw, bool):
        return Fraction(raw) == Fraction(code) if _finite(raw) else False
    return type(raw) is type(code) and raw == code


def _finite(raw: float | Decimal) -> bool:
    return math.isfinite(raw)


def _coded(field: Field, raw: Any) -> bool:
    if any(_same(raw, code) for code in field.mapping.true_codes):
        return True
    if any(_same(raw, code) for code in field.mapping.false_codes):
        return False
    raise _Other(f"{raw!r} is neither true nor false")


def _of_type(field: Field, raw: Any) -> Value:
    pattern = field.mapping.written
    if pattern is not None:
        try:
            moment = dt.datetime.strptime(str(raw), pattern)
        except ValueError:
            raise WrongValue(f"`{field.name}`: {raw!r} is not written {pattern!r}") from None
        # "A moment in UTC": an offset that was written is taken off.
        if moment.tzinfo is not None:
            moment = moment.astimezone(dt.UTC).replace(tzinfo=None)
        return moment.date() if field.type.kind == "date" else moment
    match field.type.kind:
        case "integer" if isinstance(raw, int | float | Decimal) and not isinstance(raw, bool):
            # "An `integer` field accepts a floating-point column whose values are all whole"
            if raw == int(raw) and -INT64 <= raw < INT64:
                return int(raw)
        case "number" if isinstance(raw, int | float | Decimal):
            return float(raw)
        case "percent" if isinstance(raw, int | float | Decimal):
            share = percent(float(raw) / 100 if field.mapping.in_points else float(raw))
            if share is not None:
                return share
        case "money" if isinstance(raw, int | float | Decimal):
            return _money(field, raw)
        case "text" if isinstance(raw, str):
            return raw
        case "boolean" if isinstance(raw, bool):
            return raw
        case "date" if isinstance(raw, dt.datetime):
            if raw.time() == dt.time():
                return raw.date()
        case "timestamp" if isinstance(raw, dt.datetime):
            return raw
        case "timestamp" if isinstance(raw, dt.date):
            return dt.datetime.combine(raw, dt.time())
        case "date" if isinstance(raw, dt.date):
            return raw
        case _:
            pass
    raise WrongValue(f"`{field.name}`: {raw!r} is not of type {field.type}")


def _money(field: Field, raw: float | Decimal) -> Decimal:
    scale = field.type.scale or 0
    exact = Fraction(raw) * 10**scale
    units = math.floor(exact + Fraction(1, 2))
    # "a value further than a millionth of a unit from that step is a data error"
    if abs(exact - units) > Fraction(10**scale, 10**6) or abs(units) >= MONEY:
        raise WrongValue(f"`{field.name}`: {raw!r} is not money with {scale} places")
    try:
        return money(units, scale)
    except OverflowError_ as error:
        raise WrongValue(f"`{field.name}`: {error}") from None


def _check_domain(field: Field, value: Any) -> None:
    choices, domain = field.type.choices, field.domain
    if choices is not None and value not in choices:
        raise _Other(f"{value!r} is not on the list")
    if domain is None:
        return
    low, high = domain.low, domain.high
    below = low is not None and (value < low or (value == low and not domain.low_included))
    above = high is not None and (value > high or (value == high and not domain.high_included))
    if below or above:
        raise _Other(f"{value!r} is outside the domain")
