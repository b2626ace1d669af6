"""Which conditions the clauses of segments ask, in which sense, and how often rows pass them, from evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from ...compiler.assignment import BITS, Options, column_names, words_of
from ...compiler.plan import AllOf, AnyOf, Decision, DecisionClause, Formula, Is, Negated, NotTrue, Population
from ...dsl.program import Segmentation
from ...dsl.wording import wording
from ..conditions import contrary
from ..connection import quoted


@dataclass(frozen=True, slots=True)
class Asked:
    """A condition as a clause asks it: that it is true (or false); after `unless`, that it is not so, which what is
    unknown passes too. `purpose`: it is consent for that."""

    segment: str
    clause: int
    number: int
    truth: bool
    unless: bool
    purpose: str | None = None


def asked_by(decision: Decision, segmentation: Segmentation, segments: Sequence[str]) -> list[Asked]:
    """What the clauses of some segments ask, each once, in order."""
    purposes = {
        each.name: [consent.purpose for consent in each.consent for _ in consent.fields]
        for each in segmentation.segments
    }
    found = (
        asked
        for clause in decision.clauses
        if clause.segment in segments
        for asked in _of_clause(clause, purposes[clause.segment])
    )
    return list(dict.fromkeys(found))


def _of_clause(clause: DecisionClause, purposes: Sequence[str]) -> Iterator[Asked]:
    """A clause is `AllOf(when, NotTrue(unless) …, Is(consent) …)`."""
    formula = clause.formula
    assert isinstance(formula, AllOf), "a clause asks for all of its parts"
    when, *rest = formula.operands
    yield from _of(when, clause, truth=True, unless=False)
    consent = iter(purposes)
    for part in rest:
        match part:
            case Is(number):
                yield Asked(clause.segment, clause.number, number, True, False, next(consent))
            case _:
                yield from _of(part, clause, truth=True, unless=False)


def _of(formula: Formula, clause: DecisionClause, *, truth: bool, unless: bool) -> Iterator[Asked]:
    match formula:
        case Is(number):
            yield Asked(clause.segment, clause.number, number, truth, unless)
        case AllOf(operands) | AnyOf(operands):
            for operand in operands:
                yield from _of(operand, clause, truth=truth, unless=unless)
        case Negated(operand):
            yield from _of(operand, clause, truth=not truth, unless=unless)
        case NotTrue(operand):
            yield from _of(operand, clause, truth=truth, unless=True)
        case _:
            assert_never(formula)


def words_of_asked(asked: Asked, population: Population) -> str:
    """`credit_score >= 720`, `unless hardship`, `consent for marketing`."""
    if asked.purpose is not None:
        return f"consent for {asked.purpose}"
    said = population.conditions[asked.number].written
    words = wording(said if asked.truth else contrary(said), population.table)
    return f"unless {words}" if asked.unless else words


def passes_term(asked: Asked, population: Population, options: Options) -> str:
    """The SQL expression for whether a row of an assignment with `options`, `evidence` among them, passes."""
    names, words = column_names(population, options)[0], words_of(population)
    first = 1 + sum(2 if each.exclusive and not options.codes_only else 1 for each in population.decisions)
    word, bit = divmod(asked.number, BITS)
    true, known = (
        f"({quoted(names[at + word])} & CAST({1 << bit} AS UBIGINT)) <> 0" for at in (first, first + len(words))
    )
    is_so = true if asked.truth else f"({known} AND NOT ({true}))"
    return f"NOT ({is_so})" if asked.unless else is_so
