"""What the engine saw of one row: the plan, run for its key, with the values that its conditions look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..compiler.inputs import not_personal, personal_features
from ..compiler.plan import (
    AggregateFeature,
    Band,
    Binding,
    Choose,
    Decision,
    Feature,
    FeatureRef,
    Inspection,
    Plan,
    PlanExpr,
    Population,
    operands_of,
)
from ..compiler.plan_walk import all_features, parts
from ..dsl import program as p
from ..dsl.labels import Lineage, labels_of, lineage_of
from ..dsl.types import BOOLEAN, INTEGER, Value
from .engines.engine import Engine
from .errors import DataError, Violation

Named = p.FieldRef | p.ParameterRef | FeatureRef


@dataclass(frozen=True, slots=True)
class Subject:
    """What is explained: a population of a program, as bound by a run. `personal` are the names of features that must
    not be shown; `decided` the decisions and scorecards that its rows read, by name; `before` the name of the folder of
    the run before, where one is looked into; `stand_ins` what fields of made-up rows stand for, by table and
    name."""

    program: p.Program
    population: Population
    binding: Binding
    lineage: Lineage
    features: Mapping[str, Feature | AggregateFeature]
    personal: frozenset[str]
    decided: Mapping[str, Decided]
    before: str | None = None
    stand_ins: Mapping[tuple[str, str], p.Relative | p.Previous] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision or scorecard that rows read or take reasons from. `personal`: for each number that its inspection
    looks up, whether it must not be told."""

    let: p.Let
    inspection: Inspection
    personal: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Observation:
    """One row as the engine saw it: the winning clause or the included segments by segmentation, the truth of each
    condition (None: unknown, or personal), the value of each expression that was observed (None: missing)."""

    clause: Mapping[str, int]
    included: Mapping[str, tuple[str, ...]]
    truths: tuple[bool | None, ...]
    values: Mapping[PlanExpr, Any]


def subject_of(program: p.Program, plan: Plan, binding: Binding, table: str) -> Subject:
    """The population over `table`; `KeyError` where no segmentation is over it."""
    population = next((each for each in plan.populations if each.table == table), None)
    if population is None:
        raise KeyError(table)
    features = {feature.name: feature for feature in all_features(population.frame)}
    personal = personal_features(population.frame, program)
    lineage = lineage_of(program)
    decided = {each.let: _decided(program, lineage, each) for each in population.inspections}
    return Subject(program, population, binding, lineage, features, personal, decided)


def _decided(program: p.Program, lineage: Lineage, inspection: Inspection) -> Decided:
    let = next(each for each in program.lets if each.name == inspection.let)
    match let.value:
        case p.Score(characteristics=characteristics):
            told: list[p.Expr] = [p.Score(0, (each,), INTEGER) for each in characteristics]
        case choice:
            told = [choice]
    return Decided(let, inspection, tuple(labels_of(each, lineage, let.table).personal for each in told))


def observe(engine: Engine, subject: Subject, key: Value) -> Observation | None:
    """Runs the plan for one key; None where no row has it. Raises `DataError` where several rows have it."""
    population = subject.population
    observed = tuple(dict.fromkeys(_to_observe(subject)))
    rows = engine.observe(population, subject.binding, key, observed)
    if not rows:
        return None
    if len(rows) > 1:
        sentence = f"more than one row of `{population.table}` has this key"
        raise DataError([Violation("duplicate key", population.table, population.frame.key, None, sentence)])
    (row,) = rows
    return Observation(
        clause={
            each.segmentation: row[f"clause_{each.segmentation}"] for each in population.decisions if each.exclusive
        },
        included={
            each.segmentation: _included(each, row[f"included_{each.segmentation}"])
            for each in population.decisions
            if not each.exclusive
        },
        truths=tuple(row.get(f"condition_{condition.number}") for condition in population.conditions),
        values={expr: row[f"observed_{number}"] for number, expr in enumerate(observed)},
    )


def _included(decision: Decision, held: list[bool]) -> tuple[str, ...]:
    return tuple(segment for segment, holds in zip(decision.segments, held, strict=True) if holds)


# -- what to look at ---------------------------------------------------------------------------------------------


def _to_observe(subject: Subject) -> Iterator[PlanExpr]:
    """What conditions, decisions and scorecards look at, what that is reckoned from, and what may have made it
    missing."""
    for condition in subject.population.conditions:
        if not condition.personal:
            yield from _of_test(subject, condition.test)
    for decided in subject.decided.values():
        yield from _of_decided(subject, decided)


def _of_test(subject: Subject, test: PlanExpr) -> Iterator[PlanExpr]:
    yield from (operand for operand in reckoned_operands(test) if may_be_shown(subject, operand))
    for top in named_in(subject, test):
        for named in (top, *beneath(subject, top)):
            yield from _of_named(subject, named)
    for divisor in divisors(subject, test):
        if may_be_shown(subject, divisor):
            yield divisor


