"""What every statement about a figure is made of, and the level of confidence of all of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from .distributions import student_quantile

CONFIDENCE = 0.95
"""The confidence of every interval, a share of 1."""

SIGNIFICANCE = 0.05
"""Chance explains a difference whose p-value is not below this; 1 − CONFIDENCE."""

Exact = int | Decimal | Fraction
"""A sum without rounding: how engines add must not show, and differences of sums must not cancel into noise."""

Number = int | float | Decimal | Fraction
"""A figure or limit, which is compared as a float: 3/100 is then no more than 3 %."""

DIGITS_OF_ENDS = 6
"""Ends of intervals are given to so many digits: the last ones of a double depend on the order in which rows came. That
two orders give ends on both sides of a rounding is one case in a hundred million."""

Method = Literal[
    "counted",
    "Wilson score",
    "Student's t",
    "linearised quotient, Student's t",
    "delta method, Student's t",
    "order statistics",
    "adjusted Wald",
    "Newcombe's hybrid of Wilson scores",
    "Welch's t",
    "Katz's logarithm",
    "ratio of Wilson scores",
]
"""How an interval was made, as people read it."""

Reason = Literal[
    "no known value",
    "only one known value",
    "every known value is the same",
    "every row gives the same figure",
    "too few known values",
    "the denominator could be zero",
    "the rate it is compared with is zero",
    "fewer than two categories",
]
"""Why nothing is stated, as people read it."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Both ends in, at `CONFIDENCE`, in the unit of the figure; `high` may be infinite."""

    low: float
    high: float
    method: Method


@dataclass(frozen=True, slots=True)
class Unstated:
    """No interval, test or association can honestly be given, and why."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its standard error, both in its unit, and the degrees of freedom of the error."""

    value: float
    error: float
    degrees: float
    method: Method


def counted(value: float) -> Interval:
    """The interval of a count, a sum or the size of a segment: the value itself, which is known and not estimated.

    This holds for every figure that grows with the number of rows, such as a difference of two sums. An interval of
    the mean times n would answer another question: what as many other customers would add up to."""
    return Interval(value, value, "counted")


def interval(estimate: Estimate) -> Interval:
    """value ± t(0.975, degrees) × error (Student, "The probable error of a mean", Biometrika 6, 1908)."""
    reach = student_quantile(1 - CONFIDENCE, estimate.degrees) * estimate.error
    return Interval(estimate.value - reach, estimate.value + reach, estimate.method)


def stated(estimate: Estimate | Unstated) -> Interval | Unstated:
    """The interval of an estimate, where there is one."""
    return interval(estimate) if isinstance(estimate, Estimate) else estimate


def fraction(number: Exact) -> Fraction:
    """A sum as a fraction. Raises `TypeError` for a float: what it lost in adding cannot be told from the data."""
    if isinstance(number, float):
        raise TypeError("a sum must be exact: an integer, a decimal or a fraction")
    return Fraction(number)


def check_counts(n: int, *parts: int) -> None:
    """Raises `ValueError` unless 0 ≤ part ≤ n for each of `parts`."""
    if n < 0 or not all(0 <= part <= n for part in parts):
        raise ValueError(f"counts that cannot be: {', '.join(map(str, parts))} of {n}")


def root(square: Fraction) -> float:
    """The square root of a fraction that is too large or too small for a float before it is taken.

    Raises `ValueError` for a negative one."""
    if square < 0:
        raise ValueError("sums that cannot be: squares add up to less than their sum allows")
    scale = (square.numerator.bit_length() - square.denominator.bit_length()) // 2
    return math.ldexp(math.sqrt(square / Fraction(4) ** scale), scale)
