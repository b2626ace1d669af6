"""Which expressions can be missing."""

from __future__ import annotations

from typing import assert_never

from .. import program as p
from .. import syntax as s
from ..builtins import BY_OVERLOAD
from .names import Names

_NEVER_MISSING_AGGREGATES = frozenset({"count", "any", "no", "sum", "distinct_count"})
_NEVER_MISSING_CALLS = frozenset({"missing", "known", "default"})
_PERHAPS_NOT_FINITE = frozenset({"add", "subtract", "multiply", "divide"})


def can_be_missing(expr: p.Expr, names: Names) -> bool:
    """Whether an expression can be missing (a condition: unknown) for some row that its declarations allow."""
    return _can_be(expr, names, set())


def _can_be(expr: p.Expr, names: Names, seen: set[tuple[str, str]]) -> bool:
    """`seen` are the lets that have been followed; a second look finds nothing that the first did not."""
    match expr:
        case p.Const() | p.ParameterRef() | p.RowKnown() | p.SegmentIs() | p.SegmentIncludes():
            return False
        case p.FieldRef(table=table, field=field):
            owner = names.tables[table]
            return owner.role == "attached" or owner.field_named(field).optional
        case p.LetRef(table=table, name=name, span=span):
            if (table, name) in seen:
                return False
            seen.add((table, name))
            let = names.let(table, s.Name(span, name))
            return let is None or _can_be(let.value, names, seen)
        case p.Aggregate(overload=overload):
            return BY_OVERLOAD[overload][0].name not in _NEVER_MISSING_AGGREGATES
        case p.Call(overload=overload, operands=operands, type=type):
            name = BY_OVERLOAD[overload][0].name
            if name in _NEVER_MISSING_CALLS:
                return False
            not_finite = name in _PERHAPS_NOT_FINITE and type.kind in ("number", "percent")
            return not_finite or any(_can_be(each, names, seen) for each in operands)
        case p.And(operands=operands) | p.Or(operands=operands):
            return any(_can_be(each, names, seen) for each in operands)
        case p.Not(operand=operand):
            return _can_be(operand, names, seen)
        case _:
            assert_never(expr)
