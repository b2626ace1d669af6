"""Tail probabilities, and the quantiles that intervals need. Probabilities are shares of 1."""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

from .special import beta_kernel, incomplete_beta, upper_incomplete_gamma


def normal_quantile(outside: float) -> float:
    """The z > 0 with P(|Z| > z) = outside."""
    return NormalDist().inv_cdf(1 - outside / 2)


def student_tails(t: float, degrees: float) -> float:
    """P(|T| > |t|) of Student's t: I_x(ν/2, ½) at x = ν / (ν + t²) (Abramowitz and Stegun, Handbook of
    Mathematical Functions, 1964, ch. 26)."""
    if math.isinf(t):
        return 0.0
    x, y = _student_shares(t, degrees)
    return incomplete_beta(x, y, degrees / 2, 0.5)


@lru_cache(maxsize=4096)
def student_quantile(outside: float, degrees: float) -> float:
    """The t > 0 with P(|T| > t) = outside, 0 < outside < 1; degrees > 0.

    Newton's method on the tail. It is convex and the normal quantile lies below t, so the steps go up and cannot
    overshoot; they end where a float has no room for another."""
    if not (0 < outside < 1 and degrees > 0):
        raise ValueError(f"no quantile of Student's t for {outside} outside and {degrees} degrees of freedom")
    t = normal_quantile(outside)
    while True:
        x, y = _student_shares(t, degrees)
        density = beta_kernel(x, y, degrees / 2, 0.5) / t
        step = (student_tails(t, degrees) - outside) / (2 * density)
        if step <= 1e-15 * t:
            return t
        t += step


def chi_squared_tail(statistic: float, degrees: int) -> float:
    """P(χ² > statistic): Q(ν/2, statistic/2) (Abramowitz and Stegun, Handbook of Mathematical Functions,
    1964, ch. 26)."""
    return upper_incomplete_gamma(degrees / 2, statistic / 2)


def _student_shares(t: float, degrees: float) -> tuple[float, float]:
    """x = ν / (ν + t²) and 1 − x."""
    square = t * t
    return degrees / (degrees + square), square / (degrees + square)
