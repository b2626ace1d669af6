"""Pieces of Python source: values that may be missing, and tests in three-valued logic.

A test is two plain tests, *holds* and *fails*; where neither is true it is unknown. So nothing in the source handles a
third truth value, and `and`, `or` and `not` short-circuit as Python's do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

TRUE, FALSE, MISSING = "True", "False", "None"


@dataclass(frozen=True, slots=True)
class Term:
    """An expression that gives a value, or None where `nullable`. A `plain` one may be written several times."""

    code: str
    nullable: bool = False
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Truth:
    """When a condition holds and when it fails. `total`: it always does one of the two."""

    holds: str
    fails: str
    total: bool


Code = Term | Truth


def all_of(tests: Iterable[str]) -> str:
    """Python's `and` of tests."""
    found = list(dict.fromkeys(test for test in tests if test != TRUE))
    if FALSE in found:
        return FALSE
    return f"({' and '.join(found)})" if len(found) > 1 else found[0] if found else TRUE


def any_of(tests: Iterable[str]) -> str:
    """Python's `or` of tests."""
    found = list(dict.fromkeys(test for test in tests if test != FALSE))
    if TRUE in found:
        return TRUE
    return f"({' or '.join(found)})" if len(found) > 1 else found[0] if found else FALSE


def opposite(test: str) -> str:
    """Python's `not` of a test."""
    match test:
        case "True":
            return FALSE
        case "False":
            return TRUE
        case _:
            return f"(not {test})"


def known_truth(holds: str, fails: str | None = None) -> Truth:
    """A test that is never unknown."""
    return Truth(holds, opposite(holds) if fails is None else fails, True)


def conjunction(truths: Sequence[Truth]) -> Truth:
    """Kleene conjunction; of nothing it is true."""
    total = all(each.total for each in truths)
    return Truth(all_of(each.holds for each in truths), any_of(each.fails for each in truths), total)


def disjunction(truths: Sequence[Truth]) -> Truth:
    """Kleene disjunction; of nothing it is false."""
    total = all(each.total for each in truths)
    return Truth(any_of(each.holds for each in truths), all_of(each.fails for each in truths), total)


def negation(truth: Truth) -> Truth:
    """Kleene negation."""
    return Truth(truth.fails, truth.holds, truth.total)


def truth_of(code: Code) -> Truth:
    """A boolean value as a test."""
    match code:
        case Truth():
            return code
        case Term(code="True" | "False" as constant):
            return known_truth(constant)
        case Term(code=said, nullable=False):
            return known_truth(said)
        case Term(code=said):
            return Truth(f"({said} is True)", f"({said} is False)", False)


def value_of(code: Code) -> Term:
    """A test as a value: True, False, or None for unknown."""
    match code:
        case Term():
            return code
        case Truth(holds=holds, total=True):
            return Term(holds if holds in (TRUE, FALSE) else f"({holds})", plain=holds in (TRUE, FALSE))
        case Truth(holds=holds, fails=fails):
            return Term(f"(True if {holds} else False if {fails} else None)", nullable=True)
