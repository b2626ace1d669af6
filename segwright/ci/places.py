"""Places in the settings file, for problems that no rule file has."""

from __future__ import annotations

from pathlib import Path

from ..dsl.source import Source, Span
from ..runtime.settings import FILE, line_of
from .records import Outcome


def settings_span(outcome: Outcome, section: str | None = None, key: str | None = None) -> Span:
    """The line of a section, or of a key in it; else the first one."""
    text = _settings(outcome).text
    return line_span(outcome, (line_of(text, section, key) if section else None) or 1)


def line_span(outcome: Outcome, line: int) -> Span:
    """A line of the settings file, from 1."""
    source = _settings(outcome)
    lines = source.text.split("\n")
    start = sum(len(each) + 1 for each in lines[: line - 1])
    return Span(source.name, start, start + len(lines[line - 1].rstrip("\r")) if line <= len(lines) else start)


def _settings(outcome: Outcome) -> Source:
    return next(source for name, source in outcome.sources.items() if Path(name).name == FILE)
