"""The interval of a median: `median of X`."""

from __future__ import annotations

from dataclasses import dataclass

from .figures import CONFIDENCE, Unstated, check_counts
from .special import beta_kernel


@dataclass(frozen=True, slots=True)
class Ranks:
    """Which of the known values, in ascending order and numbered from 1, are the ends of the interval, both in;
    `coverage` is the probability that the median lies between them, at least `CONFIDENCE`."""

    low: int
    high: int
    coverage: float


def median_ranks(n: int) -> Ranks | Unstated:
    """The narrowest symmetric pair of ranks whose values hold the median whatever the distribution.

    P(low ≤ B < high) of B binomial (n, ½) ≥ 95 % (David and Nagaraja, Order Statistics, 3rd ed. 2003, 7.1); values that
    occur more than once make it hold the more. Unstated below 6 values, of which even the extremes do not do."""
    check_counts(n)
    if n == 0:
        return Unstated("no known value")
    if 1 - 0.5 ** (n - 1) < CONFIDENCE:
        return Unstated("too few known values")
    low = n // 2
    probability = _central_probability(n)
    inside = probability * (1 + n % 2)
    while inside < CONFIDENCE:
        probability *= low / (n - low + 1)
        low -= 1
        inside += 2 * probability
    return Ranks(low, n + 1 - low, inside)


def _central_probability(n: int) -> float:
    """P(B = k) of B binomial (n, ½) at k = n // 2: 2⁻ⁿ n! / (k! (n − k)!)."""
    k = n // 2
    return beta_kernel(0.5, 0.5, k, n - k) * n / k / (n - k)
