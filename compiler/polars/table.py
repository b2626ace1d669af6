"""What a frame reads a declared table from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from ..previous import previous_relation

__all__ = ["Table", "Tables", "previous_relation"]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows behind a declared table. `types` gives the Polars type of each raw column that is read, `CELL` for text
    cells of CSV."""

    frame: pl.LazyFrame
    types: Mapping[str, pl.DataType]


Tables = Mapping[str, Table]
"""By name of the declared table, and `previous_relation(table)` for the run before."""
