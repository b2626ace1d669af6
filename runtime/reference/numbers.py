"""Exact numbers: billionths, money units, limits.

Rounding to a billionth is floor(x × 1e9 + 0.5) / 1e9 in doubles. An exact sum of *u* units of 1/*s* becomes
double(u) / double(s).
"""

from __future__ import annotations

import math
from decimal import Decimal

from ...dsl.types import Type
from .errors import OverflowError_

BILLION = 10**9
INT64 = 2**63
INT128 = 2**127
MONEY = 10**18


def finite(x: float) -> float | None:
    """ "A result that is not finite is missing." """
    return x if math.isfinite(x) else None


def billionths(x: float) -> int | None:
    """The whole number of billionths nearest to x, halves up: floor(x × 1e9 + 0.5); None when not finite."""
    scaled = x * 1e9 + 0.5
    return math.floor(scaled) if math.isfinite(scaled) else None


def percent(x: float) -> float | None:
    """x rounded to a billionth, as every percent result is."""
    if not math.isfinite(x):
        return None
    units = billionths(x)
    return None if units is None else float(units) / 1e9


def integer(value: int) -> int:
    """A 64-bit integer: "overflow in any arithmetic that the rules read stops the run"."""
    if not -INT64 <= value < INT64:
        raise OverflowError_(f"{value} does not fit in 64 bits")
    return value


def money(units: int, scale: int) -> Decimal:
    """Money of so many units of 10^-scale, at most 18 digits."""
    if abs(units) >= MONEY:
        raise OverflowError_(f"{units} units have more than 18 digits")
    sign, digits = (1, -units) if units < 0 else (0, units)
    return Decimal((sign, tuple(int(digit) for digit in str(digits)), -scale))


def units(value: int | Decimal | float, type_: Type) -> int:
    """The exact value as a whole number of units of 1 / `per_one(type_)`."""
    match value:
        case int():
            return value
        case Decimal():
            scaled = value * per_one(type_)
            assert scaled == int(scaled), f"{value} is not money of scale {type_.scale}"
            return int(scaled)
        case float():
            found = billionths(value)
            if found is None or not -INT128 <= found < INT128:
                raise OverflowError_(f"{value} has no 128-bit whole number of billionths")
            return found


def per_one(type_: Type) -> int:
    """How many units make one: 1 for integer, 10^scale for money, a billion for number and percent."""
    match type_.kind:
        case "integer":
            return 1
        case "money":
            assert type_.scale is not None
            return int(10**type_.scale)
        case "number" | "percent":
            return BILLION
        case _:
            raise AssertionError(f"no units: {type_}")


def double(value: int | float | Decimal, type_: Type) -> float:
    """The value as a double: money as double(units) / double(units in one), the others to the nearest."""
    if isinstance(value, Decimal):
        return float(units(value, type_)) / float(per_one(type_))
    return float(value)
