"""What is shared while the source of one population is written: names, constants, what is asked of the caller."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ...dsl.program import Program, Window
from ...dsl.types import Value
from ..cut_points import CutPoints
from ..plan import Population
from .places import Place
from .terms import Term
from .words import Words

Lines = list[str]
"""Source lines, indented within themselves."""


def indented(lines: Iterable[str]) -> Lines:
    """The lines one level deeper."""
    return [f"    {line}" for line in lines]


@dataclass(slots=True)
class Writer:
    """The source while it grows.

    `constants` are the global names of the source; `windows` and `parameters` what is bound when the as-of date and the
    parameters are known, `bound` statements that run then. `answers` are the variables of the segmentations so far.
    `of_time`: the as-of date has a say. `noting`: conditions are noted when they are asked; `words` are what is noted,
    `personal` the names of features that are not shown."""

    program: Program
    population: Population
    cut_points: CutPoints
    checked: bool
    root: Place
    constants: dict[str, Any] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    windows: dict[Window, str] = field(default_factory=dict)
    answers: dict[str, Term] = field(default_factory=dict)
    bound: list[str] = field(default_factory=list)
    words: dict[int, Words] = field(default_factory=dict)
    personal: frozenset[str] = frozenset()
    of_time: bool = False
    noting: bool = False
    _count: int = 0
    _constants: dict[tuple[type, Any], str] = field(default_factory=dict)

    def fresh(self, hint: str = "t") -> str:
        """A name that nothing else has, which ends in `hint` where that is a word."""
        self._count += 1
        return f"v{self._count}_{hint}" if hint.isidentifier() else f"v{self._count}"

    def constant(self, value: Any, hint: str = "k") -> str:
        """The name of a constant of the source."""
        name = f"K{len(self.constants)}_{hint}" if hint.isidentifier() else f"K{len(self.constants)}"
        self.constants[name] = value
        return name

    def literal(self, value: Value) -> str:
        """A value of the language in the source."""
        if isinstance(value, bool | int | str):
            return repr(value)
        if isinstance(value, float) and repr(value)[-1].isdigit():
            return repr(value)
        key = (type(value), str(value))
        if key not in self._constants:
            self._constants[key] = self.constant(value)
        return self._constants[key]
