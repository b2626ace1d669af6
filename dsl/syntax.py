"""The Document: what was written in one rule file, losslessly enough to format it.

Names are not resolved and nothing is typed here. Spans never take part in equality, so two documents are equal
when they say the same thing in the same order, wherever it stands. Parentheses are kept (`Paren`), the wording of
an operator is not: `is at least`-style words and symbols parse to the same operator.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from .source import Span


@dataclass(frozen=True, slots=True)
class Node:
    """Anything written: where it stands."""

    span: Span = field(compare=False, repr=False)


# -- words and literals ------------------------------------------------------------------------------------------


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


# -- expressions -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ref(Node):
    """A bare name (`parts` of one) or a dotted name (`parts` of two): `income`, `crm.do_not_call`."""

    parts: tuple[Name, ...]

    @property
    def text(self) -> str:
        """The name as it reads."""
        return ".".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Paren(Node):
    """`( inner )`."""

    inner: Expr


@dataclass(frozen=True, slots=True)
class Negative(Node):
    """`- operand` on something that is not a plain number."""

    operand: Expr


ArithmeticOperator = Literal["+", "-", "*", "/"]


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`left operator right`."""

    operator: ArithmeticOperator
    left: Expr
    right: Expr
    operator_span: Span = field(compare=False, repr=False)


ComparisonOperator = Literal["=", "!=", ">=", "<=", ">", "<"]


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """`left operator right`; `is`, `at least`, `above`, … have been mapped to their symbols."""

    operator: ComparisonOperator
    left: Expr
    right: Expr
    operator_span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`operand between low and high`, both ends in."""

    operand: Expr
    low: Expr
    high: Expr


@dataclass(frozen=True, slots=True)
class OneOf(Node):
    """`operand is [not] one of (a, b)`. Options are literals or names (parameters, segments)."""

    operand: Expr
    options: tuple[Expr, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class IsMissing(Node):
    """`operand is missing` (`known=False`) or `operand is known` (`known=True`)."""

    operand: Expr
    known: bool


@dataclass(frozen=True, slots=True)
class TextTest(Node):
    """`operand starts with pattern`, `operand contains pattern`."""

    test: Literal["starts with", "contains"]
    operand: Expr
    pattern: Expr


@dataclass(frozen=True, slots=True)
class Includes(Node):
    """`campaigns includes win_back`."""

    segmentation: Ref
    segment: Name


@dataclass(frozen=True, slots=True)
class Not(Node):
    """`not operand`."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """`a and b and c` or `a or b`: one operator, two or more operands, no parentheses around.

    `operator_spans` are the places of the operator words. Where `and` and `or` were mixed without parentheses the
    parser has reported it and binds `and` tighter, so that checking can go on."""

    operator: Literal["and", "or"]
    operands: tuple[Expr, ...]
    operator_spans: tuple[Span, ...] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Default(Node):
    """`operand default value`; value is a literal or a parameter's name."""

    operand: Expr
    value: Expr


@dataclass(frozen=True, slots=True)
class Since(Node):
    """`days since d`, `months since d`, `years since d`."""

    unit: DurationUnit
    operand: Expr


WindowLength = Duration | Ref
"""How long a window is: a duration or the name of a parameter that is one."""


@dataclass(frozen=True, slots=True)
class Window(Node):
    """`in last length [except last except_last]`, `in next length`, or `ever` (`direction="ever"`, no length)."""

    direction: Literal["last", "next", "ever"]
    length: WindowLength | None
    except_last: WindowLength | None


AggregateFunction = Literal[
    "count",
    "sum",
    "average",
    "min",
    "max",
    "median",
    "first",
    "latest",
    "distinct count",
    "trend per month",
    "any",
    "no",
    "share",
    "net promoter score",
]


@dataclass(frozen=True, slots=True)
class Aggregate(Node):
    """`count of payments where … in last 90 days`, `max of days_late from payments …`, `any payments …`.

    `value` is the X of `F of X from E` (a `Ref` or a `Paren`), None for `count of E`, `any E`, `no E`.
    `source` is E; None for the group aggregates of measures (`average of clv_12m`, `share where …`).
    """

    function: AggregateFunction
    value: Expr | None
    source: Name | None
    where: Expr | None
    window: Window | None
    function_span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Relative(Node):
    """`decile of x`, `quintile of x`, `quartile of x`, `percentile of x`, or `top 10% by x` (with `share`)."""

    function: Literal["decile", "quintile", "quartile", "percentile", "top"]
    of: Expr
    share: Percent | None


@dataclass(frozen=True, slots=True)
class Previous(Node):
    """`previous value_risk`."""

    segmentation: Ref


Expr = (
    Text
    | Number
    | Percent
    | Boolean
    | Date
    | Duration
    | Ref
    | Paren
    | Negative
    | Arithmetic
    | Comparison
    | Between
    | OneOf
    | IsMissing
    | TextTest
    | Includes
    | Not
    | Logic
    | Default
    | Since
    | Aggregate
    | Relative
    | Previous
)


# -- data declarations -------------------------------------------------------------------------------------------


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


# -- decisions and scorecards ------------------------------------------------------------------------------------


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


# -- segmentations -----------------------------------------------------------------------------------------------


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


# -- outcomes ----------------------------------------------------------------------------------------------------


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
    """`test "…" as of 2026-09-01 given … expect …`, or with a table of cases."""

    title: Text
    as_of: Date | None
    given: tuple[Given, ...]
    expect: tuple[Expectation, ...]
    table: TestTable | None


Declaration = (
    Use
    | Purposes
    | TableDecl
    | Freshness
    | Parameter
    | Let
    | DecisionTable
    | Scorecard
    | Segmentation
    | Measure
    | MeasuresBy
    | Target
    | Policy
    | Experiment
    | Guarantee
    | Test
)


@dataclass(frozen=True, slots=True)
class Comment(Node):
    """`# text` to the end of its line; `text` includes the `#`. `own_line` when nothing stands before it."""

    text: str
    own_line: bool


@dataclass(frozen=True, slots=True)
class Document:
    """One parsed rule file.

    `broken_names` are the words of the stretches that could not be parsed: a later pass does not complain that such
    a name is unknown, since its declaration may stand there."""

    file: str
    declarations: tuple[Declaration, ...]
    comments: tuple[Comment, ...]
    broken_names: frozenset[str] = field(default=frozenset(), compare=False)
