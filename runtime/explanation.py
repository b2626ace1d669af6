"""An explanation, as data: what the engine decided for one row, and what it saw on the way. Nothing personal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Truth = Literal["true", "false", "unknown", "hidden"]
Outcome = Literal["assigned", "not assigned", "over the limit", "not in force", "not reached", "not shown"]
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
class Standing:
    """Where a relative value turns, on the scale of what everybody is put in order by (`kind` of its type): `function`
    and `operator` as the program names them, the value of its `share`, and its `cut_points` (`compiler/cut_points.py`),
    None for one that nobody reaches."""

    function: str
    operator: str | None
    share: float | None
    cut_points: tuple[Any, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class ConditionSeen:
    """One condition in the sense in which it is asked, with what became of it.

    `number` is that of the plan and of evidence; a negation has the number of what it negates. Where the truth is
    unknown, `because` says why in words, and `missing` are the names of what is missing. `standing` where the condition
    is itself a place among everybody."""

    number: int
    text: str
    truth: Truth
    values: tuple[ValueSeen, ...] = ()
    because: str | None = None
    missing: tuple[str, ...] = ()
    distance: Distance | None = None
    standing: Standing | None = None


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
    """One segment and its clauses. `clauses` is empty where the segment was not reached or not in force. *Over the
    limit*: the row qualifies for it, and is in as many segments before it as it may be.

    `reasons` are codes with their texts: the segment's own, then, where the row is in it, those of scorecards from the
    most points lost on. `hidden_reasons`: scorecards may give others, which tell about personal data."""

    name: str
    title: str | None
    outcome: Outcome
    clauses: tuple[ClauseSeen, ...]
    reasons: tuple[tuple[str, str], ...]
    valid_from: dt.date | None
    valid_until: dt.date | None
    hidden_reasons: bool = False


@dataclass(frozen=True, slots=True)
class SegmentationSeen:
    """One segmentation: where the row landed and how. `clause` is None for an overlapping one; `cap` is in how many of
    its segments a row may be, where there is a limit."""

    name: str
    title: str | None
    exclusive: bool
    assigned: tuple[str, ...]
    clause: int | None
    segments: tuple[SegmentSeen, ...]
    cap: int | None = None


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
class CellSeen:
    """One cell of the row of a decision table that held: what it looks at, what it asks (`640 up to below 720`, empty
    under `otherwise`), and the values of both."""

    input: str
    text: str
    values: tuple[ValueSeen, ...]


@dataclass(frozen=True, slots=True)
class DecisionSeen:
    """What a decision table said: its value, of the type `kind`, and the row that held, from 1, of `rows`. Where
    `otherwise` held, or nothing did, `row` is None and `cells` have no text. Of a decision that is `hidden` (personal)
    nothing is told but its name."""

    name: str
    title: str | None
    kind: str
    value: Any
    row: int | None
    rows: int
    otherwise: bool
    cells: tuple[CellSeen, ...]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class PointsSeen:
    """One characteristic of a scorecard: what it is `by`, with the bin that the row fell into, or its `when`, with its
    truth. `lost` are the points below the best attainable. `reason` is that of the bin, where points were lost.

    `points` is None where no bin is true or where it is `hidden` (personal)."""

    by: str
    bin: str | None
    truth: Truth | None
    values: tuple[ValueSeen, ...]
    because: str | None
    points: int | None
    lost: int | None
    reason: tuple[str, str] | None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class ScoreSeen:
    """What a scorecard said: `total` = `start` + the points of every characteristic. The total is None where points are
    missing, or `hidden`, since one of its characteristics is personal."""

    name: str
    title: str | None
    start: int
    total: int | None
    characteristics: tuple[PointsSeen, ...]
    hidden: bool = False


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
    run folder that was explained.

    `decisions` and `scores` are those that the conditions look at, directly or through others, and the scorecards that
    gave reasons."""

    table: str
    key: Any
    as_of: dt.date
    segmentations: tuple[SegmentationSeen, ...]
    decisions: tuple[DecisionSeen, ...]
    scores: tuple[ScoreSeen, ...]
    definitions: tuple[Definition, ...]
    counted: tuple[Counted, ...]
    notes: tuple[str, ...]
    run: str | None = None
