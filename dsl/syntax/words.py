"""Words and literals."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from ..source import Span


@dataclass(frozen=True, slots=True)
class Node:
    """Anything written: where it stands."""

    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Name(Node):
    """An identifier, normalised to NFC, without backquotes."""

    text: str


@dataclass(frozen=True, slots=True)
class Text(Node):
    """`"text"`: the value, escapes (`\\"`, `\\\\`) resolved."""

    value: str


@dataclass(frozen=True, slots=True)
class Number(Node):
    """`720`, `1_000`, `0.35`, with an optional leading minus: the exact decimal value.

    `whole` is true when no decimal point was written."""

    value: Decimal
    whole: bool


@dataclass(frozen=True, slots=True)
class Percent(Node):
    """`30%`: `points` is 30, the share is points / 100."""

    points: Decimal


@dataclass(frozen=True, slots=True)
class Boolean(Node):
    """`true` or `false`."""

    value: bool


@dataclass(frozen=True, slots=True)
class Date(Node):
    """`2026-01-31`."""

    value: dt.date


DurationUnit = Literal["day", "month", "year"]


@dataclass(frozen=True, slots=True)
class Duration(Node):
    """`90 days`, `12 months`, `2 years`."""

    amount: int
    unit: DurationUnit


LiteralNode = Text | Number | Percent | Boolean | Date | Duration
"""A literal value. (`Duration` only where the language allows one.)"""
