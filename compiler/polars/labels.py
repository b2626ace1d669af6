"""From codes to the names of segments, at the edge."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ..plan import Decision
from .decisions import first_that_holds, small_integer

LOOKED_UP_AT_ONCE = 8
"""So many segments of an overlapping segmentation share a list of all their combinations."""


def segment_name(decision: Decision, clause: pl.Expr) -> pl.Expr:
    """The segment of a winning clause, as an Enum of the segments in order of declaration."""
    last: dict[str, int] = {each.segment: each.number for each in decision.clauses}
    numbered = [(decision.segments.index(name), clause <= number) for name, number in last.items()]
    place = first_that_holds(numbered, len(decision.segments) - 1)
    return place.cat.to(pl.Enum(decision.segments))


def segments_included(decision: Decision, included: Mapping[str, str], codes: bool) -> pl.Expr:
    """The list of the segments that are included, in order of declaration: their names, or with `codes` their
    numbers from 1. `included` is a boolean column for each segment, never null."""
    type = pl.UInt16() if codes else pl.String()
    elements = list(range(1, len(decision.segments) + 1)) if codes else list(decision.segments)
    held = [included[name] for name in decision.segments]
    lists = [
        _combination(held[start : start + LOOKED_UP_AT_ONCE], elements[start : start + LOOKED_UP_AT_ONCE], type)
        for start in range(0, len(held), LOOKED_UP_AT_ONCE)
    ]
    return lists[0] if len(lists) == 1 else pl.concat_list(lists)


def _combination(held: list[str], elements: list[int] | list[str], type: pl.DataType) -> pl.Expr:
    """The list of those elements whose boolean column is true, looked up among all such lists."""
    lists = [[each for bit, each in enumerate(elements) if number >> bit & 1] for number in range(1 << len(elements))]
    number = pl.lit(0, dtype=pl.UInt8)
    for bit, name in enumerate(held):
        number = number | pl.when(pl.col(name)).then(_bit(bit)).otherwise(pl.lit(0, dtype=pl.UInt8))
    return pl.lit(pl.Series(lists, dtype=pl.List(type))).gather(number)


def _bit(bit: int) -> pl.Expr:
    return pl.lit(1 << bit, dtype=small_integer(0))
