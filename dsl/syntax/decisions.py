"""Decision tables and scorecards."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from .data import Range
from .expressions import ComparisonOperator, Expr
from .words import Name, Node, Number, Text


@dataclass(frozen=True, slots=True)
class Cell(Node):
    """One cell of a decision table, or the condition of a scorecard bin.

    kind `any`, `missing`, `known`: no value. `values`: one or more literals or parameter names. `compare`: operator
    and one value. `range`: a range. `otherwise`: only as the first cell of a row or as a bin."""

    kind: Literal["any", "missing", "known", "values", "compare", "range", "otherwise"]
    values: tuple[Expr, ...] = ()
    operator: ComparisonOperator | None = None
    range: Range | None = None


@dataclass(frozen=True, slots=True)
class DecisionRow(Node):
    """`| >= 720 | < 30% | "A" |`: condition cells and the result."""

    cells: tuple[Cell, ...]
    result: Expr


@dataclass(frozen=True, slots=True)
class DecisionTable(Node):
    """`decision price_band "Price band" unique` with its head `| a | b | => price_band |` and rows. `damaged` is true
    when something in it was reported, so that rows may be left out."""

    name: Name
    title: Text | None
    table: Name | None
    policy: Literal["first", "unique"] | None
    inputs: tuple[Expr, ...]
    result: Name | None
    rows: tuple[DecisionRow, ...]
    damaged: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Reason(Node):
    """`reason R01 "Recent arrears"`."""

    code: Name
    text: Text | None


@dataclass(frozen=True, slots=True)
class Bin(Node):
    """`below 30% +40 reason R12 "…"`."""

    cell: Cell
    points: Number
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class Characteristic(Node):
    """`by utilisation` with its bins."""

    by: Expr
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class ScoreWhen(Node):
    """`when late_90d > 0 then -60 reason R01 "Recent arrears"`."""

    condition: Expr
    points: Number
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class Scorecard(Node):
    """`scorecard behaviour "Behaviour score" starts at 500 …`. `damaged` as in a decision table."""

    name: Name
    title: Text | None
    table: Name | None
    start: Number | None
    items: tuple[Characteristic | ScoreWhen, ...]
    damaged: bool = field(default=False, compare=False)
