"""Dates and times that are written in text, by the patterns of the language (D4).

A pattern becomes a regular expression with a group for each part, and the parts a moment: Polars' own parser wants a
day where the language has the first, and takes the two digits 69 for another century.
"""

from __future__ import annotations

import calendar
import re

import polars as pl

MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
SHORT_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
_DAYS = "|".join([*(name.lower() for name in calendar.day_name), *(name.lower() for name in calendar.day_abbr)])

_PARTS: dict[str, str] = {
    "Y": r"(?P<Y>[0-9]{4})",
    "y": r"(?P<y>[0-9]{2})",
    "m": r"(?P<m>[0-9]{1,2})",
    "b": rf"(?P<b>{'|'.join(SHORT_MONTHS)})",
    "B": rf"(?P<B>{'|'.join(MONTHS)})",
    "d": r"(?P<d>[0-9]{1,2})",
    "j": r"(?P<j>[0-9]{1,3})",
    "a": rf"(?:{_DAYS})",
    "A": rf"(?:{_DAYS})",
    "H": r"(?P<H>[0-9]{1,2})",
    "I": r"(?P<I>[0-9]{1,2})",
    "p": r"(?P<p>am|pm)",
    "M": r"(?P<M>[0-9]{1,2})",
    "S": r"(?P<S>[0-9]{1,2})",
    "f": r"(?P<f>[0-9]{1,9})",
    "z": r"(?P<z>[+-][0-9]{2}:?(?:[0-9]{2})?|Z)",
    "%": "%",
}


def moment_written(pattern: str, text: pl.Expr) -> pl.Expr:
    """The moment in UTC that `text` writes, null where the pattern does not fit: a missing day is the first, a missing
    month January, a missing time midnight."""
    expression, names = _expression(pattern)
    found = text.str.extract_groups(expression)
    parts = {name: found.struct.field(name) for name in names}

    def number(name: str, otherwise: int) -> pl.Expr:
        return parts[name].cast(pl.Int64) if name in parts else pl.lit(otherwise, dtype=pl.Int64)

    year, month, day = _year(parts), _month(parts), number("d", 1)
    # `pl.datetime` stops at dates that there are not; whether there are is told before it is asked.
    valid = month.is_between(1, 12) & day.is_between(1, _days_in(year, month))
    moment = pl.datetime(*(pl.when(valid).then(part) for part in (year, month, day)), time_unit="us")
    if "j" in parts:
        moment = moment + pl.duration(days=number("j", 1) - 1, time_unit="us")
        moment = pl.when(moment.dt.year() == year).then(moment)
    hour, minute, second = _hour(parts), number("M", 0), number("S", 0)
    micros = ((hour * 60 + minute) * 60 + second) * 1_000_000 + _fraction(parts) - _offset(parts) * 60_000_000
    in_day = hour.is_between(0, 23) & minute.is_between(0, 59) & second.is_between(0, 59)
    return pl.when(in_day).then((moment.to_physical() + micros).cast(pl.Datetime("us")))


def _expression(pattern: str) -> tuple[str, list[str]]:
    found, names, at = "", list[str](), 0
    while at < len(pattern):
        if pattern[at] == "%" and pattern[at + 1 : at + 2] in _PARTS:
            part = _PARTS[pattern[at + 1]]
            names += re.findall(r"\?P<(\w)>", part)
            found, at = found + part, at + 2
        else:
            found, at = found + re.escape(pattern[at]), at + 1
    return f"(?i)^{found}$", names


def _year(parts: dict[str, pl.Expr]) -> pl.Expr:
    if "Y" in parts:
        return parts["Y"].cast(pl.Int64)
    short = parts["y"].cast(pl.Int64)
    return short + pl.when(short >= 69).then(1900).otherwise(2000)


def _month(parts: dict[str, pl.Expr]) -> pl.Expr:
    for name, numbers in (("b", SHORT_MONTHS), ("B", MONTHS)):
        if name in parts:
            return parts[name].str.to_lowercase().replace_strict(numbers, default=None, return_dtype=pl.Int64)
    return parts["m"].cast(pl.Int64) if "m" in parts else pl.lit(1, dtype=pl.Int64)


def _days_in(year: pl.Expr, month: pl.Expr) -> pl.Expr:
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    return (
        pl.when(month == 2)
        .then(28 + leap.cast(pl.Int64))
        .otherwise(pl.when(month.is_in([4, 6, 9, 11])).then(30).otherwise(31))
    )


def _hour(parts: dict[str, pl.Expr]) -> pl.Expr:
    if "I" not in parts:
        return parts["H"].cast(pl.Int64) if "H" in parts else pl.lit(0, dtype=pl.Int64)
    twelve = parts["I"].cast(pl.Int64)
    hour = pl.when(twelve.is_between(1, 12)).then(twelve % 12)
    if "p" not in parts:
        return hour
    return hour + pl.when(parts["p"].str.to_lowercase() == "pm").then(12).otherwise(0)


def _fraction(parts: dict[str, pl.Expr]) -> pl.Expr:
    if "f" not in parts:
        return pl.lit(0, dtype=pl.Int64)
    return parts["f"].str.pad_end(6, "0").str.slice(0, 6).cast(pl.Int64)


def _offset(parts: dict[str, pl.Expr]) -> pl.Expr:
    """How many minutes the written time is ahead of UTC."""
    if "z" not in parts:
        return pl.lit(0, dtype=pl.Int64)
    digits = parts["z"].str.replace_all(r"[^0-9]", "").str.pad_end(4, "0").cast(pl.Int64)
    minutes = digits // 100 * 60 + digits % 100
    return pl.when(parts["z"].str.starts_with("-")).then(-minutes).otherwise(minutes)
