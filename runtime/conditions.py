"""One condition of one row, in words: what it looked at, why it is unknown, how far from the cut-off it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from ..compiler.plan import Band, Condition, Feature, FeatureRef, PlanExpr, operands_of
from ..dsl import program as p
from ..dsl.builtins import BY_OVERLOAD
from ..dsl.types import BOOLEAN
from .explanation import ConditionSeen, Distance, Side, Truth, ValueSeen
from .observe import (
    Named,
    Observation,
    Subject,
    as_written,
    beneath,
    divisors,
    is_missing,
    named_in,
    reckoned_operands,
)
from .standing import standing_of
from .words import as_ruled, words

MEASURABLE = ("integer", "number", "percent", "money", "date")


@dataclass(frozen=True, slots=True)
class BothSenses:
    """A condition as it is numbered, and as its contrary reads: `x is known` for not `x is missing`."""

    plain: ConditionSeen
    contrary: ConditionSeen


def condition_seen(subject: Subject, observation: Observation, condition: Condition) -> BothSenses:
    """A condition as it was observed. Of a personal one nothing is told but its words."""
    text = words(subject, condition.written)
    opposite = words(subject, contrary(condition.written))
    if condition.personal:
        hidden = ConditionSeen(condition.number, text, "hidden")
        return BothSenses(hidden, replace(hidden, text=opposite))
    truth = observation.truths[condition.number]
    because, missing = why_unknown(subject, observation, condition.test) if truth is None else (None, ())
    distance = _distance(subject, observation, condition.test)
    plain = ConditionSeen(
        number=condition.number,
        text=text,
        truth=shown(truth),
        values=tuple(values_of_test(subject, observation, condition.test)),
        because=because,
        missing=missing,
        distance=distance,
        standing=standing_of(subject, condition.test),
    )
    return BothSenses(plain, replace(plain, text=opposite, truth=shown(None if truth is None else not truth)))


def shown(truth: bool | None) -> Truth:
    """`true`, `false` or `unknown`."""
    match truth:
        case True:
            return "true"
        case False:
            return "false"
        case None:
            return "unknown"


def contrary(written: p.Expr) -> p.Expr:
    """How the rules say that a condition is false: `x is known` for `x is missing`."""
    match written:
        case p.Call("missing.any", operands, type):
            return p.Call("known.any", operands, type)
        case p.Call(overload, operands, type) if overload.startswith("equal."):
            return p.Call(f"not_{overload}", operands, type)
        case p.Aggregate("any.rows", source, value, where, window, type):
            return p.Aggregate("no.rows", source, value, where, window, type)
        case p.Not(operand):
            return operand
        case _:
            return p.Not(written, written.type)


# -- values ------------------------------------------------------------------------------------------------------


def values_of_test(subject: Subject, observation: Observation, test: PlanExpr) -> Iterator[ValueSeen]:
    """What a comparison or test is made between; of a condition that is itself a name there is no more to say."""
    match test:
        case p.Call(overload) if overload.startswith("default."):
            yield from inputs_of(subject, observation, test)
        case p.Call():
            for operand in operands_of(test):
                if not isinstance(operand, p.Const):
                    yield from _operand(subject, observation, operand)
        case Band():
            for operand in operands_of(test):
                yield from _operand(subject, observation, operand)
        case p.SegmentIs(segmentation):
            yield ValueSeen(segmentation, None, "segment", assigned_segment(subject, observation, segmentation), False)
        case p.SegmentIncludes(segmentation):
            included = ", ".join(observation.included[segmentation]) or "none"
            yield ValueSeen(segmentation, None, "segment", included, False)
        case _:
            pass


def _operand(subject: Subject, observation: Observation, operand: PlanExpr) -> Iterator[ValueSeen]:
    stripped = _without_conversion(subject, operand)
    if isinstance(operand, p.Previous):
        before = observation.values[operand]
        yield ValueSeen(_words(subject, operand), None, "segment", before, before is None)
    elif isinstance(stripped, Named) and stripped in named_in(subject, stripped):
        yield named_value(subject, observation, stripped)
    elif operand in observation.values:
        value, name = observation.values[operand], _words(subject, operand)
        inputs = tuple(each for each in inputs_of(subject, observation, operand) if each.value != value)
        yield ValueSeen(name, None, operand.type.kind, value, value is None, inputs=inputs)
    else:
        yield from inputs_of(subject, observation, operand)


def inputs_of(subject: Subject, observation: Observation, expr: PlanExpr) -> Iterator[ValueSeen]:
    """The values of the names in an expression."""
    for named in dict.fromkeys(named_in(subject, expr)):
        yield named_value(subject, observation, named)


def named_value(subject: Subject, observation: Observation, named: Named) -> ValueSeen:
    """The value of a field, parameter, let or aggregate; hidden where it is personal."""
    written = as_written(subject, named)
    name, kind = words(subject, written), named.type.kind
    if isinstance(as_ruled(subject, written), p.Previous):
        kind = "segment"
    if isinstance(named, p.ParameterRef):
        title = subject.program.parameter(named.name).title
        return ValueSeen(name, title, kind, subject.binding.parameters[named.name], False)
    title = _title(subject, written)
    if named in observation.values:
        value = observation.values[named]
        return ValueSeen(name, title, kind, value, value is None)
    return ValueSeen(name, title, kind, None, observation.values.get(is_missing(named)) is True, hidden=True)


def _without_conversion(subject: Subject, expr: PlanExpr) -> PlanExpr:
    """What a conversion converts: of the parameter `limit` read as money, the parameter."""
    feature = subject.features.get(expr.name) if isinstance(expr, FeatureRef) else None
    inner = feature.value if isinstance(feature, Feature) and not isinstance(feature.written, p.LetRef) else expr
    if isinstance(inner, p.Call) and BY_OVERLOAD[inner.overload][0].group == "conversion":
        return _without_conversion(subject, operands_of(inner)[0])
    return expr


def _title(subject: Subject, written: p.Expr) -> str | None:
    match written:
        case p.FieldRef(table, field):
            return subject.program.table(table).field_named(field).title
        case p.LetRef(table, name):
            return subject.program.let(table, name).title
        case _:
            return None


def assigned_segment(subject: Subject, observation: Observation, segmentation: str) -> str:
    """The segment of an exclusive segmentation that the row was put into."""
    decision = next(each for each in subject.population.decisions if each.segmentation == segmentation)
    won = observation.clause[segmentation]
    return next((clause.segment for clause in decision.clauses if clause.number == won), decision.otherwise or "")


# -- unknown -----------------------------------------------------------------------------------------------------


def why_unknown(subject: Subject, observation: Observation, test: PlanExpr) -> tuple[str, tuple[str, ...]]:
    """Why in words, and the names of what is missing."""
    leaves = [leaf for top in named_in(subject, test) for leaf in _missing_beneath(subject, observation, top)]
    unnamed = [operand for operand in reckoned_operands(test) if observation.values.get(operand, 0) is None]
    zeros = {expr: list(_zeros(subject, observation, expr)) for expr in (*leaves, *unnamed)}
    missing = {_words(subject, leaf): leaf for leaf in leaves if not zeros[leaf]}
    divided = dict.fromkeys(_words(subject, divisor) for found in zeros.values() for divisor in found)
    reasons: list[str] = []
    if missing:
        reasons.append(f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing")
    if divided:
        reasons.append(f"it divides by {' and by '.join(divided)}, which is 0")
    history = [each for each in unnamed if isinstance(each, p.Previous)]
    if history:
        reasons.append(_without_history(subject))
    because = f"unknown because {', and '.join(reasons) or 'the result is not a finite number'}"
    tables = dict.fromkeys(leaf.table for leaf in missing.values() if isinstance(leaf, p.FieldRef))
    absent = [table for table in tables if observation.values.get(p.RowKnown(table, BOOLEAN)) is False]
    if absent:
        because += f": there is no row in {' and none in '.join(absent)}"
    return because, (*missing, *(_words(subject, each) for each in history))


def _without_history(subject: Subject) -> str:
    if subject.before is None:
        return "there was no run before"
    return f"the run before, `{subject.before}`, has no segment for this row"


def _words(subject: Subject, expr: PlanExpr) -> str:
    return words(subject, as_written(subject, expr))


def _missing_beneath(subject: Subject, observation: Observation, named: Named) -> Iterator[Named]:
    """The names of the missing values that make `named` missing, as far down as there are any."""
    if not named_value(subject, observation, named).missing:
        return
    deeper = [leaf for each in beneath(subject, named) for leaf in _missing_beneath(subject, observation, each)]
    yield from deeper or [named]


def _zeros(subject: Subject, observation: Observation, expr: PlanExpr) -> Iterator[PlanExpr]:
    for divisor in divisors(subject, expr):
        if observation.values.get(divisor) == 0:
            yield divisor


# -- distance ----------------------------------------------------------------------------------------------------


def _distance(subject: Subject, observation: Observation, test: PlanExpr) -> Distance | None:
    """The distance of the first operand of a comparison from the other, or from the nearer end of a range.

    A constant counts as the cut-off, wherever it stands."""
    if not isinstance(test, p.Call) or BY_OVERLOAD[test.overload][0].group != "comparison":
        return None
    operands = sorted(operands_of(test), key=lambda operand: _is_constant(subject, operand))
    unit = operands[0].type.kind
    if unit not in MEASURABLE or test.overload.startswith("one_of."):
        return None
    value, *ends = (_value_of(subject, observation, operand) for operand in operands)
    measured = next(_operand(subject, observation, operands[0]), None)
    if measured is None or value is None or any(end is None for end in ends):
        return None
    cut_off = min(ends, key=lambda end: abs(_difference(value, end)))
    by = _difference(value, cut_off)
    side: Side = "below" if by < 0 else "above" if by > 0 else "at"
    return Distance(measured.name, value, cut_off, abs(by), side, unit)


def _is_constant(subject: Subject, operand: PlanExpr) -> bool:
    return isinstance(_without_conversion(subject, operand), p.Const | p.ParameterRef)


def _value_of(subject: Subject, observation: Observation, operand: PlanExpr) -> Any:
    match operand:
        case p.Const(value):
            return value
        case p.ParameterRef(name):
            return subject.binding.parameters[name]
        case _:
            return observation.values.get(operand)


def _difference(one: Any, other: Any) -> Any:
    """One minus the other: days between dates, exactly between decimals, to a billionth between doubles."""
    match one, other:
        case dt.date(), dt.date():
            return (one - other).days
        case float(), _:
            return round(one - other, 9)
        case _:
            return one - other
