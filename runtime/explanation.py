"""An explanation, as data: what the engine decided for one customer, and what it saw on the way.

Nothing here evaluates a rule: the truth of every condition and every value come from the engine (`Observation`); this
module only combines truths by the plan's formulas, to say which clause held and which single condition stood in the
way. Personal values and the truth of conditions on them are taken out before anything else sees them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, assert_never

from ..compiler import plan as pl

Truth = Literal["true", "false", "unknown", "hidden"]
Outcome = Literal["assigned", "not assigned", "not in force", "not reached", "not shown"]


@dataclass(frozen=True, slots=True)
class ValueSeen:
    """A value that a condition looked at, of a type's `kind`. `name` as the rules say it, `value` None where missing or
    hidden."""

    name: str
    title: str | None
    kind: str
    value: Any
    missing: bool
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Distance:
    """How far a value lies from the cut-off: `by` in the value's own unit, `unit` its kind (percent: a share)."""

    value: Any
    cut_off: Any
    by: Any
    unit: str


@dataclass(frozen=True, slots=True)
class CountedRow:
    """One row that an aggregate counted: field name to value, personal fields left out."""

    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Counted:
    """The rows behind an aggregate: `name` as the rules say it; the latest `rows`, of `total`."""

    name: str
    source: str
    total: int
    rows: tuple[CountedRow, ...]


@dataclass(frozen=True, slots=True)
class ConditionSeen:
    """One condition with what became of it. `because` says why it is unknown; `opposite` is how its contrary reads."""

    number: int
    text: str
    opposite: str
    truth: Truth
    values: tuple[ValueSeen, ...]
    because: str | None
    distance: Distance | None


