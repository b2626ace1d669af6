"""Assignments as a relation that Python programs go on with."""

from __future__ import annotations

from pathlib import Path

import duckdb

from .connection import file_text

Relation = duckdb.DuckDBPyRelation


def parquet_relation(file: Path) -> Relation:
    """The rows of a Parquet file, lazily, on a connection of its own."""
    return duckdb.connect(":memory:").sql(f"FROM read_parquet({file_text(file)})")
