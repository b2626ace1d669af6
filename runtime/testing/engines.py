"""The engines that tests run on. Each puts the rows of a small data set into segments, as it would those of a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...compiler.plan import Binding
from ...dsl.program import Program
from ..reference.interpreter import Answer
from ..reference.rows import Data
from .duckdb_engine import ask_duckdb

Answers = dict[int, dict[str, Answer]]
"""By key of the row and segmentation: the segment and its clause, or the segments of an overlapping one."""

Ask = Callable[[Program, str, Data, Binding], Answers]
"""The answers for every row of a table with an integer key. Raises a `RunError`: `DataError` where the rows tie or
overflow."""

ENGINES: Mapping[str, Ask] = {"duckdb": ask_duckdb}
"""By the name that settings and commands call an engine."""
