"""What is declared in a project, as expressions look it up.

`declarations.py` fills `Names` from the documents, then `expressions.py` checks one expression in a `Scope`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from .. import program as p
from ..diagnostics import Problems
from ..source import Span
from ..syntax import Name


@dataclass(frozen=True, slots=True)
class SegmentationHead:
    """What references need to know of a segmentation before it is checked."""

    name: str
    table: str | None
    exclusive: bool
    segments: tuple[str, ...]
    span: Span


NAMELESS = ""
"""Stands among the broken names where a declaration has none: then any unknown name may be meant."""


@dataclass(slots=True)
class Names:
    """The one namespace of a project; fields live in their tables, segments in their segmentations.

    `let(table, name)` gives the typed let, checking it on first use; None where it was reported as wrong (then say
    nothing more about it). `broken` are words of stretches that did not parse, and names whose declaration was
    reported: never complain that such a name is unknown. `unreadable` says of names that no expression can read what
    they are: `a measure`, `an experiment`.
    """

    problems: Problems
    tables: dict[str, p.Table] = field(default_factory=dict)
    parameters: dict[str, p.Parameter] = field(default_factory=dict)
    let_names: dict[tuple[str, str], Span] = field(default_factory=dict)
    segmentations: dict[str, SegmentationHead] = field(default_factory=dict)
    purposes: dict[str, Span] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    let: Callable[[str, Name], p.Let | None] = field(default=lambda _table, _name: None)


Place = Literal["when", "unless", "let", "where", "value", "measure", "group", "guarantee"]
"""`measure`: the figure of a group; `group`: what is asked of each of its rows."""


def names_of(program: p.Program) -> Names:
    """The tables, parameters and lets of a finished program, for what asks about its expressions."""
    lets = {(let.table, let.name): let for let in program.lets}
    return Names(
        Problems(),
        {table.name: table for table in program.tables},
        {parameter.name: parameter for parameter in program.parameters},
        {key: let.span for key, let in lets.items()},
        let=lambda table, name: lets.get((table, name.text)),
    )


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands: over the rows of `table`; `place` says in what. `reading` is the let or
    segmentation being checked, for messages."""

    names: Names
    table: str
    place: Place
    reading: str
