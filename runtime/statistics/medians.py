"""The interval of a median: `median of X`."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .figures import CONFIDENCE, Unstated, check_counts
from .special import stirling_remainder


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
    low = (n + 1) // 2
    probability = _central(n)
    inside = probability * (2 if n % 2 else 1)
    if n % 2 == 0:
        probability *= low / (n - low + 1)
    # `inside` is P(low ≤ B ≤ n − low); `probability` is P(B = low) for odd n and P(B = low − 1) for even n so far.
    raise NotImplementedError
