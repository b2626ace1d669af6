"""The interval of a mean: `average of X`."""

from __future__ import annotations

import math

from .figures import Estimate, Exact, Interval, Unstated, check_counts, fraction, root, stated


def mean_interval(n: int, total: Exact, squares: Exact) -> Interval | Unstated:
    """Student's t interval of the mean of n known values, in their unit; unstated where `mean_estimate` is.

    For skewed values such as money it is stated all the same: the mean of many is nearly normal, and `few_for_mean`
    says from how many on. It is an interval of the mean, not of where customers lie."""
    return stated(mean_estimate(n, total, squares))


def mean_estimate(n: int, total: Exact, squares: Exact) -> Estimate | Unstated:
    """The mean of n known values from Σx and Σx², error √(M / (n (n − 1))) with M = Σx² − (Σx)²/n, n − 1 degrees of
    freedom (Student, "The probable error of a mean", Biometrika 6, 1908).

    Sums of x − c serve as well, for any constant c, if `value` is then moved by c. Unstated below two values and where
    all are the same: nothing is then known of how they spread. Raises `ValueError` for sums that no values have,
    `TypeError` for a float."""
    check_counts(n)
    if n == 0:
        return Unstated("no known value")
    exact_total = fraction(total)
    about_mean = fraction(squares) - exact_total * exact_total / n
    if n == 1:
        return Unstated("only one known value")
    if about_mean == 0:
        return Unstated("every known value is the same")
    return Estimate(float(exact_total / n), root(about_mean / n / (n - 1)), n - 1, "Student's t")


def mean_estimate_from_spread(n: int, mean: float, about_mean: float) -> Estimate | Unstated:
    """The same from the mean and Σ(x − mean)² as floats, for values that were never summed exactly.

    Raises `ValueError` for a spread that is negative or no number."""
    check_counts(n)
    if n == 0:
        return Unstated("no known value")
    if not (about_mean >= 0 and math.isfinite(mean) and math.isfinite(about_mean)):
        raise ValueError(f"a spread that cannot be: {about_mean} around {mean}")
    if n == 1:
        return Unstated("only one known value")
    if about_mean == 0:
        return Unstated("every known value is the same")
    return Estimate(mean, math.sqrt(about_mean / n / (n - 1)), n - 1, "Student's t")
