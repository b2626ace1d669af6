"""The expressions of a Program: names resolved, types known. `program.py` says what they promise."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Literal

from .source import Span
from .types import Length, Type, Value

NOWHERE = Span("", 0, 0)
"""The span of what no file says: in generated programs and in rule sets loaded from JSON."""


@dataclass(frozen=True, slots=True)
class Const:
    """A literal, converted to the type that its place asks for."""

    value: Value
    type: Type
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ParameterRef:
    """The value of a parameter, in the parameter's own type (conversions are `Call`s)."""

    name: str
    type: Type
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class FieldRef:
    """A field of the row at hand, or of a row that belongs to it.

    Every expression stands over the rows of one table (its *row table*: the segmentation's or let's table; inside
    `where` and X of an aggregate, the aggregate's source). `table` is the row table itself, a table attached to it
    (fields missing where there is no attached row), its parent, a table attached to the parent, and so on upwards.
    """

    table: str
    field: str
    type: Type
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class LetRef:
    """A let of the row table, or of its parent (which then reads no aggregates)."""

    table: str
    name: str
    type: Type
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function or operator of `builtins.py` on typed operands: `greater.money`, `add.integer`, `missing`, …"""

    overload: str
    operands: tuple[Expr, ...]
    type: Type
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class And:
    """Kleene conjunction of two or more booleans."""

    operands: tuple[Expr, ...]
    type: Type
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Or:
    """Kleene disjunction of two or more booleans."""

    operands: tuple[Expr, ...]
    type: Type
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Not:
    """Kleene negation."""

    operand: Expr
    type: Type
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class RowKnown:
    """`crm is known`: an attached table has a row for the row at hand. (`crm is missing` is `Not` of it.)"""

    table: str
    type: Type
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Window:
    """`in last length except last except_last`, `in next length`, or `ever` (no length); lengths are durations or
    duration parameters."""

    direction: Literal["last", "next", "ever"]
    length: Length | ParameterRef | None = None
    except_last: Length | ParameterRef | None = None


@dataclass(frozen=True, slots=True)
class Aggregate:
    """`overload` of `value` over the rows of `source` that belong to the row at hand, pass `window` and for which
    `where` is true.

    `source` is an events table or a child table with many rows; `value` and `where` stand over the rows of
    `source`. `window` is None exactly for child tables. `value` is None for `count`, `any`, `no`.
    """

    overload: str
    source: str
    value: Expr | None
    where: Expr | None
    window: Window | None
    type: Type
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class SegmentIs:
    """`value_risk is one of (a, b)`: an exclusive segmentation of the same row table; never unknown.

    Whether written `is`, `is not`, `is one of` or `is not one of`; negations are `Not` of it."""

    segmentation: str
    segments: tuple[str, ...]
    type: Type
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class SegmentIncludes:
    """`campaigns includes win_back`: an overlapping segmentation of the same row table; never unknown."""

    segmentation: str
    segment: str
    type: Type
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Relative:
    """Where `of` stands among the rows of `table` for which it is known (the row table, whole).

    | function | type | of n known values, `below` strictly lower and `above` strictly higher |
    |---|---|---|
    | decile, quintile, quartile | integer | 1 + floor(10 × below / n); 5 and 4 likewise |
    | top | boolean | above < `share` × n |
    | percentile | boolean | below / n `operator` `share` |

    `operator` is one of `BY_NAME`'s comparisons, for `percentile` only: a percentile stands in no other place. `share`
    is a percent, for `top` and `percentile` only. Missing where `of` is. All in integer arithmetic: the share in whole
    billionths."""

    function: Literal["decile", "quintile", "quartile", "percentile", "top"]
    table: str
    of: Expr
    operator: Literal["equal", "not_equal", "less", "at_most", "greater", "at_least"] | None
    share: Const | ParameterRef | None
    type: Type
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Previous:
    """`previous value_risk`: the row's segment in the run before this one, missing where there is none. An exclusive
    segmentation of the row table; the type's choices are its segments of today (`otherwise` last), but a run before
    may have had others."""

    segmentation: str
    type: Type
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class GroupAggregate:
    """`overload` over a group of rows, in measures only: `average of clv_12m`, `share where products >= 2`, `count of
    customers where …`. `value` and `where` stand over the measure's table.

    `value` is aggregated over the rows for which `where` is true (None: over all). `count.rows` has no `value`.
    `share.rows` has none either: `where` is its condition. `share_among.rows` has both: `value` is its condition."""

    overload: str
    value: Expr | None
    where: Expr | None
    type: Type
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


# -- decisions and scorecards: only as the whole value of a `Let` -----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reason:
    """`reason F01 "Fraud model above the alert level"`."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a decision table. `cells` has a test for each input, `Const(True)` for `any`; the row holds where all of
    them are true. `result` is a constant or a parameter."""

    cells: tuple[Expr, ...]
    result: Expr
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """A decision table: the result of the first row that holds, else `otherwise`. `unique`: at most one row can hold.

    Missing only where there is no `otherwise` and a field that is not optional is missing, as in a test."""

    unique: bool
    inputs: tuple[Expr, ...]
    rows: tuple[Row, ...]
    otherwise: Expr | None
    type: Type
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Bin:
    """`below 30% +40 reason R12 "…"`: the points where `when` is true. `Const(True)` is `otherwise`."""

    when: Expr
    points: int
    reason: Reason | None
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Characteristic:
    """`by utilisation` with its bins, of which the first that is true counts; none is true only where a value is
    missing that cannot be. `when … then …` has no `by`: one bin, and 0 points where it is not true."""

    by: Expr | None
    bins: tuple[Bin, ...]
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Score:
    """A scorecard: `start` plus the points of each characteristic; missing where one with `by` has no true bin."""

    start: int
    characteristics: tuple[Characteristic, ...]
    type: Type
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


Expr = (
    Const
    | ParameterRef
    | FieldRef
    | LetRef
    | Call
    | And
    | Or
    | Not
    | RowKnown
    | Aggregate
    | SegmentIs
    | SegmentIncludes
    | Relative
    | Previous
    | GroupAggregate
    | Choice
    | Score
)
