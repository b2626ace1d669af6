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
    match expr:
        case p.Const() | p.ParameterRef() | p.RowKnown() | p.SegmentIs() | p.SegmentIncludes():
            return False
        case p.FieldRef(table=table, field=field):
            owner = names.tables[table]
            return owner.role == "attached" or owner.field_named(field).optional
        case p.LetRef(table=table, name=name, span=span):
            let = names.let(table, s.Name(span, name))
            return let is None or can_be_missing(let.value, names)
        case p.Aggregate(overload=overload):
            return BY_OVERLOAD[overload][0].name not in _NEVER_MISSING_AGGREGATES
        case p.Call(overload=overload, operands=operands, type=type):
            name = BY_OVERLOAD[overload][0].name
            if name in _NEVER_MISSING_CALLS:
                return False
            not_finite = name in _PERHAPS_NOT_FINITE and type.kind in ("number", "percent")
            return not_finite or any(can_be_missing(each, names) for each in operands)
        case p.And(operands=operands) | p.Or(operands=operands):
            return any(can_be_missing(each, names) for each in operands)
        case p.Not(operand=operand):
            return can_be_missing(operand, names)
        case _:
            assert_never(expr)
