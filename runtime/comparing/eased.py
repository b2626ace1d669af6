"""What the rules before demanded of the data besides, and whether it keeps that."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from ...compiler.duckdb.columns import column_checks
from ...compiler.joint import Joint
from ..notes import many_told
from ..opened import Opened


def eased_notes(data: Opened, joint: Joint) -> Iterator[str]:
    """How many values of fields that both sides read break the old declaration: the rules before would refuse this
    data, and are compared all the same."""
    read = {(each.table, each.field) for each in data.rules.plan.columns}
    k = joint.program.policy.hide_below
    for table, field in joint.eased:
        if (table, field.name) not in read or table not in data.inputs:
            continue
        relation = data.inputs[table].relation
        raw = exp.column(field.column, quoted=True)
        broken = [each for each in column_checks(field, relation.columns[field.column], raw) if each.kind != "others"]
        counts = ", ".join(f"count(*) FILTER (WHERE {each.violated.sql(dialect='duckdb')})" for each in broken)
        found = data.con.execute(f"SELECT {counts} FROM {relation.source}").fetchall()[0] if broken else ()
        if any(found):
            said, count = many_told(sum(found), "value", k)
            verb = "breaks" if count == 1 else "break"
            yield f"by the rules before, {said} of `{field.name}` in `{table}` {verb} its declaration"
