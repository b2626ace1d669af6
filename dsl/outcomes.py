"""What segments are judged by and held to: measures, targets, policy, experiments, guarantees, tests.

Nothing here decides who is in which segment.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Literal

from .expr import NOWHERE, Expr, FieldRef, Previous, Relative
from .source import Span
from .types import Value

# -- measures ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Measure:
    """`measure nps "NPS" of customers higher is better = …`: one figure for a group of rows of `table`. `value` is
    arithmetic on `GroupAggregate`s, constants and parameters. `definition` is the formula of a built-in measure, in
    words."""

    name: str
    title: str | None
    table: str
    better: Literal["lower", "higher"] | None
    value: Expr
    definition: str | None = dataclasses.field(default=None, compare=False)
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class MeasuresBy:
    """`measures by quarter of opened_on`: `of` is a date or timestamp of the rows of `table`."""

    period: Literal["month", "quarter", "year"]
    table: str
    of: Expr
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class SegmentName:
    """A segment of a segmentation."""

    segmentation: str
    segment: str


@dataclass(frozen=True, slots=True)
class Target:
    """`target prime_digital default_rate at most 3%`: one of these for each item. `measure` is None for `size`, the
    share of the segment (a percent) or, where `value` is an integer, its count. `comparison` is a builtin's name."""

    of: SegmentName
    measure: str | None
    comparison: Literal["equal", "not_equal", "less", "at_most", "greater", "at_least"]
    value: Expr
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


# -- policy ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fairness:
    """`fairness across gender favourable prime_digital ratio at least 80%`. `ratio` is a share; `reference` the value
    of the protected field that others are compared with."""

    across: tuple[FieldRef, ...]
    favourable: tuple[SegmentName, ...]
    unfavourable: tuple[SegmentName, ...]
    ratio: float | None
    reference: Value | None
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Policy:
    """All `policy` blocks together."""

    hide_below: int | None = None
    fairness: tuple[Fairness, ...] = ()


NO_POLICY = Policy()


# -- experiments and guarantees ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Arm:
    """`treated "Coaching calls" 90%`: `share` 1 = 100 %; the arms of an experiment add up to it."""

    name: str
    title: str | None
    share: float


@dataclass(frozen=True, slots=True)
class Experiment:
    """`experiment coaching on subprime arms treated 90%, control 10% success default_rate`; `success` are measures."""

    name: str
    title: str | None
    on: tuple[SegmentName, ...]
    arms: tuple[Arm, ...]
    success: tuple[str, ...]
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Guarantee:
    """Of all possible rows: `no` is in the segment where `condition` is true (None: none at all is in it); of `every`
    row in the segment `condition` is true. The condition stands over the segmentation's table and may read what is
    protected."""

    title: str
    kind: Literal["no", "every"]
    of: SegmentName
    condition: Expr | None
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


# -- tests -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GivenRow:
    """One row of an events, child or attached table: the values given, by field."""

    table: str
    values: tuple[tuple[str, Value], ...]
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Expectation:
    """What one segmentation says of the row: `segments` has one for `is`, some for `includes` (these among others),
    and nothing for `none`. `outcome` is what becomes of the condition `because`, which the segmentation asks."""

    segmentation: str
    relation: Literal["is", "includes", "none"]
    segments: tuple[str, ...]
    because: Expr | None
    outcome: Literal["holds", "fails", "unknown"] | None
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TestCase:
    """One row of `table`, all that is said of it, and what is expected. What is not given is missing.

    `values` are fields of the row or, for a row of a child table, of its parents, by table and field. `relatives` are
    `Relative`s that the rules read with their value (of a percentile `(…, share)`: what `below / n` is)."""

    __test__ = False
    table: str
    values: tuple[tuple[str, str, Value], ...]
    rows: tuple[GivenRow, ...]
    previous: tuple[tuple[Previous, str], ...]
    relatives: tuple[tuple[Relative, Value], ...]
    expect: tuple[Expectation, ...]
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Test:
    """`test "…" as of 2026-09-01 …`: one case, or one for each row of its table. `as_of` is None only where no rule
    that the test reaches looks at time."""

    __test__ = False
    title: str
    as_of: dt.date | None
    cases: tuple[TestCase, ...]
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)
