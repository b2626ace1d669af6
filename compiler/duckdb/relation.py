"""What a query reads a declared table from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


def previous_relation(table: str) -> str:
    """The name of the relation that holds the assignments of `table` in the run before: its key under its declared
    name, and a text column for each segmentation that is asked for."""
    return f"#previous {table}"


@dataclass(frozen=True, slots=True)
class Relation:
    """The rows behind a declared table, as the engine finds them.

    `source` is the SQL text of one item of a FROM clause: `read_parquet('…')` or a quoted table name. `columns` gives
    the DuckDB type of each raw column by its raw name, in the order of the source."""

    source: str
    columns: Mapping[str, str]
