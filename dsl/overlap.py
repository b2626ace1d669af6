"""Which segments of a segmentation cannot both hold, as far as that is plain to see.

A clause is read as what it says of each single value: the bureau score lies in [720, ∞) and is there. Two clauses that
leave nothing to one value exclude each other. Parameters have the values that the rules declare. Nothing is said of
what follows from two values together, so two segments that are not known to exclude each other *may* both hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from . import program as p
from .builtins import BY_OVERLOAD
from .labels import Lineage
from .types import Value

Subject = p.Expr | str
"""What a constraint speaks of: a value, or the segment in another segmentation, by its name."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Values from `low` to `high`, the ends in or not; None is open."""

    low: Any
    high: Any
    low_in: bool = True
    high_in: bool = True


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a value may be: in one of the intervals, or missing."""

    intervals: tuple[Interval, ...]
    missing: bool


EVERY = Interval(None, None)
Constraints = Mapping[Subject, Allowed]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two segments, the earlier first, and the values by which they exclude each other; none: both may hold.
    `in_force`: they are never in force on one day."""

    first: str
    second: str
    apart_by: tuple[Subject, ...]
    never_in_force_together: bool = False

    @property
    def may_both_hold(self) -> bool:
        """Whether order may decide between them."""
        return not (self.apart_by or self.never_in_force_together)


def pairs_of(segmentation: p.Segmentation, lineage: Lineage) -> Iterator[Pair]:
    """Every two segments of a segmentation but `otherwise`, in order."""
    numbers: dict[Subject, int] = {}
    told = [
        [_numbered(_of_clause(clause, lineage), numbers) for clause in segment.clauses]
        for segment in segmentation.segments
    ]
    subjects = list(numbers)
    for at, first in enumerate(segmentation.segments):
        for after, second in enumerate(segmentation.segments[at + 1 :], at + 1):
            if _never_together(first, second):
                yield Pair(first.name, second.name, (), never_in_force_together=True)
            else:
                apart = _apart_by(told[at], told[after])
                yield Pair(first.name, second.name, tuple(subjects[number] for number in apart))


def _numbered(constraints: Constraints, numbers: dict[Subject, int]) -> dict[int, Allowed]:
    """By a number for each value, which is compared faster than the value."""
    return {numbers.setdefault(subject, len(numbers)): allowed for subject, allowed in constraints.items()}


def _never_together(one: p.Segment, other: p.Segment) -> bool:
    return any(
        left.valid_until is not None and right.valid_from is not None and left.valid_until < right.valid_from
        for left, right in ((one, other), (other, one))
    )


def _apart_by(one: list[dict[int, Allowed]], other: list[dict[int, Allowed]]) -> tuple[int, ...]:
    """The values by which every clause of the one excludes every clause of the other."""
    subjects: dict[int, None] = {}
    for left, right in product(one, other):
        found = next((each for each in left if each in right and _nothing(_both(left[each], right[each]))), None)
        if found is None:
            return ()
        subjects[found] = None
    return tuple(subjects)


# -- what a clause says ------------------------------------------------------------------------------------------------


def _of_clause(clause: p.Clause, lineage: Lineage) -> Constraints:
    found = _where(clause.when, True, lineage)
    for unless in clause.unless:  # it is not true, so it may also be unknown
        found = _all([found, _not_true(unless, lineage)])
    return found


def _where(condition: p.Expr, truth: bool, lineage: Lineage) -> Constraints:
    """What must be so where `condition` has that truth."""
    match condition:
        case p.Not(operand=operand):
            return _where(operand, not truth, lineage)
        case p.And(operands=operands) | p.Or(operands=operands):
            each = [_where(operand, truth, lineage) for operand in operands]
            return _all(each) if isinstance(condition, p.And) == truth else _one_of(each)
        case p.LetRef(table=table, name=name):
            return _where(lineage.lets[table, name].value, truth, lineage)
        case p.SegmentIs(segmentation=segmentation, segments=segments):
            asked = lineage.segmentations[segmentation]
            others = tuple(each.name for each in asked.all_segments if each.name not in segments)
            return {segmentation: Allowed(tuple(map(_only, segments if truth else others)), missing=False)}
        case p.Call(overload="known.any" | "missing.any" as test, operands=(operand,)):
            there = truth == (test == "known.any")
            return {_subject(operand, lineage): Allowed((EVERY,), False) if there else Allowed((), True)}
        case p.Call():
            return _compared(condition, truth, lineage)
        case p.FieldRef() | p.Aggregate() | p.RowKnown() | p.SegmentIncludes() | p.Relative():
            subject, truth = _plain_truth(condition, truth)
            return {subject: Allowed((_only(truth),), missing=False)}
        case _:
            return {}


def _not_true(condition: p.Expr, lineage: Lineage) -> Constraints:
    """What must be so where `condition` is false or unknown."""
    match condition:
        case p.Or(operands=operands):
            return _all([_not_true(operand, lineage) for operand in operands])
        case p.And(operands=operands):
            return _one_of([_not_true(operand, lineage) for operand in operands])
        case p.LetRef(table=table, name=name):
            return _not_true(lineage.lets[table, name].value, lineage)
        case _:
            found = _where(condition, False, lineage)
            if len(found) != 1:
                return {}
            ((subject, allowed),) = found.items()
            tests_presence = isinstance(condition, p.Call) and condition.overload in ("known.any", "missing.any")
            return {subject: allowed if tests_presence else Allowed(allowed.intervals, missing=True)}


