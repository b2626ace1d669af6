"""Explaining one row: the engine runs the plan for its key, and this module says what it saw."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb

from ..compiler.duckdb.observe import observation_query
from ..compiler.duckdb.relation import Relation
from ..compiler.plan import (
    AggregateFeature,
    Binding,
    Condition,
    Decision,
    Feature,
    FeatureRef,
    Plan,
    PlanExpr,
    Population,
    operands_of,
)
from ..compiler.plan_walk import conditions_in, parts
from ..dsl import program as p
from ..dsl.labels import Lineage, labels_of
from ..dsl.types import Value
from ..dsl.walk import walk
from ..dsl.wording import value_wording, wording
from .counted import counted_by
from .errors import DataError, Violation
from .explanation import (
    ConditionSeen,
    Counted,
    Definition,
    Distance,
    Explanation,
    Outcome,
    SegmentationSeen,
    SegmentSeen,
    ValueSeen,
    clause_seen,
    shown,
    without_hidden_results,
)

COMPARISONS = ("equal.", "not_equal.", "less.", "at_most.", "greater.", "at_least.", "between.")
MEASURABLE = ("integer", "number", "percent", "money", "date")


@dataclass(frozen=True, slots=True)
class Observation:
    """One row as the engine saw it: the winning clause or included segments by segmentation, the truth of each
    condition (personal ones None), the value of each expression that was observed."""

    clause: Mapping[str, int]
    included: Mapping[str, tuple[str, ...]]
    truths: tuple[bool | None, ...]
    values: Mapping[PlanExpr, Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """What is explained: a population of a program, as bound by a run."""

    program: p.Program
    population: Population
    binding: Binding
    lineage: Lineage
    features: Mapping[str, Feature | AggregateFeature]


def subject_of(program: p.Program, plan: Plan, binding: Binding, table: str) -> Subject:
    """The population over `table` (`KeyError` where no segmentation is over it)."""
    population = next((each for each in plan.populations if each.table == table), None)
    if population is None:
        raise KeyError(table)
    frame = population.frame
    features: dict[str, Feature | AggregateFeature] = {feature.name: feature for feature in frame.features}
    features |= {aggregate.name: aggregate for each in frame.passes for aggregate in each.aggregates}
    if frame.parent is not None:
        features |= {feature.name: feature for feature in frame.parent.frame.features}
    return Subject(program, population, binding, Lineage(program), features)


def explain(
    connection: duckdb.DuckDBPyConnection,
    subject: Subject,
    relations: Mapping[str, Relation],
    key: Value,
    only: str | None = None,
) -> Explanation | None:
    """Why the row with that key landed where it did; None where there is no such row. `only`: one segmentation.

    Works on live data: the contracts of the rows that it reads are checked by whoever calls it."""
    observation = observe(connection, subject, relations, key)
    if observation is None:
        return None
    seen = tuple(_condition_seen(subject, observation, condition) for condition in subject.population.conditions)
    decisions = [each for each in subject.population.decisions if only in (None, each.segmentation)]
    segmentations = tuple(_segmentation_seen(subject, observation, decision, seen) for decision in decisions)
    table = subject.program.table(subject.population.table)
    personal_key = table.key is not None and table.field_named(table.key).personal
    asked = _conditions_told(segmentations, subject)
    return Explanation(
        table=table.name,
        key=None if personal_key else key,
        as_of=subject.binding.as_of,
        segmentations=segmentations,
        definitions=tuple(_definitions(subject, asked)),
        counted=_counted(connection, subject, relations, key, asked),
        notes=(),
    )


# -- observing ---------------------------------------------------------------------------------------------------


def observe(
    connection: duckdb.DuckDBPyConnection, subject: Subject, relations: Mapping[str, Relation], key: Value
) -> Observation | None:
    """Run the plan for one key; None where no row has it."""
    population = subject.population
    observed = tuple(dict.fromkeys(_to_observe(subject)))
    query = observation_query(population, subject.binding, subject.program, relations, key, observed)
    result = connection.execute(query)
    names = [column[0] for column in result.description or ()]
    rows = result.fetchmany(2)
    if not rows:
        return None
    if len(rows) > 1:
        raise DataError([_twice(population.table)])
    row = dict(zip(names, rows[0], strict=True))
    exclusive = [each.segmentation for each in population.decisions if each.exclusive]
    return Observation(
        clause={name: row[f"clause_{name}"] for name in exclusive},
        included={
            each.segmentation: tuple(
                segment
                for segment, held in zip(each.segments, row[f"included_{each.segmentation}"], strict=True)
                if held
            )
            for each in population.decisions
            if not each.exclusive
        },
        truths=tuple(row.get(f"condition_{condition.number}") for condition in population.conditions),
        values={expr: row[f"observed_{number}"] for number, expr in enumerate(observed)},
    )


def _twice(table: str) -> Violation:
    return Violation("duplicate key", table, None, None, f"more than one row of `{table}` has this key")


def _to_observe(subject: Subject) -> Iterator[PlanExpr]:
    for condition in subject.population.conditions:
        if condition.personal:
            continue
        for expr in (*_inputs(subject, condition.test), *_sides(condition.test)):
            if not _is_personal(subject, expr):
                yield expr
                yield from (leaf for leaf in _beneath(subject, expr) if not _is_personal(subject, leaf))


def _inputs(subject: Subject, test: PlanExpr) -> Iterator[PlanExpr]:
    """What a condition looks at: fields and named features; an unnamed operation and what it looks at."""
    for part in parts(test):
        match part:
            case p.FieldRef():
                yield part
            case FeatureRef(name):
                yield part
                feature = subject.features.get(name)
                if isinstance(feature, Feature) and not isinstance(feature.written, p.LetRef):
                    yield from _inputs(subject, feature.value)
            case _:
                pass


def _sides(test: PlanExpr) -> tuple[PlanExpr, ...]:
    """The operands of a comparison between things that have a distance."""
    if isinstance(test, p.Call) and test.overload.startswith(COMPARISONS):
        operands = operands_of(test)
        return operands if operands[0].type.kind in MEASURABLE else ()
    return ()


def _beneath(subject: Subject, expr: PlanExpr) -> Iterator[PlanExpr]:
    """What a feature is computed from, down to fields and aggregates."""
    feature = subject.features.get(expr.name) if isinstance(expr, FeatureRef) else None
    if isinstance(feature, Feature):
        for part in parts(feature.value):
            if isinstance(part, p.FieldRef | FeatureRef):
                yield part
                yield from _beneath(subject, part)


def _is_personal(subject: Subject, expr: PlanExpr) -> bool:
    written = _written(subject, expr)
    return written is not None and labels_of(written, subject.lineage, subject.population.table).personal


def _written(subject: Subject, expr: PlanExpr) -> p.Expr | None:
    """How the program says a field or a feature; None for what only a plan says."""
    match expr:
        case p.FieldRef():
            return expr
        case FeatureRef(name):
            let = next((let for let in subject.program.lets if let.name == name), None)
            if let is not None:
                return p.LetRef(let.table, name, expr.type)
            return subject.features[name].written
        case _:
            return None


# -- conditions --------------------------------------------------------------------------------------------------


def _condition_seen(subject: Subject, observation: Observation, condition: Condition) -> ConditionSeen:
    text = wording(condition.written, subject.population.table)
    opposite = wording(_contrary(condition.written), subject.population.table)
    if condition.personal:
        return ConditionSeen(condition.number, text, opposite, "hidden", (), None, None)
    truth = observation.truths[condition.number]
    return ConditionSeen(
        number=condition.number,
        text=text,
        opposite=opposite,
        truth=shown(truth),
        values=tuple(_values_seen(subject, observation, condition)),
        because=_why_unknown(subject, observation, condition.test) if truth is None else None,
        distance=_distance(subject, observation, condition.test),
    )


def _contrary(written: p.Expr) -> p.Expr:
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


def _values_seen(subject: Subject, observation: Observation, condition: Condition) -> Iterator[ValueSeen]:
    """The sides of a comparison that are reckoned, then the fields and features that the condition looks at."""
    test, table = condition.test, subject.population.table
    for side, written in _reckoned_sides(condition):
        value = observation.values.get(side)
        yield ValueSeen(wording(written, table), None, side.type.kind, value, value is None)
    for expr in dict.fromkeys(_inputs(subject, test)):
        written = _written(subject, expr)
        if written is None:
            continue
        name, title = wording(written, table), _title(subject, written)
        if expr in observation.values:
            value = observation.values[expr]
            yield ValueSeen(name, title, expr.type.kind, value, value is None)
        else:
            yield ValueSeen(name, title, expr.type.kind, None, False, hidden=True)
    for part in parts(test):
        if isinstance(part, p.SegmentIs):
            segment = _segment(subject, observation, part.segmentation)
            yield ValueSeen(part.segmentation, None, "segment", segment, False)
        if isinstance(part, p.SegmentIncludes):
            included = ", ".join(observation.included[part.segmentation]) or "none"
            yield ValueSeen(part.segmentation, None, "segment", included, False)


def _reckoned_sides(condition: Condition) -> Iterator[tuple[PlanExpr, p.Expr]]:
    """The sides of a comparison that are neither one name nor one value, each with how the program says it."""
    if isinstance(condition.written, p.Call):
        for side, written in zip(_sides(condition.test), condition.written.operands, strict=False):
            if isinstance(side, p.Call) and not side.overload.startswith(("number_from.", "money_from.", "date_from.")):
                yield side, written


def _title(subject: Subject, written: p.Expr) -> str | None:
    match written:
        case p.FieldRef(table, field):
            return subject.program.table(table).field_named(field).title
        case p.LetRef(table, name):
            return subject.program.let(table, name).title
        case _:
            return None


def _segment(subject: Subject, observation: Observation, segmentation: str) -> str:
    decision = next(each for each in subject.population.decisions if each.segmentation == segmentation)
    return _segment_of(decision, observation.clause[segmentation])


def _segment_of(decision: Decision, clause: int) -> str:
    return next((each.segment for each in decision.clauses if each.number == clause), decision.otherwise or "")


def _why_unknown(subject: Subject, observation: Observation, test: PlanExpr) -> str:
    missing = dict.fromkeys(
        name for expr in _inputs(subject, test) for name in _missing_beneath(subject, observation, expr)
    )
    if not missing:
        return "unknown because a result is missing: a division by zero, or not a finite number"
    verb = "is" if len(missing) == 1 else "are"
    return f"unknown because {' and '.join(missing)} {verb} missing"


def _missing_beneath(subject: Subject, observation: Observation, expr: PlanExpr) -> Iterator[str]:
    """The names of the missing values that make `expr` missing, as far down as there are any."""
    if observation.values.get(expr, expr) is not None:
        return
    deeper = [name for leaf in _beneath(subject, expr) for name in _missing_beneath(subject, observation, leaf)]
    written = _written(subject, expr)
    if deeper:
        yield from deeper
    elif written is not None:
        yield wording(written, subject.population.table)


def _distance(subject: Subject, observation: Observation, test: PlanExpr) -> Distance | None:
    sides = [_value_of(subject, observation, side) for side in _sides(test)]
    if not sides or any(side is None for side in sides):
        return None
    value, *ends = sides
    cut_off = min(ends, key=lambda end: abs(_difference(value, end)))
    unit = _sides(test)[0].type.kind
    return Distance(value, cut_off, abs(_difference(value, cut_off)), unit)


def _value_of(subject: Subject, observation: Observation, side: PlanExpr) -> Any:
    match side:
        case p.Const(value):
            return value
        case p.ParameterRef(name):
            return subject.binding.parameters[name]
        case _:
            return observation.values.get(side)


def _difference(one: Any, other: Any) -> Any:
    """One minus the other: days between dates, exactly between decimals, to a billionth between doubles."""
    match one, other:
        case dt.date(), dt.date():
            return (one - other).days
        case float(), _:
            return float(round(Decimal(repr(one)) - Decimal(repr(other)), 9))
        case _:
            return one - other


# -- segmentations -----------------------------------------------------------------------------------------------


def _segmentation_seen(
    subject: Subject, observation: Observation, decision: Decision, seen: Sequence[ConditionSeen]
) -> SegmentationSeen:
    declared = subject.program.segmentation(decision.segmentation)
    if decision.exclusive:
        clause = observation.clause[decision.segmentation]
        assigned: tuple[str, ...] = (_segment_of(decision, clause),)
    else:
        clause, assigned = None, observation.included[decision.segmentation]
    segments: list[SegmentSeen] = []
    reached = True
    for segment in declared.all_segments:
        outcome = _outcome(subject, segment, assigned, reached)
        clauses = [each for each in decision.clauses if each.segment == segment.name]
        told = outcome in ("assigned", "not assigned")
        segments.append(
            without_hidden_results(
                SegmentSeen(
                    name=segment.name,
                    title=segment.title,
                    outcome=outcome,
                    clauses=tuple(clause_seen(each, seen, observation.truths) for each in clauses) if told else (),
                    reasons=tuple((reason.code, reason.text) for reason in segment.reasons),
                    valid_from=segment.valid_from,
                    valid_until=segment.valid_until,
                )
            )
        )
        reached = reached and not (decision.exclusive and segment.name in assigned)
    return SegmentationSeen(
        decision.segmentation, declared.title, decision.exclusive, assigned, clause, tuple(segments)
    )


def _outcome(subject: Subject, segment: p.Segment, assigned: Sequence[str], reached: bool) -> Outcome:
    if segment.name in assigned:
        return "assigned"
    as_of = subject.binding.as_of
    if (segment.valid_from and as_of < segment.valid_from) or (segment.valid_until and as_of > segment.valid_until):
        return "not in force"
    return "not assigned" if reached else "not reached"


# -- what the names mean -----------------------------------------------------------------------------------------


def _conditions_told(segmentations: Sequence[SegmentationSeen], subject: Subject) -> tuple[Condition, ...]:
    """The conditions that an explanation tells: those of the clauses that were reached."""
    numbers: set[int] = set()
    for seen in segmentations:
        decision = next(each for each in subject.population.decisions if each.segmentation == seen.name)
        formulas = {each.number: each.formula for each in decision.clauses}
        for segment in seen.segments:
            for clause in segment.clauses:
                numbers |= conditions_in(formulas[clause.number])
    return tuple(each for each in subject.population.conditions if each.number in numbers and not each.personal)


def _definitions(subject: Subject, conditions: Sequence[Condition]) -> Iterator[Definition]:
    told: set[tuple[str, str]] = set()
    waiting: list[p.Expr] = [condition.written for condition in conditions]
    while waiting:
        for expr in walk(waiting.pop(0)):
            match expr:
                case p.LetRef(table, name) if (table, name) not in told:
                    told.add((table, name))
                    let = subject.program.let(table, name)
                    if not labels_of(expr, subject.lineage, table).personal:
                        yield Definition(name, let.title, wording(let.value, table))
                        waiting.append(let.value)
                case p.ParameterRef(name) if ("", name) not in told:
                    told.add(("", name))
                    parameter = subject.program.parameter(name)
                    text = value_wording(subject.binding.parameters[name], parameter.type)
                    yield Definition(name, parameter.title, text)
                case _:
                    pass


def _counted(
    connection: duckdb.DuckDBPyConnection,
    subject: Subject,
    relations: Mapping[str, Relation],
    key: Value,
    conditions: Sequence[Condition],
) -> tuple[Counted, ...]:
    """The rows behind every aggregate that the conditions look at, directly or through lets."""
    names: dict[str, AggregateFeature] = {}
    for condition in conditions:
        for expr in _inputs(subject, condition.test):
            for leaf in (expr, *_beneath(subject, expr)):
                feature = subject.features.get(leaf.name) if isinstance(leaf, FeatureRef) else None
                if isinstance(feature, AggregateFeature) and not _is_personal(subject, leaf):
                    names[feature.name] = feature
    population, binding, program = subject.population, subject.binding, subject.program
    return tuple(
        counted_by(connection, population, binding, program, relations, key, feature.name, _said(subject, feature))
        for feature in names.values()
    )


def _said(subject: Subject, feature: AggregateFeature) -> str:
    """How the rules call an aggregate: by its let, or by its own words."""
    let = next((let for let in subject.program.lets if let.name == feature.name), None)
    return wording(feature.written, subject.population.table) if let is None else let.name
