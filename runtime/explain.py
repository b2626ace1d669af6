"""Why one row landed where it did: the engine runs the plan for its key, and this module says what it saw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..compiler.plan import Condition, Decision, Feature, FeatureRef, PlanExpr
from ..compiler.plan_walk import conditions_in
from ..compiler.steps import in_force
from ..dsl import program as p
from ..dsl.labels import labels_of
from ..dsl.types import Value
from ..dsl.walk import walk, window_parameters
from ..dsl.wording import value_wording
from .clauses import Seen, clause_seen
from .conditions import assigned_segment, condition_seen, named_value
from .counted import counted_by
from .decided import decision_seen, reasons_seen, score_seen
from .engines.engine import Engine
from .explanation import Counted, Definition, Explanation, Outcome, SegmentationSeen, SegmentSeen
from .observe import Decided, Observation, Subject, as_written, beneath, may_be_shown, named_in, observe
from .words import words


def explain(engine: Engine, subject: Subject, key: Value, only: str | None = None) -> Explanation | None:
    """Why the row with that key landed where it did; None where there is no such row. `only`: one segmentation.

    Whoever calls it has checked the contracts of the data."""
    observation = observe(engine, subject, key)
    if observation is None:
        return None
    population = subject.population
    decisions = [each for each in population.decisions if only in (None, each.segmentation)]
    segmentations = segmentations_seen(subject, observation, decisions)
    told = _told(subject, decisions, segmentations)
    table = subject.program.table(population.table)
    personal_key = table.key is not None and table.field_named(table.key).personal
    return Explanation(
        table=table.name,
        key=None if personal_key else key,
        as_of=subject.binding.as_of,
        segmentations=segmentations,
        definitions=tuple(_definitions(subject, observation, told)),
        counted=_counted(engine, subject, key, told),
        notes=(),
        decisions=tuple(
            decision_seen(subject, observation, each) for each in told.decided if isinstance(each.let.value, p.Choice)
        ),
        scores=tuple(
            score_seen(subject, observation, each) for each in told.decided if isinstance(each.let.value, p.Score)
        ),
    )


# -- segmentations -----------------------------------------------------------------------------------------------


def segmentations_seen(
    subject: Subject, observation: Observation, decisions: Sequence[Decision]
) -> tuple[SegmentationSeen, ...]:
    """What each of some decisions said of an observed row, and why."""
    seen = [condition_seen(subject, observation, condition) for condition in subject.population.conditions]
    return tuple(_segmentation(subject, observation, decision, seen) for decision in decisions)


def _segmentation(subject: Subject, observation: Observation, decision: Decision, seen: Seen) -> SegmentationSeen:
    declared = subject.program.segmentation(decision.segmentation)
    clause = observation.clause.get(decision.segmentation)
    if decision.exclusive:
        assigned: tuple[str, ...] = (assigned_segment(subject, observation, decision.segmentation),)
    else:
        assigned = observation.included[decision.segmentation]
    segments: list[SegmentSeen] = []
    reached = True
    for segment in declared.all_segments:
        segments.append(_segment(subject, observation, decision, segment, seen, assigned, reached))
        reached = reached and not (decision.exclusive and segment.name in assigned)
    return SegmentationSeen(
        declared.name, declared.title, decision.exclusive, assigned, clause, tuple(segments), decision.cap
    )


def _segment(
    subject: Subject,
    observation: Observation,
    decision: Decision,
    segment: p.Segment,
    seen: Seen,
    assigned: Sequence[str],
    reached: bool,
) -> SegmentSeen:
    own = [each for each in decision.clauses if each.segment == segment.name]
    outcome: Outcome = "not assigned"
    if segment.name in assigned:
        outcome = "assigned"
    elif not reached:
        outcome = "not reached"
    elif not all(in_force(each, subject.binding.as_of) for each in own):
        outcome = "not in force"
    told = outcome in ("assigned", "not assigned")
    purposes = [consent.purpose for consent in segment.consent for _ in consent.fields]
    clauses = tuple(clause_seen(each, purposes, seen, observation.truths) for each in own) if told else ()
    if outcome == "not assigned" and any(clause.holds for clause in clauses):
        outcome = "over the limit"
    elif outcome == "not assigned" and any(clause.holds is None for clause in clauses):
        outcome = "not shown"
    reasons, hidden_reasons = tuple((reason.code, reason.text) for reason in segment.reasons), False
    if outcome == "assigned":
        reasons, hidden_reasons = reasons_seen(subject, observation, segment)
    return SegmentSeen(
        segment.name,
        segment.title,
        outcome,
        clauses,
        reasons,
        segment.valid_from,
        segment.valid_until,
        hidden_reasons,
    )


# -- what the names mean -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Told:
    """What an explanation tells: the conditions of the clauses that were reached, the names that these come down to,
    the decisions and scorecards among them, and the scorecards that gave reasons."""

    conditions: tuple[Condition, ...]
    names: tuple[p.LetRef | p.ParameterRef, ...]
    decided: tuple[Decided, ...]

    def tests(self) -> Iterator[PlanExpr]:
        """What was looked at."""
        yield from (condition.test for condition in self.conditions)
        for each in self.decided:
            told = zip(each.inspection.numbers, each.personal, strict=True)
            yield from (number for number, hidden in told if not hidden)


def _told(subject: Subject, decisions: Sequence[Decision], segmentations: Sequence[SegmentationSeen]) -> _Told:
    numbers, reasons = set[int](), set[str]()
    for decision, seen in zip(decisions, segmentations, strict=True):
        formulas = {each.number: each.formula for each in decision.clauses}
        for segment in seen.segments:
            for clause in segment.clauses:
                numbers |= conditions_in(formulas[clause.number])
        declared = subject.program.segmentation(seen.name).all_segments
        reasons |= {name for each in declared if each.name in seen.assigned for name in each.reasons_from}
    conditions = tuple(each for each in subject.population.conditions if each.number in numbers and not each.personal)
    gave_reasons = [subject.decided[name] for name in sorted(reasons)]
    bins = [part for each in gave_reasons for part in _told_bins(each)]
    names = tuple(_names(subject, [*(condition.written for condition in conditions), *bins]))
    read = reasons | {each.name for each in names if isinstance(each, p.LetRef)}
    return _Told(conditions, names, tuple(each for each in subject.decided.values() if each.let.name in read))


def _told_bins(decided: Decided) -> Iterator[p.Expr]:
    """What the bins of a scorecard ask, but for personal ones."""
    score = decided.let.value
    assert isinstance(score, p.Score)
    for each, hidden in zip(score.characteristics, decided.personal, strict=True):
        yield from () if hidden else (bin.when for bin in each.bins)


def _names(subject: Subject, exprs: Sequence[p.Expr]) -> Iterator[p.LetRef | p.ParameterRef]:
    """The lets and parameters that some expressions name, those that these name, and so on, each once. Nothing
    personal."""
    waiting = list(exprs)
    told: set[tuple[str, str]] = set()
    while waiting:
        for expr in walk(waiting.pop(0)):
            lengths = window_parameters(expr) if isinstance(expr, p.Aggregate) else ()
            for named in (expr, *lengths):
                match named:
                    case p.LetRef(table, name) if (table, name) not in told:
                        told.add((table, name))
                        if not labels_of(named, subject.lineage, table).personal:
                            yield named
                            waiting.append(subject.program.let(table, name).value)
                    case p.ParameterRef(name) if ("", name) not in told:
                        told.add(("", name))
                        yield named
                    case _:
                        pass


def _definitions(subject: Subject, observation: Observation, told: _Told) -> Iterator[Definition]:
    """The fields with a title that were looked at, then lets and parameters; decisions and scorecards are
    told apart."""
    yield from _fields(subject, told)
    for named in told.names:
        if isinstance(named, p.ParameterRef):
            yield _parameter(subject, subject.program.parameter(named.name))
        else:
            let = subject.program.let(named.table, named.name)
            if not isinstance(let.value, p.Choice | p.Score):
                yield _let(subject, observation, let)


def _fields(subject: Subject, told: _Told) -> Iterator[Definition]:
    named = dict.fromkeys(each for test in told.tests() for each in named_in(subject, test))
    for ref in named:
        if isinstance(ref, p.FieldRef):
            field = subject.program.table(ref.table).field_named(ref.field)
            if field.title is not None:
                yield Definition("field", words(subject, ref), field.title, str(field.type))


def _let(subject: Subject, observation: Observation, let: p.Let) -> Definition:
    """A let with the values that it is reckoned from, where the row has them."""
    feature = subject.features.get(let.name)
    inputs = dict.fromkeys(named_in(subject, feature.value)) if isinstance(feature, Feature) else ()
    values = tuple(named_value(subject, observation, each) for each in inputs if not isinstance(each, p.ParameterRef))
    return Definition("let", let.name, let.title, words(subject, let.value, let.table), values)


def _parameter(subject: Subject, parameter: p.Parameter) -> Definition:
    text = value_wording(subject.binding.parameters[parameter.name], parameter.type)
    return Definition("parameter", parameter.name, parameter.title, text)


def _counted(engine: Engine, subject: Subject, key: Value, told: _Told) -> tuple[Counted, ...]:
    """The rows behind every aggregate of the row itself that was looked at, directly or through lets."""
    own = {aggregate.name for each in subject.population.frame.passes for aggregate in each.aggregates}
    names: dict[str, FeatureRef] = {}
    for test in told.tests():
        for named in named_in(subject, test):
            for leaf in (named, *beneath(subject, named)):
                if isinstance(leaf, FeatureRef) and leaf.name in own and may_be_shown(subject, leaf):
                    names[leaf.name] = leaf
    population, binding = subject.population, subject.binding
    return tuple(
        counted_by(engine, population, binding, key, name, _called(subject, leaf)) for name, leaf in names.items()
    )


def _called(subject: Subject, aggregate: FeatureRef) -> str:
    """How the rules call an aggregate: by its let, or by its own words."""
    written = as_written(subject, aggregate)
    return written.name if isinstance(written, p.LetRef) else words(subject, written)
