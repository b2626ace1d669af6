"""What a first segmentation may be cut by: a few columns, where to cut them, and how lately anything happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from ..dsl.types import Type
from ..runtime.profiling.figures import event_figures, quantiles
from .records import Guess, TableGuess
from .words import AGE, CONSENT, KEY, MONEY, NO_MONEY, RANKS_HIGH, tells

if TYPE_CHECKING:
    from ..runtime.profiling.records import Column, Connection, TableProfile

SHARES = tuple(round(step * 0.05, 2) for step in range(1, 20))
"""5 % to 95 %."""
LOW, MIDDLE, HIGH = 3, 9, 15
"""Where 20, 50 and 80 % stand in it."""
WINDOWS = ((30, "30 days"), (90, "90 days"), (182, "6 months"), (365, "12 months"), (730, "24 months"))
"""Windows that are tried, with their length in days, roughly."""
YEAR = "12 months"
NOT_RANKED = frozenset({"year", "month", "day", "week", "hour", "jaar", "maand", "jahr", "monat", "lat", "lon", "zip"})
MOST_SUMMED = 1e12


@dataclass(frozen=True, slots=True)
class Cut:
    """A numeric field with the values that part its lowest fifth and its highest, roughly; None where none does.

    `middle` lies between them and is a value that test rows can have."""

    guess: Guess
    low: Decimal | None
    high: Decimal | None
    middle: Decimal


@dataclass(frozen=True, slots=True)
class Lately:
    """Events with a window in which some rows had any and some had none; `none` is the share without. `spent` cuts
    what their likeliest amount of money adds up to in a year."""

    events: TableGuess
    window: str
    none: float
    spent: Cut | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a closed list that some of the rows have, and another one."""

    guess: Guess
    value: str
    other: str
    share: float


def flag(table: TableGuess, but: str | None) -> Guess | None:
    """A yes or no of every row that is neither personal nor protected, nor the field `but`."""
    return next(
        (
            guess
            for guess in table.fields.values()
            if guess.field.type.kind == "boolean"
            and guess.field.name != but
            and not (guess.field.optional or guess.field.personal or guess.field.protected)
            and not tells(guess.column.name, CONSENT)
        ),
        None,
    )


# -- numbers -----------------------------------------------------------------------------------------------------------


def cuts(con: Connection, table: TableGuess, most: int) -> list[Cut]:
    """The likeliest numeric fields with their cuts, the likeliest first."""
    found: list[Cut] = []
    for guess in sorted(_rankable(table), key=_unlikely):
        if len(found) == most:
            break
        cut = _cut(con, table, guess)
        if cut is not None:
            found.append(cut)
    return found


def _rankable(table: TableGuess) -> list[Guess]:
    """Numeric fields that order rows: no key, code or age, nothing personal or protected, mostly there."""
    return [
        guess
        for name, guess in table.fields.items()
        if guess.field.type.kind in ("integer", "money", "number", "percent")
        and name not in (table.key, table.by)
        and not (guess.field.personal or guess.field.protected)
        and not tells(name, KEY | AGE | NOT_RANKED)
        and guess.column.distinct >= 2
        and guess.column.missing * 2 <= guess.column.raw.rows
        and all(abs(float(str(end))) < MOST_SUMMED for end in (guess.column.low, guess.column.high) if end is not None)
    ]


def _unlikely(guess: Guess) -> float:
    name, kind = guess.column.name, guess.field.type.kind
    points = 4.0 if tells(name, RANKS_HIGH) else 0.0
    points += 2.0 if tells(name, MONEY) and not tells(name, NO_MONEY) else 0.0
    points += {"money": 1.5, "percent": 1.0, "number": 0.5}.get(kind, 0.0)
    points += 1.0 if guess.column.distinct > 20 else 0.0
    points -= 3.0 if guess.column.distinct < 4 else 0.0
    points -= 2.0 * guess.column.missing / max(1, guess.column.raw.rows)
    return -points