@dataclass(frozen=True, slots=True)
class Step:
    """A formula over conditions, with its truth: a condition (`condition` set) or `all`/`any`/`not` of `parts`."""

    kind: Literal["condition", "all", "any", "not"]
    truth: Truth
    condition: ConditionSeen | None
    parts: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class ClauseSeen:
    """One clause: its `when`, its `unless` lines and the consents it needs. `holds` is None where not shown.

    `blocked_by` is the one condition that kept the customer out, where a single one did."""

    number: int
    holds: bool | None
    when: Step
    unless: tuple[Step, ...]
    consent: tuple[ConditionSeen, ...]
    blocked_by: ConditionSeen | None


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
    """One segmentation: where the customer landed and how. `clause` is None for an overlapping one."""

    name: str
    title: str | None
    exclusive: bool
    assigned: tuple[str, ...]
    clause: int | None
    segments: tuple[SegmentSeen, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """What a name used above stands for: a let or a parameter."""

    name: str
    title: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one row of `table` landed where it did. `key` is None where the key is personal."""

    table: str
    key: Any
    as_of: dt.date
    segmentations: tuple[SegmentationSeen, ...]
    definitions: tuple[Definition, ...]
    counted: tuple[Counted, ...]
    notes: tuple[str, ...]
    run: str | None = None


# -- truths ------------------------------------------------------------------------------------------------------


def truth_of(formula: pl.Formula, truths: Sequence[bool | None]) -> bool | None:
    """Kleene truth of a formula, given the truth of each condition (None: unknown)."""
    match formula:
        case pl.Is(number):
            return truths[number]
        case pl.AllOf(operands):
            return _all(truth_of(operand, truths) for operand in operands)
        case pl.AnyOf(operands):
            return _not(_all(_not(truth_of(operand, truths)) for operand in operands))
        case pl.Negated(operand):
            return _not(truth_of(operand, truths))
        case pl.NotTrue(operand):
            return truth_of(operand, truths) is not True
        case _:
            assert_never(formula)


def _all(truths: Iterator[bool | None]) -> bool | None:
    found = list(truths)
    if any(truth is False for truth in found):
        return False
    return None if any(truth is None for truth in found) else True


def _not(truth: bool | None) -> bool | None:
    return None if truth is None else not truth


def conditions_in(formula: pl.Formula) -> frozenset[int]:
    """The numbers of the conditions that a formula asks."""
    match formula:
        case pl.Is(number):
            return frozenset({number})
        case pl.AllOf(operands) | pl.AnyOf(operands):
            return frozenset().union(*(conditions_in(operand) for operand in operands))
        case pl.Negated(operand) | pl.NotTrue(operand):
            return conditions_in(operand)
        case _:
            assert_never(formula)


def single_blockers(formula: pl.Formula, truths: Sequence[bool | None]) -> tuple[int, ...]:
    """The conditions of which each alone, had it come out otherwise, would have made `formula` true."""
    if truth_of(formula, truths) is True:
        return ()
    blockers = []
    for number in sorted(conditions_in(formula)):
        for other in (True, False):
            changed = list(truths)
            changed[number] = other
            if truths[number] is not other and truth_of(formula, changed) is True:
                blockers.append(number)
                break
    return tuple(blockers)


# -- steps -------------------------------------------------------------------------------------------------------


def step(formula: pl.Formula, seen: Sequence[ConditionSeen], truths: Sequence[bool | None]) -> Step:
    """The formula with the truth of each part; `hidden` wherever a personal condition takes part."""
    hidden = any(seen[number].truth == "hidden" for number in conditions_in(formula))
    truth: Truth = "hidden" if hidden else shown(truth_of(formula, truths))
    match formula:
        case pl.Is(number):
            return Step("condition", truth, seen[number], ())
        case pl.AllOf((only,)) | pl.AnyOf((only,)):
            return step(only, seen, truths)
        case pl.AllOf(operands):
            return Step("all", truth, None, tuple(step(operand, seen, truths) for operand in operands))
        case pl.AnyOf(operands):
            return Step("any", truth, None, tuple(step(operand, seen, truths) for operand in operands))
        case pl.Negated(pl.Is(number)):
            return Step("condition", truth, _contrary(seen[number], truth), ())
        case pl.Negated(operand) | pl.NotTrue(operand):
            return Step("not", truth, None, (step(operand, seen, truths),))
        case _:
            assert_never(formula)


def _contrary(condition: ConditionSeen, truth: Truth) -> ConditionSeen:
    """The condition as its contrary reads: `x is known` for not `x is missing`."""
    return replace(condition, text=condition.opposite, opposite=condition.text, truth=truth, distance=None)


def shown(truth: bool | None) -> Truth:
    """`true`, `false` or `unknown`."""
    match truth:
        case True:
            return "true"
        case False:
            return "false"
        case None:
            return "unknown"


def clause_seen(clause: pl.DecisionClause, seen: Sequence[ConditionSeen], truths: Sequence[bool | None]) -> ClauseSeen:
    """A clause as it was observed; its formula is `AllOf(when, NotTrue(unless) …, Is(consent) …)`."""
    when, unless, consent = _parts(clause.formula)
    hidden = any(seen[number].truth == "hidden" for number in conditions_in(clause.formula))
    blockers = () if hidden else single_blockers(clause.formula, truths)
    return ClauseSeen(
        number=clause.number,
        holds=None if hidden else truth_of(clause.formula, truths) is True,
        when=step(when, seen, truths),
        unless=tuple(step(each.operand, seen, truths) for each in unless),
        consent=tuple(seen[each.number] for each in consent),
        blocked_by=_as_asked(clause.formula, seen[blockers[0]]) if len(blockers) == 1 else None,
    )


def _as_asked(formula: pl.Formula, condition: ConditionSeen) -> ConditionSeen:
    """The condition in the sense in which the formula asks it."""
    match formula:
        case pl.Negated(pl.Is(condition.number)) if condition.truth in ("true", "false", "unknown"):
            flipped: dict[Truth, Truth] = {"true": "false", "false": "true", "unknown": "unknown"}
            return _contrary(condition, flipped[condition.truth])
        case pl.Is():
            return condition
        case pl.AllOf(operands) | pl.AnyOf(operands):
            asking = next(each for each in operands if condition.number in conditions_in(each))
            return _as_asked(asking, condition)
        case pl.Negated(operand) | pl.NotTrue(operand):
            return _as_asked(operand, condition) if condition.number in conditions_in(operand) else condition
        case _:
            assert_never(formula)


def _parts(formula: pl.Formula) -> tuple[pl.Formula, list[pl.NotTrue], list[pl.Is]]:
    match formula:
        case pl.AllOf((when, *rest)) if all(isinstance(part, pl.NotTrue | pl.Is) for part in rest):
            unless = [part for part in rest if isinstance(part, pl.NotTrue)]
            return when, unless, [part for part in rest if isinstance(part, pl.Is)]
        case _:
            return formula, [], []


def without_hidden_results(segment: SegmentSeen) -> SegmentSeen:
    """A segment that was not assigned by a clause with a personal condition: its outcome is not told."""
    if segment.outcome == "not assigned" and any(clause.holds is None for clause in segment.clauses):
        return replace(segment, outcome="not shown")
    return segment
