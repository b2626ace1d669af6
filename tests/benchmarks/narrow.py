"""Rules of many narrow segments over four columns, in our language and in others', and rows for them; rows for the
typical rules of `project/bench.seg`."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from decimal import Decimal
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


def typical_rows_of(count: int) -> list[dict[str, Any]]:
    """Rows for `project/bench.seg`: most payments on time, one score in ten missing, every segment met."""
    draw = random.Random(2)

    def money(highest: int) -> Decimal:
        return Decimal(draw.randint(0, highest * 100)).scaleb(-2)

    return [
        {
            "age": draw.randint(18, 100),
            "income": money(120_000) if draw.random() < 0.9 else None,
            "credit_score": draw.randint(500, 850) if draw.random() < 0.9 else None,
            "utilisation": draw.randint(0, 100) / 100,
            "debt_to_income": draw.randint(0, 60) / 100,
            "channel": draw.choice(CHANNELS),
            "region": draw.choice(("north", "east", "south", "west")),
            "opened_on": dt.date(2010, 1, 1) + dt.timedelta(days=draw.randint(0, 5000)),
            "fraud_probability": draw.random() ** 4,
            "products": draw.randint(0, 6),
            "logins_90d": draw.choice((0, 0, draw.randint(0, 60))),
            "complaints": draw.choice((0, 0, 0, 1, 3)),
            "hardship_plan": draw.random() < 0.05,
            "savings": money(80_000),
            "tenure_months": draw.randint(0, 120),
            "late_90d": draw.choice((0, 0, 0, 0, 0, 0, 0, 1, 1, 2)),
            "very_late": draw.choice((0, 0, 0, 0, 0, 0, 0, 0, 1, 2)),
            "worst_delay": draw.choice((0, 0, 0, 20, 40, 100)),
            "paid_6m": money(2_000),
            "paid_before": money(2_000),
            "payments_3m": draw.choice((0, 3, 3, 3)),
        }
        for _ in range(count)
    ]
