"""Overflow: that a query reckons whatever can overflow, and how it tells that something did."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from sqlglot import exp

from ..plan import Frame
from ..plan_walk import all_features, can_overflow
from .query import Query, column, from_table, named
from .rows import Rows
from .terms import either, lowest, when

_OVERFLOW = re.compile(
    r"Overflow in |is out of range|out of range for the destination type|Could not cast value \S+ to DECIMAL"
)


def is_overflow(message: str) -> bool:
    """Whether the message of a DuckDB error says that a value does not fit in 64 bits, in 18 digits of money, or an
    exact sum in 128 bits: `OutOfRangeException` and `ConversionException` of a query of this package."""
    return _OVERFLOW.search(message) is not None


def all_reckoned(query: Query, frame: Frame, rows: Rows, key: str, only: Collection[str] | None = None) -> Rows:
    """The rows of a frame, for which whatever can overflow is reckoned, also where DuckDB sees that nothing needs it:
    every feature that the rows have, or those of the names in `only`.

    `key` is a field of the frame's table whose column the query needs in any case."""
    # Never true, which DuckDB does not know. Not in a WHERE, which DuckDB would ask of rows that have no parent, too.
    overflowing = [
        exp.LT(this=column(rows.features[feature.name]), expression=lowest(feature.type))
        for feature in all_features(frame)
        if can_overflow(feature) and feature.name in (rows.features if only is None else only)
    ]
    if not overflowing:
        return rows
    table = frame.source.table
    held = rows.fields[table, key]
    kept = named(when(either(*overflowing), exp.null(), column(held)), held)
    select = from_table(rows.table, [exp.Star(replace=[kept])])
    return replace(rows, table=query.add(f"{table} with all reckoned", select))
