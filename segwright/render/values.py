"""One way to write a value, for everything that people read."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from ..runtime.explanation import Distance, Standing
from .text import visible


def value_text(value: Any, kind: str | None = None) -> str:
    """A value as the rules would write it, money with thousands apart: `12.5%`, `"app"`, `true`, `2026-01-31`,
    `1,250.00`; `missing` for None. Numbers have at most six decimals."""
    match value:
        case None:
            return "missing"
        case str() if kind == "segment":
            return value
        case bool():
            return "true" if value else "false"
        case int() | float() if kind == "percent":
            return f"{_decimals(value * 100, 7)}%"
        case float():
            return _decimals(value, 6)
        case Decimal():
            return f"{value:,}"
        case dt.datetime():
            return value.isoformat(sep=" ", timespec="seconds" if value.microsecond == 0 else "auto")
        case dt.date():
            return value.isoformat()
        case str():
            return f'"{visible(value)}"'
        case _:
            return str(value)


def _decimals(value: float, places: int) -> str:
    """Without exponent or trailing zeros."""
    text = f"{value:.{places}f}"
    trimmed = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if trimmed == "-0" else trimmed


def distance_text(distance: Distance) -> str:
    """`71 below 720`, `3.5 points above 30%`, `12 days before 2026-01-31`, `exactly at the cut-off`."""
    cut_off = value_text(distance.cut_off, distance.unit)
    match distance.unit, distance.side:
        case _, "at":
            return "exactly at the cut-off"
        case "percent", side:
            points = _decimals(distance.by * 100, 7)
            return f"{points} point{'' if points == '1' else 's'} {side} {cut_off}"
        case "date", side:
            days = f"{distance.by} day{'' if distance.by == 1 else 's'}"
            return f"{days} {'before' if side == 'below' else 'after'} {cut_off}"
        case unit, side:
            return f"{value_text(distance.by, unit)} {side} {cut_off}"


def standing_text(standing: Standing) -> str:
    """`the top 10% begin at 1,810.00`, `90% or more are below from 1,810.00 on`."""
    share = value_text(standing.share, "percent")
    first, *last = (None if cut is None else value_text(cut, standing.kind) for cut in standing.cut_points)
    if standing.function == "top":
        return f"the top {share} begin at {first}" if first else f"nobody is in the top {share}"
    beyond = last[0]
    match standing.operator:
        case "at_least" | "less":
            return _from(f"{share} or more are below", first)
        case "greater" | "at_most":
            return _from(f"more than {share} are below", beyond)
        case _ if first == beyond:
            return f"nobody has exactly {share} below"
        case _:
            return f"exactly {share} are below from {first} on" + (f", more from {beyond} on" if beyond else "")


def _from(what: str, cut: str | None) -> str:
    return f"{what} from {cut} on" if cut else f"of nobody {what}"
