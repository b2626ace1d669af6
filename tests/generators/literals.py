"""Literals of every type as rule files write them: few, so that rules and rows meet on the same values."""

from __future__ import annotations

import datetime as dt

from segwright.dsl.types import Type

TEXTS = ("", "a", "A", "b", "é", "e\u0301", "éa", "zé", "NL-1", "NL_%", "100%", 'say "a"', "back\\slash", "𝔸", "\uffff")
"""Case, composed and decomposed accents, wildcards of SQL, quotes, code points above and below the surrogates."""

# What texts are compared with, and searched for: few, so that they are met.
_COMPARED = ("a", "A", "é", "b", "", "NL-1", "𝔸", "e\u0301")
SEARCHED = ("a", "%", "_", "", "é", "NL", "A")

CHOICES = (("a", "b"), ("app", "web", "é"), ("open", "closed", "written off"), ("b", "c", "a"))

DURATIONS = ("1 month", "90 days", "3 months", "1 year", "30 days", "12 months", "1 day", "2 years", "700 months")

# The largest integer; a comparison that also has numbers cannot take it.
LARGEST = "9_223_372_036_854_775_807"
_NUMBERS = {
    "integer": ("0", "1", "-1", "2", "3", "7", "30", "100", "1_000", "99_999_999_999_999"),
    "number": ("0", "0.5", "-1", "1.5", "2", "0.1", "0.2", "0.3", "12.5%", "1000000000.25"),
    "percent": ("0%", "30%", "10%", "20%", "12.5%", "100%", "-5%", "0.0000001%", "33.3333333%"),
}
_MONEY = {
    0: ("0", "10", "-5", "1_000"),
    2: ("0", "10", "0.01", "-5", "100.25", "1_000"),
    4: ("0", "10", "0.01", "0.0001", "-5.5", "10.2525"),
}


def quoted(value: str) -> str:
    """A text as rule files write it."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def dates_near(as_of: dt.date) -> tuple[dt.date, ...]:
    """Dates that cut-offs are likely to fall on, and days on which calendars trip."""
    days = (0, -1, 1, -30, -31, -90, -365)
    near = tuple(as_of + dt.timedelta(days=n) for n in days)
    return (*near, dt.date(2024, 2, 29), dt.date(2025, 2, 28), dt.date(2025, 12, 31), dt.date(1970, 1, 1))


def literals(type_: Type, as_of: dt.date) -> tuple[str, ...]:
    """Literals that an operand of `type_` can be compared with."""
    match type_.kind:
        case "integer" | "number" | "percent":
            return _NUMBERS[type_.kind]
        case "money":
            return _MONEY[type_.scale or 0]
        case "text":
            return tuple(quoted(value) for value in type_.choices or _COMPARED)
        case "boolean":
            return ("true", "false")
        case "date" | "timestamp":
            return tuple(date.isoformat() for date in dates_near(as_of))
        case "duration":
            return DURATIONS
