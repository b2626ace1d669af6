"""Running source that was written here. No other module does; what is run is made from a checked rule set alone, with
names and values of the rules as constants."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal, DecimalException
from typing import Any

from .accept import Refused
from .bits import BITS
from .support import SUPPORT, Undecidable

Decide = Callable[[Mapping[str, Any]], Any]
Made = Callable[..., Decide]
"""Takes the as-of date, parameters, windows, `answers`, `failed` and `observed`."""

PROBLEMS = (KeyError, TypeError, AttributeError, ValueError, OverflowError, DecimalException, Refused, Undecidable)

_GLOBALS: dict[str, Any] = {
    **SUPPORT,
    **BITS,
    "Decimal": Decimal,
    "PROBLEMS": PROBLEMS,
    "Refused": Refused,
    "date": dt.date,
    "datetime": dt.datetime,
}


def made(source: str, constants: Mapping[str, Any]) -> Made:
    """The function `bind` of a source."""
    names = {**_GLOBALS, **constants}
    exec(compile(source, "<rules>", "exec"), names)
    return names["bind"]
