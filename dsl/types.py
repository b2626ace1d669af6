"""The types of the language and the Python form of their values.

| type | Python value in a `Program` |
|---|---|
| integer | `int`, 64-bit |
| number | `float`, finite |
| percent | `float`, a share (1 = 100 %), the double nearest to a whole number of billionths |
| money | `decimal.Decimal` with exactly `scale` places |
| text | `str`; `choices` when it is a closed list |
| boolean | `bool` |
| date | `datetime.date` |
| timestamp | `datetime.datetime` without zone, meaning UTC |
| duration | `Length`: parameters only |
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Kind = Literal["integer", "number", "percent", "money", "text", "boolean", "date", "timestamp", "duration"]


@dataclass(frozen=True, slots=True)
class Type:
    """A type: `scale` for money only, `choices` for text that is a closed list only."""

    kind: Kind
    scale: int | None = None
    choices: tuple[str, ...] | None = None

    def __str__(self) -> str:
        if self.choices is not None:
            return "one of " + ", ".join(f'"{choice}"' for choice in self.choices)
        if self.kind == "money" and self.scale != 2:
            return f"money({self.scale})"
        return self.kind


INTEGER = Type("integer")
NUMBER = Type("number")
PERCENT = Type("percent")
MONEY = Type("money", 2)
TEXT = Type("text")
BOOLEAN = Type("boolean")
DATE = Type("date")
TIMESTAMP = Type("timestamp")
DURATION = Type("duration")


@dataclass(frozen=True, slots=True)
class Length:
    """A duration: so many calendar days, months or years."""

    amount: int
    unit: Literal["day", "month", "year"]

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}{'' if self.amount == 1 else 's'}"


Value = int | float | Decimal | str | bool | dt.date | dt.datetime | Length
"""A value that is there. Missing is `None`, never a `Value`."""
