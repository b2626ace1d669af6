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

from .source import Span
from .types import Length, Type, Value

NOWHERE = Span("", 0, 0)
"""The span of what no file says: in generated programs and in rule sets loaded from JSON."""


# -- expressions -------------------------------------------------------------------------------------------------


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
)


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
    """A named expression over the rows of `table`."""

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
class Reason:
    """`reason F01 "Fraud model above the alert level"`."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment. In force when the as-of date lies within `valid_from` … `valid_until` (both ends in, None open)."""

    name: str
    title: str | None
    clauses: tuple[Clause, ...]
    consent: tuple[Consent, ...]
    reasons: tuple[Reason, ...]
    valid_from: dt.date | None
    valid_until: dt.date | None
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Segmentation:
    """A segmentation of the rows of `table`.

    Exclusive: the segment of the first clause that holds, in order of clause numbers; `otherwise` has the last
    clause number, one more than the last clause of the segments, and no condition. Overlapping: `otherwise` is
    None, and every segment of which a clause holds is included.
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
