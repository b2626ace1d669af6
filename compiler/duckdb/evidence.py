"""The truth of every condition of a row, in bits."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from ..assignment import BITS, words_of
from ..plan import Population
from .query import column
from .terms import cast, is_known, when


def evidence_words(population: Population, conditions: Mapping[int, str]) -> list[exp.Expr]:
    """The words that tell which conditions are true, then those that tell which are known: condition *i* is bit *i*
    mod 64 of word *i* div 64, a UBIGINT. Bits of personal conditions stay 0.

    `conditions` are the columns of the conditions by number."""
    held = {each.number: column(conditions[each.number]) for each in population.conditions if not each.personal}
    known = {number: is_known(term) for number, term in held.items()}
    return [_word(terms, word) for terms in (held, known) for word in words_of(population)]


def _word(terms: Mapping[int, exp.Expr], word: int) -> exp.Expr:
    total = _unsigned(0)
    for number, term in terms.items():
        if number // BITS == word:
            bit = when(term, _unsigned(1 << number % BITS), _unsigned(0))
            total = exp.BitwiseOr(this=total, expression=bit)
    return total


def _unsigned(value: int) -> exp.Expr:
    return cast(exp.Literal.number(value), "UBIGINT")