def _of_decided(subject: Subject, decided: Decided) -> Iterator[PlanExpr]:
    """Which row held or which bins, with what these look at."""
    inspection, value = decided.inspection, decided.let.value
    yield from (number for number, hidden in zip(inspection.numbers, decided.personal, strict=True) if not hidden)
    for at, looked_at in enumerate(inspection.inputs):
        match value:
            case p.Choice(inputs=inputs):
                hidden, input = decided.personal[0], inputs[at]
            case p.Score(characteristics=characteristics):
                hidden, input = decided.personal[at], characteristics[at].by
            case _:
                raise ValueError("neither a decision nor a scorecard")
        if hidden:
            continue
        if input is None:
            looked_at = asked_by_when(inspection, at)
            yield looked_at
        elif looked_at is not None and not labels_of(input, subject.lineage, decided.let.table).personal:
            yield looked_at
        if looked_at is not None:
            yield from _of_test(subject, looked_at)


def asked_by_when(inspection: Inspection, at: int) -> PlanExpr:
    """What a `when … then …` of a scorecard asks."""
    number = inspection.numbers[at]
    assert isinstance(number, Choose), "a number is chosen by what is true"
    return number.arms[0].when


def _of_named(subject: Subject, named: Named) -> Iterator[PlanExpr]:
    if isinstance(named, p.ParameterRef):
        return
    if may_be_shown(subject, named):
        yield named
    elif not is_personal(subject, is_missing(named)):
        yield is_missing(named)
    if isinstance(named, p.FieldRef) and subject.program.table(named.table).role == "attached":
        yield p.RowKnown(named.table, BOOLEAN)


def is_missing(named: Named) -> p.Call:
    """The test whether a named value is missing: what may be told of a personal field."""
    operand: Any = named  # a plan expression
    return p.Call("missing.any", (operand,), BOOLEAN)


def reckoned_operands(test: PlanExpr) -> tuple[PlanExpr, ...]:
    """The operands of a comparison or test that are neither constants nor parameters nor themselves conditions."""
    if isinstance(test, Band):
        return operands_of(test)
    if not isinstance(test, p.Call):
        return ()
    conditions = (p.Const, p.ParameterRef, p.And, p.Or, p.Not, p.RowKnown, p.SegmentIs, p.SegmentIncludes)
    return tuple(
        operand
        for operand in operands_of(test)
        if not isinstance(operand, conditions) and (operand.type.kind != "boolean" or isinstance(operand, Named))
    )


def named_in(subject: Subject, expr: PlanExpr) -> Iterator[Named]:
    """The fields, parameters, lets and aggregates that `expr` names, through operations that have no name."""
    for part in parts(expr):
        match part:
            case p.FieldRef() | p.ParameterRef():
                yield part
            case FeatureRef(name):
                feature = subject.features[name]
                if isinstance(feature, AggregateFeature) or isinstance(feature.written, p.LetRef):
                    yield part
                else:
                    yield from named_in(subject, feature.value)
            case _:
                pass


def beneath(subject: Subject, named: Named) -> Iterator[Named]:
    """What a let is reckoned from, down to fields, parameters and aggregates."""
    feature = subject.features.get(named.name) if isinstance(named, FeatureRef) else None
    if isinstance(feature, Feature):
        for part in named_in(subject, feature.value):
            yield part
            yield from beneath(subject, part)


def divisors(subject: Subject, expr: PlanExpr) -> Iterator[PlanExpr]:
    """What is divided by in `expr` and in what it is reckoned from."""
    for part in parts(expr):
        if isinstance(part, p.Call) and part.overload.startswith("divide."):
            yield operands_of(part)[1]
        feature = subject.features.get(part.name) if isinstance(part, FeatureRef) else None
        if isinstance(feature, Feature):
            yield from divisors(subject, feature.value)


# -- what may be shown -------------------------------------------------------------------------------------------


def may_be_shown(subject: Subject, expr: PlanExpr) -> bool:
    """Whether nothing personal shows in the value of `expr`."""
    match expr:
        case p.FieldRef() | FeatureRef():
            return not_personal(expr, subject.personal, subject.program)
        case _:
            return not is_personal(subject, expr)


def is_personal(subject: Subject, expr: PlanExpr) -> bool:
    """Whether the value of `expr`, as the program says it, is personal."""
    return labels_of(as_written(subject, expr), subject.lineage, subject.population.table).personal


def as_written(subject: Subject, expr: PlanExpr) -> p.Expr:
    """How the program says a plan expression: with lets and aggregates in place of features."""
    match expr:
        case FeatureRef(name):
            let = next((let for let in subject.program.lets if let.name == name), None)
            return subject.features[name].written if let is None else p.LetRef(let.table, name, expr.type)
        case p.Call(overload, _, type):
            return p.Call(overload, tuple(as_written(subject, each) for each in operands_of(expr)), type)
        case p.And(_, type):
            return p.And(tuple(as_written(subject, each) for each in operands_of(expr)), type)
        case p.Or(_, type):
            return p.Or(tuple(as_written(subject, each) for each in operands_of(expr)), type)
        case p.Not(_, type):
            return p.Not(as_written(subject, operands_of(expr)[0]), type)
        case Band(key, _, operator):
            return replace(_relative(subject, key), operator=operator)
        case Choose():
            raise ValueError("a decision has no words of its own: its feature has")
        case _:
            return expr


def _relative(subject: Subject, key: str) -> p.Relative:
    ranking = subject.population.ranking
    assert ranking is not None, "something is relative"
    return ranking.written[ranking.keys.index(key)]
