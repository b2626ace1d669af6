"""Running source that was written here. No other module does; what is run is made from a checked rule set alone, with
names and values of the rules as constants."""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_right
from collections.abc import Callable, Mapping
from decimal import DecimalException
from typing import Any

from .accept import Refused
from .support import INT64, SUPPORT, Undecidable

Decide = Callable[[Mapping[str, Any]], Any]
Made = Callable[..., Decide]
"""Takes the as-of date, parameters, windows, `find`, `answered` and `failed`."""

PROBLEMS = (KeyError, TypeError, AttributeError, ValueError, OverflowError, DecimalException, Refused, Undecidable)

_GLOBALS: dict[str, Any] = {
    **SUPPORT,
    "INT64": INT64,
    "PROBLEMS": PROBLEMS,
    "Refused": Refused,
    "bisect_right": bisect_right,
    "date": dt.date,
    "datetime": dt.datetime,
    "floor": math.floor,
}


def made(source: str, constants: Mapping[str, Any]) -> Made:
    """The function `bind` of a source."""
    names = {**_GLOBALS, **constants}
    exec(compile(source, "<rules>", "exec"), names)
    return names["bind"]
