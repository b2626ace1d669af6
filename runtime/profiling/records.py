"""What was found in data that nobody has declared yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from ...compiler.duckdb.readers import Family
from ...dsl.program import Field
from ...dsl.types import Value
from ..settings import DataEntry
from ..sources import Input

Connection = duckdb.DuckDBPyConnection
"""The engine that data is looked at with, for those who may not know which one it is."""


@dataclass(frozen=True, slots=True)
class RawColumn:
    """A column as it is kept, before any reading of it.

    `sample`: its most frequent values as text, each with how often the sampled rows have it, most frequent first;
    `kinds` different ones in the sample. `whole`: all rows were looked at. `json` are the kinds of its JSON values."""

    table: str
    name: str
    raw_type: str
    family: Family
    rows: int
    sample: tuple[tuple[str, int], ...]
    kinds: int
    whole: bool
    json: frozenset[str] = frozenset()


Propose = Callable[[RawColumn], Sequence[Field]]
"""The ways in which a column may be read, the best first; the last one fits whatever the column holds. Empty where no
type of the language can hold it."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column and the first reading of it that fits every row; `field` is optional and named as the column.

    missing: rows without a value in that reading. distinct: about how many values there are. low, high: the least and
    greatest value; None where there is none, and for text and boolean. unfit: the better readings that did not fit,
    each with how many rows were in the way."""

    raw: RawColumn
    field: Field
    value: str
    missing: int
    distinct: int
    low: Value | None
    high: Value | None
    unfit: tuple[tuple[Field, int], ...] = ()

    @property
    def name(self) -> str:
        """The column's name in the data."""
        return self.raw.name


@dataclass(frozen=True, slots=True)
class TableProfile:
    """A table of the data. `left_out` are columns that no field can hold, each with the reason."""

    name: str
    entry: DataEntry
    input: Input
    rows: int
    columns: Mapping[str, Column]
    left_out: tuple[tuple[str, str], ...]
    sampled: int

    @property
    def source(self) -> str:
        """The item of a FROM clause that holds its rows."""
        return self.input.relation.source
