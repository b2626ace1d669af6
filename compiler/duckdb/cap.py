"""`at most n segments each`: which is the last of the segments that a row keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlglot import exp

from ..plan import Decision
from .query import Query, column, from_table, named
from .rows import Rows
from .terms import both, whole


def with_last_kept(
    query: Query, table: str, rows: Rows, decision: Decision, qualifies: Mapping[str, str]
) -> tuple[Rows, str]:
    """Adds the number, from 1, of the last segment that a row of `table` keeps, and gives its column; where it
    qualifies for fewer than it may keep, that of the last of all. `qualifies` is a boolean column for each segment,
    never NULL; there are more segments than the cap.

    One CASE after another, for the first segment that a row qualifies for, the second and so on: several times faster
    than lists, or than adding up those before each segment."""
    last: str | None = None
    for number in range(1, (decision.cap or 0) + 1):
        case = exp.Case()
        for place, segment in enumerate(decision.segments, start=1):
            if place >= number:
                next_one = column(qualifies[segment])
                if last is not None:
                    next_one = both(next_one, exp.LT(this=column(last), expression=whole(place)))
                case = case.when(next_one, whole(place), copy=False)
        case = case.else_(whole(len(decision.segments)), copy=False)
        last = rows.names.fresh(f"{decision.segmentation} segment {number}")
        name = query.add(
            f"{table} with segment {number} of {decision.segmentation}",
            from_table(rows.table, [exp.Star(), named(case, last)]),
        )
        rows = replace(rows, table=name)
    assert last is not None, "a cap is at least 1"
    return rows, last


def is_kept(decision: Decision, segment: str, qualifies: Mapping[str, str], last: str) -> exp.Expr:
    """Whether a row is in the segment: it qualifies, and has not had its number of segments before."""
    place = whole(decision.segments.index(segment) + 1)
    return both(column(qualifies[segment]), exp.LTE(this=place, expression=column(last)))
