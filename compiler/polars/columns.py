"""From a raw column to the canonical value of a field, as `compiler/duckdb/columns.py` has it.

Text cells of CSV and JSON values are no raw columns here: what is parsed from text comes with types. Contracts are
looked at elsewhere, and a value that breaks one stops the run before it is read here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Literal

import polars as pl

from ...dsl.program import Domain, Field
from ...dsl.types import Kind, Type, Value
from .expressions import all_of, any_of
from .lower import share
from .values import canonical_dtype, finite, literal, money_dtype, nothing, quotient
from .written import moment_written

Family = Literal["whole", "decimal", "floating", "text", "boolean", "date", "timestamp", "none", "other"]
Reader = Callable[[Field, pl.DataType, pl.Expr], pl.Expr]

ROUNDABLE = 1e290
"""Doubles beyond this have no whole number of billionths."""


def column_value(field: Field, raw_type: pl.DataType, raw: pl.Expr) -> pl.Expr:
    """The canonical value of `field`, kept in a column of that Polars type.

    Raises ValueError where such a column can never fit."""
    family = family_of(raw_type)
    if family == "none":
        return nothing(field.type)
    mapping = field.mapping
    kept = _without_codes(raw, raw_type, mapping.missing_codes)
    if mapping.true_codes or mapping.false_codes:
        true, false = (_is_one_of(kept, raw_type, codes) for codes in (mapping.true_codes, mapping.false_codes))
        return pl.when(true).then(pl.lit(True)).when(false).then(pl.lit(False))
    if mapping.written is not None:
        value = moment_written(mapping.written, kept.cast(pl.String))
        return _within_domain(field, value.dt.date() if field.type.kind == "date" else value)
    if (field.type.kind, family) not in READERS:
        raise ValueError(f"`{field.name}` is declared {field.type}, but the column holds {raw_type}")
    return _within_domain(field, READERS[field.type.kind, family](field, raw_type, kept))


def family_of(raw_type: pl.DataType) -> Family:
    """What kind of values a Polars type holds."""
    if raw_type.is_integer():
        return "whole"
    if raw_type.is_decimal():
        return "decimal"
    if raw_type.is_float():
        return "floating"
    if raw_type in (pl.String, pl.Categorical, pl.Enum):
        return "text"
    if raw_type == pl.Datetime:
        return "timestamp"
    return _OTHERS.get(raw_type, "other")


_OTHERS: Mapping[pl.DataType, Family] = {pl.Boolean(): "boolean", pl.Date(): "date", pl.Null(): "none"}


def _within_domain(field: Field, value: pl.Expr) -> pl.Expr:
    if not field.mapping.others_missing:
        return value
    if field.type.choices is not None:
        return pl.when(value.is_in(pl.Series(field.type.choices, dtype=pl.String).implode())).then(value)
    if field.domain is not None:
        return pl.when(_inside(value, field.domain, field.type)).then(value)
    return value


def _inside(value: pl.Expr, domain: Domain, type: Type) -> pl.Expr:
    sides: list[pl.Expr] = []
    if domain.low is not None:
        low = literal(domain.low, type)
        sides.append(value >= low if domain.low_included else value > low)
    if domain.high is not None:
        high = literal(domain.high, type)
        sides.append(value <= high if domain.high_included else value < high)
    return all_of(sides)


# -- codes ---------------------------------------------------------------------------------------------------------


def _without_codes(raw: pl.Expr, raw_type: pl.DataType, codes: tuple[Value, ...]) -> pl.Expr:
    return pl.when(~_is_one_of(raw, raw_type, codes).fill_null(False)).then(raw) if codes else raw


def _is_one_of(raw: pl.Expr, raw_type: pl.DataType, codes: tuple[Value, ...]) -> pl.Expr:
    """True where the raw value is one of the codes; never an error."""
    family, found = family_of(raw_type), list[pl.Expr]()
    for code in codes:
        match code, family:
            case bool(), "boolean":
                found.append(raw == pl.lit(code))
            case bool(), _:
                pass
            case int() | float() | Decimal(), "floating":
                found.append(raw == pl.lit(float(code), dtype=raw_type))
            case int() | float() | Decimal(), "whole" | "decimal":
                exact = Decimal(str(code))
                found.append(raw.cast(money_dtype(_places(raw_type), 38)) == pl.lit(exact))
            case str(), "text":
                found.append(raw.cast(pl.String) == pl.lit(code))
            case dt.date(), "date":
                found.append(raw == pl.lit(code))
            case dt.date(), "timestamp":
                found.append(_utc(raw, raw_type).dt.date() == pl.lit(code))
            case _:
                pass
    return any_of(found)


def _places(raw_type: pl.DataType) -> int:
    return raw_type.scale if isinstance(raw_type, pl.Decimal) else 0


# -- readers -------------------------------------------------------------------------------------------------------


def _as_is(_field: Field, _raw_type: pl.DataType, kept: pl.Expr) -> pl.Expr:
    return kept


def _cast(field: Field, raw_type: pl.DataType, kept: pl.Expr) -> pl.Expr:
    wanted = canonical_dtype(field.type)
    return kept if raw_type == wanted else kept.cast(wanted, strict=False)


def _whole_from_floating(_field: Field, _raw_type: pl.DataType, kept: pl.Expr) -> pl.Expr:
    return kept.round(0).cast(pl.Int64, strict=False)


def _number_from_floating(_field: Field, raw_type: pl.DataType, kept: pl.Expr) -> pl.Expr:
    return finite(kept if raw_type == pl.Float64 else kept.cast(pl.Float64))


def _percent(field: Field, _raw_type: pl.DataType, kept: pl.Expr) -> pl.Expr:
    double = kept.cast(pl.Float64)
    # False for NaN and infinity, too.
    roundable = double.abs() < ROUNDABLE
    return pl.when(roundable).then(share(quotient(double, 100.0) if field.mapping.in_points else double))


def _money_from_decimal(field: Field, raw_type: pl.DataType, kept: pl.Expr) -> pl.Expr:
    wanted, scale = canonical_dtype(field.type), _places(raw_type)
    if raw_type == wanted:
        return kept
    finer = scale - (field.type.scale or 0)
    if finer <= 0:
        return kept.cast(wanted, strict=False)
    # Halves up, in units: Polars would round them to even.
    step = 10**finer
    units = (kept.to_physical() + pl.lit(step // 2, dtype=pl.Int128)).floordiv(pl.lit(step, dtype=pl.Int128))
    return money_from_units(units, field.type)


def _money_from_floating(field: Field, _raw_type: pl.DataType, kept: pl.Expr) -> pl.Expr:
    scale = field.type.scale or 0
    return money_from_units((kept.cast(pl.Float64) * float(10**scale)).round(0, mode="half_away_from_zero"), field.type)


def money_from_units(units: pl.Expr, type: Type) -> pl.Expr:
    """Money of so many steps of its scale, a whole number or double; null where that is more than 18 digits."""
    scale = type.scale or 0
    whole = pl.when(units.abs() < 10**18).then(units).cast(pl.Int64, strict=False).cast(money_dtype(0, 38))
    return (whole * pl.lit(Decimal(1).scaleb(-scale), dtype=money_dtype(scale, 38))).cast(canonical_dtype(type))


def _utc(kept: pl.Expr, raw_type: pl.DataType) -> pl.Expr:
    """A timestamp of any unit and zone in microseconds of UTC: of finer ones those that it lies in."""
    assert isinstance(raw_type, pl.Datetime), "a timestamp"
    moment = kept
    if raw_type.time_zone is not None:
        moment = moment.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    return moment if raw_type.time_unit == "us" else moment.dt.cast_time_unit("us")


def _date_from_timestamp(_field: Field, raw_type: pl.DataType, kept: pl.Expr) -> pl.Expr:
    return _utc(kept, raw_type).dt.date()


def _timestamp(_field: Field, raw_type: pl.DataType, kept: pl.Expr) -> pl.Expr:
    return kept.cast(pl.Datetime("us")) if raw_type == pl.Date else _utc(kept, raw_type)


READERS: Mapping[tuple[Kind, Family], Reader] = {
    ("integer", "whole"): _cast,
    ("integer", "decimal"): _cast,
    ("integer", "floating"): _whole_from_floating,
    ("number", "whole"): _cast,
    ("number", "decimal"): _cast,
    ("number", "floating"): _number_from_floating,
    ("percent", "whole"): _percent,
    ("percent", "decimal"): _percent,
    ("percent", "floating"): _percent,
    ("money", "whole"): _cast,
    ("money", "decimal"): _money_from_decimal,
    ("money", "floating"): _money_from_floating,
    ("text", "text"): _cast,
    ("boolean", "boolean"): _as_is,
    ("date", "date"): _as_is,
    ("date", "timestamp"): _date_from_timestamp,
    ("timestamp", "date"): _timestamp,
    ("timestamp", "timestamp"): _timestamp,
}
