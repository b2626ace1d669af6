"""What is decided about one row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from ...dsl.expr import Reason
from ...dsl.types import Value

Segments = str | tuple[str, ...]

NOBODY: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({})
"""Where no cap keeps anybody out of anything."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A condition that was reached, in words: `truth` is None for unknown, and for one that is `hidden` because it
    looks at what is personal. `values` are what it looked at, by name; None is missing."""

    condition: str
    truth: bool | None
    values: Mapping[str, Value | None]
    hidden: bool = False

    def __str__(self) -> str:
        told = {True: "true", False: "false", None: "unknown"}[self.truth]
        return f"{self.condition}: {'hidden' if self.hidden else told}"

    def as_json(self) -> dict[str, Any]:
        """The condition as plain data; dates and money as text."""
        if self.hidden:
            return {"condition": self.condition, "truth": "hidden"}
        told = {True: "true", False: "false", None: "unknown"}[self.truth]
        values = {name: plain(value) for name, value in self.values.items()}
        return {"condition": self.condition, "truth": told, "values": values}


def plain(value: Value | None) -> Any:
    """A value as JSON has it: numbers, text and booleans as they are, everything else as text."""
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


class Decision(NamedTuple):
    """The segments of one row: a named tuple, because nothing else that cannot be changed is made as fast.

    `segments`: by segmentation, a name, or a tuple of names where they overlap. `clauses`: by exclusive
    segmentation, the number of the clause that won. `reasons`: by segmentation, those that notices carry, in their
    order. `trace`: every condition that was reached, in order; None where nobody asked. `kept_out`: by segmentation
    with a cap that had a say, the segments that the row qualifies for beyond it, but for those that ask for
    personal data. Equal answers may be one object, so the mappings cannot be changed."""

    segments: Mapping[str, Segments]
    clauses: Mapping[str, int]
    reasons: Mapping[str, tuple[Reason, ...]]
    trace: Sequence[Seen] | None = None
    kept_out: Mapping[str, tuple[str, ...]] = NOBODY

    def as_json(self) -> dict[str, Any]:
        """The decision as plain data."""
        found: dict[str, Any] = {
            "segments": {name: list(of) if isinstance(of, tuple) else of for name, of in self.segments.items()},
            "clauses": dict(self.clauses),
            "reasons": {
                name: [{"code": each.code, "text": each.text} for each in reasons]
                for name, reasons in self.reasons.items()
            },
        }
        if self.kept_out:
            found["kept_out"] = {name: list(of) for name, of in self.kept_out.items()}
        if self.trace is not None:
            found["trace"] = [seen.as_json() for seen in self.trace]
        return found

    def __reduce__(self) -> tuple[Any, ...]:
        parts = (dict(self.segments), dict(self.clauses), dict(self.reasons), self.trace, dict(self.kept_out))
        return decision, parts


def decision(
    segments: Mapping[str, Segments],
    clauses: Mapping[str, int],
    reasons: Mapping[str, tuple[Reason, ...]],
    trace: Sequence[Seen] | None = None,
    kept_out: Mapping[str, tuple[str, ...]] = NOBODY,
) -> Decision:
    """A decision whose mappings cannot be changed."""
    return Decision(
        MappingProxyType(segments),
        MappingProxyType(clauses),
        MappingProxyType(reasons),
        trace,
        MappingProxyType(kept_out) if kept_out else NOBODY,
    )
