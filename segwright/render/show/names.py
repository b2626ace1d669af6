"""Names and constants in plain English.

A title stands in quotation marks, whatever it says; a name without title is read as words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import assert_never

from ...dsl import program as p
from ...dsl.labels import Lineage
from ...dsl.types import Length, Type, Value
from ...dsl.wording import decimal_wording, percent_wording, text_wording


@dataclass(frozen=True, slots=True)
class Speaker:
    """Speaks of the rows of `table`, and knows what every name means."""

    lineage: Lineage
    table: str

    def over(self, table: str) -> Speaker:
        """The same of the rows of another table."""
        return replace(self, table=table)


# -- names -------------------------------------------------------------------------------------------------------------


def words_of(name: str) -> str:
    """A name as words: `credit score`."""
    return name.replace("_", " ").strip() or name


def titled(name: str, title: str | None) -> str:
    """The title in quotation marks, or the name as words."""
    return f"“{title}”" if title else words_of(name)


def in_quotes(name: str, title: str | None) -> str:
    """The title, or the name as words, in quotation marks."""
    return f"“{title or words_of(name)}”"


def segment_called(segmentation: str, segment: str, lineage: Lineage) -> str:
    """A segment by its title. One that this version of the rules does not have by its name."""
    found = (each for each in lineage.segmentations[segmentation].all_segments if each.name == segment)
    return in_quotes(segment, next((each.title for each in found), None))


def segmentation_called(segmentation: str, lineage: Lineage) -> str:
    """A segmentation by its title."""
    return in_quotes(segmentation, lineage.segmentations[segmentation].title)


PLURALS = (("s", ""), ("n", ""), ("es", ""), ("en", ""), ("ies", "y"))


def one_row_of(table: p.Table) -> str:
    """`a customer` where name and key tell what a row is (`customers` by `customer_id`), else `a row of customers`."""
    *before, last = table.name.split("_")
    for plural, singular in PLURALS:
        one = last.removesuffix(plural) + singular
        if last.endswith(plural) and len(one) >= 3 and (table.key or "").startswith(one):
            row = " ".join([*before, one])
            return f"{'an' if row[0].lower() in 'aeio' else 'a'} {row}"
    return f"a row of {words_of(table.name)}"


def called(name: str, title: str | None) -> tuple[str, str | None]:
    """What something is called, and its name where that is another."""
    what = title or words_of(name)
    return what, None if what == name else name


def listed(words: Sequence[str], last: str) -> str:
    """`a, b and c`, with `last` for `and`."""
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


# -- values ------------------------------------------------------------------------------------------------------------


def value_words(value: Value, type: Type) -> str:
    """A constant: `30%`, `15,000`, `"app"`, `2026-01-31`, `90 days`."""
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return f"{value:,}" if abs(value) >= 10_000 else str(value)
        case Decimal():
            return f"{value:,}".removesuffix(f".{'0' * (type.scale or 0)}") if type.scale else f"{value:,}"
        case float():
            return percent_wording(value) if type.kind == "percent" else decimal_wording(Decimal(repr(value)))
        case str():
            return text_wording(value)
        case dt.datetime():
            return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
        case dt.date():
            return value.isoformat()
        case Length():
            return str(value)
        case _:
            assert_never(value)


def range_words(domain: p.Domain | None, type: Type) -> str:
    """`from 600 to 800`, `above 0`; nothing where there is no range."""
    if domain is None:
        return ""
    low, high = domain.low, domain.high
    if low is not None and high is not None and domain.low_included and domain.high_included:
        if isinstance(low, Length) and isinstance(high, Length) and low.unit == high.unit:
            return f"from {low.amount} to {high}"
        return f"from {value_words(low, type)} to {value_words(high, type)}"
    ends = [
        f"{'at least' if domain.low_included else 'above'} {value_words(low, type)}" if low is not None else "",
        f"{'at most' if domain.high_included else 'below'} {value_words(high, type)}" if high is not None else "",
    ]
    return listed([end for end in ends if end], "and")


def parameter_words(name: str, lineage: Lineage) -> str:
    """`720 (parameter prime_score, from 600 to 800)`."""
    found = lineage.program.parameter(name)
    within = range_words(found.domain, found.type)
    return f"{value_words(found.value, found.type)} (parameter {name}{f', {within}' if within else ''})"


def window_words(window: p.Window, lineage: Lineage) -> str:
    """`in the last 90 days`, `in the last 12 months without the last 6 months`, `so far`."""
    if window.direction == "ever" or window.length is None:
        return "so far"
    words = f"in the {window.direction} {_length(window.length, lineage)}"
    return words if window.except_last is None else f"{words} without the last {_length(window.except_last, lineage)}"


def _length(length: Length | p.ParameterRef, lineage: Lineage) -> str:
    if isinstance(length, p.ParameterRef):
        return parameter_words(length.name, lineage)
    return length.unit if length.amount == 1 else str(length)
