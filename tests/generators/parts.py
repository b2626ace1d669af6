"""Everything that a program holds."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache

from segwright.dsl.source import Span


def parts(part: object) -> list[object]:
    """A part of a program and everything inside it, outermost first, without where it stands in its text."""
    found: list[object] = []
    waiting = [part]
    while waiting:
        part = waiting.pop()
        if isinstance(part, tuple):
            waiting.extend(reversed(part))
        elif (names := _names(type(part))) is not None:
            found.append(part)
            waiting.extend(getattr(part, name) for name in reversed(names))
    return found


@cache
def _names(kind: type) -> tuple[str, ...] | None:
    """The fields of a kind of parts; None where it is none."""
    return tuple(each.name for each in fields(kind)) if is_dataclass(kind) and kind is not Span else None
