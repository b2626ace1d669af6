"""What the runtime asks of an engine, whichever it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from ...compiler.assignment import Options
from ...compiler.plan import Binding, PlanExpr, Population, Ranking
from ...dsl.program import Program
from ...dsl.types import Value
from .names import EngineName


class Overflow(Exception):
    """Arithmetic that the rules read does not fit: which, `stops.overflow` finds out."""


@dataclass(frozen=True, slots=True)
class Tied:
    """An aggregate (its name in the plan) that ties leave without an answer: the table of its rows, for how many keys,
    and the first (`FIRST`) of these, as text, each with the time at which its rows tie."""

    table: str
    feature: str
    count: int
    first: tuple[tuple[str, str], ...]


class Engine(Protocol):
    """The data of a project, under contract, on an engine. Every method may raise `Overflow` or, for whatever else the
    engine fails at, `EngineError`."""

    @property
    def program(self) -> Program: ...

    def version(self) -> EngineVersion: ...

    def ranked(self, ranking: Ranking, binding: Binding) -> Mapping[str, Any]:
        """The cut-points of a population: `cut_<i>_<j>`, the j-th of the i-th relative value."""
        ...

    def tied(self, population: Population, binding: Binding) -> list[Tied]:
        """The ties in what a population asks, in order of table and name."""
        ...

    def assign(self, population: Population, binding: Binding, options: Options, file: Path) -> None:
        """Writes the assignments of a population as Parquet."""
        ...

    def rows(self, population: Population, binding: Binding, options: Options) -> list[tuple[Any, ...]]:
        """The assignments of a population, in Python."""
        ...

    def reckon(self, population: Population, binding: Binding) -> None:
        """Evaluates all features of a population for every row, and keeps none of them."""
        ...

    def observe(
        self, population: Population, binding: Binding, key: Value, observed: Iterable[PlanExpr]
    ) -> list[dict[str, Any]]:
        """The rows with that key: `clause_<segmentation>`, the number of the winning clause, or
        `included_<segmentation>`, one truth for each segment; `condition_<number>` for each condition that is not
        personal; `observed_<i>`, the value of the i-th of `observed`."""
        ...

    def counted(self, population: Population, binding: Binding, key: Value, feature: str) -> list[tuple[Any, ...]]:
        """The rows that an aggregate counted for one key: the columns of `counted_columns`, events from the latest to
        the earliest, rows of child tables in order of their key."""
        ...


@dataclass(frozen=True, slots=True)
class EngineVersion:
    """`threads` that it works with, and its limit of memory in words."""

    name: EngineName
    version: str
    threads: int
    memory_limit: str
