"""When a figure is marked as resting on few: it is shown, and so is its mark."""

from __future__ import annotations

import math
from typing import Literal

from .figures import Estimate, Unstated, check_counts

FEWEST_ROWS = 30
"""National Center for Health Statistics, Data Presentation Standards for Proportions (Vital and Health Statistics 2,
175, 2017), which publishes no proportion of fewer; the same number is custom for means."""

FEWEST_CASES = 5
"""n p and n (1 − p), the old condition for a normal approximation (Cochran, "Some methods for strengthening the common
χ² tests", Biometrics 10, 1954). Wilson's interval does without it; a rate that rests on four defaults does not."""

Few = Literal["few rows", "few cases", "skewed values", "unsteady denominator"]


def few_for_share(hits: int, n: int) -> Few | None:
    """The mark of a share: fewer than 30 known rows, or fewer than 5 that hit or do not."""
    check_counts(n, hits)
    if n < FEWEST_ROWS:
        return "few rows"
    return "few cases" if min(hits, n - hits) < FEWEST_CASES else None


def few_for_mean(n: int, skewness: float | None = None) -> Few | None:
    """The mark of a mean, median, score or other figure of n known rows: fewer than 30, or, where the skewness G₁ of
    the values is given, no more than 25 G₁² (Cochran, Sampling Techniques, 3rd ed. 1977, ch. 2)."""
    check_counts(n)
    if n < FEWEST_ROWS:
        return "few rows"
    if skewness is not None and not math.isfinite(skewness):
        raise ValueError("a skewness that is no number")
    return "skewed values" if skewness is not None and n <= 25 * skewness**2 else None


def few_for_quotient(n: int, denominator: Estimate | Unstated) -> Few | None:
    """The mark of a quotient of sums over n rows, from the `mean_estimate` of what it is divided by: fewer than 30
    rows, or a standard error of a tenth of that mean or more (Cochran, Sampling Techniques, 3rd ed. 1977, ch. 6:
    below it the linearised interval serves). A denominator that is the same in every row is steady."""
    check_counts(n)
    if n < FEWEST_ROWS:
        return "few rows"
    if isinstance(denominator, Unstated):
        return None
    return "unsteady denominator" if denominator.error >= abs(denominator.value) / 10 else None
