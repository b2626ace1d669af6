"""What `segwright show` says of a program, as data. Its fields, in this order, are the JSON form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .english import Statement


@dataclass(frozen=True, slots=True)
class Column:
    """A column that something rests on: the field's name in the rules, the column's in the warehouse. `value`: whether
    its value tells, not only whether it is there, how long ago it was or what it joins. `through`: the segmentation
    that is asked and reads it, else None."""

    table: str
    field: str
    column: str
    value: bool
    through: str | None


@dataclass(frozen=True, slots=True)
class DependsOn:
    """What something rests on, by names. Lets (decisions and scorecards too) and parameters are followed to their end,
    segmentations that are asked only in `columns`. A let of a table that is not the segmentation's is `table.let`."""

    lets: tuple[str, ...]
    columns: tuple[Column, ...]
    parameters: tuple[str, ...]
    segmentations: tuple[str, ...]
    previous: tuple[str, ...]
    relatives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """One way in. `without` says whom missing data keeps out, where that is plain to see."""

    number: int
    when: Statement
    unless: tuple[Statement, ...]
    without: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Consent:
    """Consent that a segment needs, and the fields (`table.field`) that must all be true."""

    purpose: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason code and its text."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment; `otherwise` has no clauses. Dates are ISO 8601, both days included."""

    name: str
    title: str | None
    otherwise: bool
    in_force_from: str | None
    in_force_until: str | None
    clauses: tuple[Clause, ...]
    consent: tuple[Consent, ...]
    reasons: tuple[Reason, ...]
    reasons_from: tuple[str, ...]
    depends_on: DependsOn


@dataclass(frozen=True, slots=True)
class Pair:
    """Two segments, the earlier first. Where both may hold, the first wins; else `because` says why they cannot."""

    first: str
    second: str
    may_both_hold: bool
    because: str | None


@dataclass(frozen=True, slots=True)
class Node:
    """Something in the lineage: `name` as the rules say it, a column as `table.field`; `previous` is a segmentation in
    the previous run. `table`: whose rows it is about."""

    kind: Literal["column", "table", "let", "decision", "scorecard", "segment", "segmentation", "previous"]
    name: str
    table: str
    title: str | None


@dataclass(frozen=True, slots=True)
class Edge:
    """`target` names `source` itself, not by way of another. What only joins tables makes no edge."""

    source: Node
    target: Node


@dataclass(frozen=True, slots=True)
class Segmentation:
    """A segmentation. `row` is what one row is: `a customer`. `order` is empty where the segments may overlap; then a
    row may be in `cap` of them, in any number where that is None."""

    name: str
    title: str | None
    table: str
    row: str
    mode: Literal["first match wins", "overlapping"]
    purposes: tuple[str, ...]
    owner: str | None
    refresh_every: str | None
    review_every: str | None
    last_reviewed: str | None
    minimum_size: int | None
    cap: int | None
    segments: tuple[Segment, ...]
    order: tuple[Pair, ...]
    depends_on: DependsOn
    edges: tuple[Edge, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """What a name means. `statement`: of a condition, its parts. `header` and `rows`: of a decision or scorecard, its
    table. `read`: whether a segmentation shown rests on it."""

    kind: Literal["let", "decision", "scorecard"]
    name: str
    title: str | None
    table: str
    text: str
    statement: Statement | None
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    read: bool
    depends_on: DependsOn


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter with its declared value and the values that it may have."""

    name: str
    title: str | None
    value: str
    range: str | None


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a column: see `lineage.Reader`."""

    kind: str
    name: str
    purposes: tuple[str, ...]
    value: bool
    through: str | None


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a table with its labels, its readers, and what the labels come to."""

    name: str
    column: str
    title: str | None
    type: str
    joins: str | None
    protected: bool
    personal: bool
    consent_for: tuple[str, ...]
    only_for: tuple[str, ...] | None
    readers: tuple[Reader, ...]
    remark: str | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its fields; `text` says what its rows are."""

    name: str
    title: str | None
    text: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Something that is said in a sentence. `name` is its name or the title of a test or guarantee; "" for what has
    none."""

    name: str
    title: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What the segments are judged by and held to, a sentence each."""

    measures: tuple[Told, ...]
    targets: tuple[Told, ...]
    policy: tuple[Told, ...]
    experiments: tuple[Told, ...]
    guarantees: tuple[Told, ...]
    tests: tuple[Told, ...]
    freshness: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """All of it."""

    segmentations: tuple[Segmentation, ...]
    definitions: tuple[Definition, ...]
    parameters: tuple[Parameter, ...]
    data: tuple[Table, ...]
    outcomes: Outcomes
