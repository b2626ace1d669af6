"""Tests on Polars: the rows in frames in memory, the frame of a run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import polars as pl

from ...compiler.polars.table import table_of
from ...compiler.polars.values import canonical_dtype
from ...dsl.program import Program
from ..engines.polars import PolarsEngine
from ..reference.rows import Data


@contextmanager
def polars_with(program: Program, data: Data) -> Iterator[PolarsEngine]:
    """The engine over the rows of all tables."""
    tables = {
        table.name: table_of(
            pl.LazyFrame(
                {field.name: [row[field.name] for row in data.get(table.name, [])] for field in table.fields},
                schema={field.name: canonical_dtype(field.type) for field in table.fields},
            ),
            {field.name: field.name for field in table.fields},
        )
        for table in program.tables
    }
    yield PolarsEngine(program, tables)
