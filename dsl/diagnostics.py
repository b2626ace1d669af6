"""What the checker has to say, as data.

A diagnostic is found in one place and rendered in another (`full`, `concise`, `json`); see `segwright/cli`.
Every code has a page in `dsl/codes/`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from .source import Span

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Label:
    """A second place that belongs to a problem, with what it has to do with it."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the words under `span` by `text`; an empty span inserts."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """One way to mend a problem: a title such as "write `30%`" and the edits that do it."""

    title: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem: a stable code, the words it concerns, a sentence that an analyst understands."""

    code: str
    severity: Severity
    message: str
    span: Span
    labels: tuple[Label, ...] = ()
    fixes: tuple[Fix, ...] = ()
    hints: tuple[str, ...] = ()


@dataclass(slots=True)
class Problems:
    """Collects diagnostics during a pass; nothing is raised."""

    found: list[Diagnostic] = field(default_factory=list)

    def error(
        self,
        code: str,
        span: Span,
        message: str,
        *,
        labels: Iterable[Label] = (),
        fixes: Iterable[Fix] = (),
        hints: Iterable[str] = (),
    ) -> None:
        """Record a problem that keeps the rules from running."""
        self.found.append(Diagnostic(code, "error", message, span, tuple(labels), tuple(fixes), tuple(hints)))

    def warning(
        self,
        code: str,
        span: Span,
        message: str,
        *,
        labels: Iterable[Label] = (),
        fixes: Iterable[Fix] = (),
        hints: Iterable[str] = (),
    ) -> None:
        """Record something that is probably not meant."""
        self.found.append(Diagnostic(code, "warning", message, span, tuple(labels), tuple(fixes), tuple(hints)))

    def note(
        self,
        code: str,
        span: Span,
        message: str,
        *,
        labels: Iterable[Label] = (),
        fixes: Iterable[Fix] = (),
        hints: Iterable[str] = (),
    ) -> None:
        """Record something worth knowing."""
        self.found.append(Diagnostic(code, "note", message, span, tuple(labels), tuple(fixes), tuple(hints)))

    def has_errors(self) -> bool:
        """True when anything found keeps the rules from running."""
        return any(found.severity == "error" for found in self.found)


def replace(span: Span, text: str, title: str | None = None) -> Fix:
    """The fix that writes `text` instead of the words under `span`."""
    return Fix(title or f"write `{text}`", (Edit(span, text),))


def in_order(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Diagnostics by file, place and code, each once."""
    unique = dict.fromkeys(found)
    return tuple(sorted(unique, key=lambda d: (d.span.file, d.span.start, d.span.end, d.code, d.message)))
