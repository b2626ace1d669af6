"""How text cells (CSV) and JSON values are read as a declared type."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from ...dsl.program import Field
from ...dsl.types import Kind
from .readers import (
    Check,
    Family,
    Reader,
    Reading,
    calendar,
    fraction,
    money_type,
    percent_from_floating,
    plain_text,
    step,
)
from .terms import both, call, either, equal, finite, is_in, is_known, is_null, quoted, try_cast, utc, when

_NUMBER = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"
_NOT_FINITE = r"(?i)[+-]?(nan|inf|infinity)"
_DECIMALS = r"[+-]?[0-9]*\.[0-9]*[1-9][0-9]*"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_MIDNIGHT = r"([T ]00:00(:00(\.0+)?)?)?"
_CLOCK = r"([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?"


def _matches(cell: exp.Expr, pattern: str) -> exp.Expr:
    return call("REGEXP_FULL_MATCH", cell, quoted(pattern))


def _numeric_cell(cell: exp.Expr) -> tuple[exp.Expr, Check]:
    """The cell without the words for what is not finite, and the check that it is a number."""
    kept = when(exp.not_(_matches(cell, _NOT_FINITE)), cell)
    return kept, Check("unreadable", exp.not_(_matches(kept, _NUMBER)))


def _cell_whole(_field: Field, _raw_type: str, cell: exp.Expr) -> Reading:
    kept, unreadable = _numeric_cell(cell)
    value = try_cast(cell, "BIGINT")
    double = try_cast(cell, "DOUBLE")
    not_whole = either(fraction(double, "TRUNC").violated, _matches(cell, _DECIMALS))
    too_big = both(_matches(cell, _NUMBER), is_null(value))
    return Reading(kept, value, (unreadable, Check("fraction", not_whole), Check("size", too_big)))


def _cell_number(_field: Field, _raw_type: str, cell: exp.Expr) -> Reading:
    kept, unreadable = _numeric_cell(cell)
    value = finite(try_cast(cell, "DOUBLE"))
    too_big = both(_matches(cell, _NUMBER), is_null(value))
    return Reading(kept, value, (unreadable, Check("size", too_big)))


def _cell_percent(field: Field, _raw_type: str, cell: exp.Expr) -> Reading:
    kept, unreadable = _numeric_cell(cell)
    share = percent_from_floating(field, "DOUBLE", try_cast(cell, "DOUBLE"))
    too_big = both(_matches(cell, _NUMBER), is_null(share.value))
    return Reading(kept, share.value, (unreadable, Check("size", too_big)))


def _cell_money(field: Field, _raw_type: str, cell: exp.Expr) -> Reading:
    kept, unreadable = _numeric_cell(cell)
    value = try_cast(cell, money_type(field))
    finer = try_cast(cell, f"DECIMAL(38, {(field.type.scale or 0) + 10})")
    too_big = both(_matches(cell, _NUMBER), is_null(value))
    return Reading(kept, value, (unreadable, step(finer, value), Check("size", too_big)))


def _cell_boolean(_field: Field, _raw_type: str, cell: exp.Expr) -> Reading:
    lower = call("LOWER", cell)
    value = exp.Case().when(equal(lower, quoted("true")), exp.true()).when(equal(lower, quoted("false")), exp.false())
    return Reading(cell, value, (Check("unreadable", both(is_known(cell), is_null(value))),))


def _cell_date(field: Field, _raw_type: str, cell: exp.Expr) -> Reading:
    value = try_cast(cell, "DATE")
    clock = both(_matches(cell, _DAY + _CLOCK), exp.not_(_matches(cell, _DAY + _MIDNIGHT)))
    odd = either(exp.not_(_matches(cell, _DAY + _CLOCK)), both(is_known(cell), is_null(value)))
    return Reading(cell, value, (Check("unreadable", odd), Check("clock", clock), calendar(field, value)))


def _cell_timestamp(field: Field, _raw_type: str, cell: exp.Expr) -> Reading:
    value = utc(try_cast(cell, "TIMESTAMPTZ"))
    odd = either(exp.not_(_matches(cell, _DAY + _CLOCK)), both(is_known(cell), is_null(value)))
    return Reading(cell, value, (Check("unreadable", odd), calendar(field, value)))


_JSON_TYPES: Mapping[Kind, tuple[str, ...]] = {
    **dict.fromkeys(("integer", "number", "percent", "money"), ("UBIGINT", "BIGINT", "HUGEINT", "DOUBLE")),
    **dict.fromkeys(("text", "date", "timestamp"), ("VARCHAR",)),
    "boolean": ("BOOLEAN",),
}


def _from_json(reader: Reader) -> Reader:
    """Read a JSON value of the fitting sort as the text cell that it would be in CSV."""

    def read(field: Field, raw_type: str, kept: exp.Expr) -> Reading:
        fits = is_in(call("JSON_TYPE", kept), [quoted(name) for name in _JSON_TYPES[field.type.kind]])
        cell = when(fits, plain_text("json", kept))
        reading = reader(field, raw_type, cell)
        return Reading(kept, reading.value, (Check("unreadable", exp.not_(fits.copy())), *reading.checks))

    return read


def _cell_text(_field: Field, _raw_type: str, cell: exp.Expr) -> Reading:
    return Reading(cell, cell)


_BY_KIND: Mapping[Kind, Reader] = {
    "integer": _cell_whole,
    "number": _cell_number,
    "percent": _cell_percent,
    "money": _cell_money,
    "text": _cell_text,
    "boolean": _cell_boolean,
    "date": _cell_date,
    "timestamp": _cell_timestamp,
}

CELL_READERS: Mapping[tuple[Kind, Family], Reader] = {
    **{(kind, "cell"): reader for kind, reader in _BY_KIND.items()},
    **{(kind, "json"): _from_json(reader) for kind, reader in _BY_KIND.items()},
}
