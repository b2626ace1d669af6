"""What a query reads a declared table from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..previous import previous_relation

__all__ = ["Relation", "previous_relation"]


@dataclass(frozen=True, slots=True)
class Relation:
    """The rows behind a declared table, as the engine finds them.

    `source` is the SQL text of one item of a FROM clause: `read_parquet('…')` or a quoted table name. `columns` gives
    the DuckDB type of each raw column by its raw name, in the order of the source."""

    source: str
    columns: Mapping[str, str]
