"""The two special functions behind every test: regularised incomplete beta and gamma.

Sources: NIST Digital Library of Mathematical Functions (DLMF), chapters 5 and 8; the continued fractions are evaluated
as Lentz (Applied Optics 15, 1976) has it, modified by Thompson and Barnett (Journal of Computational Physics 64,
1986). Powers and factorials are divided before they are taken, as in Loader, "Fast and accurate computation of
binomial probabilities" (2000), so that ten million degrees of freedom lose no digits. Relative error below 1e-12."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import count

_ENOUGH = 3e-16
_TINY = 1e-300
_MOST_TERMS = 100_000
_LOG_ROOT_TWO_PI = 0.5 * math.log(2 * math.pi)
_STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156)


def incomplete_beta(x: float, y: float, a: float, b: float) -> float:
    """I_x(a, b), where y = 1 − x is given for its own sake: it may be too small to be found in x.

    a, b > 0, 0 ≤ x ≤ 1. Below the mean, x ≤ a / (a + b), the even part of the continued fraction DLMF 8.17.22 (DiDonato
    and Morris, ACM Transactions on Mathematical Software 18, 1992), in which y stands by itself; above it, by 8.17.4,
    one less the other side."""
    if x <= 0:
        return 0.0
    if y <= 0:
        return 1.0
    if a * y < b * x:
        return 1.0 - incomplete_beta(y, x, b, a)
    return beta_kernel(x, y, a, b) * _continued(_beta_terms(x, y, a, b))


def beta_kernel(x: float, y: float, a: float, b: float) -> float:
    """x^a y^b / B(a, b), with y = 1 − x; 0 < x, y < 1."""
    excess = x * b - y * a
    powers = a * _log_near_one(x * (a + b) / a, excess / a) + b * _log_near_one(y * (a + b) / b, -excess / b)
    remainders = stirling_remainder(a + b) - stirling_remainder(a) - stirling_remainder(b)
    return math.sqrt(a / (a + b) * b / (2 * math.pi)) * math.exp(powers + remainders)


def upper_incomplete_gamma(a: float, x: float) -> float:
    """Q(a, x) = Γ(a, x) / Γ(a); a > 0, x ≥ 0. The series DLMF 8.11.4 below x = a + 1, else the fraction 8.9.2."""
    if x <= 0:
        return 1.0
    if math.isinf(x):
        return 0.0
    kernel = math.sqrt(a / (2 * math.pi)) * math.exp(
        a * _log_near_one(x / a, (x - a) / a) - (x - a) - stirling_remainder(a)
    )  # x^a e^−x / Γ(a)
    if x < a + 1:
        return 1.0 - kernel / a * _series(x / (a + k) for k in count(1))
    return kernel / (x + 1 - a + _continued((k * (a - k), x + 2 * k + 1 - a) for k in count(1)))


def stirling_remainder(x: float) -> float:
    """ln Γ(x) − ((x − ½) ln x − x + ½ ln 2π), x > 0 (DLMF 5.11.1)."""
    if x < 10:
        return math.lgamma(x) - ((x - 0.5) * math.log(x) - x + _LOG_ROOT_TWO_PI)
    square = 1 / x / x
    total = 0.0
    for coefficient in reversed(_STIRLING):
        total = total * square + coefficient
    return total / x


def _log_near_one(ratio: float, excess: float) -> float:
    """ln of ratio = 1 + excess, by whichever of the two has kept its digits."""
    return math.log1p(excess) if abs(excess) < 0.5 else math.log(ratio)


def _beta_terms(x: float, y: float, a: float, b: float) -> Iterator[tuple[float, float]]:
    lead = a * y - b * x + 1
    yield 1.0, a / (a + 1) * lead
    above = a * (a + b) / (a + 1) / (a + 1) * (b - 1) * x * x
    for m in count(1):
        yield above, m + m * (b - m) * x / (a + 2 * m - 1) + (a + m) / (a + 2 * m + 1) * (lead + m * (1 + y))
        above = (a + m) * (a + b + m) / (a + 2 * m + 1) / (a + 2 * m + 1) * (m + 1) * (b - m - 1) * x * x


def _continued(terms: Iterable[tuple[float, float]]) -> float:
    """a₁ / (b₁ + a₂ / (b₂ + …)) of the pairs (aᵢ, bᵢ)."""
    value = numerator = _TINY
    denominator = 0.0
    for number, (above, below) in enumerate(terms):
        denominator = 1 / (below + above * denominator or _TINY)
        numerator = below + above / numerator or _TINY
        step = numerator * denominator
        value *= step
        if abs(step - 1) <= _ENOUGH or above == 0:
            return value
        if number > _MOST_TERMS:
            break
    raise ArithmeticError("a continued fraction did not settle")


def _series(ratios: Iterable[float]) -> float:
    """1 + r₁ + r₁r₂ + …"""
    total = term = 1.0
    for ratio in ratios:
        term *= ratio
        total += term
        if term <= _ENOUGH * total:
            break
    return total
