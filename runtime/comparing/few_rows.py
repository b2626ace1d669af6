"""The rows of a few keys and everything that belongs to them, taken out of the data once, for explaining them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import duckdb
from sqlglot import exp

from ...compiler.duckdb.columns import column_value
from ...compiler.duckdb.relation import Relation
from ...dsl.program import Program, Table
from ..connection import quoted, text
from ..sources import Input


def few_rows(
    con: duckdb.DuckDBPyConnection,
    program: Program,
    inputs: Mapping[str, Input],
    table: str,
    keys: Sequence[int | str],
) -> dict[str, Input]:
    """The inputs with the rows of `table` that have those keys (one at least), with their parents, and with what
    belongs to any of these; of other tables no rows. Values stay as the data has them."""
    listed = ", ".join(str(each) if isinstance(each, int) else text(each) for each in keys)
    own = program.table(table)
    wanted = {table: f"{_value(inputs, own, own.key)} IN ({listed})"}
    while own.parent is not None:
        parent = program.table(own.parent)
        wanted[parent.name] = f"{_value(inputs, parent, parent.key)} IN ({_values(inputs, own, own.by)})"
        own = parent
    for each in _parents_first(program):
        if each.name not in wanted and each.name in inputs and each.parent in wanted:
            parent = program.table(each.parent or "")
            wanted[each.name] = f"{_value(inputs, each, each.by)} IN ({_values(inputs, parent, parent.key)})"
    for name, condition in wanted.items():
        relation = inputs[name].relation
        columns = ", ".join(quoted(column) for column in relation.columns)
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE {_taken(name)} AS SELECT {columns} FROM {relation.source} WHERE {condition}"
        )
    return {
        name: replace(each, format="duckdb", relation=_relation(name, each.relation, taken=name in wanted))
        for name, each in inputs.items()
    }


def _relation(name: str, relation: Relation, *, taken: bool) -> Relation:
    if taken:
        return Relation(_taken(name), relation.columns)
    return Relation(f"(SELECT * FROM {relation.source} WHERE false)", relation.columns)


def _taken(table: str) -> str:
    return quoted(f"few of {table}")


def _value(inputs: Mapping[str, Input], table: Table, name: str | None) -> str:
    """The value of a field of the table's own data, as rules see it."""
    field = table.field_named(name or "")
    raw = exp.column(field.column, quoted=True)
    return column_value(field, inputs[table.name].relation.columns[field.column], raw).sql(dialect="duckdb")


def _values(inputs: Mapping[str, Input], table: Table, name: str | None) -> str:
    """The values of a field of the rows that were taken."""
    return f"SELECT {_value(inputs, table, name)} FROM {_taken(table.name)}"


def _parents_first(program: Program) -> list[Table]:
    def depth(table: Table) -> int:
        return 0 if table.parent is None else 1 + depth(program.table(table.parent))

    return sorted(program.tables, key=depth)
