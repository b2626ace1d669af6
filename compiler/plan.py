"""The Plan: what any engine has to do, with the sugar gone.

A `Population` is one table whose rows are put into segments. Its `Frame` says which columns make up one row: fields
of the table's own source, fields of attached tables and of the parent, aggregates (one `AggregatePass` for each
events or child table and key, however many windows and filters), and row features computed from these. `Condition`s
are the distinct leaf tests, numbered from 0 in each population; `Decision`s say which conditions decide which clause.

Promises, checked in tests:

1. Each source is named once in a frame and projects only the fields that are read.
2. `Condition.number` is the index in `Population.conditions`, and no two conditions of a population are equal.
3. Features stand in an order in which each needs only what stands before it; decisions too.
4. Plan expressions hold no `LetRef` and no `Aggregate`: `FeatureRef` stands for both. Lets of type boolean have been
   unfolded, so that explanations reach the conditions inside them; decisions (`Choose`) and scorecards have not. Every
   operation that can overflow (`PARTIAL_OVERLOADS`) is a feature of its own, so it runs on every row (inside an
   aggregate: of its pass); adding the points of a scorecard, which are constants, cannot.
5. `!=`, `is not one of` and `is known` are `Negated` formulas over the positive condition; `no E` over `any E`.

The as-of date and parameter values are not part of the plan; `Binding` supplies them when it is lowered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

from ..dsl.program import (
    And,
    Call,
    Const,
    Expr,
    FieldRef,
    Not,
    Or,
    ParameterRef,
    Previous,
    Relative,
    RowKnown,
    SegmentIncludes,
    SegmentIs,
    Window,
)
from ..dsl.types import Length, Type, Value


@dataclass(frozen=True, slots=True)
class FeatureRef:
    """The value of a feature of the row at hand, by its name in the frame."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Arm:
    """One way through a `Choose`."""

    when: PlanExpr
    then: PlanExpr


@dataclass(frozen=True, slots=True)
class Choose:
    """The value of the first arm whose `when` is true, else `otherwise`, else missing."""

    arms: tuple[Arm, ...]
    otherwise: PlanExpr | None
    type: Type


@dataclass(frozen=True, slots=True)
class Band:
    """Where `operand` stands among everybody, told from the cut-points `key` of the binding (`cut_points.py`)."""

    key: str
    function: str
    operator: str | None
    operand: PlanExpr
    type: Type


PlanExpr = (
    Const
    | ParameterRef
    | FieldRef
    | FeatureRef
    | Call
    | And
    | Or
    | Not
    | RowKnown
    | SegmentIs
    | SegmentIncludes
    | Previous
    | Choose
    | Band
)
"""What stands inside a `Call`, `And`, `Or` or `Not` of a plan is a plan expression too; `operands_of` and `as_operands`
tell the type checker so."""


def operands_of(expr: PlanExpr) -> tuple[PlanExpr, ...]:
    """What stands directly inside a plan expression, in order; of an arm what it asks, then what it gives."""
    match expr:
        case Call() | And() | Or():
            return cast("tuple[PlanExpr, ...]", expr.operands)
        case Not():
            return cast("tuple[PlanExpr, ...]", (expr.operand,))
        case Choose(arms, otherwise):
            found = tuple(part for arm in arms for part in (arm.when, arm.then))
            return found if otherwise is None else (*found, otherwise)
        case Band(operand=operand):
            return (operand,)
        case _:
            return ()


def as_operands(operands: Iterable[PlanExpr]) -> tuple[Expr, ...]:
    """The operands with which to build a plan expression."""
    return cast("tuple[Expr, ...]", tuple(operands))


@dataclass(frozen=True, slots=True)
class Source:
    """The rows of one table as the frame needs them: the fields that are read, keys and times included, in order of
    declaration."""

    table: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Feature:
    """A column computed from the row: a let, or an operation that can overflow. `written` is how the program says
    it, for wording and for labels."""

    name: str
    value: PlanExpr
    type: Type
    written: Expr = field(compare=False)


@dataclass(frozen=True, slots=True)
class AggregateFeature:
    """A column aggregated over the rows of a pass. `value` and `where` stand over the pass's own frame."""

    name: str
    overload: str
    value: PlanExpr | None
    where: PlanExpr | None
    window: Window | None
    type: Type
    written: Expr = field(compare=False)


@dataclass(frozen=True, slots=True)
class AggregatePass:
    """Everything that is aggregated from one events or child table for one key, in one go.

    `frame` describes one row of that table; its rows are grouped by the field `by` and joined to the key of the
    surrounding frame. For events, `at`, `known_at` and `then` are the fields that order them and make them visible.
    """

    frame: Frame
    by: str
    at: str | None
    known_at: str | None
    then: str | None
    aggregates: tuple[AggregateFeature, ...]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A table attached one-to-one: its source and the field that holds the key of the surrounding frame."""

    source: Source
    by: str


@dataclass(frozen=True, slots=True)
class ParentJoin:
    """What a child or event row reads of its parent: the parent's frame (its source, attachments, own parent and row
    features; never passes) and the field of the child that holds the parent's key."""

    frame: Frame
    by: str


