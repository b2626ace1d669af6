"""The patterns of `written "%b-%Y"`: the directives that say a date or a time."""

from __future__ import annotations

import re

YEARS = frozenset("Yy")
MONTHS = frozenset("mbB")
DATES = YEARS | MONTHS | frozenset("djaA")
TIMES = frozenset("HIpMSfz")
DIRECTIVE = re.compile(r"%(.?)", re.DOTALL)


def fault_of_pattern(pattern: str, *, with_time: bool) -> str | None:
    """What keeps `pattern` from saying a date (or a moment, `with_time`), in a sentence; None where nothing does."""
    seen: set[str] = set()
    for found in DIRECTIVE.finditer(pattern):
        letter = found.group(1)
        if letter == "%":
            continue
        if letter in TIMES and not with_time:
            return f"`{found.group()}` is a time of day, and a date has none: declare a `timestamp`, or leave it out"
        if letter not in DATES | TIMES:
            return f"`{found.group()}` stands for nothing in the pattern of a date (a percent sign is `%%`)"
        if letter in seen:
            return f"`{found.group()}` stands twice in the pattern"
        seen.add(letter)
    if not seen & YEARS:
        return "the pattern does not say where the year stands, `%Y` (2018) or `%y` (18)"
    if "d" in seen and not seen & MONTHS:
        return "the pattern says the day and not the month, `%m` (03) or `%b` (Mar)"
    if "I" in seen and "p" not in seen:
        return "`%I` is an hour of twelve, so the pattern needs `%p` (AM, PM); `%H` is an hour of the whole day"
    return None
