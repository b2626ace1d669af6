"""What looks beyond its own row, also by way of lets: aggregates, segments, relative values, the run before."""

from __future__ import annotations

from .. import program as p
from .. import syntax as s
from ..walk import walk
from .names import Names

ASKS_OF_EVERYBODY = (p.Relative, p.SegmentIs, p.SegmentIncludes, p.Previous)
"""What is only known once all rows of a table have been looked at."""


def first_beyond(expr: p.Expr, what: tuple[type[p.Expr], ...], names: Names) -> p.Expr | None:
    """The first part of `expr` that is one of `what`, also in the lets that it names; None where there is none."""
    waiting = [expr]
    seen: set[tuple[str, str]] = set()
    while waiting:
        for part in walk(waiting.pop()):
            if isinstance(part, what):
                return part
            if isinstance(part, p.LetRef) and (part.table, part.name) not in seen:
                seen.add((part.table, part.name))
                let = names.let(part.table, s.Name(part.span, part.name))
                waiting.extend([] if let is None else [let.value])
    return None