@dataclass(frozen=True, slots=True)
class Frame:
    """One row of `source.table` with everything that is read about it. `key` is None where the table has none.

    `snapshot_at` is the field of a table of snapshots: of the rows of a key, the latest at or before the as-of date is
    the row. `previous` are the segmentations whose segment in the run before is asked for."""

    source: Source
    key: str | None
    snapshot_at: str | None
    attachments: tuple[Attachment, ...]
    parent: ParentJoin | None
    passes: tuple[AggregatePass, ...]
    features: tuple[Feature, ...]
    previous: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """What relative values are relative to: the values of the whole table, and which cut-points they give.

    `values` stand over `frame`, which has nothing that depends on a relative value; `written` are the `Relative`s with
    the keys of their cut-points."""

    frame: Frame
    values: tuple[PlanExpr, ...]
    keys: tuple[str, ...]
    written: tuple[Relative, ...]


@dataclass(frozen=True, slots=True)
class Inspection:
    """What an explanation looks up of a decision or scorecard (a let): the number, from 1, of the row that held, or of
    the true bin of each characteristic. `otherwise` of a decision counts as its last row; 0 is none.

    `inputs` are the values that these tell: of each input of a decision, of what each characteristic is `by`. None
    where there is no such value: no cell looks at the input, or points are given by a `when`."""

    let: str
    numbers: tuple[PlanExpr, ...]
    inputs: tuple[PlanExpr | None, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Condition:
    """A distinct leaf test. `written` is how the program says it; `personal`: its truth must never be shown."""

    number: int
    test: PlanExpr
    personal: bool
    written: Expr = field(compare=False)


# -- formulas over conditions --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Is:
    """The truth of condition `number`: true, false or unknown."""

    number: int


@dataclass(frozen=True, slots=True)
class AllOf:
    """Kleene conjunction; of nothing it is true."""

    operands: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Kleene disjunction; of nothing it is false."""

    operands: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Negated:
    """Kleene negation: unknown stays unknown."""

    operand: Formula


@dataclass(frozen=True, slots=True)
class NotTrue:
    """False where the operand is true, else true: what `unless` asks. Never unknown."""

    operand: Formula


Formula = Is | AllOf | AnyOf | Negated | NotTrue


@dataclass(frozen=True, slots=True)
class DecisionClause:
    """A clause: it holds where `formula` is true and the as-of date is within `valid_from` … `valid_until`.

    `formula` = AllOf(when, NotTrue(unless) …, consent …); consent is `Is` of a condition `field default false`."""

    number: int
    segment: str
    formula: Formula
    valid_from: dt.date | None
    valid_until: dt.date | None


@dataclass(frozen=True, slots=True)
class Decision:
    """One segmentation. Exclusive: the first clause that holds, else `otherwise` with the last number. Overlapping:
    every segment with a clause that holds, with a `cap` only the first so many; `otherwise` is None."""

    segmentation: str
    exclusive: bool
    segments: tuple[str, ...]
    clauses: tuple[DecisionClause, ...]
    otherwise: str | None
    otherwise_clause: int | None
    cap: int | None = None


@dataclass(frozen=True, slots=True)
class GroupTerm:
    """A column aggregated over a group of rows: `overload` of `value`, or of the rows for which `where` is true (of a
    share: its condition). Both stand over the rows of the frame. `name` is its place in `Measuring.terms`."""

    name: str
    overload: str
    value: PlanExpr | None
    where: PlanExpr | None
    type: Type


@dataclass(frozen=True, slots=True)
class Ahead:
    """An outcome window: events of `table` dated within `length` after the as-of date."""

    table: str
    length: Length | ParameterRef


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure: arithmetic on group terms, which `FeatureRef`s name. `asked` are the values and conditions of its
    terms: a row for which one is missing is not counted somewhere. `segmentations` are those it is reported for.

    `ahead` are its outcome windows; with a `horizon` (`measures at`) they are that long, and not as written."""

    measure: str
    value: PlanExpr
    asked: tuple[PlanExpr, ...]
    type: Type
    segmentations: tuple[str, ...]
    ahead: tuple[Ahead, ...] = ()
    horizon: Length | None = None


@dataclass(frozen=True, slots=True)
class Vintage:
    """`measures by quarter of opened_on`: rows by the period in which a date or timestamp of theirs lies."""

    period: Literal["month", "quarter", "year"]
    of: PlanExpr


@dataclass(frozen=True, slots=True)
class Measuring:
    """What a population's segments are judged by: `terms` are aggregated over a group of rows, `figures` made of them,
    also for each of `vintages`; `across` are the protected fields over which fairness looks at the segments.

    `frame` is the population's with what all these read of a row besides: its features are those of the population
    under the same names. `SegmentIs` and `SegmentIncludes` ask what the rows are assigned."""

    frame: Frame
    terms: tuple[GroupTerm, ...]
    figures: tuple[Figure, ...]
    vintages: tuple[Vintage, ...] = ()
    across: tuple[FieldRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Population:
    """One table whose rows are assigned."""

    table: str
    frame: Frame
    conditions: tuple[Condition, ...]
    decisions: tuple[Decision, ...]
    ranking: Ranking | None = None
    inspections: tuple[Inspection, ...] = ()
    measuring: Measuring | None = None


@dataclass(frozen=True, slots=True)
class ColumnRead:
    """A field that a run reads, and the segmentations and measures on whose behalf (empty: keys, times and freshness
    only)."""

    table: str
    field: str
    column: str
    readers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a run does. Populations in order of their tables' declaration."""

    populations: tuple[Population, ...]
    columns: tuple[ColumnRead, ...]


@dataclass(frozen=True, slots=True)
class Binding:
    """What a run adds to a plan: the as-of date, the value of every parameter, and the cut-points of every relative
    value by their key."""

    as_of: dt.date
    parameters: dict[str, Value]
    cut_points: Mapping[str, tuple[Value | None, ...]] = field(default_factory=dict)
