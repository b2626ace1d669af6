"""From a value as it is given to the canonical value of a field, or the reason why it is refused.

| type | takes |
|---|---|
| integer | whole numbers of 64 bits |
| number, percent | numbers, not NaN and not infinite; a percent is a share, rounded to a billionth |
| money | decimals, whole and floating-point numbers that are whole steps; of the last, within a millionth of a unit |
| text | text; of a closed list, what is on it |
| boolean | true and false |
| date, timestamp | dates and times, or text such as 2026-09-01 and 2026-09-01T10:00; one with a zone becomes UTC |
"""

from __future__ import annotations

import datetime as dt
import math
import numbers
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from ...dsl.check.ranges import contains
from ...dsl.program import Domain, Field
from ...dsl.types import Type, Value
from ...dsl.wording import text_wording, value_wording
from .support import EXACT, INT64, MONEY, STEPS, percent

Accept = Callable[[Any], Any]

_DUST = Decimal("0.000001")
MANY_CHARACTERS = 40
"""A longer text is not repeated in a message."""


class Refused(Exception):
    """A value does not fit. The reason completes `age …`: "is no whole number"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def acceptor(field: Field) -> Accept:
    """What makes a given value of a field canonical; raises `Refused`. None passes where the field is optional."""
    within = value_acceptor(field.type, field.domain)

    def accept(given: Any) -> Any:
        if given is None:
            if field.optional:
                return None
            raise Refused("is missing, and is not declared `optional`")
        return within(given)

    return accept


def value_acceptor(type: Type, domain: Domain | None) -> Accept:
    """What makes a given value of a type canonical; None passes."""
    convert = _CONVERT[type.kind]

    def accept(given: Any) -> Any:
        if given is None:
            return None
        value = convert(given, type)
        if domain is not None and not contains(domain, value):
            raise Refused(f"{_is(value, type)}, outside the range {_range(domain, type)}")
        return value

    return accept


def previous_acceptor() -> Accept:
    """A segment of the run before, which may be one that there is no more."""
    return value_acceptor(Type("text"), None)


def _but(given: Any) -> str:
    """What was given instead, where a few words say it."""
    match given:
        case str() if len(given) <= MANY_CHARACTERS:
            return f", but the text {text_wording(given)}"
        case str():
            return f", but a text of {len(given)} characters"
        case bool():
            return f", but {str(given).lower()}"
        case int() | float() if math.isfinite(given) and abs(given) < INT64:
            return f", but {given}"
        case _:
            return ""


def _is(value: Value, type: Type) -> str:
    return f"is {value_wording(value, type)}"


def _range(domain: Domain, type: Type) -> str:
    low, high = (None if end is None else value_wording(end, type) for end in (domain.low, domain.high))
    starts = None if low is None else f"{'from' if domain.low_included else 'above'} {low}"
    ends = None if high is None else f"{'to' if domain.high_included else 'below'} {high}"
    return " ".join(part for part in (starts, ends) if part)


def _integer(given: Any, _type: Type) -> int:
    if not isinstance(given, numbers.Integral) or isinstance(given, bool):
        whole = isinstance(given, float) and given.is_integer()
        raise Refused(f"is no whole number{_but(given)}{': write it without decimals' if whole else ''}")
    value = int(given)
    if not -INT64 <= value < INT64:
        raise Refused("does not fit in 64 bits")
    return value


def _number(given: Any, _type: Type) -> float:
    if not isinstance(given, numbers.Real | Decimal) or isinstance(given, bool):
        raise Refused(f"is no number{_but(given)}")
    try:
        value = float(given)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise Refused("is not a finite number; leave it out, or give nothing, where it is missing")
    return value


def _percent(given: Any, type: Type) -> float:
    value = percent(_number(given, type))
    if value is None:
        raise Refused("is not a finite number")
    return value


def _money(given: Any, type: Type) -> Decimal:
    scale = type.scale or 0
    if isinstance(given, bool) or not isinstance(given, numbers.Real | Decimal):
        raise Refused(f"is no amount of money{_but(given)}")
    floating = not isinstance(given, Decimal | numbers.Integral)
    try:
        exact = Decimal(float(given)) if floating else given if isinstance(given, Decimal) else Decimal(int(given))
        value = EXACT.quantize(exact, STEPS[scale])
        off = abs(EXACT.subtract(value, exact))
    except (InvalidOperation, OverflowError):
        raise Refused("is no amount of money of at most 18 digits") from None
    if off > (_DUST if floating else 0):
        raise Refused(f"has more than {scale} decimals")
    if abs(value) >= MONEY * STEPS[scale]:
        raise Refused("is no amount of money of at most 18 digits")
    return value


def _text(given: Any, type: Type) -> str:
    if not isinstance(given, str):
        raise Refused(f"is no text{_but(given)}")
    if type.choices is not None and given not in type.choices:
        from ...dsl.check.suggest import suggest

        near = suggest(given, type.choices)
        listed = ", ".join(text_wording(choice) for choice in type.choices)
        meant = f"; did you mean {text_wording(near)}?" if near else ""
        raise Refused(f"is {text_wording(given)}, which is not one of {listed}{meant}")
    return str(given)


def _boolean(given: Any, _type: Type) -> bool:
    if isinstance(given, bool):
        return given
    raise Refused(f"is neither true nor false{_but(given)}")


def _date(given: Any, _type: Type) -> dt.date:
    if isinstance(given, dt.date) and not isinstance(given, dt.datetime):
        return given
    if isinstance(given, str):
        try:
            if len(given) == 10:
                return dt.date.fromisoformat(given)
        except ValueError:
            pass
    raise Refused(f"is no date such as 2026-09-01{_but(given)}")


def _timestamp(given: Any, _type: Type) -> dt.datetime:
    found = given
    if isinstance(given, str):
        try:
            found = dt.datetime.fromisoformat(given)
        except ValueError:
            found = None
    if not isinstance(found, dt.datetime):
        raise Refused(f"is no time such as 2026-09-01T10:00:00{_but(given)}")
    return found if found.tzinfo is None else found.astimezone(dt.UTC).replace(tzinfo=None)


_CONVERT: dict[str, Callable[[Any, Type], Value]] = {
    "integer": _integer,
    "number": _number,
    "percent": _percent,
    "money": _money,
    "text": _text,
    "boolean": _boolean,
    "date": _date,
    "timestamp": _timestamp,
}
