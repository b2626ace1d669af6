"""Counts, shares and names, as every part of the page says them."""

from __future__ import annotations

from collections.abc import Sequence

from ...compiler.changes.saying import stands_alone
from ...dsl.program import Program
from ..show.names import one_row_of

HIDDEN = "hidden"
MANY = 6
"""More names are not told in one sentence."""
LONGEST = 3_000
"""Characters after which one text breaks off."""


def name(word: str) -> str:
    """A name of the rules, which holds no backquote."""
    return f"`{word}`"


def names(words: Sequence[str]) -> str:
    """```a`, `b` and `c```; of many the first, and how many more."""
    told = [name(each) for each in words]
    return listed(told if len(told) <= MANY else [*told[: MANY - 1], f"{len(told) - MANY + 1:,} more"])


def listed(words: Sequence[str], last: str = "and") -> str:
    """`a, b and c`."""
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def rows_of(count: int, table: str, program: Program) -> str:
    """`1 customer`, `10,000 customers`."""
    return f"{count:,} {of_table(count, table, program)}"


def of_table(count: int, table: str, program: Program) -> str:
    """`customer` for one, else `customers`: by its key, where that tells what a row is."""
    if count != 1:
        return table.replace("_", " ")
    found = next((each for each in program.tables if each.name == table), None)
    return f"row of {table}" if found is None else one_row_of(found).split(" ", 1)[1]


def share_of(count: int, rows: int) -> str:
    """`2.1%`; never nought for some, nor all for not quite all."""
    share = count / rows
    if 0 < share < 0.0005:
        return "less than 0.1%"
    if 0.9995 <= share < 1:
        return "more than 99.9%"
    return f"{share:.1%}"


def number(count: int | None) -> str:
    """`1,234`, or that it is hidden."""
    return HIDDEN if count is None else f"{count:,}"


def difference_of(before: int, after: int) -> str:
    """`+1,234`, `-5`, `0`."""
    return f"{after - before:+,}" if after != before else "0"


def verb(count: int | None, one: str, many: str) -> str:
    """The form that goes with a count."""
    return one if count == 1 else many


def said_of(segment: str, message: str) -> str:
    """What changed about a clause of a segment, as a sentence that stands alone: `also asks that …` of the segment."""
    return stands_alone(segment, message)


def upper(sentence: str) -> str:
    """A sentence with a capital, unless it begins with a name."""
    return sentence[:1].upper() + sentence[1:]


def short(text: str) -> str:
    """Text that is not endless."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
