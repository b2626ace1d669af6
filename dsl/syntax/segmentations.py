"""Segmentations and their segments."""

from __future__ import annotations

from dataclasses import dataclass, field

from .decisions import Reason
from .expressions import Expr
from .words import Date, Duration, Name, Node, Number, Text


@dataclass(frozen=True, slots=True)
class When(Node):
    """`when condition`."""

    condition: Expr


@dataclass(frozen=True, slots=True)
class Unless(Node):
    """`unless condition`."""

    condition: Expr


@dataclass(frozen=True, slots=True)
class NeedsConsent(Node):
    """`needs consent for marketing`."""

    purposes: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class ReasonsFrom(Node):
    """`reasons from behaviour`."""

    scorecard: Name


@dataclass(frozen=True, slots=True)
class InForceFrom(Node):
    """`from 2026-01-01`."""

    date: Date


@dataclass(frozen=True, slots=True)
class InForceUntil(Node):
    """`until 2026-12-31`."""

    date: Date


SegmentItem = When | Unless | NeedsConsent | Reason | ReasonsFrom | InForceFrom | InForceUntil


@dataclass(frozen=True, slots=True)
class Segment(Node):
    """`segment prime "Prime" …` or `otherwise standard "Standard" …` (`otherwise=True`); items in the order written."""

    name: Name
    title: Text | None
    otherwise: bool
    items: tuple[SegmentItem, ...]
    damaged: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Mode(Node):
    """`first match wins` (`exclusive=True`) or `overlapping`."""

    exclusive: bool


@dataclass(frozen=True, slots=True)
class Purpose(Node):
    """`purpose credit_risk, marketing`."""

    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Owner(Node):
    """`owner "portfolio-risk"`."""

    owner: Text


@dataclass(frozen=True, slots=True)
class Refresh(Node):
    """`refresh every 1 month`."""

    every: Duration


@dataclass(frozen=True, slots=True)
class Review(Node):
    """`review every 12 months, last reviewed 2026-01-15`."""

    every: Duration
    last_reviewed: Date | None


@dataclass(frozen=True, slots=True)
class EachAtLeast(Node):
    """`each segment at least 500 customers`; the last word is the table's name or any word."""

    minimum: Number
    of: Name | None


@dataclass(frozen=True, slots=True)
class AtMostEach(Node):
    """`at most 2 segments each`."""

    maximum: Number


HeaderItem = Mode | Purpose | Owner | Refresh | Review | EachAtLeast | AtMostEach | NeedsConsent | Unless


@dataclass(frozen=True, slots=True)
class Segmentation(Node):
    """`segmentation value_risk "Value and risk" of customers …`; header items and segments in the order written."""

    name: Name
    title: Text | None
    table: Name | None
    header: tuple[HeaderItem, ...]
    segments: tuple[Segment, ...]
    damaged: bool = field(default=False, compare=False)
