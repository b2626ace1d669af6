"""Clauses as SQL over evidence, and the parts that they are made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, assert_never

from ...compiler.assignment import BITS
from ...compiler.plan import (
    AllOf,
    AnyOf,
    Condition,
    DecisionClause,
    Formula,
    Is,
    Negated,
    NotTrue,
    Population,
)
from ...compiler.plan_walk import conditions_in
from ...dsl import program as p
from ...dsl.walk import walk
from ...dsl.wording import wording
from ..conditions import contrary


@dataclass(frozen=True, slots=True)
class Part:
    """One of the things that a clause asks, all of which must be true."""

    kind: Literal["when", "unless", "consent"]
    formula: Formula


def parts_of(clause: DecisionClause) -> list[Part]:
    """The parts of a clause in the order in which they are written."""
    assert isinstance(clause.formula, AllOf), "a clause asks for all of its parts"
    when, *rest = clause.formula.operands
    asked = [Part("when", each) for each in _all_of(when)]
    return asked + [Part("unless" if isinstance(each, NotTrue) else "consent", each) for each in rest]


def _all_of(formula: Formula) -> Iterator[Formula]:
    match formula:
        case AllOf(operands):
            for operand in operands:
                yield from _all_of(operand)
        case AnyOf((only,)):
            yield from _all_of(only)
        case _:
            yield formula


def in_force(clause: DecisionClause, as_of: dt.date) -> bool:
    """Whether the clause stands on that date."""
    begun = clause.valid_from is None or clause.valid_from <= as_of
    return begun and (clause.valid_until is None or as_of <= clause.valid_until)


def is_personal(formula: Formula, population: Population) -> bool:
    """Whether a condition of the formula is personal, so that evidence has no bit for it."""
    return any(population.conditions[number].personal for number in conditions_in(formula))


# -- SQL ----------------------------------------------------------------------------------------------------------


def sql(formula: Formula) -> str:
    """The formula over the columns of `truth_columns`, with SQL's three values for the language's."""
    match formula:
        case Is(number):
            return f"c{number}"
        case AllOf(operands):
            return f"({' AND '.join(map(sql, operands)) or 'true'})"
        case AnyOf(operands):
            return f"({' OR '.join(map(sql, operands)) or 'false'})"
        case Negated(operand):
            return f"(NOT {sql(operand)})"
        case NotTrue(operand):
            return f"({sql(operand)} IS NOT TRUE)"
        case _:
            assert_never(formula)


def truth_columns(population: Population) -> list[str]:
    """A column for each condition, null where it is unknown, from the words of evidence."""
    return [_truth(each) for each in population.conditions]


def _truth(condition: Condition) -> str:
    word, bit = divmod(condition.number, BITS)
    true, known = (f"(evidence_{kind}_{word} & {1 << bit}::UBIGINT) <> 0" for kind in ("true", "known"))
    return f"CASE WHEN {known} THEN {true} END AS c{condition.number}"


# -- words --------------------------------------------------------------------------------------------------------


def words(part: Part, population: Population) -> str:
    """The part as the rules say it, without its keyword."""
    match part.formula:
        case NotTrue(operand):
            return _words(operand, population)
        case formula:
            return _words(formula, population)


def _words(formula: Formula, population: Population) -> str:
    match formula:
        case Is(number):
            return wording(population.conditions[number].written, population.table)
        case Negated(Is(number)):
            return wording(contrary(population.conditions[number].written), population.table)
        case AllOf(operands):
            return " and ".join(_held(operand, population) for operand in operands) or "true"
        case AnyOf(operands):
            return " or ".join(_held(operand, population) for operand in operands) or "false"
        case Negated(operand) | NotTrue(operand):
            return f"not ({_words(operand, population)})"
        case _:
            assert_never(formula)


def _held(formula: Formula, population: Population) -> str:
    said = _words(formula, population)
    return f"({said})" if isinstance(formula, AllOf | AnyOf) else said


def parameters(formula: Formula, population: Population) -> tuple[str, ...]:
    """The names of the parameters that the formula speaks of, in order."""
    found = [
        part.name
        for number in sorted(conditions_in(formula))
        for part in walk(population.conditions[number].written)
        if isinstance(part, p.ParameterRef)
    ]
    return tuple(dict.fromkeys(found))
