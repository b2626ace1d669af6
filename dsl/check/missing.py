"""Which expressions can be missing."""

from __future__ import annotations

from .. import program as p
from .. import syntax as s
from ..builtins import BY_OVERLOAD
from ..walk import children
from .names import Names

_NEVER_MISSING_AGGREGATES = frozenset({"count", "any", "no", "sum", "distinct_count"})
_NEVER_MISSING_CALLS = frozenset({"missing", "known", "default"})
_PERHAPS_NOT_FINITE = frozenset({"add", "subtract", "multiply", "divide"})


def can_be_missing(expr: p.Expr, names: Names) -> bool:
    """Whether an expression can be missing (a condition: unknown) for some row that its declarations allow."""
    waiting = [expr]
    seen: set[tuple[str, str]] = set()  # lets; a second look finds nothing that the first did not
    while waiting:
        found = waiting.pop()
        if isinstance(found, p.LetRef) and (found.table, found.name) not in seen:
            seen.add((found.table, found.name))
            let = names.let(found.table, s.Name(found.span, found.name))
            if let is None:
                return True
            waiting.append(let.value)
        elif _by_itself(found, names):
            return True
        waiting.extend(_makes_missing(found))
    return False


def _by_itself(expr: p.Expr, names: Names) -> bool:
    """Whether an expression can be missing although what it is made of is there."""
    match expr:
        case p.FieldRef(table=table, field=field):
            owner = names.tables[table]
            return owner.role == "attached" or owner.field_named(field).optional
        case p.Previous():
            return True
        case p.Aggregate(overload=overload) | p.GroupAggregate(overload=overload):
            return BY_OVERLOAD[overload][0].name not in _NEVER_MISSING_AGGREGATES
        case p.Call(overload=overload, type=type):
            return BY_OVERLOAD[overload][0].name in _PERHAPS_NOT_FINITE and type.kind in ("number", "percent")
        case _:
            return False


def _makes_missing(expr: p.Expr) -> tuple[p.Expr, ...]:
    """The operands that make an expression missing when they are."""
    match expr:
        case p.Aggregate() | p.GroupAggregate():
            return ()
        case p.Choice() | p.Score():  # there is a row, and there are points, for everything
            return ()
        case p.Call(overload=overload) if BY_OVERLOAD[overload][0].name in _NEVER_MISSING_CALLS:
            return ()
        case _:
            return children(expr)
