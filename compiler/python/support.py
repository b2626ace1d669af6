"""What the generated source calls: arithmetic that is exact, rounds as the language says, or stops.

Money is reckoned in a context of its own, wide enough for every product of money and a 64-bit integer, so that nothing
depends on the precision that the caller's thread has set.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any, Literal, NoReturn

from ..time import months_since, years_since

INFINITE = math.inf
INT64 = 2**63
LEAST, MOST = -INT64, INT64 - 1
INT128 = 2**127
DIGITS = 18
"""So many digits has an amount of money at most."""
MONEY = 10**DIGITS
BILLION = 10**9
MONTH_IN_DAYS = 30.4375
MONTH_IN_MICROSECONDS = 2_629_800_000_000
EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN, Emin=-999999, Emax=999999)
STEPS = tuple(Decimal((0, (1,), -scale)) for scale in range(19))
"""One unit of money of each scale."""

Why = Literal["overflow", "tie"]


class Undecidable(Exception):
    """The row has no answer: arithmetic overflows, or rows tie. The message is for an analyst."""

    def __init__(self, kind: Why, message: str) -> None:
        super().__init__(message)
        self.kind: Why = kind


def large_integer() -> NoReturn:
    """What a whole number beyond 64 bits comes to. Raises `Undecidable`."""
    raise Undecidable("overflow", "a whole number that the rules reckon does not fit in 64 bits")


def integer(value: int) -> int:
    """A 64-bit integer. Raises `Undecidable`."""
    return value if -INT64 <= value < INT64 else large_integer()


def percent(value: float) -> float | None:
    """floor(x × 1e9 + 0.5) / 1e9; None where that is not finite."""
    scaled = value * 1e9 + 0.5
    return float(math.floor(scaled)) / 1e9 if -INFINITE < scaled < INFINITE else None


# -- money ---------------------------------------------------------------------------------------------------------


def large_money() -> NoReturn:
    """What an amount of money of more than 18 digits comes to. Raises `Undecidable`."""
    raise Undecidable("overflow", "an amount of money that the rules reckon has more than 18 digits")


def units(value: Decimal, scale: int) -> int:
    """Money as a whole number of its smallest unit."""
    return int(EXACT.scaleb(value, scale))


def number_from_money(value: Decimal, scale: int) -> float:
    """double(units) / double(units in one)."""
    return float(units(value, scale)) / float(10**scale)


# -- aggregates: of the known values, in the order of the rows -------------------------------------------------------


def _exact(total: int) -> int:
    if -INT128 <= total < INT128:
        return total
    raise Undecidable("overflow", "an exact sum that the rules ask for does not fit in 128 bits")


def _billionths(value: float) -> int:
    scaled = value * 1e9 + 0.5
    if not -INFINITE < scaled < INFINITE:
        raise Undecidable("overflow", "a number that the rules add up has no whole number of billionths in 128 bits")
    return _exact(math.floor(scaled))


def sum_of_money(values: list[Decimal], scale: int) -> Decimal:
    """The exact sum."""
    total = _exact(sum(units(value, scale) for value in values))
    return EXACT.multiply(Decimal(_in_money(total)), STEPS[scale])


def _in_money(total: int) -> int:
    if -MONEY < total < MONEY:
        return total
    raise Undecidable("overflow", "a sum of money that the rules ask for has more than 18 digits")


def sum_of_numbers(values: list[float]) -> float:
    """The exact sum of the values, each rounded to a billionth."""
    return float(_exact(sum(map(_billionths, values)))) / 1e9


def average(values: list[Any], scale: int | None) -> float | None:
    """The exact sum as a double, divided by the count; `scale` as of `units_of`."""
    if not values:
        return None
    unit, per_one = units_of(scale)
    return float(_exact(sum(map(unit, values)))) / per_one / float(len(values))


def units_of(scale: int | None) -> tuple[Callable[[Any], int], float]:
    """How a value becomes a whole number of units, and how many make one. `scale` is that of money, -1 for integers,
    None for doubles, which are counted in billionths."""
    if scale is None:
        return _billionths, 1e9
    if scale == -1:
        return int, 1.0
    return lambda value: units(value, scale), float(10**scale)


def median(values: list[Any], scale: int | None) -> float | None:
    """The middle value as a double, or the mean of the two middle ones as doubles."""
    if not values:
        return None
    ordered = sorted(values)
    middle = len(ordered) // 2
    upper = _double(ordered[middle], scale)
    if len(ordered) % 2:
        return upper
    mean = (_double(ordered[middle - 1], scale) + upper) / 2
    return mean if -INFINITE < mean < INFINITE else None


def _double(value: Any, scale: int | None) -> float:
    return number_from_money(value, scale) if scale is not None and scale >= 0 else float(value)


def first(items: list[tuple[Any, Any]]) -> Any:
    """The value of the earliest of (order, value); None over nothing. Raises `Undecidable` for a tie."""
    return _at_end(items, min)


def latest(items: list[tuple[Any, Any]]) -> Any:
    """The value of the latest of (order, value); None over nothing. Raises `Undecidable` for a tie."""
    return _at_end(items, max)


def _at_end(items: list[tuple[Any, Any]], choose: Callable[[Any], Any]) -> Any:
    if not items:
        return None
    end = choose(order for order, _ in items)
    values = [value for order, value in items if order == end]
    if any(value != values[0] for value in values):
        raise Undecidable("tie", "several rows stand first or latest in time, and differ in what is asked for")
    return values[0]


def trend(items: list[tuple[dt.date, Any]], scale: int | None) -> float | None:
    """The least-squares slope of (time, value) per month of 30.4375 days; None with fewer than two distinct times.

    (double(N) / double(s)) / double(D) × month, N = nΣtu − ΣtΣu, D = nΣt² − (Σt)², in whole days or microseconds."""
    if len({at for at, _ in items}) < 2:
        return None
    unit, per_one = units_of(scale)
    points = [(_time(at), unit(value)) for at, value in items]
    n, sum_t, sum_u = len(points), sum(t for t, _ in points), sum(u for _, u in points)
    numerator = n * sum(t * u for t, u in points) - sum_t * sum_u
    denominator = n * sum(t * t for t, _ in points) - sum_t * sum_t
    slope = (float(_exact(numerator)) / per_one) / float(_exact(denominator))
    month = float(MONTH_IN_MICROSECONDS) if isinstance(items[0][0], dt.datetime) else MONTH_IN_DAYS
    result = slope * month
    return result if -INFINITE < result < INFINITE else None


def _time(at: dt.date) -> int:
    if isinstance(at, dt.datetime):
        return (at - dt.datetime(1970, 1, 1)) // dt.timedelta(microseconds=1)
    return at.toordinal()


SUPPORT: dict[str, Any] = {
    "INFINITE": INFINITE,
    "Undecidable": Undecidable,
    "integer": integer,
    "large_integer": large_integer,
    "percent": percent,
    "add": EXACT.add,
    "subtract": EXACT.subtract,
    "multiply": EXACT.multiply,
    "minus": EXACT.minus,
    "quantize": EXACT.quantize,
    "same_quantum": EXACT.same_quantum,
    "STEPS": STEPS,
    "large_money": large_money,
    "number_from_money": number_from_money,
    "sum_of_money": sum_of_money,
    "sum_of_numbers": sum_of_numbers,
    "average": average,
    "median": median,
    "first": first,
    "latest": latest,
    "trend": trend,
    "months_since": months_since,
    "years_since": years_since,
}
"""By the names that the source has for them."""
