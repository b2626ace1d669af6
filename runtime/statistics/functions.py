"""The interval of any smooth figure that is reckoned from several means: arithmetic on `sum of X`, `average of Y`, ….

Each term of the figure gives every row of the group a number: `sum of X` its x, or 0 where x is unknown; `average of X`
that and a second one, 1 where x is known and 0 elsewhere; `share where C` likewise. The figure is then a function of
the means of these numbers over all rows, and what engines add up is `Sums`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .figures import Estimate, Exact, Interval, Unstated, check_counts, fraction, interval, stated

Vector = Sequence[float]
Matrix = Sequence[Sequence[float]]


_NOISE = 1e-13
"""The share of what was added up that is rounding alone."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Of k numbers of each of n rows: the k sums, and for each number its k products with the others, summed:
    `products[i][j]` = Σ xᵢxⱼ for j ≤ i (what lies above may be left out)."""

    n: int
    totals: tuple[Exact, ...]
    products: tuple[tuple[Exact, ...], ...]


def means(sums: Sums) -> tuple[float, ...]:
    """The k means. Raises `ValueError` without rows."""
    if sums.n < 1:
        raise ValueError("no rows have no mean")
    return tuple(float(fraction(total) / sums.n) for total in sums.totals)


def covariance(sums: Sums) -> tuple[tuple[float, ...], ...]:
    """The k × k matrix of (Σ xᵢxⱼ − Σxᵢ Σxⱼ / n) / (n − 1), each rounded once.

    Raises `ValueError` below two rows, `TypeError` for a float."""
    if sums.n < 2:
        raise ValueError("fewer than two rows have no covariance")
    totals = [fraction(total) for total in sums.totals]

    def entry(i: int, j: int) -> float:
        i, j = max(i, j), min(i, j)
        about = fraction(sums.products[i][j]) - totals[i] * totals[j] / sums.n
        return float(about / (sums.n - 1))

    return tuple(tuple(entry(i, j) for j in range(len(totals))) for i in range(len(totals)))


def function_estimate(value: float, gradient: Vector, covariance: Matrix, n: int) -> Estimate | Unstated:
    """A figure with the error √(gᵀ Σ g / n), g its gradient with respect to the means, Σ the covariance of the rows;
    n − 1 degrees of freedom, so that for one mean this is Student's interval (delta method: Cramér, Mathematical
    Methods of Statistics, 1946, ch. 27 and 28; Oehlert, The American Statistician 46, 1992).

    Unstated below two rows and where nothing varies. Whether a denominator could be zero is for `could_be_zero` to say
    first: a slope knows nothing of a pole nearby. Raises `ValueError` for sizes that do not match, or a figure or
    slope that is no number."""
    check_counts(n)
    size = len(gradient)
    if len(covariance) != size or any(len(row) != size for row in covariance):
        raise ValueError(f"a gradient of {size} needs as many rows and columns of covariances")
    if not all(math.isfinite(number) for number in (value, *gradient)):
        raise ValueError("a figure or slope that is no number")
    if n == 0:
        return Unstated("no known value")
    if n == 1:
        return Unstated("only one known value")
    parts = [gradient[i] * gradient[j] * covariance[i][j] for i in range(size) for j in range(size)]
    variance = math.fsum(parts)
    if variance <= _NOISE * math.fsum(map(abs, parts)):
        return Unstated("every row gives the same figure")
    return Estimate(value, math.sqrt(variance / n), n - 1, "delta method, Student's t")


def interval_of_function(value: float, gradient: Vector, covariance: Matrix, n: int) -> Interval | Unstated:
    """Student's t interval of a smooth figure; unstated where `function_estimate` is."""
    return stated(function_estimate(value, gradient, covariance, n))


def could_be_zero(value: float, gradient: Vector, covariance: Matrix, n: int) -> bool:
    """Whether a denominator is 0 or its interval holds 0; one that does not vary is what it is."""
    estimate = function_estimate(value, gradient, covariance, n)
    if isinstance(estimate, Unstated):
        return value == 0
    ends = interval(estimate)
    return ends.low <= 0 <= ends.high
