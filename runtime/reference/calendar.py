"""Dates as the language counts them: windows, `since`, the calendar date of a timestamp."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Literal

from ...dsl.types import Length

Unit = Literal["day", "month", "year"]


def calendar_date(moment: dt.date | dt.datetime) -> dt.date:
    """ "A timestamp counts by its UTC calendar date." """
    return moment.date() if isinstance(moment, dt.datetime) else moment


def last_day(year: int, month: int) -> int:
    """The number of days of a month."""
    return calendar.monthrange(year, month)[1]


def plus(date: dt.date, count: int, unit: Unit) -> dt.date | None:
    """`date` + `count` units, clamped to the end of the month; None outside the years 1 to 9999."""
    if unit == "day":
        try:
            return date + dt.timedelta(days=count)
        except OverflowError:
            return None
    months = date.year * 12 + (date.month - 1) + (count if unit == "month" else 12 * count)
    year, month = months // 12, months % 12 + 1
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        return None
    return dt.date(year, month, min(date.day, last_day(year, month)))


def back(as_of: dt.date, length: Length) -> dt.date | None:
    """Where a window of `length` starts (the date itself is not in it); None before the year 1.

    "Months and years count calendar months back, clamped (31 May − 3 months = 28 or 29 February); when the as-of
    date is the last day of its month, they start on last days of months (30 April − 3 months = 31 January)."
    """
    start = plus(as_of, -length.amount, length.unit)
    if start is None or length.unit == "day":
        return start
    if as_of.day == last_day(as_of.year, as_of.month):
        return start.replace(day=last_day(start.year, start.month))
    return start


def ahead(as_of: dt.date, length: Length) -> dt.date | None:
    """Where an outcome window of `length` ends (the date itself is in it); None after the year 9999. "From the last day
    of a month it ends on the last day of a month."
    """
    end = plus(as_of, length.amount, length.unit)
    if end is None or length.unit == "day":
        return end
    if as_of.day == last_day(as_of.year, as_of.month):
        return end.replace(day=last_day(end.year, end.month))
    return end


def since(date: dt.date, as_of: dt.date, unit: Unit) -> int:
    """ "The largest n, possibly negative, with d + n units (clamped) not after the as-of date." """

    def not_after(count: int) -> bool:
        moved = plus(date, count, unit)
        # Outside the calendar: far in the future for a positive count, far in the past for a negative one.
        return moved <= as_of if moved is not None else count < 0

    days = (as_of - date).days
    count = {"day": days, "month": days // 28, "year": days // 365}[unit] + 2
    while not not_after(count):
        count -= 1
    while not_after(count + 1):
        count += 1
    return count
