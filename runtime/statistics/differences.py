"""Whether two segments differ by more than chance would make them, and over all pairs of segments.

The two sides must share no rows: segments of an exclusive segmentation do not, those of an overlapping one may."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, islice
from typing import Literal, TypeVar

from .distributions import student_quantile, student_tails
from .figures import CONFIDENCE, SIGNIFICANCE, Estimate, Interval, Unstated, check_counts
from .shares import wilson
from .small import FEWEST_CASES

Test = Literal["Fisher's exact", "score", "Welch's t"]
Figures = TypeVar("Figures")


@dataclass(frozen=True, slots=True)
class Difference:
    """The first figure minus the second, in their unit, with its interval and the two-sided p-value of no difference.

    Interval and p-value come from two methods and may disagree at the very edge; the p-value decides."""

    value: float
    interval: Interval
    p_value: float
    test: Test


@dataclass(frozen=True, slots=True)
class Pair:
    """Two segments and how they differ; `p_value` allows for the number of pairs, None where no test could be made."""

    first: str
    second: str
    difference: Difference | Unstated
    p_value: float | None


def difference_of_shares(hits_1: int, n_1: int, hits_2: int, n_2: int) -> Difference | Unstated:
    """hits₁/n₁ − hits₂/n₂, shares of 1.

    With Wilson limits l, u of each share p: low = d − √((p₁ − l₁)² + (u₂ − p₂)²), high = d + √((u₁ − p₁)² + (p₂ − l₂)²)
    (Newcombe, "Interval estimation for the difference between independent proportions", Statistics in Medicine 17,
    1998, method 10). The p-value is that of `two_shares`. Unstated where a side has no known row."""
    first, second = wilson(hits_1, n_1), wilson(hits_2, n_2)
    if isinstance(first, Unstated):
        return first
    if isinstance(second, Unstated):
        return second
    p_1, p_2 = hits_1 / n_1, hits_2 / n_2
    value = float(Fraction(hits_1, n_1) - Fraction(hits_2, n_2))
    low = value - math.hypot(p_1 - first.low, second.high - p_2)
    high = value + math.hypot(first.high - p_1, p_2 - second.low)
    p_value, test = two_shares(hits_1, n_1, hits_2, n_2)
    return Difference(
        value, Interval(max(-1.0, low), min(1.0, high), "Newcombe's hybrid of Wilson scores"), p_value, test
    )


def two_shares(hits_1: int, n_1: int, hits_2: int, n_2: int) -> tuple[float, Test]:
    """The two-sided p-value of equal rates, and its test; n₁, n₂ > 0.

    Fisher's exact test where a cell of the table expects fewer than 5 (Cochran, Biometrics 10, 1954), which stays
    valid there; else the score test without correction for continuity, which loses less power: z² = N (ad − bc)² /
    (product of the margins), the chi-squared of Pearson (Philosophical Magazine 50, 1900)."""
    check_counts(n_1, hits_1)
    check_counts(n_2, hits_2)
    if not (n_1 and n_2):
        raise ValueError("no rows have no rate")
    hits, n = hits_1 + hits_2, n_1 + n_2
    if Fraction(min(n_1, n_2) * min(hits, n - hits), n) < FEWEST_CASES:
        return fisher_exact(hits_1, n_1, hits_2, n_2), "Fisher's exact"
    unlike = hits_1 * (n_2 - hits_2) - hits_2 * (n_1 - hits_1)
    square = Fraction(n * unlike * unlike, n_1 * n_2 * hits * (n - hits))
    return math.erfc(math.sqrt(square / 2)), "score"


def fisher_exact(hits_1: int, n_1: int, hits_2: int, n_2: int) -> float:
    """The probability, margins given, of tables that are no likelier than this one, in whole numbers (Fisher, "The
    logic of inductive inference", Journal of the Royal Statistical Society 98, 1935)."""
    check_counts(n_1, hits_1)
    check_counts(n_2, hits_2)
    hits, n = hits_1 + hits_2, n_1 + n_2
    drawn, marked, found = min(  # of the four ways to write the table, the one with the fewest alternatives
        (n_1, hits, hits_1), (n_2, hits, hits_2), (hits, n_1, hits_1), (n - hits, n_1, n_1 - hits_1)
    )
    observed = next(islice(_ways(n, marked, drawn), found, None))
    unlikely = sum(ways for ways in _ways(n, marked, drawn) if ways <= observed)
    return float(Fraction(unlikely, math.comb(n, drawn)))


def _ways(n: int, marked: int, drawn: int) -> Iterator[int]:
    """In how many ways k = 0, 1, … of the drawn are marked; at most so many are drawn as are marked or unmarked."""
    ways = math.comb(n - marked, drawn)
    yield ways
    for k in range(drawn):
        ways = ways * ((marked - k) * (drawn - k)) // ((k + 1) * (n - marked - drawn + k + 1))
        yield ways


def difference_of_estimates(first: Estimate | Unstated, second: Estimate | Unstated) -> Difference | Unstated:
    """The difference of two means, quotients or other estimates, in their unit.

    t = d / √(e₁² + e₂²) with (e₁² + e₂²)² / (e₁⁴/ν₁ + e₂⁴/ν₂) degrees of freedom (Welch, "The generalization of
    'Student's' problem when several different population variances are involved", Biometrika 34, 1947)."""
    if isinstance(first, Unstated):
        return first
    if isinstance(second, Unstated):
        return second
    value = first.value - second.value
    error = math.hypot(first.error, second.error)
    if error == 0:
        return Unstated("every row gives the same figure")
    share_1, share_2 = (first.error / error) ** 2, (second.error / error) ** 2
    degrees = 1 / (share_1**2 / first.degrees + share_2**2 / second.degrees)
    reach = student_quantile(1 - CONFIDENCE, degrees) * error
    around = Interval(value - reach, value + reach, "Welch's t")
    return Difference(value, around, student_tails(value / error, degrees), "Welch's t")


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """The p-values, in their order, allowing for how many there are: the i-th smallest of m times m + 1 − i, none below
    one before it, none above 1 (Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal
    of Statistics 6, 1979). Raises `ValueError` for what is no probability."""
    if not all(0 <= p_value <= 1 for p_value in p_values):
        raise ValueError("a p-value lies between 0 and 1")
    adjusted = [0.0] * len(p_values)
    floor = 0.0
    for passed, number in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        floor = max(floor, min(1.0, (len(p_values) - passed) * p_values[number]))
        adjusted[number] = floor
    return tuple(adjusted)


def all_pairs(
    segments: Mapping[str, Figures], difference: Callable[[Figures, Figures], Difference | Unstated]
) -> tuple[Pair, ...]:
    """Every pair of segments in their order, for one measure; Holm's correction over the pairs that could be tested."""
    found = [(a, b, difference(segments[a], segments[b])) for a, b in combinations(segments, 2)]
    adjusted = iter(holm([each.p_value for _, _, each in found if isinstance(each, Difference)]))
    return tuple(Pair(a, b, each, next(adjusted) if isinstance(each, Difference) else None) for a, b, each in found)


def could_be_chance(pair: Pair) -> bool:
    """Whether the data leave open that the two segments do not differ; True where no test could be made."""
    return pair.p_value is None or pair.p_value >= SIGNIFICANCE
