"""From a raw column to the value of a field, and to what may be wrong with it.

A field's *canonical value* is what every expression is built on: integer BIGINT, number and percent DOUBLE, money
DECIMAL(18, scale), text VARCHAR, boolean BOOLEAN, date DATE, timestamp TIMESTAMP (UTC), NULL where missing.
`column_value` may be lenient where `column_checks` has a check that stops the run: the two belong together.
Times need a connection whose time zone is UTC.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from sqlglot import exp

from ...dsl.program import Domain, Field
from ...dsl.types import Kind, Type, Value
from .cells import CELL_READERS
from .readers import (
    CELL,
    COLUMN_READERS,
    HOLDS,
    Check,
    CheckKind,
    Family,
    Reader,
    Reading,
    calendar,
    family_of,
    moment_of,
    plain_text,
)
from .terms import both, call, cast, either, finite, is_in, is_known, is_null, literal, quoted, try_cast, when

__all__ = ["CELL", "Check", "CheckKind", "column_checks", "column_value", "misfit"]

_READERS: Mapping[tuple[Kind, Family], Reader] = {**COLUMN_READERS, **CELL_READERS}


def column_value(field: Field, raw_type: str, raw: exp.Expr) -> exp.Expr:
    """The canonical value of `field`, kept in a column of DuckDB type `raw_type` that `raw` names.

    Raises ValueError where such a column can never fit (see `misfit`)."""
    return _read(field, raw_type, raw).value


def column_checks(field: Field, raw_type: str, raw: exp.Expr) -> tuple[Check, ...]:
    """What has to be checked in every row of the column; raises ValueError like `column_value`."""
    reading = _read(field, raw_type, raw)
    if field.optional:
        return reading.checks
    return (Check("missing", is_null(reading.kept)), *reading.checks)


def misfit(field: Field, raw_type: str) -> str | None:
    """Why a column of that type can never hold the field, in an analyst's words; None where it can."""
    family = family_of(raw_type)
    if family == "none":
        return None
    if field.mapping.written is not None and family not in ("text", "cell", "json", "whole"):
        return f"is `written` in text, but the column holds {HOLDS[family]}: leave out `written`"
    if not _by_codes(field) and (field.type.kind, family) not in _READERS and not _by_pattern(field):
        return f"is declared {field.type}, but the column holds {HOLDS[family]}{_advice(field.type.kind, family)}"
    strange = [code for code in _all_codes(field) if _comparable(code, family) is None]
    if strange:
        return f"is compared with the code {shown(strange[0])}, but the column holds {HOLDS[family]}"
    return None


