"""Rules of many narrow segments over four columns, in our language and in others', and rows for them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

CHANNELS = ("app", "web", "branch", "phone")


@dataclass(frozen=True, slots=True)
class Narrow:
    """One segment: a band of scores, a highest utilisation in hundredths, a channel, a least age."""

    low: int
    high: int
    utilisation: int
    channel: str
    age: int


def narrow_segments(count: int) -> list[Narrow]:
    """So many segments, the same for the same count."""
    draw = random.Random(count)
    width = max(12, 1200 // count)
    found: list[Narrow] = []
    for _ in range(count):
        low = draw.randint(300, 840 - width)
        found.append(Narrow(low, low + width, draw.randint(20, 95), draw.choice(CHANNELS), draw.randint(18, 50)))
    return found


def in_our_language(segments: list[Narrow]) -> str:
    """A rule file."""
    lines = [
        "table customers key customer_id",
        "  customer_id   integer",
        "  credit_score  integer from 300 to 850",
        "  utilisation   percent from 0% to 100%",
        '  channel       one of "app", "web", "branch", "phone"',
        "  age           integer from 18 to 120",
        "segmentation value_risk of customers",
        "  first match wins",
    ]
    for number, each in enumerate(segments):
        lines += [
            f"  segment s{number}",
            f"    when credit_score >= {each.low} and credit_score < {each.high}",
            f'     and utilisation < {each.utilisation}% and channel is "{each.channel}" and age >= {each.age}',
        ]
    return "\n".join([*lines, "  otherwise standard", ""])


def as_expression(each: Narrow, *, equal: str, also: str) -> str:
    """The condition of a segment in a language of expressions."""
    parts = [
        f"credit_score >= {each.low}",
        f"credit_score < {each.high}",
        f"utilisation < 0.{each.utilisation:02}",
        f'channel {equal} "{each.channel}"',
        f"age >= {each.age}",
    ]
    return f" {also} ".join(parts)


def rows_of(count: int) -> list[dict[str, Any]]:
    """Rows with values drawn evenly."""
    draw = random.Random(1)
    return [
        {
            "credit_score": draw.randint(300, 850),
            "utilisation": draw.randint(0, 100) / 100,
            "channel": draw.choice(CHANNELS),
            "age": draw.randint(18, 90),
        }
        for _ in range(count)
    ]
