"""Overflow: that a frame reckons whatever can overflow, and how it tells that something did."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal

import polars as pl

from ...dsl.types import Type
from ..plan import Frame
from ..plan_walk import all_features, can_overflow
from .rows import Rows
from .values import literal

_OVERFLOW = re.compile(r"conversion from `(i128|f64|i64|decimal\[.*?\])` to `(i128|i64|decimal\[.*?\])` failed")


def is_overflow(message: str) -> bool:
    """Whether the message of a Polars error says that a value does not fit in 64 bits, in 18 digits of money, or an
    exact sum in 128 bits: an `InvalidOperationError` of a frame of this package."""
    return _OVERFLOW.search(message) is not None


def all_reckoned(frame: Frame, rows: Rows, key: str, only: Collection[str] | None = None) -> Rows:
    """The rows of a frame, for which whatever can overflow is reckoned, also where Polars sees that nothing needs it:
    every feature that the rows have, or those of the names in `only`.

    `key` is a field of the frame's table whose column is needed in any case."""
    # Never true, which Polars does not know.
    overflowing = [
        pl.col(rows.features[feature.name]) < _lowest(feature.type)
        for feature in all_features(frame)
        if can_overflow(feature) and feature.name in (rows.features if only is None else only)
    ]
    if not overflowing:
        return rows
    held = rows.fields[frame.source.table, key]
    kept = pl.when(~pl.any_horizontal(overflowing).fill_null(False)).then(pl.col(held)).alias(held)
    return replace(rows, frame=rows.frame.with_columns(kept))


def _lowest(type: Type) -> pl.Expr:
    """A value that none of a numeric type is below."""
    match type.kind:
        case "integer":
            return literal(-(2**63), type)
        case "money":
            return literal(Decimal(1 - 10**18).scaleb(-(type.scale or 0)), type)
        case _:
            return literal(float("-inf"), type)
