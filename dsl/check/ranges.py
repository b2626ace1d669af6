"""Ranges of fields and parameters: `from 300 to 850`, `[0..1)`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from .. import program as p
from .. import syntax as s
from ..diagnostics import Problems
from ..types import DATE, Length, Type, Value
from .literals import literal_of, literal_value

DAYS_IN = {"day": 1, "month": 1, "year": 12}
"""Units of a duration in days or in months; days are never compared with months."""


def domain_of(written: s.Range, type: Type, problems: Problems, subject: str) -> p.Domain | None:
    """The values of `type` that the range of `subject` allows, None where it was reported.

    Dates that end a range of timestamps mean whole days, as in comparisons."""
    ends: list[Value | None] = []
    for end in (written.low, written.high):
        if end is None:
            ends.append(None)
            continue
        literal = literal_of(end)
        if literal is None:
            problems.error("SEG317", end.span, "the ends of a range are literals here")
            return None
        value = literal_value(literal, DATE if type.kind == "timestamp" else type, problems, subject)
        if value is None:
            return None
        ends.append(value)
    domain = p.Domain(ends[0], ends[1], written.low_included, written.high_included)
    if type.kind == "timestamp":
        domain = _whole_days(domain)
    if is_empty(domain):
        problems.error("SEG316", written.span, "no value lies in this range: its start is above its end")
        return None
    return domain


def is_empty(domain: p.Domain) -> bool:
    """No value lies in the domain."""
    low, high = domain.low, domain.high
    if low is None or high is None:
        return False
    both = domain.low_included and domain.high_included
    if isinstance(low, int) and isinstance(high, int):
        return low + (not domain.low_included) > high - (not domain.high_included)
    return order(low) > order(high) or (order(low) == order(high) and not both)


def contains(domain: p.Domain, value: Value) -> bool:
    """`value`, of the domain's type, lies in the domain."""
    above = domain.low is None or (
        order(value) >= order(domain.low) if domain.low_included else order(value) > order(domain.low)
    )
    below = domain.high is None or (
        order(value) <= order(domain.high) if domain.high_included else order(value) < order(domain.high)
    )
    return above and below


def order(value: Value) -> Any:
    """What values of one type are compared by; durations of one unit by their amounts."""
    return value.amount * DAYS_IN[value.unit] if isinstance(value, Length) else value


def _whole_days(domain: p.Domain) -> p.Domain:
    low = _midnight(domain.low, after=not domain.low_included)
    high = _midnight(domain.high, after=domain.high_included)
    return p.Domain(low, high, low_included=True, high_included=high is None)


def _midnight(day: Value | None, *, after: bool) -> dt.datetime | None:
    if not isinstance(day, dt.date):
        return None
    if not after:
        return dt.datetime.combine(day, dt.time.min)
    return dt.datetime.max if day == dt.date.max else dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min)
