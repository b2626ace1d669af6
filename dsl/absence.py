"""Whom missing data keeps out: what has to be there for a condition to be true."""

from __future__ import annotations

from functools import reduce

from . import program as p
from .builtins import BY_OVERLOAD
from .labels import Lineage
from .walk import children

_KNOWN_OVER_NOTHING = frozenset({"count", "any", "no", "sum", "distinct_count"})
_NOTHING: frozenset[p.Expr] = frozenset()


def needed_for(condition: p.Expr, lineage: Lineage, truth: bool = True) -> frozenset[p.Expr]:
    """The values that may be missing without which `condition` cannot have that truth: fields, lets, aggregates, rows
    of attached tables (`RowKnown`), segments of the run before. Not all of them where that is not plain to see."""
    match condition:
        case p.Not(operand=operand):
            return needed_for(operand, lineage, not truth)
        case p.And(operands=operands) | p.Or(operands=operands):
            each = [needed_for(operand, lineage, truth) for operand in operands]
            together = isinstance(condition, p.And) == truth
            return reduce(frozenset.union if together else frozenset.intersection, each)
        case p.RowKnown():
            return frozenset({condition}) if truth else _NOTHING
        case p.Call(overload="known.any" | "missing.any" as test, operands=(operand,)):
            return _in_value(operand, lineage) if truth == (test == "known.any") else _NOTHING
        case p.Call(overload="default.any", operands=(operand, otherwise)):
            supplied = isinstance(otherwise, p.Const) and otherwise.value is truth
            return needed_for(operand, lineage, truth) if isinstance(otherwise, p.Const) and not supplied else _NOTHING
        case p.Call(overload=overload, operands=(subject, _, _)) if overload.startswith("between.") and not truth:
            return _in_value(subject, lineage)  # beyond one end is false, whatever the other is
        case _:
            return _in_value(condition, lineage)


def can_be_missing(expr: p.Expr, lineage: Lineage) -> bool:
    """Whether a declared row can leave `expr` without a value: by a field that may be missing, a row that may not be
    there, or an aggregate over nothing. (That arithmetic may come to nothing, as a division by 0, is left aside.)"""
    waiting, seen = [expr], set[tuple[str, str]]()
    while waiting:
        found = waiting.pop()
        match found:
            case p.FieldRef(table=table, field=field):
                owner = lineage.tables[table]
                if owner.role == "attached" or owner.field_named(field).optional:
                    return True
            case p.LetRef(table=table, name=name):
                if (table, name) not in seen:
                    seen.add((table, name))
                    waiting.append(lineage.lets[table, name].value)
            case p.Aggregate(overload=overload):
                if BY_OVERLOAD[overload][0].name not in _KNOWN_OVER_NOTHING:
                    return True
            case p.Previous():
                return True
            case p.Choice() | p.Score() | p.Call(overload="known.any" | "missing.any" | "default.any"):
                pass
            case _:
                waiting += children(found)
    return False


def _in_value(expr: p.Expr, lineage: Lineage) -> frozenset[p.Expr]:
    """The values in `expr` without which it has none."""
    match expr:
        case p.FieldRef() | p.LetRef() | p.Aggregate() | p.Previous():
            return frozenset({expr}) if can_be_missing(expr, lineage) else _NOTHING
        case p.Relative():
            return _in_value(expr.of, lineage)
        case p.Call(overload=overload, operands=operands) if overload not in (
            "known.any",
            "missing.any",
            "default.any",
        ):
            return frozenset().union(*(_in_value(operand, lineage) for operand in operands))
        case _:
            return _NOTHING
