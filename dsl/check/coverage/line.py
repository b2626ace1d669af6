"""Values of one type as places on a line, so that what a cell asks for is a few stretches of it.

Every type has a place for each of its values and a next place after each, so that a stretch is always `[start, end)`:
whole numbers for integers, money (its smallest steps), percents (billionths), dates (days), timestamps (microseconds)
and booleans; doubles for numbers; texts for text, of which the next one has a zero character more.
"""

from __future__ import annotations

import datetime as dt
import math
import sys
from collections.abc import Callable, Iterable
from decimal import Decimal

from ...types import Type, Value
from ..literals import INTEGER_LIMIT, MONEY_DIGITS

Place = int | float | str
Stretch = tuple[Place, Place]
"""From the first place up to, and without, the second."""

_BILLION = 10**9
_DAY = 24 * 60 * 60 * 10**6
_BEYOND_TEXT = "\U0010ffff"  # no character, and after all of them


def place(value: Value, type: Type) -> Place:
    """Where a value of `type` lies."""
    match value:
        case bool():
            return int(value)
        case float() if type.kind == "percent":
            return round(value * _BILLION)
        case int() | float() | str():
            return value
        case Decimal():
            return int(value.scaleb(type.scale or 0))
        case dt.datetime():
            return (value - dt.datetime.min) // dt.timedelta(microseconds=1)
        case dt.date():
            return value.toordinal()
        case _:
            raise ValueError(f"{value} lies on no line")


def value_at(place: Place, type: Type) -> Value:
    """The value of `type` that lies at a place of its line."""
    if not isinstance(place, int):
        return place
    match type.kind:
        case "boolean":
            return bool(place)
        case "percent":
            return place / _BILLION
        case "money":
            return Decimal(place).scaleb(-(type.scale or 0))
        case "date":
            return dt.date.fromordinal(place)
        case "timestamp":
            return dt.datetime.min + dt.timedelta(microseconds=place)
        case _:
            return place


def whole_line(type: Type) -> Stretch:
    """All values of a type."""
    match type.kind:
        case "boolean":
            return 0, 2
        case "integer":
            return -INTEGER_LIMIT, INTEGER_LIMIT
        case "number":
            return -sys.float_info.max, math.inf
        case "percent":
            return -(10**18), 10**18
        case "money":
            return 1 - 10**MONEY_DIGITS, 10**MONEY_DIGITS
        case "date":
            return dt.date.min.toordinal(), dt.date.max.toordinal() + 1
        case "timestamp":
            return 0, dt.date.max.toordinal() * _DAY
        case "text":
            return "", _BEYOND_TEXT
        case "duration":
            raise ValueError("a duration is no value of a row")


def after(place: Place) -> Place:
    """The next place."""
    match place:
        case int():
            return place + 1
        case float():
            return math.nextafter(place, math.inf)
        case str():
            return place + "\0"


def before(place: Place) -> Place | None:
    """The place of which this one is the next; a text that does not end in a zero character is next to none."""
    match place:
        case int():
            return place - 1
        case float():
            return math.nextafter(place, -math.inf)
        case str():
            return place[:-1] if place.endswith("\0") else None


def less(one: Place, other: Place) -> bool:
    """Whether one place of a line comes before another."""
    if isinstance(one, str) or isinstance(other, str):
        return str(one) < str(other)
    return one < other


def converted_place(source: Type, target: Type) -> Callable[[Place], Place]:
    """Where a value of `source` lies on the line of `target`, once it has been converted; never one before another
    that it was after."""
    scale = target.scale or 0
    match source.kind, target.kind:
        case ("integer", "number"):
            return float
        case ("percent", "number"):
            return lambda at: int(at) / _BILLION
        case ("money", "number"):
            return lambda at: float(at) / float(10 ** (source.scale or 0))
        case ("integer" | "money", "money"):
            return lambda at: int(at) * 10 ** (scale - (source.scale or 0))
        case ("timestamp", "date"):
            return lambda at: int(at) // _DAY + 1
        case _:
            return lambda at: at


def first_from(sought: Place, line: Stretch, convert: Callable[[Place], Place]) -> Place:
    """The first place of a line of whole numbers that `convert` brings to `sought` or beyond; the end where none."""
    low, high = int(line[0]), int(line[1])
    while low < high:
        middle = (low + high) // 2
        if less(convert(middle), sought):
            low = middle + 1
        else:
            high = middle
    return low


def merged(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """The same places in as few stretches as possible, in order."""
    found: list[Stretch] = []
    for start, end in sorted((each for each in stretches if less(*each)), key=lambda each: each[0]):
        if found and not less(found[-1][1], start):
            found[-1] = (found[-1][0], end if less(found[-1][1], end) else found[-1][1])
        else:
            found.append((start, end))
    return tuple(found)


def common(some: Iterable[Stretch], others: tuple[Stretch, ...]) -> tuple[Stretch, ...]:
    """The places that lie in both."""
    both = (
        (start if less(other, start) else other, end if less(end, until) else until)
        for start, end in some
        for other, until in others
    )
    return tuple(each for each in both if less(*each))
