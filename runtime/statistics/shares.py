"""The interval of a share: `share where C`."""

from __future__ import annotations

import math

from .distributions import normal_quantile
from .figures import CONFIDENCE, Interval, Unstated, check_counts


def wilson(hits: int, n: int) -> Interval | Unstated:
    """The Wilson score interval of hits / n, shares of 1; n counts the rows for which it is known whether they hit.

    (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n), with p = hits / n and z = 1.96 (Wilson, "Probable inference,
    the law of succession, and statistical inference", Journal of the American Statistical Association 22, 1927).
    It holds at 0 and at n hits too. Unstated at n = 0. Raises `ValueError` unless 0 ≤ hits ≤ n."""
    check_counts(n, hits)
    if n == 0:
        return Unstated("no known value")
    return Interval(_low(hits, n), _high(hits, n), "Wilson score")


def _high(hits: int, n: int) -> float:
    if hits == n:
        return 1.0
    z = normal_quantile(1 - CONFIDENCE)
    return (2 * hits + z * z + z * math.sqrt(z * z + 4 * hits * (n - hits) / n)) / (2 * (n + z * z))


def _low(hits: int, n: int) -> float:
    """The other root of the quadratic, as the product of both over the high one: nothing cancels."""
    z = normal_quantile(1 - CONFIDENCE)
    return hits / n * hits / (n + z * z) / _high(hits, n)
