"""Which expressions are personal: their values and truths must never be shown."""

from __future__ import annotations

from ..dsl.program import Call, Expr, FieldRef, LetRef, Program
from ..dsl.walk import children

_TELLS_LITTLE = frozenset({"missing.any", "known.any", "days_since.date", "months_since.date", "years_since.date"})
"""What reads a personal field through one of these is not personal."""


def is_personal(program: Program, expr: Expr) -> bool:
    """Whether `expr` reads a personal field, directly or through lets and aggregates.

    Segmentations end the label: whom they include may be shown."""
    match expr:
        case FieldRef(table, field):
            return program.table(table).field_named(field).personal
        case LetRef(table, name):
            return is_personal(program, program.let(table, name).value)
        case Call(overload) if overload in _TELLS_LITTLE:
            return False
        case _:
            return any(is_personal(program, child) for child in children(expr))
