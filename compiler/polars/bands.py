"""Relative values in Polars: a value against its cut-points."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import polars as pl

from ...dsl.types import Type, Value
from ..plan import Band
from .values import literal


def band(each: Band, value: pl.Expr, type: Type, cut_points: Sequence[Value | None]) -> pl.Expr:
    """Where `value`, of that type, stands, given the cut-points (None: nobody gets so far); null where it is null."""
    reached = [pl.lit(False) if cut is None else value >= literal(cut, type) for cut in cut_points]
    if each.function in ("decile", "quintile", "quartile"):
        total = pl.lit(1, dtype=pl.Int64)
        for one in reached:
            total = total + one.cast(pl.Int64)
        return pl.when(value.is_not_null()).then(total)
    return pl.when(value.is_not_null()).then(_PERCENTILE[each.operator](reached) if each.operator else reached[0])


_PERCENTILE: Mapping[str, Callable[[Sequence[pl.Expr]], pl.Expr]] = {
    "at_least": lambda reached: reached[0],
    "greater": lambda reached: reached[1],
    "less": lambda reached: ~reached[0],
    "at_most": lambda reached: ~reached[1],
    "equal": lambda reached: reached[0] & ~reached[1],
    "not_equal": lambda reached: ~reached[0] | reached[1],
}
"""From whether the cut-points for >= and > are reached."""
