"""Windows and elapsed time, reckoned once from the as-of date, so that engines only compare dates.

The rules are those of the language reference: months and years are calendar months, clamped to the end of the month;
from the last day of a month they lead to the last day of a month.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from ..dsl.program import ParameterRef, Window
from ..dsl.types import Length, Value

END_OF_ANY_MONTH = 31


def is_last_day_of_month(date: dt.date) -> bool:
    """Whether the next day is in another month."""
    return date.day == _last_day(date.year, date.month)


def months_back(date: dt.date, months: int) -> dt.date | None:
    """`months` calendar months before `date`: 31 May − 3 months is 28 or 29 February (clamped), 30 April − 3 months is
    31 January (last day to last day). None before the year 1."""
    return _months_on(date, -months)


def months_forward(date: dt.date, months: int) -> dt.date | None:
    """`months` calendar months after `date`, by the rule of `months_back`. None after the year 9999."""
    return _months_on(date, months)


def back(date: dt.date, length: Length) -> dt.date | None:
    """`date` − `length`; None before the year 1."""
    return _on(date, length, -1)


def forward(date: dt.date, length: Length) -> dt.date | None:
    """`date` + `length`; None after the year 9999."""
    return _on(date, length, +1)


def window_bounds(window: Window, as_of: dt.date, parameters: Mapping[str, Value]) -> tuple[dt.date | None, dt.date]:
    """The dates of a window: from the first (excluded; None: no limit) to the second (included).

    `in last 90 days` is (as-of − 90 days, as-of]; `except last 30 days` ends it at as-of − 30 days; `in next` is
    (as-of, as-of + length]; `ever` is (None, as-of]. A window that ends before it starts holds nothing."""
    length = _length(window.length, parameters)
    except_last = _length(window.except_last, parameters)
    match window.direction:
        case "ever":
            return None, as_of
        case "next":
            assert length is not None
            return as_of, forward(as_of, length) or dt.date.max
        case "last":
            assert length is not None
            if except_last is None:
                return back(as_of, length), as_of
            until = back(as_of, except_last)
            return (back(as_of, length), until) if until is not None else (dt.date.min, dt.date.min)


@dataclass(frozen=True, slots=True)
class AsOf:
    """The as-of date taken apart for `months since` and `years since` (see `months_since`).

    `day` is 31 at the end of a month: any day of the earlier month has come round by then."""

    year: int
    month: int
    day: int


def as_of_parts(as_of: dt.date) -> AsOf:
    """The constants from which elapsed months and years are reckoned."""
    return AsOf(as_of.year, as_of.month, END_OF_ANY_MONTH if is_last_day_of_month(as_of) else as_of.day)


def months_since(date: dt.date, as_of: dt.date) -> int:
    """The largest n with `date` + n months (clamped) not after `as_of`: Δmonths, one less where the day of the month
    has not come round. What engines compute."""
    then = as_of_parts(as_of)
    return 12 * (then.year - date.year) + (then.month - date.month) - (1 if date.day > then.day else 0)


def years_since(date: dt.date, as_of: dt.date) -> int:
    """The largest n with `date` + n years (clamped) not after `as_of`: Δyears, one less where the anniversary has not
    come round. What engines compute."""
    then = as_of_parts(as_of)
    return then.year - date.year - (1 if (date.month, date.day) > (then.month, then.day) else 0)


def _last_day(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def _months_on(date: dt.date, months: int) -> dt.date | None:
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        return None
    last = _last_day(year, month + 1)
    return dt.date(year, month + 1, last if is_last_day_of_month(date) else min(date.day, last))


def _on(date: dt.date, length: Length, sign: int) -> dt.date | None:
    match length.unit:
        case "day":
            day = date.toordinal() + sign * length.amount
            return dt.date.fromordinal(day) if 1 <= day <= dt.date.max.toordinal() else None
        case "month":
            return _months_on(date, sign * length.amount)
        case "year":
            return _months_on(date, sign * 12 * length.amount)


def _length(length: Length | ParameterRef | None, parameters: Mapping[str, Value]) -> Length | None:
    match length:
        case ParameterRef(name):
            value = parameters[name]
            assert isinstance(value, Length), f"parameter `{name}` is not a duration"
            return value
        case _:
            return length
