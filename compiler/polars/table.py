"""What a frame reads a declared table from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from ..previous import previous_relation

__all__ = ["Table", "Tables", "previous_relation", "table_of"]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows behind a declared table, and the Polars type of each raw column by its raw name. Where there are
    `values`, the columns that these name by field hold the field's values already."""

    frame: pl.LazyFrame
    types: Mapping[str, pl.DataType]
    values: Mapping[str, str] | None = None


Tables = Mapping[str, Table]
"""By name of the declared table, and by `previous_relation(table)` for the run before."""


def table_of(frame: pl.LazyFrame, values: Mapping[str, str] | None = None) -> Table:
    """The table that a frame is; asks for its schema, not for its rows."""
    return Table(frame, frame.collect_schema(), values)