def shown(value: Value) -> str:
    """A literal as rule files write it."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{value}"'
        case _:
            return str(value)


def _advice(kind: Kind, family: Family) -> str:
    match kind, family:
        case "boolean", "whole":
            return "; say which stand for true and false: `true when 1 false when 0`"
        case "boolean", "text":
            return '; say which stand for true and false: `true when "Y" false when "N"`'
        case "date" | "timestamp", "text" | "whole":
            return '; say how it is written: `written "%Y-%m-%d"`'
        case _:
            return ""


# -- reading --


def _read(field: Field, raw_type: str, raw: exp.Expr) -> Reading:
    problem = misfit(field, raw_type)
    if problem is not None:
        raise ValueError(f"`{field.name}` {problem}")
    if family_of(raw_type) == "none":
        return Reading(exp.null(), cast(exp.null(), _canonical(field.type)))
    kept = _without_codes(field, raw_type, raw)
    if _by_codes(field):
        return _read_codes(field, raw_type, kept)
    if _by_pattern(field):
        reading = _read_pattern(field, raw_type, kept)
    else:
        reading = _READERS[field.type.kind, family_of(raw_type)](field, raw_type, kept)
    return _within_domain(field, reading)


def _canonical(type: Type) -> str:
    """The DuckDB type of canonical values."""
    match type.kind:
        case "integer":
            return "BIGINT"
        case "number" | "percent":
            return "DOUBLE"
        case "money":
            return f"DECIMAL(18, {type.scale or 0})"
        case "text":
            return "VARCHAR"
        case "boolean" | "date" | "timestamp":
            return type.kind.upper()
        case "duration":
            raise ValueError("a duration is no value of a column")


def _without_codes(field: Field, raw_type: str, raw: exp.Expr) -> exp.Expr:
    codes = field.mapping.missing_codes
    return when(_is_one_of(raw, raw_type, codes), exp.null(), raw) if codes else raw


def _read_codes(field: Field, raw_type: str, kept: exp.Expr) -> Reading:
    mapping = field.mapping
    value = exp.Case()
    for codes, truth in ((mapping.true_codes, exp.true()), (mapping.false_codes, exp.false())):
        if codes:
            value = value.when(_is_one_of(kept, raw_type, codes), truth)
    kept = finite(kept) if family_of(raw_type) == "floating" else kept
    neither = both(is_known(kept), is_null(value))
    return Reading(kept, value, (Check("others" if mapping.others_missing else "code", neither),))


def _read_pattern(field: Field, raw_type: str, kept: exp.Expr) -> Reading:
    text = plain_text(family_of(raw_type), kept)
    parsed = call("TRY_STRPTIME", text, quoted(field.mapping.written or ""))
    value = cast(parsed, "DATE" if field.type.kind == "date" else "TIMESTAMP")
    return Reading(kept, value, (Check("unreadable", both(is_known(kept), is_null(value))), calendar(field, value)))


def _within_domain(field: Field, reading: Reading) -> Reading:
    inside: exp.Expr
    kind: CheckKind
    if field.type.choices is not None:
        inside, kind = is_in(reading.value, [quoted(choice) for choice in field.type.choices]), "list"
    elif field.domain is not None:
        inside, kind = _inside(reading.value, field.domain, field.type), "domain"
    else:
        return reading
    outside = exp.not_(inside.copy())
    if not field.mapping.others_missing:
        return Reading(reading.kept, reading.value, (*reading.checks, Check(kind, outside)))
    return Reading(reading.kept, when(inside, reading.value), (*reading.checks, Check("others", outside)))


def _inside(value: exp.Expr, domain: Domain, type: Type) -> exp.Expr:
    low = None if domain.low is None else literal(domain.low, type)
    high = None if domain.high is None else literal(domain.high, type)
    if low is not None and high is not None and domain.low_included and domain.high_included:
        return exp.Between(this=value.copy(), low=low, high=high)
    above = exp.GTE if domain.low_included else exp.GT
    below = exp.LTE if domain.high_included else exp.LT
    sides = [
        *([above(this=value.copy(), expression=low)] if low is not None else []),
        *([below(this=value.copy(), expression=high)] if high is not None else []),
    ]
    return both(*sides) if sides else exp.true()


# -- codes --


def _by_codes(field: Field) -> bool:
    return bool(field.mapping.true_codes or field.mapping.false_codes)


def _by_pattern(field: Field) -> bool:
    return field.mapping.written is not None


def _all_codes(field: Field) -> tuple[Value, ...]:
    return (*field.mapping.missing_codes, *field.mapping.true_codes, *field.mapping.false_codes)


Way = Literal["number", "text", "boolean", "date"]


def _comparable(code: Value, family: Family) -> Way | None:
    """How a code is compared with raw values of that family; None where no such value can be it."""
    match code, family:
        case bool(), "boolean" | "cell" | "json":
            return "boolean"
        case bool(), _:
            return None
        case int() | float() | Decimal(), "whole" | "wide" | "decimal" | "floating" | "cell" | "json":
            return "number"
        case str(), "text" | "cell" | "json":
            return "text"
        case dt.date(), "date" | "timestamp" | "zoned" | "cell" | "json":
            return "date"
        case _:
            return None


def _is_one_of(raw: exp.Expr, raw_type: str, codes: tuple[Value, ...]) -> exp.Expr:
    """True where the raw value is one of the codes; never an error."""
    family = family_of(raw_type)
    by_way: dict[Way, list[exp.Expr]] = {}
    for code in codes:
        way = _comparable(code, family)
        if way is not None:
            by_way.setdefault(way, []).append(_code(code, raw_type))
    return either(*(is_in(_comparand(raw, raw_type, way), same) for way, same in by_way.items()))


def _comparand(raw: exp.Expr, raw_type: str, way: Way) -> exp.Expr:
    family = family_of(raw_type)
    text = family in ("cell", "json")
    match way:
        case "number":
            return try_cast(plain_text(family, raw), "DOUBLE") if text else raw
        case "text":
            return plain_text(family, raw)
        case "boolean":
            return call("LOWER", plain_text(family, raw)) if text else raw
        case _:
            return try_cast(plain_text(family, raw) if text else moment_of(raw_type, raw), "DATE")


def _code(code: Value, raw_type: str) -> exp.Expr:
    match code:
        case bool() if raw_type == "BOOLEAN":
            return exp.true() if code else exp.false()
        case bool():
            return quoted("true" if code else "false")
        case int() | float() | Decimal():
            number = exp.Literal.number(str(code))
            return cast(number, "FLOAT") if raw_type == "FLOAT" else number
        case dt.date():
            return cast(quoted(code.isoformat()), "DATE")
        case _:
            return quoted(str(code))