def _plain_truth(condition: p.Expr, truth: bool) -> tuple[p.Expr, bool]:
    """`no payments …` is `any payments …`, turned round."""
    match condition:
        case p.Aggregate(overload="no.rows", source=source, where=where, window=window, type=type):
            return p.Aggregate("any.rows", source, None, where, window, type), not truth
        case _:
            return condition, truth


_TURNED = {"less": "greater", "at_most": "at_least", "greater": "less", "at_least": "at_most"}


def _compared(call: p.Call, truth: bool, lineage: Lineage) -> Constraints:
    name = BY_OVERLOAD[call.overload][0].name
    operands = call.operands
    values = [_value(operand, lineage) for operand in operands]
    if len(operands) == 2 and values[0] is not None:
        name, operands, values = _TURNED.get(name, name), operands[::-1], values[::-1]
    limits = [value for value in values[1:] if value is not None]
    if len(limits) != len(operands) - 1 or values[0] is not None or name not in _INTERVALS:
        return {call: Allowed((_only(truth),), missing=False)}
    subject = _subject(operands[0], lineage)
    inside = _INTERVALS[name](limits)
    universe = _universe(operands[0])
    allowed = _meet(universe, inside if truth else _complement(inside))
    return {subject: Allowed(allowed, missing=False)}


_INTERVALS = {
    "equal": lambda limits: tuple(map(_only, limits)),
    "one_of": lambda limits: tuple(map(_only, limits)),
    "not_equal": lambda limits: _complement(tuple(map(_only, limits))),
    "less": lambda limits: (Interval(None, limits[0], high_in=False),),
    "at_most": lambda limits: (Interval(None, limits[0]),),
    "greater": lambda limits: (Interval(limits[0], None, low_in=False),),
    "at_least": lambda limits: (Interval(limits[0], None),),
    "between": lambda limits: (Interval(limits[0], limits[1]),),
}


def _subject(expr: p.Expr, lineage: Lineage) -> Subject:
    """The value that `expr` is, under whatever name: lets are followed, and conversions that keep every value."""
    while True:
        match expr:
            case p.LetRef(table=table, name=name):
                value = lineage.lets[table, name].value
                if isinstance(value, p.Choice | p.Score):
                    return expr
                expr = value
            case p.Call(overload="money_from.integer" | "money_from.money", operands=(inner,)):
                expr = inner
            case _:
                return expr


def _value(expr: p.Expr, lineage: Lineage) -> Value | None:
    match expr:
        case p.Const(value=value):
            return value
        case p.ParameterRef(name=name):
            return lineage.program.parameter(name).value
        case p.Call(overload="money_from.integer" | "money_from.money", operands=(inner,)):
            return _value(inner, lineage)
        case _:
            return None


# -- constraints -------------------------------------------------------------------------------------------------------


def _all(each: list[Constraints]) -> Constraints:
    found: dict[Subject, Allowed] = {}
    for constraints in each:
        for subject, allowed in constraints.items():
            found[subject] = _both(found[subject], allowed) if subject in found else allowed
    return found


def _one_of(each: list[Constraints]) -> Constraints:
    """What is so whichever of them holds: of values that all of them speak of."""
    first, *others = each
    return {
        subject: Allowed(
            tuple(interval for constraints in each for interval in constraints[subject].intervals),
            any(constraints[subject].missing for constraints in each),
        )
        for subject in first
        if all(subject in other for other in others)
    }


def _both(one: Allowed, other: Allowed) -> Allowed:
    return Allowed(_meet(one.intervals, other.intervals), one.missing and other.missing)


def _nothing(allowed: Allowed) -> bool:
    return not (allowed.intervals or allowed.missing)


# -- intervals ---------------------------------------------------------------------------------------------------------


def _only(value: Value) -> Interval:
    return Interval(value, value)


def _universe(expr: p.Expr) -> tuple[Interval, ...]:
    """Every value that `expr` can have by its type. A run before may have known other segments than today's."""
    if isinstance(expr, p.Previous):
        return (EVERY,)
    if expr.type.choices is not None:
        return tuple(map(_only, expr.type.choices))
    return (_only(False), _only(True)) if expr.type.kind == "boolean" else (EVERY,)


def _meet(one: tuple[Interval, ...], other: tuple[Interval, ...]) -> tuple[Interval, ...]:
    met = (_overlap(left, right) for left, right in product(one, other))
    return tuple(interval for interval in met if not _is_empty(interval))


def _overlap(one: Interval, other: Interval) -> Interval:
    low, low_in = _tighter(one.low, one.low_in, other.low, other.low_in, above=True)
    high, high_in = _tighter(one.high, one.high_in, other.high, other.high_in, above=False)
    return Interval(low, high, low_in, high_in)


def _tighter(one: Any, one_in: bool, other: Any, other_in: bool, *, above: bool) -> tuple[Any, bool]:
    if one is None or other is None:
        return (other, other_in) if one is None else (one, one_in)
    if one == other:
        return one, one_in and other_in
    return (one, one_in) if (one > other) == above else (other, other_in)


def _is_empty(interval: Interval) -> bool:
    low, high = interval.low, interval.high
    if low is None or high is None:
        return False
    if low == high:
        return not (interval.low_in and interval.high_in)
    return low > high


def _complement(intervals: tuple[Interval, ...]) -> tuple[Interval, ...]:
    left: tuple[Interval, ...] = (EVERY,)
    for each in intervals:
        outside = ()
        if each.low is not None:
            outside = (Interval(None, each.low, high_in=not each.low_in),)
        if each.high is not None:
            outside = (*outside, Interval(each.high, None, low_in=not each.high_in))
        left = _meet(left, outside)
    return left
