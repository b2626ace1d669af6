"""What segments are judged by and held to: measures, targets, policies, experiments, guarantees, tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from .expressions import ComparisonOperator, Expr, Previous, Ref, Relative
from .words import Date, Duration, LiteralNode, Name, Node, Number, Percent, Text


@dataclass(frozen=True, slots=True)
class Measure(Node):
    """`measure default_rate "Default rate" of customers lower is better = …`; also `measures by quarter of opened_on`
    is a `MeasuresBy`."""

    name: Name
    title: Text | None
    table: Name | None
    better: Literal["lower", "higher"] | None
    value: Expr


@dataclass(frozen=True, slots=True)
class MeasuresBy(Node):
    """`measures by quarter of opened_on`."""

    period: Literal["month", "quarter", "year"]
    of: Ref


@dataclass(frozen=True, slots=True)
class MeasuresAt(Node):
    """`measures at 3, 6, 12, 24 months`: each number with its unit."""

    lengths: tuple[Duration, ...]


@dataclass(frozen=True, slots=True)
class TargetItem(Node):
    """`default_rate at most 3%`, `size at least 5%`."""

    measure: Ref
    operator: ComparisonOperator
    value: Expr


@dataclass(frozen=True, slots=True)
class Target(Node):
    """`target prime_digital default_rate at most 3%, size at least 5%`."""

    segment: Ref
    items: tuple[TargetItem, ...]


@dataclass(frozen=True, slots=True)
class HideBelow(Node):
    """`hide groups below 10`."""

    minimum: Number


@dataclass(frozen=True, slots=True)
class Fairness(Node):
    """`fairness across gender favourable prime_digital ratio at least 80%`; every part but `across` may be absent."""

    across: tuple[Ref, ...]
    favourable: tuple[Ref, ...]
    unfavourable: tuple[Ref, ...]
    ratio: Percent | None
    reference: LiteralNode | None


@dataclass(frozen=True, slots=True)
class Policy(Node):
    """`policy` and its items."""

    items: tuple[HideBelow | Fairness, ...]


@dataclass(frozen=True, slots=True)
class Arm(Node):
    """`treated "Coaching calls" 90%`."""

    name: Name
    share: Percent
    title: Text | None = None


@dataclass(frozen=True, slots=True)
class Experiment(Node):
    """`experiment coaching "…" on subprime arms treated 90%, control 10% success default_rate`."""

    name: Name
    title: Text | None
    on: tuple[Ref, ...]
    arms: tuple[Arm, ...]
    success: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Guarantee(Node):
    """`guarantee "…" no prime_digital where …`, also `every prime_digital where …`-like statements as parsed.

    `kind` is `no` (no such customer is in the segment) or `every` (every customer in the segment satisfies it)."""

    title: Text
    kind: Literal["no", "every"]
    segment: Ref
    condition: Expr | None


@dataclass(frozen=True, slots=True)
class GivenValue(Node):
    """`credit_score 780`, `previous value_risk prime_digital`, `decile of clv_12m 3`, `crm.do_not_call true`."""

    target: Ref | Previous | Relative
    value: Expr


@dataclass(frozen=True, slots=True)
class GivenRow(Node):
    """`payments (paid_on 2026-08-01, amount 100, days_late 45)`: one row of an event, child or attached table."""

    table: Name
    values: tuple[GivenValue, ...]


Given = GivenValue | GivenRow


@dataclass(frozen=True, slots=True)
class Expectation(Node):
    """`value_risk is standard`, `campaigns includes a, b`, `campaigns is none`, with `because …` if written.

    `because` is (condition, what became of it), e.g. (`late_90d = 0`, `fails`)."""

    segmentation: Ref
    relation: Literal["is", "includes", "none"]
    segments: tuple[Name, ...]
    because: Expr | None
    outcome: Literal["holds", "fails", "unknown"] | None


@dataclass(frozen=True, slots=True)
class TestTableRow(Node):
    """`| 780 | "app" | standard |`: cells of the given columns, then of the expected ones; an empty cell is None."""

    cells: tuple[Expr | None, ...]


@dataclass(frozen=True, slots=True)
class TestTable(Node):
    """`| credit_score | channel | => value_risk |` and its rows: given columns, expected segmentations."""

    given: tuple[Ref | Previous | Relative, ...]
    expected: tuple[Ref, ...]
    rows: tuple[TestTableRow, ...]


@dataclass(frozen=True, slots=True)
class Test(Node):
    """`test "…" as of 2026-09-01 given … expect …`, or with a table of cases. `damaged` is true when a part of it was
    skipped because it is not in the language."""

    title: Text
    as_of: Date | None
    given: tuple[Given, ...]
    expect: tuple[Expectation, ...]
    table: TestTable | None
    damaged: bool = field(default=False, compare=False)
