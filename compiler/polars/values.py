"""Values of the language as Polars has them.

A *canonical* value is Int64, Float64 (number and percent), Decimal(18, scale), String, Boolean, Date or Datetime in
microseconds without a zone (UTC); null where missing.
"""

from __future__ import annotations

import polars as pl

from ...dsl.types import Kind, Type, Value

DTYPES: dict[Kind, pl.DataType] = {
    "integer": pl.Int64(),
    "number": pl.Float64(),
    "percent": pl.Float64(),
    "text": pl.String(),
    "boolean": pl.Boolean(),
    "date": pl.Date(),
    "timestamp": pl.Datetime("us"),
}


def money_dtype(scale: int | None, digits: int = 18) -> pl.DataType:
    """The Polars type of money."""
    return pl.Decimal(digits, scale or 0)


def canonical_dtype(type: Type) -> pl.DataType:
    """The Polars type of canonical values; a duration is no value of a column (`KeyError`)."""
    return money_dtype(type.scale) if type.kind == "money" else DTYPES[type.kind]


def literal(value: Value, type: Type) -> pl.Expr:
    """A value of the language as a Polars expression of the canonical type."""
    return pl.lit(value, dtype=canonical_dtype(type))


def nothing(type: Type) -> pl.Expr:
    """A missing value of the type."""
    return pl.lit(None, dtype=canonical_dtype(type))


def finite(value: pl.Expr) -> pl.Expr:
    """The double, null where it is NaN or infinite."""
    return pl.when(value.is_finite()).then(value)


def quotient(value: pl.Expr, by: pl.Expr | float) -> pl.Expr:
    """The quotient of doubles, rounded once; NaN where `value` is infinite.

    Polars multiplies by the reciprocal of what is one value for all rows, and rounds twice. So there is none."""
    return value / (value * 0.0 + by)
