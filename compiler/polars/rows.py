"""A lazy frame that holds the rows of a plan's frame, and what its columns mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from ...dsl.program import Program
from ..names import Names
from ..plan import Binding
from .expressions import Scope
from .table import Tables


@dataclass(frozen=True, slots=True)
class Reading:
    """What rows are read with: the program, what the run adds to its plan, and the data."""

    program: Program
    binding: Binding
    tables: Tables


@dataclass(frozen=True, slots=True)
class Rows:
    """Column names by table and field, by attached table (null where it has no row) and by feature; of the segment in
    the run before by segmentation. `names` are all the column names that are taken."""

    frame: pl.LazyFrame
    fields: Mapping[tuple[str, str], str]
    known: Mapping[str, str] = field(default_factory=dict)
    features: Mapping[str, str] = field(default_factory=dict)
    names: Names = field(default_factory=Names)
    previous: Mapping[str, str] = field(default_factory=dict)


def scope_of(reading: Reading, rows: Rows) -> Scope:
    """How expressions over the frame name its columns."""
    return Scope(reading.binding, rows.fields, rows.features, rows.known, rows.previous)
