"""Aggregates by overload id, over the rows that are in the window, pass `where` and have a value.

| result | definition |
|---|---|
| sum | the exact sum of *u* units of 1/*s*: integer and money exactly, number and percent as double(u) / double(s) |
| average | double(u) / double(s) / double(count) |
| median | the middle value as a double, or (double(a) + double(b)) / 2 of the two middle ones |
| trend per month | (double(N) / double(s)) / double(D) × month, N = nΣtu − ΣtΣu, D = nΣt² − (Σt)² |

Units are 1 for integer, 10^-scale for money, a billionth for number and percent (`numbers.py`). Times *t* are whole
days for dates and microseconds for timestamps; a month is 30.4375 days or 2,629,800,000,000 microseconds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...dsl.builtins import EVERY, NUMERIC, ORDERED
from ...dsl.types import Type, Value
from .errors import OverflowError_, TieError
from .numbers import INT128, double, finite, integer, money, per_one, units

MONTH_IN_DAYS = 30.4375
MONTH_IN_MICROSECONDS = 2_629_800_000_000


@dataclass(frozen=True, slots=True)
class Item:
    """One row's value and, for events, where it stands in time: (`at`,) or (`at`, `then`)."""

    value: Any
    order: tuple[Any, ...]


Aggregation = Callable[[list[Item], Type], Any]
"""Takes the rows whose value is known and the type of that value."""


def exact_sum(items: list[Item], type_: Type) -> int:
    """Σ of the values in units. "No result depends on the order in which threads add."

    Raises `OverflowError_` beyond 128 bits."""
    total = sum(units(item.value, type_) for item in items)
    if not -INT128 <= total < INT128:
        raise OverflowError_("the exact sum does not fit in 128 bits")
    return total


def _sum(items: list[Item], type_: Type) -> Any:
    total = exact_sum(items, type_)
    match type_.kind:
        case "integer":
            return integer(total)
        case "money":
            return money(total, type_.scale or 0)
        case _:
            return float(total) / float(per_one(type_))


def _average(items: list[Item], type_: Type) -> float | None:
    if not items:
        return None
    return float(exact_sum(items, type_)) / float(per_one(type_)) / float(len(items))


def _median(items: list[Item], type_: Type) -> float | None:
    if not items:
        return None
    ordered = sorted(item.value for item in items)
    middle = len(ordered) // 2
    upper = double(ordered[middle], type_)
    if len(ordered) % 2:
        return upper
    return finite((double(ordered[middle - 1], type_) + upper) / 2)


def _extreme(choose: Callable[[list[Any]], Any]) -> Aggregation:
    return lambda items, _type: choose([item.value for item in items]) if items else None


def _at_end(choose: Callable[[Any], Any]) -> Aggregation:
    def pick(items: list[Item], _type: Type) -> Any:
        if not items:
            return None
        end = choose(item.order for item in items)
        values = [item.value for item in items if item.order == end]
        # "Where rows of one customer tie in time and differ in what `latest` or `first` asks for, the run stops"
        if any(value != values[0] for value in values):
            raise TieError(f"several values at {end}: {values}")
        return values[0]

    return pick


def _time(at: dt.date | dt.datetime) -> int:
    if isinstance(at, dt.datetime):
        return (at - dt.datetime(1970, 1, 1)) // dt.timedelta(microseconds=1)
    return at.toordinal()


def _trend(items: list[Item], type_: Type) -> float | None:
    points = [(_time(item.order[0]), units(item.value, type_)) for item in items]
    # "at least two distinct times"
    if len({t for t, _ in points}) < 2:
        return None
    n = len(points)
    sum_t, sum_u = sum(t for t, _ in points), sum(u for _, u in points)
    numerator = n * sum(t * u for t, u in points) - sum_t * sum_u
    denominator = n * sum(t * t for t, _ in points) - sum_t * sum_t
    if not -INT128 <= numerator < INT128 or denominator >= INT128:
        raise OverflowError_("the trend does not fit in 128 bits")
    slope = (float(numerator) / float(per_one(type_))) / float(denominator)
    by_date = not isinstance(items[0].order[0], dt.datetime)
    return finite(slope * (MONTH_IN_DAYS if by_date else float(MONTH_IN_MICROSECONDS)))


# "Over nothing, `count` and `sum` are 0, `any` is false, `no` is true, the others are missing."
OF_ROWS: dict[str, Callable[[int], int | bool]] = {
    "count.rows": lambda count: count,
    "any.rows": lambda count: count > 0,
    "no.rows": lambda count: count == 0,
}
OF_VALUES: dict[str, Aggregation] = {
    **{f"sum.{kind}": _sum for kind in NUMERIC},
    **{f"average.{kind}": _average for kind in NUMERIC},
    **{f"median.{kind}": _median for kind in NUMERIC},
    **{f"min.{kind}": _extreme(min) for kind in ORDERED},
    **{f"max.{kind}": _extreme(max) for kind in ORDERED},
    **{f"first.{kind}": _at_end(min) for kind in EVERY},
    **{f"latest.{kind}": _at_end(max) for kind in EVERY},
    **{f"distinct_count.{kind}": lambda items, _type: len({i.value for i in items}) for kind in EVERY},
    **{f"trend_per_month.{kind}": _trend for kind in NUMERIC},
}


def aggregate(overload: str, items: list[Item], type_: Type | None) -> Value | None:
    """The aggregate of `items`, of which those with a missing value are skipped; `type_` is that of their values,
    None for `count`, `any` and `no`, which look at rows only.

    Raises `TieError`, `OverflowError_`."""
    if overload in OF_ROWS:
        return OF_ROWS[overload](len(items))
    assert type_ is not None
    return OF_VALUES[overload]([item for item in items if item.value is not None], type_)


def may_overflow_on_the_way(overload: str, items: list[Item], type_: Type | None, as_of: dt.date) -> bool:
    """Whether sums of a part of the rows go beyond 128 bits: "where only a part of the rows goes beyond 128 bits and
    the whole does not, the run may stop as well". For a trend, the products that its exact numerator is made of count,
    times from the as-of date."""
    name = overload.split(".")[0]
    if type_ is None or name not in ("sum", "average", "trend_per_month"):
        return False
    known = [item for item in items if item.value is not None]
    try:
        sizes = [abs(units(item.value, type_)) for item in known]
    except OverflowError_:
        return True  # of a row that takes part, the aggregate itself says so
    if name != "trend_per_month":
        return sum(sizes) >= INT128
    times = [abs(_time(item.order[0]) - _origin(item.order[0], as_of)) for item in known]
    products = sum(t * u for t, u in zip(times, sizes, strict=True))
    return max(len(known) * products, sum(times) * sum(sizes), len(known) * sum(times) ** 2) >= INT128


def _origin(at: dt.date | dt.datetime, as_of: dt.date) -> int:
    return _time(dt.datetime.combine(as_of, dt.time()) if isinstance(at, dt.datetime) else as_of)
