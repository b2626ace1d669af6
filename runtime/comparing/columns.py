"""The columns that only one side reads."""

from __future__ import annotations

from ...compiler.plan import Plan
from ...compiler.plan_from_program import plan_from_program
from ...dsl.program import Program
from .records import ColumnRecord


def columns_read(before: Program, after: Program) -> tuple[list[ColumnRecord], list[ColumnRecord]]:
    """The columns newly read, and those no longer read, by a run of the one and of the other."""
    old, new = plan_from_program(before), plan_from_program(after)
    return _only(after, new, old), _only(before, old, new)


def _only(program: Program, plan: Plan, other: Plan) -> list[ColumnRecord]:
    read = {(each.table, each.column) for each in other.columns}
    found: list[ColumnRecord] = []
    for each in plan.columns:
        if (each.table, each.column) not in read:
            field = program.table(each.table).field_named(each.field)
            found.append(
                ColumnRecord(
                    table=each.table,
                    field=each.field,
                    column=each.column,
                    personal=field.personal,
                    protected=field.protected,
                    readers=list(each.readers),
                )
            )
    return found