def _cut(con: Connection, table: TableGuess, guess: Guess) -> Cut | None:
    found = [Decimal(str(each)) for each in quantiles(con, table.profile, guess.column, SHARES)]
    if not found or guess.column.low is None:
        return None
    type, least = guess.field.type, Decimal(str(guess.column.low))
    high = _friendly(found[HIGH], found[MIDDLE], found[-1], type)
    low = _friendly(found[LOW], max(least, found[0]), found[MIDDLE], type)
    if high is None and low is None:
        return None
    if low is not None and high is not None and low >= high:
        low = None
    middle = low if low is not None else _less(high, type) if high is not None else least
    return Cut(guess, low, high, middle)


def _friendly(value: Decimal, above: Decimal, to: Decimal, type: Type) -> Decimal | None:
    """The roundest number near `value` that lies above one bound and at most at the other; None where none does."""
    for digits in (1, 2, 3):
        rounded = _rounded(value, digits)
        if type.kind == "percent":
            rounded = _rounded(value * 100, digits) / 100
        if type.kind == "integer" and rounded != int(rounded):
            continue
        if type.kind == "money" and rounded != round(rounded, type.scale or 0):
            continue
        if above < rounded <= to:
            return rounded
    exact = type.kind in ("integer", "money") and above < value <= to
    return value if exact else None


def _rounded(value: Decimal, digits: int) -> Decimal:
    if not value:
        return Decimal(0)
    return value.quantize(Decimal(1).scaleb(value.adjusted() - digits + 1), ROUND_HALF_UP)


def _less(value: Decimal, type: Type) -> Decimal:
    """A value below that the type can hold."""
    return value - (Decimal("0.01") if type.kind == "percent" else Decimal(1))


# -- events ------------------------------------------------------------------------------------------------------------


def lately(con: Connection, root: TableGuess, tables: Sequence[TableGuess], as_of: dt.date) -> Lately | None:
    """The shortest window over the largest events table of `root` in which a tenth to three quarters had none."""
    events = [each for each in tables if each.role == "events" and each.parent == root.name]
    for table in sorted(events, key=lambda each: -each.profile.rows):
        if root.key is None or table.by is None or table.at is None:
            continue
        key = root.profile, root.fields[root.key].column
        of = table.profile, table.fields[table.by].column, table.fields[table.at].column
        for days, window in WINDOWS:
            counts = event_figures(con, key, of, None, as_of - dt.timedelta(days), as_of, SHARES)
            none = sum(count == 0 for count in counts) / (len(SHARES) + 1)
            if 0.1 <= none <= 0.75:
                return Lately(table, window, none, _spent(con, key, of, table, as_of))
    return None


def _spent(
    con: Connection,
    key: tuple[TableProfile, Column],
    of: tuple[TableProfile, Column, Column],
    table: TableGuess,
    as_of: dt.date,
) -> Cut | None:
    """The cut of what the likeliest amount of an events table adds up to in a year, for each row of its parent."""
    amounts = [guess for guess in _rankable(table) if guess.field.type.kind == "money" and not guess.field.optional]
    for guess in sorted(amounts, key=_unlikely)[:1]:
        year = as_of - dt.timedelta(365)
        sums = event_figures(con, key, of, guess.column, year, as_of, SHARES)
        found = [Decimal(str(each)) for each in sums]
        high = _friendly(found[HIGH], max(found[MIDDLE], Decimal(0)), found[-1], guess.field.type) if found else None
        if high is not None:
            return Cut(guess, None, high, _less(high, guess.field.type))
    return None


# -- lists -------------------------------------------------------------------------------------------------------------


def choice(table: TableGuess, but: str | None) -> Choice | None:
    """A value of a closed list that a tenth to half of the sampled rows have; not of the field `but`."""
    for guess in table.fields.values():
        choices = guess.field.type.choices
        if (
            choices is None
            or guess.field.name == but
            or not 2 <= len(choices) <= 10
            or guess.field.personal
            or guess.field.protected
        ):
            continue
        total = sum(count for _, count in guess.column.raw.sample)
        for value, count in guess.column.raw.sample:
            if value in choices and 0.1 <= count / total <= 0.5:
                return Choice(guess, value, next(each for each in choices if each != value), count / total)
    return None
