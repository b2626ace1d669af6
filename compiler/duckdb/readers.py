"""How a column of a DuckDB type is read as a declared type, and what may be wrong with a value of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from sqlglot import exp

from ...dsl.program import Field
from ...dsl.types import Kind
from .terms import both, call, cast, double, finite, is_known, is_null, microseconds, quoted, try_cast, utc, when

CELL: Final = "CELL"
"""The raw type of a column of text cells (CSV): NULL where the cell is empty, else read as the declared type."""

Family = Literal[
    "whole",
    "wide",
    "decimal",
    "floating",
    "text",
    "boolean",
    "date",
    "timestamp",
    "zoned",
    "cell",
    "json",
    "none",
    "other",
]

CheckKind = Literal[
    "missing",
    "unreadable",
    "fraction",
    "size",
    "step",
    "clock",
    "calendar",
    "domain",
    "list",
    "code",
    "others",
]


@dataclass(frozen=True, slots=True)
class Check:
    """A row violates it where `violated` is true (not where it is NULL). `others` is counted, never an error.

    | kind | the row's value |
    |---|---|
    | missing | is not there, though the field is not optional |
    | unreadable | is not of the declared type |
    | fraction | is not whole, in an integer field |
    | size | is beyond 64 bits, or beyond the 18 digits of money |
    | step | is money further than a millionth of a unit from a step of its scale |
    | clock | is a date with a time of day |
    | calendar | is a date outside the years 1 to 9999 |
    | domain | is outside the field's domain |
    | list | is not on the field's list |
    | code | is a code that is neither true nor false |
    | others | is read as missing because of `others missing` |
    """

    kind: CheckKind
    violated: exp.Expr


@dataclass(frozen=True, slots=True)
class Reading:
    """How a field is read: `kept` is NULL where missing, `value` the canonical value, `checks` what may be wrong."""

    kept: exp.Expr
    value: exp.Expr
    checks: tuple[Check, ...] = ()


HOLDS: Mapping[Family, str] = {
    "whole": "whole numbers",
    "wide": "whole numbers",
    "decimal": "decimal numbers",
    "floating": "numbers",
    "text": "text",
    "boolean": "true and false",
    "date": "dates",
    "timestamp": "times",
    "zoned": "times",
    "cell": "text",
    "json": "JSON values",
    "none": "nothing",
    "other": "something that is no single value",
}


def family_of(raw_type: str) -> Family:
    """What kind of values a DuckDB type holds."""
    return FAMILIES.get(re.split(r"[(\[]", raw_type, maxsplit=1)[0].strip() if "[" not in raw_type else "", "other")


FAMILIES: Mapping[str, Family] = {
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"), "whole"),
    **dict.fromkeys(("UBIGINT", "HUGEINT", "UHUGEINT"), "wide"),
    "DECIMAL": "decimal",
    **dict.fromkeys(("FLOAT", "DOUBLE"), "floating"),
    **dict.fromkeys(("VARCHAR", "ENUM", "UUID"), "text"),
    "BOOLEAN": "boolean",
    "DATE": "date",
    **dict.fromkeys(("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"), "timestamp"),
    **dict.fromkeys(("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ_NS"), "zoned"),
    CELL: "cell",
    "JSON": "json",
    '"NULL"': "none",
}


Reader = Callable[[Field, str, exp.Expr], Reading]


def _as_is(_field: Field, _raw_type: str, kept: exp.Expr) -> Reading:
    return Reading(kept, kept)


def _as_text(_field: Field, raw_type: str, kept: exp.Expr) -> Reading:
    return Reading(kept, kept if raw_type == "VARCHAR" else cast(kept, "VARCHAR"))


def _whole(_field: Field, raw_type: str, kept: exp.Expr) -> Reading:
    return Reading(kept, kept if raw_type == "BIGINT" else cast(kept, "BIGINT"))


def _whole_from_wide(_field: Field, _raw_type: str, kept: exp.Expr) -> Reading:
    value = try_cast(kept, "BIGINT")
    return Reading(kept, value, (size(kept, value),))


def _whole_from_decimal(_field: Field, _raw_type: str, kept: exp.Expr) -> Reading:
    value = try_cast(kept, "BIGINT")
    return Reading(kept, value, (fraction(kept, "FLOOR"), size(kept, value)))


def _whole_from_floating(_field: Field, _raw_type: str, kept: exp.Expr) -> Reading:
    value = try_cast(kept, "BIGINT")
    present = finite(kept)
    return Reading(present, value, (fraction(kept, "TRUNC"), size(present, value)))


def _number(_field: Field, _raw_type: str, kept: exp.Expr) -> Reading:
    return Reading(kept, cast(kept, "DOUBLE"))


def _number_from_floating(_field: Field, raw_type: str, kept: exp.Expr) -> Reading:
    present = finite(kept)
    return Reading(present, present if raw_type == "DOUBLE" else cast(present, "DOUBLE"))


def _percent(field: Field, _raw_type: str, kept: exp.Expr) -> Reading:
    return Reading(kept, _share(field, cast(kept, "DOUBLE")))


def percent_from_floating(field: Field, raw_type: str, kept: exp.Expr) -> Reading:
    present = finite(kept)
    as_double = kept if raw_type == "DOUBLE" else cast(kept, "DOUBLE")
    # Beyond this, rounding to a billionth would overflow; the test also is false for NaN and infinity.
    roundable = exp.LT(this=call("ABS", as_double), expression=double(1e290))
    value = when(roundable, _share(field, as_double))
    return Reading(present, value, (size(present, value),))


def _share(field: Field, kept: exp.Expr) -> exp.Expr:
    """floor(x × 1e9 + 0.5) / 1e9 of a share, which percent points are a hundredth of."""
    share = exp.Div(this=kept.copy(), expression=double(100.0)) if field.mapping.in_points else kept.copy()
    billionths = exp.Add(this=exp.Mul(this=share, expression=double(1e9)), expression=double(0.5))
    return exp.Div(this=call("FLOOR", billionths), expression=double(1e9))


def _money(field: Field, _raw_type: str, kept: exp.Expr) -> Reading:
    value = try_cast(kept, money_type(field))
    return Reading(kept, value, (size(kept, value),))


def _money_from_decimal(field: Field, raw_type: str, kept: exp.Expr) -> Reading:
    found = re.fullmatch(r"DECIMAL\((\d+), ?(\d+)\)", raw_type)
    precision, scale = (int(found[1]), int(found[2])) if found else (18, 3)
    wanted = field.type.scale or 0
    if (precision, scale) == (18, wanted):
        return Reading(kept, kept)
    if scale <= wanted and precision - scale <= 18 - wanted:
        return Reading(kept, cast(kept, money_type(field)))
    value = try_cast(kept, money_type(field))
    if scale <= wanted:
        return Reading(kept, value, (size(kept, value),))
    return Reading(kept, value, (step(kept, value), size(kept, value)))


def _money_from_floating(field: Field, _raw_type: str, kept: exp.Expr) -> Reading:
    value = try_cast(kept, money_type(field))
    present = finite(kept)
    return Reading(present, value, (step(present, cast(value, "DOUBLE")), size(present, value)))


def _date(field: Field, _raw_type: str, kept: exp.Expr) -> Reading:
    return Reading(kept, kept, (calendar(field, kept),))


def _date_from_timestamp(field: Field, raw_type: str, kept: exp.Expr) -> Reading:
    moment = moment_of(raw_type, kept)
    value = cast(moment, "DATE")
    clock = exp.NEQ(this=moment.copy(), expression=cast(value, "TIMESTAMP"))
    return Reading(kept, value, (Check("clock", clock), calendar(field, value)))


def _timestamp(field: Field, raw_type: str, kept: exp.Expr) -> Reading:
    value = moment_of(raw_type, kept)
    return Reading(kept, value, (calendar(field, value),))


def moment_of(raw_type: str, kept: exp.Expr) -> exp.Expr:
    """A time of any unit and zone, or a date, as TIMESTAMP in UTC."""
    moment = utc(kept) if family_of(raw_type) == "zoned" else kept
    match raw_type:
        case "TIMESTAMP" | "TIMESTAMP WITH TIME ZONE":
            return moment
        case "TIMESTAMP_NS" | "TIMESTAMPTZ_NS":
            return microseconds(moment)
        case _:
            return cast(moment, "TIMESTAMP")


def money_type(field: Field) -> str:
    return f"DECIMAL(18, {field.type.scale or 0})"


def plain_text(family: Family, raw: exp.Expr) -> exp.Expr:
    """The raw value as text: a JSON text without its quotes."""
    match family:
        case "json":
            return call("JSON_EXTRACT_STRING", raw, quoted("$"))
        case "cell":
            return raw.copy()
        case _:
            return cast(raw, "VARCHAR")


def fraction(kept: exp.Expr, floor: str) -> Check:
    return Check("fraction", exp.NEQ(this=kept.copy(), expression=call(floor, kept)))


def size(kept: exp.Expr, value: exp.Expr) -> Check:
    return Check("size", both(is_known(kept), is_null(value)))


def step(kept: exp.Expr, value: exp.Expr) -> Check:
    distance = call("ABS", exp.Sub(this=kept.copy(), expression=value.copy()))
    return Check("step", exp.GT(this=distance, expression=exp.Literal.number("0.000001")))


def calendar(field: Field, value: exp.Expr) -> Check:
    first, last = ("0001-01-01", "9999-12-31")
    if field.type.kind == "timestamp":
        first, last = (f"{first} 00:00:00", f"{last} 23:59:59.999999")
    kind = field.type.kind.upper()
    ends = exp.Between(this=value.copy(), low=cast(quoted(first), kind), high=cast(quoted(last), kind))
    return Check("calendar", exp.not_(ends))


COLUMN_READERS: Mapping[tuple[Kind, Family], Reader] = {
    ("integer", "whole"): _whole,
    ("integer", "wide"): _whole_from_wide,
    ("integer", "decimal"): _whole_from_decimal,
    ("integer", "floating"): _whole_from_floating,
    ("number", "whole"): _number,
    ("number", "wide"): _number,
    ("number", "decimal"): _number,
    ("number", "floating"): _number_from_floating,
    ("percent", "whole"): _percent,
    ("percent", "wide"): _percent,
    ("percent", "decimal"): _percent,
    ("percent", "floating"): percent_from_floating,
    ("money", "whole"): _money,
    ("money", "wide"): _money,
    ("money", "decimal"): _money_from_decimal,
    ("money", "floating"): _money_from_floating,
    ("text", "text"): _as_text,
    ("boolean", "boolean"): _as_is,
    ("date", "date"): _date,
    ("date", "timestamp"): _date_from_timestamp,
    ("date", "zoned"): _date_from_timestamp,
    ("timestamp", "date"): _timestamp,
    ("timestamp", "timestamp"): _timestamp,
    ("timestamp", "zoned"): _timestamp,
}
