"""The Program: every name resolved, every expression typed, labels known.

Promises, checked in tests:

1. Every `FieldRef`, `LetRef`, `ParameterRef`, `SegmentIs`, `Includes` and `Aggregate` names something that the
   Program declares.
2. Every expression has its type; the operands of a `Call` have exactly the types that its overload asks for
   (conversions are calls of their own), so nothing downstream guesses.
3. Constants have the Python form of their type (see `types.py`).
4. Lets and segmentations stand in an order in which each needs only what stands before it.

Spans never take part in equality. Titles do, but not in the logic hash (`compiler/ruleset.py`).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeVar

from .expr import (
    NOWHERE,
    Aggregate,
    And,
    Bin,
    Call,
    Characteristic,
    Choice,
    Const,
    Expr,
    FieldRef,
    GroupAggregate,
    LetRef,
    Not,
    Or,
    ParameterRef,
    Previous,
    Reason,
    Relative,
    Row,
    RowKnown,
    Score,
    SegmentIncludes,
    SegmentIs,
    Window,
)
from .outcomes import NO_POLICY, Experiment, Guarantee, Measure, MeasuresBy, Policy, Target, Test
from .source import Span
from .types import Length, Type, Value

__all__ = [
    "NOWHERE",
    "Aggregate",
    "And",
    "Bin",
    "Call",
    "Characteristic",
    "Choice",
    "Clause",
    "Consent",
    "Const",
    "Domain",
    "Expr",
    "Field",
    "FieldRef",
    "Freshness",
    "GroupAggregate",
    "Let",
    "LetRef",
    "Mapping",
    "Not",
    "Or",
    "Parameter",
    "ParameterRef",
    "Previous",
    "Program",
    "Reason",
    "Relative",
    "Row",
    "RowKnown",
    "Score",
    "Segment",
    "SegmentIncludes",
    "SegmentIs",
    "Segmentation",
    "Table",
    "TableRole",
    "Window",
]


# -- data --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Domain:
    """Values from `low` to `high`, ends in unless said otherwise; None is open."""

    low: Value | None
    high: Value | None
    low_included: bool = True
    high_included: bool = True


@dataclass(frozen=True, slots=True)
class Mapping:
    """How a column is kept. Codes are compared with the *raw* column, before any conversion.

    `missing_codes` are the literals as written: numbers as Decimal-compatible values, text, dates or booleans."""

    in_points: bool = False
    written: str | None = None
    true_codes: tuple[Value, ...] = ()
    false_codes: tuple[Value, ...] = ()
    missing_codes: tuple[Value, ...] = ()
    others_missing: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A declared field. `optional` is also true where a mapping implies it.

    `consent` are the purposes it carries consent for; `purposes` the only ones it may be read for (None: any)."""

    name: str
    title: str | None
    type: Type
    column: str
    optional: bool
    domain: Domain | None
    mapping: Mapping
    protected: bool = False
    personal: bool = False
    consent: tuple[str, ...] = ()
    purposes: tuple[str, ...] | None = None
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


TableRole = Literal["root", "attached", "child", "events"]


