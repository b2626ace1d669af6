"""From codes to the names of segments, at the edge: looking a name up in a constant list costs least."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from ..plan import Decision
from .query import column
from .terms import call, cast, quoted, when

LOOKED_UP_AT_ONCE = 5
"""So many segments of an overlapping segmentation share a list of all their combinations."""


def segment_name(decision: Decision, clause: exp.Expr) -> exp.Expr:
    """The segment of a winning clause, as an ENUM of the segments in order of declaration."""
    segments = [each.segment for each in decision.clauses] + [decision.otherwise or ""]
    type = f"ENUM({', '.join(quoted(name).sql(dialect='duckdb') for name in decision.segments)})"
    names = exp.Array(expressions=[quoted(name) for name in segments])
    return call("LIST_EXTRACT", cast(names, f"{type}[]"), clause)


def segments_named(decision: Decision, included: Mapping[str, str]) -> exp.Expr:
    """The list that `segments_included` gives, one segment after the other: slower, and easy to read."""
    lists = [
        when(column(included[name]), exp.Array(expressions=[quoted(name)]), exp.Array()) for name in decision.segments
    ]
    joined = lists[0] if len(lists) == 1 else exp.Anonymous(this="LIST_CONCAT", expressions=lists)
    return cast(joined, "TEXT[]")


def segments_included(decision: Decision, included: Mapping[str, str], codes: bool) -> exp.Expr:
    """The list of the segments that are included, in order of declaration: their names, or with `codes` their
    numbers from 1. `included` is a boolean column for each segment, never NULL."""
    elements = {
        name: exp.Literal.number(number) if codes else quoted(name)
        for number, name in enumerate(decision.segments, start=1)
    }
    lists = [
        _combination({included[name]: elements[name] for name in decision.segments[start:][:LOOKED_UP_AT_ONCE]})
        for start in range(0, len(decision.segments), LOOKED_UP_AT_ONCE)
    ]
    joined = lists[0] if len(lists) == 1 else exp.Anonymous(this="LIST_CONCAT", expressions=lists)
    return cast(joined, "USMALLINT[]" if codes else "TEXT[]")


def _combination(elements: Mapping[str, exp.Expr]) -> exp.Expr:
    """The list of those elements whose boolean column is true, looked up among all such lists."""
    lists = [_among(list(elements.values()), number) for number in range(1 << len(elements))]
    number: exp.Expr = exp.Literal.number(1)
    for bit, name in enumerate(elements):
        worth = exp.Mul(this=cast(column(name), "UTINYINT"), expression=exp.Literal.number(1 << bit))
        number = exp.Add(this=number, expression=worth)
    return call("LIST_EXTRACT", exp.Array(expressions=lists), number)


def _among(elements: Sequence[exp.Expr], number: int) -> exp.Expr:
    return exp.Array(expressions=[each.copy() for bit, each in enumerate(elements) if number >> bit & 1])
