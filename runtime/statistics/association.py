"""How much a field tells about a protected one: the proxies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .distributions import chi_squared_tail
from .figures import Unstated
from .small import FEWEST_CASES


@dataclass(frozen=True, slots=True)
class Association:
    """Cramér's V from 0 (tells nothing) to 1 (tells all), the p-value of no association, and what they rest on.
    `few_expected`: the p-value is rough, since too many cells expect few."""

    v: float
    p_value: float
    chi_squared: float
    degrees: int
    n: int
    few_expected: bool


def cramers_v(table: Sequence[Sequence[int]]) -> Association | Unstated:
    """The association of two fields, from how many rows have each pair of values; a number is put into bands first.

    Pearson's χ² (Philosophical Magazine 50, 1900) with (r − 1)(c − 1) degrees of freedom. With φ² = χ²/n,
    φ̃² = max(0, φ² − (r − 1)(c − 1)/(n − 1)), r̃ = r − (r − 1)²/(n − 1) and c̃ likewise, V = √(φ̃² / min(r̃ − 1, c̃ − 1))
    (Bergsma, "A bias-correction for Cramér's V and Tschuprow's T", Journal of the Korean Statistical Society 42, 2013):
    without the correction, fields with many values look like proxies by chance alone. `few_expected` where a cell
    expects less than 1 or more than a fifth of them less than 5 (Cochran, Biometrics 10, 1954).

    Values that no row has are left out. Unstated where a side then has one value, or n is too small for so many.
    Raises `ValueError` for rows of different lengths or negative counts."""
    if len({len(row) for row in table}) > 1 or any(count < 0 for row in table for count in row):
        raise ValueError("a table of counts has rows of equal length and no negative count")
    rows = [total for row in table if (total := sum(row))]
    columns = [total for column in zip(*table, strict=True) if (total := sum(column))]
    n = sum(rows)
    if n == 0:
        return Unstated("no known value")
    if min(len(rows), len(columns)) < 2:
        return Unstated("fewer than two categories")
    phi_squared = _phi_squared(table)
    degrees = (len(rows) - 1) * (len(columns) - 1)
    widest = min(_corrected(len(rows), n), _corrected(len(columns), n)) - 1
    if widest <= 0:
        return Unstated("too few known values")
    corrected = max(Fraction(0), phi_squared - Fraction(degrees, n - 1))
    expected = [Fraction(row * column, n) for row in rows for column in columns]
    return Association(
        v=min(1.0, math.sqrt(corrected / widest)),
        p_value=chi_squared_tail(float(phi_squared * n), degrees),
        chi_squared=float(phi_squared * n),
        degrees=degrees,
        n=n,
        few_expected=min(expected) < 1 or 5 * sum(each < FEWEST_CASES for each in expected) > len(expected),
    )


def _phi_squared(table: Sequence[Sequence[int]]) -> Fraction:
    """χ²/n = Σ observed² / (row total × column total) − 1, exactly."""
    rows, columns = [sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)]
    shares = (
        Fraction(count * count, rows[i] * columns[j])
        for i, row in enumerate(table)
        for j, count in enumerate(row)
        if count
    )
    return sum(shares, Fraction(0)) - 1


def _corrected(categories: int, n: int) -> Fraction:
    return categories - Fraction((categories - 1) ** 2, n - 1)
