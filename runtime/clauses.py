"""One clause of one row: which of its conditions hold, and which kept the row out.

Nothing here evaluates a rule: the truth of every condition comes from the engine; it is only combined by the plan's
formulas. Where a personal condition takes part, neither its truth nor that of the whole is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from ..compiler.plan import AllOf, AnyOf, DecisionClause, Formula, Is, Negated, NotTrue
from ..compiler.plan_walk import conditions_in
from .conditions import BothSenses, shown
from .explanation import ClauseSeen, ConditionSeen, Obstacle, Step, Truth

Truths = Sequence[bool | None]
"""The truth of each condition by number; None is unknown."""
Seen = Sequence[BothSenses]
"""What is told of each condition by number."""


def clause_seen(clause: DecisionClause, purposes: Sequence[str], seen: Seen, truths: Truths) -> ClauseSeen:
    """A clause as it was observed. Its formula is `AllOf(when, NotTrue(unless) …, Is(consent) …)`; `purposes` are what
    each consent is for."""
    when, unless, consent = _parts(clause.formula)
    asked = [_consent(seen[each.number].plain, purpose) for each, purpose in zip(consent, purposes, strict=True)]
    hidden = _is_hidden(clause.formula, seen)
    obstacles, alone = ([], False) if hidden else _obstacles(clause.formula, asked, seen, truths)
    return ClauseSeen(
        number=clause.number,
        holds=None if hidden else truth_of(clause.formula, truths) is True,
        when=_step(when, seen, truths),
        unless=tuple(_step(each.operand, seen, truths) for each in unless),
        consent=tuple(asked),
        kept_out_by=tuple(obstacles),
        alone=alone,
    )


def _parts(formula: Formula) -> tuple[Formula, list[NotTrue], list[Is]]:
    assert isinstance(formula, AllOf), "a clause asks for all of its parts"
    when, *rest = formula.operands
    return when, [part for part in rest if isinstance(part, NotTrue)], [part for part in rest if isinstance(part, Is)]


def _consent(condition: ConditionSeen, purpose: str) -> ConditionSeen:
    """Consent, which no rule words."""
    return ConditionSeen(condition.number, f"consent for {purpose}", condition.truth, condition.values)


def _is_hidden(formula: Formula, seen: Seen) -> bool:
    return any(seen[number].plain.truth == "hidden" for number in conditions_in(formula))


# -- truth -------------------------------------------------------------------------------------------------------


def truth_of(formula: Formula, truths: Truths) -> bool | None:
    """Kleene truth of a formula."""
    match formula:
        case Is(number):
            return truths[number]
        case AllOf(operands):
            return _all(truth_of(operand, truths) for operand in operands)
        case AnyOf(operands):
            return _not(_all(_not(truth_of(operand, truths)) for operand in operands))
        case Negated(operand):
            return _not(truth_of(operand, truths))
        case NotTrue(operand):
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


def _step(formula: Formula, seen: Seen, truths: Truths) -> Step:
    """The formula with the truth of each part."""
    truth: Truth = "hidden" if _is_hidden(formula, seen) else shown(truth_of(formula, truths))
    match formula:
        case Is(number):
            return _leaf(seen[number].plain)
        case Negated(Is(number)):
            return _leaf(seen[number].contrary)
        case AllOf((only,)) | AnyOf((only,)):
            return _step(only, seen, truths)
        case AllOf(operands):
            parts = tuple(_step(operand, seen, truths) for operand in operands)
            return Step("all", " and ".join(_within(part) for part in parts) or "true", truth, None, parts)
        case AnyOf(operands):
            parts = tuple(_step(operand, seen, truths) for operand in operands)
            return Step("any", " or ".join(_within(part) for part in parts) or "false", truth, None, parts)
        case Negated(operand) | NotTrue(operand):
            part = _step(operand, seen, truths)
            return Step("not", f"not ({part.text})", truth, None, (part,))
        case _:
            assert_never(formula)


def _leaf(condition: ConditionSeen) -> Step:
    return Step("condition", condition.text, condition.truth, condition, ())


def _within(step: Step) -> str:
    return f"({step.text})" if step.kind in ("all", "any") else step.text


# -- what kept the row out ---------------------------------------------------------------------------------------


def _obstacles(
    formula: Formula, consents: Sequence[ConditionSeen], seen: Seen, truths: Truths
) -> tuple[list[Obstacle], bool]:
    """What kept the row out, and whether each did so alone; nothing where the clause holds."""
    if truth_of(formula, truths) is True:
        return [], False
    when, unless, _ = _parts(formula)
    rest = [Obstacle("consent", each.text, (each,)) for each in consents if each.truth != "true"]
    for each in unless:
        if truth_of(each.operand, truths) is True:
            held = tuple(condition for condition in _asked(each.operand, seen) if condition.truth == "true")
            rest.append(Obstacle("unless", _step(each.operand, seen, truths).text, held))
    single = [Obstacle("when", each.text, (each,)) for each in _asked(when, seen) if each.truth != "true"]
    alone = {number for number in conditions_in(formula) if _alone(number, formula, truths)}
    enough = [each for each in (*single, *rest) if any(condition.number in alone for condition in each.conditions)]
    if enough:
        return enough, True
    return list(_without_echoes([*_demands(when, seen, truths, contrary=False), *rest])), False


def _demands(formula: Formula, seen: Seen, truths: Truths, *, contrary: bool) -> Iterator[Obstacle]:
    """What is asked and not true, part by part where every part is asked; what any of several parts would satisfy is
    one obstacle, so that it does not read as if each of them were needed."""
    match formula:
        case Negated(operand):
            yield from _demands(operand, seen, truths, contrary=not contrary)
        case AllOf(operands) if not contrary:
            for operand in operands:
                yield from _demands(operand, seen, truths, contrary=contrary)
        case AnyOf(operands) if contrary:
            for operand in operands:
                yield from _demands(operand, seen, truths, contrary=contrary)
        case Is() | AllOf() | AnyOf() | NotTrue():
            asked: Formula = Negated(formula) if contrary else formula
            if truth_of(asked, truths) is not True:
                failing = tuple(each for each in _asked(asked, seen) if each.truth != "true")
                yield Obstacle("when", _step(asked, seen, truths).text, failing)
        case _:
            assert_never(formula)


def _alone(number: int, formula: Formula, truths: Truths) -> bool:
    """Whether the formula would be true if only this condition had come out otherwise."""
    others = [other for other in (True, False) if other is not truths[number]]
    return any(truth_of(formula, [*truths[:number], other, *truths[number + 1 :]]) is True for other in others)


def _without_echoes(failing: Sequence[Obstacle]) -> Iterator[Obstacle]:
    """Where `x is known` fails, what is unknown because x is missing needs no telling."""
    conditions = [condition for each in failing for condition in each.conditions]
    missing = {value.name for each in conditions if each.truth == "false" for value in each.values if value.missing}
    for each in failing:
        if not all(condition.missing and missing.issuperset(condition.missing) for condition in each.conditions):
            yield each


def _asked(formula: Formula, seen: Seen) -> Iterator[ConditionSeen]:
    """The conditions of a formula in the sense in which they are asked, each once."""
    told: set[str] = set()
    for condition in _senses(formula, seen, contrary=False):
        if condition.text not in told:
            told.add(condition.text)
            yield condition


def _senses(formula: Formula, seen: Seen, *, contrary: bool) -> Iterator[ConditionSeen]:
    match formula:
        case Is(number):
            yield seen[number].contrary if contrary else seen[number].plain
        case AllOf(operands) | AnyOf(operands):
            for operand in operands:
                yield from _senses(operand, seen, contrary=contrary)
        case Negated(operand) | NotTrue(operand):
            yield from _senses(operand, seen, contrary=not contrary)
        case _:
            assert_never(formula)
