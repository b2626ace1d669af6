"""What the report says, in one language, and how that language writes numbers and dates."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, get_args

LanguageName = Literal["en", "nl"]
LANGUAGES: tuple[LanguageName, ...] = get_args(LanguageName)


@dataclass(frozen=True, slots=True)
class Language:
    """`words` by `section.key`, and the marks of numbers."""

    name: LanguageName
    words: Mapping[str, str]
    decimal: str
    thousands: str
    months: tuple[str, ...]

    def say(self, key: str, **named: object) -> str:
        """The words under a key, with what they name; `KeyError` where the dictionary has no such key."""
        return self.words[key].format(**named) if named else self.words[key]

    def number(self, value: float | Decimal, places: int = 0) -> str:
        """`1,234.5`, with a true minus sign."""
        said = f"{value:,.{places}f}".replace("-", "−")
        if not said.strip("−0.,"):
            said = said.replace("−", "")
        return said.translate(str.maketrans({",": self.thousands, ".": self.decimal}))

    def percent(self, share: float, places: int = 1) -> str:
        """`2.1%` for 0.021."""
        return self.words["numbers.percent"].format(number=self.number(share * 100, places))

    def plain(self, value: float, places: int = 6) -> str:
        """A number with no more decimals than it needs."""
        said = f"{value:.{places}f}".rstrip("0").rstrip(".")
        needed = len(said.partition(".")[2])
        return self.number(value, needed)

    def date(self, date: dt.date) -> str:
        """`1 September 2026`."""
        return self.words["numbers.date"].format(day=date.day, month=self.months[date.month - 1], year=date.year)

    def moment(self, moment: dt.datetime) -> str:
        """`1 September 2026, 14:05 UTC`."""
        return f"{self.date(moment.date())}, {moment:%H:%M} UTC"

    def locale(self) -> dict[str, Any]:
        """How charts write numbers (d3-format)."""
        return {"decimal": self.decimal, "thousands": self.thousands, "grouping": [3], "currency": ["", ""]}

    def time_locale(self) -> dict[str, Any]:
        """How charts write dates (d3-time-format)."""
        days = ["", "", "", "", "", "", ""]
        months = list(self.months)
        return {
            "dateTime": "%-d %B %Y, %H:%M", "date": "%-d %B %Y", "time": "%H:%M", "periods": ["", ""],
            "days": days, "shortDays": days, "months": months, "shortMonths": [month[:3] for month in months],
        }  # fmt: skip


def language(name: LanguageName) -> Language:
    """A language from its dictionary."""
    data = tomllib.loads((Path(__file__).parent / "languages" / f"{name}.toml").read_text(encoding="utf-8"))
    numbers = data["numbers"]
    words = {
        f"{section}.{key}": value
        for section, entries in data.items()
        for key, value in entries.items()
        if isinstance(value, str)
    }
    return Language(name, words, numbers["decimal"], numbers["thousands"], tuple(numbers["months"]))
