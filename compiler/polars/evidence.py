"""The truth of every condition of a row, in bits."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ..assignment import BITS, words_of
from ..plan import Population


def evidence_words(population: Population, conditions: Mapping[int, str]) -> list[pl.Expr]:
    """The words that tell which conditions are true, then those that tell which are known: condition *i* is bit *i*
    mod 64 of word *i* div 64, a UInt64. Bits of personal conditions stay 0.

    `conditions` are the columns of the conditions by number."""
    held = {each.number: pl.col(conditions[each.number]) for each in population.conditions if not each.personal}
    known = {number: condition.is_not_null() for number, condition in held.items()}
    return [_word(terms, word) for terms in (held, known) for word in words_of(population)]


def _word(terms: Mapping[int, pl.Expr], word: int) -> pl.Expr:
    total = _unsigned(0)
    for number, term in terms.items():
        if number // BITS == word:
            total = total | pl.when(term).then(_unsigned(1 << number % BITS)).otherwise(_unsigned(0))
    return total


def _unsigned(value: int) -> pl.Expr:
    return pl.lit(value, dtype=pl.UInt64)
