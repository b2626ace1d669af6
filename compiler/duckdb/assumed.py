"""Relations for tables that nobody has looked at: their names and columns are as declared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ...dsl.program import Field, Program
from ...dsl.types import Kind, Value
from ..plan import ColumnRead
from .query import quote
from .relation import Relation

_READ_AS: Mapping[Kind, str] = {
    "integer": "INTEGER",
    "number": "FLOAT",
    "percent": "FLOAT",
    "money": "DOUBLE",
    "text": "ENUM",
    "boolean": "BOOLEAN",
    "date": "TIMESTAMP",
    "timestamp": "DATE",
}
"""Never the type that the value has in the end: so it is converted, whatever the column is kept as."""


def assumed_relations(program: Program, columns: Iterable[ColumnRead]) -> dict[str, Relation]:
    """For every table that is read a relation of its declared name, with columns that can be converted to what their
    fields are declared as."""
    found: dict[str, dict[str, str]] = {}
    for read in columns:
        field = program.table(read.table).field_named(read.field)
        found.setdefault(read.table, {})[read.column] = _raw_type(field)
    return {table: Relation(quote(table).sql(dialect="duckdb"), types) for table, types in found.items()}


def _raw_type(field: Field) -> str:
    mapping = field.mapping
    codes = (*mapping.true_codes, *mapping.false_codes, *mapping.missing_codes)
    if mapping.written is not None or any(isinstance(code, str) for code in codes):
        return "VARCHAR"
    if mapping.true_codes or mapping.false_codes:
        return "BOOLEAN" if any(isinstance(code, bool) for code in codes) else _of_code(codes[0])
    return _READ_AS[field.type.kind]


def _of_code(code: Value) -> str:
    return "INTEGER" if isinstance(code, int) else "DOUBLE"
