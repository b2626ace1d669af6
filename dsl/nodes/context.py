"""What the functions that build nodes share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from .. import syntax as s
from ..diagnostics import Problems
from ..source import Source, Span
from ..tokens import Token


@dataclass(slots=True)
class Build:
    """What the functions share: the file, where problems go, where stretches were skipped (in the order of the text),
    and where the last arithmetic begins that was too long."""

    source: Source
    problems: Problems
    damage: list[int] = field(default_factory=list)
    too_long_at: int = -1

    @property
    def file(self) -> str:
        """The name of the file."""
        return self.source.name

    def same_line(self, first: Span, second: Span) -> bool:
        """Whether no line break stands between two places: for what is said about a mistake, never for a meaning."""
        return "\n" not in self.source.text[first.end : second.start]

    def span(self, token: Token) -> Span:
        """Where a token stands."""
        return Span(self.source.name, token.start, token.end)

    def name(self, token: Token) -> s.Name:
        """The name that a token is."""
        return s.Name(self.span(token), token.text)

    def name_or_none(self, token: Token | None) -> s.Name | None:
        """The name that a token is, None for None."""
        return None if token is None else self.name(token)

    def text(self, token: Token) -> s.Text:
        """The text that a token is."""
        return s.Text(self.span(token), token.text)

    def text_or_none(self, token: Token | None) -> s.Text | None:
        """The text that a token is, None for None."""
        return None if token is None else self.text(token)

    def number(self, token: Token) -> s.Number:
        """The number that a token is."""
        return s.Number(self.span(token), Decimal(token.text), "." not in token.text)

    def percent(self, token: Token) -> s.Percent:
        """The percentage that a token is."""
        return s.Percent(self.span(token), Decimal(token.text.rstrip("%").rstrip()))

    def date(self, token: Token) -> s.Date:
        """The date that a token is."""
        return s.Date(self.span(token), dt.date.fromisoformat(token.text))

    def has_problems(self, span: Span) -> bool:
        """Whether something was reported in a construct that is complete now."""
        return any(found.span.start >= span.start for found in self.problems.found)

    def is_damaged(self, span: Span) -> bool:
        """Whether a stretch was skipped in or right after a construct that is complete now."""
        return bool(self.damage) and self.damage[-1] >= span.start


Action = Callable[..., object]
"""Makes the value of a rule: `action(build, span, *values)`."""
