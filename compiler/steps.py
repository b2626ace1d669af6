"""In which order things are reckoned: features after those that they need, decisions after those that they ask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Container

from .plan import Condition, Decision, DecisionClause, Feature, Frame, Population
from .plan_walk import conditions_in, features_in, segmentations_asked, segmentations_in


def steps_of_features(features: tuple[Feature, ...]) -> list[list[Feature]]:
    """The features in steps, each of which needs only what earlier steps have."""
    steps: list[list[Feature]] = []
    step_of: dict[str, int] = {}
    for feature in features:
        step = max((step_of[name] + 1 for name in features_in(feature.value) if name in step_of), default=0)
        step_of[feature.name] = step
        if step == len(steps):
            steps.append([])
        steps[step].append(feature)
    return steps


def early_features(frame: Frame) -> tuple[Feature, ...]:
    """The row features of a frame that ask for no segments, so that decisions may read them."""
    asked = segmentations_asked(frame)
    return tuple(each for each in frame.features if not asked[each.name])


def late_features(frame: Frame, there: Container[str], decided: Collection[str]) -> tuple[Feature, ...]:
    """The row features of a frame that are not yet `there`, and ask only for segments of what is `decided`."""
    asked = segmentations_asked(frame)
    return tuple(each for each in frame.features if each.name not in there and asked[each.name] <= {*decided})


def steps_of_decisions(population: Population) -> list[list[Decision]]:
    """The decisions in steps, each of which asks only what earlier steps decide."""
    steps: list[list[Decision]] = []
    step_of: dict[str, int] = {}
    by_feature = segmentations_asked(population.frame)
    for decision in population.decisions:
        tests = [each.test for each in conditions_of(population, decision)]
        asked = {name for test in tests for name in segmentations_in(test)}
        asked |= {name for test in tests for read in features_in(test) for name in by_feature.get(read, ())}
        step = max((step_of[name] + 1 for name in asked), default=0)
        step_of[decision.segmentation] = step
        steps.extend([] for _ in range(step + 1 - len(steps)))
        steps[step].append(decision)
    return steps


def conditions_of(population: Population, decision: Decision) -> list[Condition]:
    """The conditions that a decision reads, in order of their numbers."""
    numbers = frozenset(number for clause in decision.clauses for number in conditions_in(clause.formula))
    return [population.conditions[number] for number in sorted(numbers)]


def in_force(clause: DecisionClause, as_of: dt.date) -> bool:
    """Whether the clause's segment is in force on the as-of date."""
    return (clause.valid_from is None or clause.valid_from <= as_of) and (
        clause.valid_until is None or as_of <= clause.valid_until
    )


def limits(decision: Decision) -> bool:
    """Whether a cap can keep a row out of a segment: there are more of them than a row may be in."""
    return decision.cap is not None and decision.cap < len(decision.segments)


def clauses_of(decision: Decision, segments: tuple[str, ...]) -> list[int]:
    """The numbers of the clauses of some segments of an exclusive segmentation, that of `otherwise` included."""
    numbers = [clause.number for clause in decision.clauses if clause.segment in segments]
    if decision.otherwise in segments and decision.otherwise_clause is not None:
        numbers.append(decision.otherwise_clause)
    return numbers
