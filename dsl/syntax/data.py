"""What the data looks like, parameters, and named expressions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from .expressions import Expr
from .words import Duration, LiteralNode, Name, Node, Text


@dataclass(frozen=True, slots=True)
class Use(Node):
    """`use "customer_data.seg"`: relative to the file it stands in."""

    path: Text


@dataclass(frozen=True, slots=True)
class Purposes(Node):
    """`purposes credit_risk "Credit risk", marketing`; `titles` has one entry a name, None where none was written."""

    names: tuple[Name, ...]
    titles: tuple[Text | None, ...] = ()


TypeWord = Literal["integer", "number", "percent", "money", "text", "boolean", "date", "timestamp", "one of"]


@dataclass(frozen=True, slots=True)
class TypeExpr(Node):
    """A written type: `money(4)` has scale 4 (None where not written); `one of` has choices."""

    word: TypeWord
    scale: int | None = None
    choices: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Range(Node):
    """`from 300 to 850`, `from 0`, `to 10` (ends in), or an interval `[640..720)`, `(0..1]`.

    A missing end is None. Ends are literals, in cells and bins also names of parameters."""

    low: Expr | None
    high: Expr | None
    low_included: bool
    high_included: bool


@dataclass(frozen=True, slots=True)
class Domain(Node):
    """Field modifier `from 18 to 120`."""

    range: Range


@dataclass(frozen=True, slots=True)
class Optional(Node):
    """Field modifier `optional`."""


@dataclass(frozen=True, slots=True)
class As(Node):
    """Field modifier `as "RGN_CD_2"`."""

    column: Text


@dataclass(frozen=True, slots=True)
class InPoints(Node):
    """Field modifier `in points`."""


@dataclass(frozen=True, slots=True)
class Written(Node):
    """Field modifier `written "%b-%Y"`."""

    pattern: Text


@dataclass(frozen=True, slots=True)
class TruthWhen(Node):
    """Field modifier `true when "Yes", "Y"` or `false when "No"`."""

    truth: bool
    values: tuple[LiteralNode, ...]


@dataclass(frozen=True, slots=True)
class MissingWhen(Node):
    """Field modifier `missing when 0, 999`."""

    values: tuple[LiteralNode, ...]


@dataclass(frozen=True, slots=True)
class OthersMissing(Node):
    """Field modifier `others missing`."""


@dataclass(frozen=True, slots=True)
class Protected(Node):
    """Field modifier `protected`."""


@dataclass(frozen=True, slots=True)
class Personal(Node):
    """Field modifier `personal`."""


@dataclass(frozen=True, slots=True)
class ConsentFor(Node):
    """Field modifier `consent for marketing`."""

    purposes: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class PurposeLimit(Node):
    """Field modifier `for credit_risk, marketing`."""

    purposes: tuple[Name, ...]


Modifier = (
    Domain
    | Optional
    | As
    | InPoints
    | Written
    | TruthWhen
    | MissingWhen
    | OthersMissing
    | Protected
    | Personal
    | ConsentFor
    | PurposeLimit
)


@dataclass(frozen=True, slots=True)
class FieldDecl(Node):
    """`credit_score integer from 300 to 850 optional "Bureau score"`; modifiers in the order written."""

    name: Name
    type: TypeExpr
    modifiers: tuple[Modifier, ...]
    title: Text | None


@dataclass(frozen=True, slots=True)
class TableDecl(Node):
    """`table …` or `events …` (`events=True`).

    `parent` and `by` come from `of customers by customer_id`; `key` from `key K`; `at`, `known_at`, `then` from
    `at W known at V then N`. Clauses that were not written are None. `damaged` is true when a part of the
    declaration could not be parsed (and was reported)."""

    name: Name
    title: Text | None
    events: bool
    parent: Name | None
    by: Name | None
    key: Name | None
    at: Name | None
    known_at: Name | None
    then: Name | None
    fields: tuple[FieldDecl, ...]
    damaged: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Freshness(Node):
    """`freshness payments within 35 days`."""

    table: Name
    within: Duration


@dataclass(frozen=True, slots=True)
class Parameter(Node):
    """`parameter prime_score = 720 from 600 to 800 "Lowest bureau score …"`."""

    name: Name
    value: LiteralNode
    range: Range | None
    title: Text | None


@dataclass(frozen=True, slots=True)
class Let(Node):
    """`let late_90d "Title" of accounts = …`; `table` is None where `of` was not written."""

    name: Name
    title: Text | None
    table: Name | None
    value: Expr
