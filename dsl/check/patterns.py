"""The patterns of `written "%b-%Y"`: the directives of `strftime` that say a date or a time."""

from __future__ import annotations

import re

YEARS = frozenset("Yy")
DATES = YEARS | frozenset("mbBdjaA")
TIMES = frozenset("HIMSfpzZ")
DIRECTIVE = re.compile(r"%(-?)(.?)", re.DOTALL)


def fault_of_pattern(pattern: str, *, with_time: bool) -> str | None:
    """What keeps `pattern` from saying a date (or a moment, `with_time`), in a sentence; None where nothing does."""
    known = DATES | TIMES if with_time else DATES
    seen: set[str] = set()
    for found in DIRECTIVE.finditer(pattern):
        letter = found.group(2)
        if letter == "%" and not found.group(1):
            continue
        if letter in TIMES and not with_time:
            return f"`{found.group()}` is a time of day, and a date has none: declare a `timestamp`, or leave it out"
        if letter not in known:
            return f"`{found.group()}` says nothing about a date that is known here"
        if letter in seen:
            return f"`{found.group()}` stands twice in the pattern"
        seen.add(letter)
    if not seen & YEARS:
        return "the pattern does not say where the year stands, `%Y` (2018) or `%y` (18)"
    if "d" in seen and not seen & frozenset("mbB"):
        return "the pattern says the day and not the month, `%m` (03) or `%b` (Mar)"
    return None
