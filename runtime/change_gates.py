"""The gates of the settings that a change of rules is held against, and how they are written.

| setting | fails where |
|---|---|
| `max_movers` | more rows of a table than this get another answer of some segmentation |
| `newly_missed_targets` | a target is missed that was not missed before, or was not asked |
| `newly_broken_guards` | a guard does not hold that held before, or was not asked |
| `worse_fairness` | a fairness ratio falls below its limit, or lies below it and falls further |
| `newly_read_personal` | a personal or protected field is read that was not read before |
| `warnings` | `segwright check` warns of something that it did not warn of before |

`segwright ci` holds changes against them (`comparing/gates.py`); a run knows nothing of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, get_args

ChangeGateName = Literal[
    "newly_missed_targets", "newly_broken_guards", "worse_fairness", "newly_read_personal", "warnings"
]
CHANGE_GATES: tuple[ChangeGateName, ...] = get_args(ChangeGateName)
MAX_MOVERS = "max_movers"

_PERCENT = re.compile(r"(\d+(?:\.\d+)?) ?%")


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many rows: a whole number of them, or a share of all (1 is 100 %). `said` is how settings write it."""

    said: str
    rows: int | None = None
    share: Fraction | None = None

    def of(self, rows: int) -> Fraction:
        """The limit in rows of a table with so many."""
        return Fraction(self.rows or 0) if self.share is None else self.share * rows


@dataclass(frozen=True, slots=True)
class ChangeGates:
    """What the settings ask of a change: the limit of rows that move, the gates that stop it and those that only
    report. What is in neither is not looked at."""

    max_movers: Limit | None = None
    stop: frozenset[ChangeGateName] = frozenset()
    report: frozenset[ChangeGateName] = frozenset()


class UnreadableLimit(ValueError):
    """What stands for a limit is none; says what is meant."""


def limit_from(value: Any) -> Limit:
    """The limit that a setting gives: `"2%"` of all rows, or a number of rows. Raises `UnreadableLimit`."""
    match value:
        case bool():
            pass
        case int() if value >= 0:
            return Limit(f"{value:,}", rows=value)
        case float() if 0 <= value <= 1:
            raise UnreadableLimit(f'; did you mean "{float(Fraction(str(value)) * 100):g}%"?')
        case str():
            found = _PERCENT.fullmatch(value.strip())
            if found and Fraction(found[1]) <= 100:
                return Limit(f"{found[1]}%", share=Fraction(found[1]) / 100)
            if value.strip().isdecimal():
                number = value.strip()
                raise UnreadableLimit(f'; did you mean "{number}%", or {number} without quotes?')
        case _:
            pass
    raise UnreadableLimit("")
