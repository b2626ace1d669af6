"""An explanation, as data: what the engine decided for one row, and what it saw on the way. Nothing personal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Truth = Literal["true", "false", "unknown", "hidden"]
Outcome = Literal["assigned", "not assigned", "not in force", "not reached", "not shown"]
Side = Literal["below", "above", "at"]
Part = Literal["when", "unless", "consent"]


@dataclass(frozen=True, slots=True)
class ValueSeen:
    """A value that a condition looked at: `name` as the rules say it, `kind` of its type.

    `value` is None where it is missing or hidden (personal). `inputs` are what it was reckoned from, where it is more
    than one name."""

    name: str
    title: str | None
    kind: str
    value: Any
    missing: bool
    hidden: bool = False
    inputs: tuple[ValueSeen, ...] = ()


@dataclass(frozen=True, slots=True)
class Distance:
    """How far the value `of` that name lies from the cut-off, on which side: `by` in the value's own unit (days
    between dates), `unit` its kind (percent: a share)."""

    of: str
    value: Any
    cut_off: Any
    by: Any
    side: Side
    unit: str


@dataclass(frozen=True, slots=True)
class ConditionSeen:
    """One condition in the sense in which it is asked, with what became of it.

    `number` is that of the plan and of evidence; a negation has the number of what it negates. Where the truth is
    unknown, `because` says why in words, and `missing` are the names of what is missing."""

    number: int
    text: str
    truth: Truth
    values: tuple[ValueSeen, ...] = ()
    because: str | None = None
    missing: tuple[str, ...] = ()
    distance: Distance | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A formula over conditions, as the rules would write it: a condition (`condition` set), or `all`, `any` or `not`
    of `parts`."""

    kind: Literal["condition", "all", "any", "not"]
    text: str
    truth: Truth
    condition: ConditionSeen | None
    parts: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What kept the row out of a clause: a part of its `when` that does not hold (with those of its conditions that do
    not), an `unless` that does (with those of its conditions that are true), or a consent that is not given. A part of
    `when` has several conditions where any of them might have satisfied it."""

    part: Part
    text: str
    conditions: tuple[ConditionSeen, ...]


@dataclass(frozen=True, slots=True)
class ClauseSeen:
    """One clause: its `when`, its `unless` lines and the consents it needs. `holds` is None where that is not shown.

    `kept_out_by` is empty where the clause holds or that is not shown. `alone`: each of these by itself, had it come
    out otherwise, would have let the row in; else it takes several of them."""

    number: int
    holds: bool | None
    when: Step
    unless: tuple[Step, ...]
    consent: tuple[ConditionSeen, ...]
    kept_out_by: tuple[Obstacle, ...]
    alone: bool


@dataclass(frozen=True, slots=True)
class SegmentSeen:
    """One segment and its clauses. `clauses` is empty where the segment was not reached or not in force."""

    name: str
    title: str | None
    outcome: Outcome
    clauses: tuple[ClauseSeen, ...]
    reasons: tuple[tuple[str, str], ...]
    valid_from: dt.date | None
    valid_until: dt.date | None


@dataclass(frozen=True, slots=True)
class SegmentationSeen:
    """One segmentation: where the row landed and how. `clause` is None for an overlapping one."""

    name: str
    title: str | None
    exclusive: bool
    assigned: tuple[str, ...]
    clause: int | None
    segments: tuple[SegmentSeen, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """What a name used above stands for: a let with what it looks at itself, a parameter with its value, a field that
    has a title with its type."""

    kind: Literal["let", "parameter", "field"]
    name: str
    title: str | None
    text: str
    values: tuple[ValueSeen, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """The rows behind an aggregate: `name` as the rules say it; the first `rows` of `total`, events from the latest
    on, by column name. `kinds` are those of the columns."""

    name: str
    source: str
    total: int
    kinds: Mapping[str, str]
    rows: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one row of `table` landed where it did. `key` is None where the key is personal; `run` is the name of the
    run folder that was explained."""

    table: str
    key: Any
    as_of: dt.date
    segmentations: tuple[SegmentationSeen, ...]
    definitions: tuple[Definition, ...]
    counted: tuple[Counted, ...]
    notes: tuple[str, ...]
    run: str | None = None
