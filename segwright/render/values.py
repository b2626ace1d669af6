"""One way to write a value, for everything that people read."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any


def value_text(value: Any, kind: str | None = None) -> str:
    """A value as the rules would write it, money with thousands apart: `12.5%`, `"app"`, `true`, `2026-01-31`,
    `1,250.00`; `missing` for None."""
    match value:
        case None:
            return "missing"
        case str() if kind == "segment":
            return value
        case bool():
            return "true" if value else "false"
        case int() | float() if kind == "percent":
            return f"{_plain(Decimal(repr(float(value))) * 100)}%"
        case int():
            return str(value)
        case float():
            return _plain(Decimal(repr(value)))
        case Decimal():
            return f"{value:,}"
        case dt.datetime():
            return value.isoformat(sep=" ", timespec="seconds")
        case dt.date():
            return value.isoformat()
        case str():
            return f'"{value}"'
        case _:
            return str(value)


def _plain(value: Decimal) -> str:
    """Without exponent or trailing zeros, at most six decimals."""
    rounded = round(value, 6)
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def distance_text(by: Any, unit: str) -> str:
    """A distance to a cut-off: `20`, `3.5 points`, `12 days`."""
    match unit:
        case "percent":
            return f"{_plain(Decimal(repr(float(by))) * 100)} points"
        case "date":
            return f"{by} day{'' if by == 1 else 's'}"
        case _:
            return value_text(by)