@dataclass(frozen=True, slots=True)
class Table:
    """A declared table.

    | role | parent, by | key | at | known_at, then |
    |---|---|---|---|---|
    | root | None | always | its snapshot field, or None | None |
    | attached (at most one row a parent row) | always | None | None | None |
    | child (many rows a parent row) | always | always | None | None |
    | events | always | None | always | each may be None |

    `by` is the field of this table that holds the parent's key. `at` of a root makes it a table of snapshots: many
    rows a key, of which the latest at or before the as-of date is the row.
    """

    name: str
    title: str | None
    role: TableRole
    parent: str | None
    by: str | None
    key: str | None
    at: str | None
    known_at: str | None
    then: str | None
    fields: tuple[Field, ...]
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)

    def field_named(self, name: str) -> Field:
        """The field of that name; the checker has made sure that there is one (`KeyError` otherwise)."""
        for candidate in self.fields:
            if candidate.name == name:
                return candidate
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Freshness:
    """The latest visible event of `table` is expected within so long before the as-of date."""

    table: str
    within: Length
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A declared parameter with its value; `--set` replaces the value, within `domain`."""

    name: str
    title: str | None
    type: Type
    value: Value
    domain: Domain | None
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Let:
    """A named expression over the rows of `table`: a let, a decision (its value is a `Choice`) or a scorecard (a
    `Score`). `LetRef` reads any of them."""

    name: str
    title: str | None
    table: str
    value: Expr
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


# -- segmentations -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Clause:
    """One `when` and its `unless` lines (the header's first). It holds when `when` is true, no `unless` is true,
    and the segment's consent is given. `number` counts from 1 through the segmentation."""

    number: int
    when: Expr
    unless: tuple[Expr, ...]
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Consent:
    """Consent for `purpose` is given where every one of `fields` is true; a missing value is no consent."""

    purpose: str
    fields: tuple[FieldRef, ...]
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment. In force when the as-of date lies within `valid_from` … `valid_until` (both ends in, None open).

    `reasons_from` are scorecards of the segmentation's table."""

    name: str
    title: str | None
    clauses: tuple[Clause, ...]
    consent: tuple[Consent, ...]
    reasons: tuple[Reason, ...]
    reasons_from: tuple[str, ...]
    valid_from: dt.date | None
    valid_until: dt.date | None
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Segmentation:
    """A segmentation of the rows of `table`.

    Exclusive: the segment of the first clause that holds, in order of clause numbers; `otherwise` has the last
    clause number, one more than the last clause of the segments, and no condition. Overlapping: `otherwise` is
    None, and every segment of which a clause holds is included; with a `cap` only the first `cap` of them.
    """

    name: str
    title: str | None
    table: str
    exclusive: bool
    purposes: tuple[str, ...]
    owner: str | None
    refresh_every: Length | None
    review_every: Length | None
    last_reviewed: dt.date | None
    minimum_size: int | None
    segments: tuple[Segment, ...]
    otherwise: Segment | None
    cap: int | None = None
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)

    @property
    def otherwise_clause(self) -> int:
        """The clause number that `otherwise` travels under."""
        return 1 + sum(len(segment.clauses) for segment in self.segments)

    @property
    def all_segments(self) -> tuple[Segment, ...]:
        """The segments in declaration order, `otherwise` last where there is one."""
        return self.segments if self.otherwise is None else (*self.segments, self.otherwise)


_Item = TypeVar("_Item")


def _only(found: Iterator[_Item]) -> _Item:
    for item in found:
        return item
    raise KeyError("not declared in this program")


@dataclass(frozen=True, slots=True)
class Program:
    """A whole project, checked. Tables, parameters and freshness in order of declaration (files in order of name)."""

    purposes: tuple[str, ...]
    tables: tuple[Table, ...]
    freshness: tuple[Freshness, ...]
    parameters: tuple[Parameter, ...]
    lets: tuple[Let, ...]
    segmentations: tuple[Segmentation, ...]
    measures: tuple[Measure, ...] = ()
    measures_by: tuple[MeasuresBy, ...] = ()
    measures_at: tuple[Length, ...] = ()
    targets: tuple[Target, ...] = ()
    policy: Policy = NO_POLICY
    experiments: tuple[Experiment, ...] = ()
    guarantees: tuple[Guarantee, ...] = ()
    tests: tuple[Test, ...] = ()

    def table(self, name: str) -> Table:
        """The table of that name (`KeyError` where there is none)."""
        return _only(table for table in self.tables if table.name == name)

    def parameter(self, name: str) -> Parameter:
        """The parameter of that name (`KeyError` where there is none)."""
        return _only(parameter for parameter in self.parameters if parameter.name == name)

    def let(self, table: str, name: str) -> Let:
        """The let of that name over `table` (`KeyError` where there is none)."""
        return _only(let for let in self.lets if (let.table, let.name) == (table, name))

    def segmentation(self, name: str) -> Segmentation:
        """The segmentation of that name (`KeyError` where there is none)."""
        return _only(found for found in self.segmentations if found.name == name)
