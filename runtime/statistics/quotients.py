"""The interval of a quotient of two sums over the same rows: `sum of Y / sum of X`."""

from __future__ import annotations

from fractions import Fraction

from .distributions import student_quantile
from .figures import CONFIDENCE, Estimate, Exact, Interval, Unstated, check_counts, fraction, root, stated


def quotient_interval(n: int, x: Exact, y: Exact, xx: Exact, yy: Exact, xy: Exact) -> Interval | Unstated:
    """The interval of Σy / Σx; unstated where `quotient_estimate` is."""
    return stated(quotient_estimate(n, x, y, xx, yy, xy))


def quotient_estimate(n: int, x: Exact, y: Exact, xx: Exact, yy: Exact, xy: Exact) -> Estimate | Unstated:
    """r = Σy / Σx over n rows from x = Σx, y = Σy, xx = Σx², yy = Σy², xy = Σxy; unit of y per unit of x.

    Error √(Σ(y − r x)² / (n (n − 1))) / |mean of x|, the variance of the linearised quotient, n − 1 degrees of freedom
    (Cochran, Sampling Techniques, 3rd ed. 1977, ch. 6). A row whose x or y is unknown has 0 there; a row counts
    in n where it could have had either. With x = 1 this is the mean.

    Unstated below two rows; where each y is the same multiple of its x (no claim at all, say); and where the interval
    of the mean of x reaches 0, since the quotient could then be anything (Fieller, Journal of the Royal Statistical
    Society B 16, 1954). Raises `ValueError` for sums that no rows have, `TypeError` for a float."""
    check_counts(n)
    if n == 0:
        return Unstated("no known value")
    below, above = fraction(x), fraction(y)
    about_mean = fraction(xx) - below * below / n
    if n == 1:
        return Unstated("only one known value")
    if _reaches_zero(n, below, about_mean):
        return Unstated("the denominator could be zero")
    r = above / below
    residues = fraction(yy) - 2 * r * fraction(xy) + r * r * fraction(xx)
    if residues == 0:
        return Unstated("every row gives the same figure")
    error = root(residues / n / (n - 1) / (below / n) ** 2)
    return Estimate(float(r), error, n - 1, "linearised quotient, Student's t")


def _reaches_zero(n: int, total: Fraction, about_mean: Fraction) -> bool:
    """Whether 0 lies within Student's t interval of a mean."""
    reach = student_quantile(1 - CONFIDENCE, n - 1) * root(about_mean / n / (n - 1))
    return abs(float(total / n)) <= reach
