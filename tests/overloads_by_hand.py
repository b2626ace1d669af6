"""What overloads come to, worked out by hand: every engine is held to it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from segwright.dsl.builtins import EVERY, ORDERED
from segwright.dsl.types import Type

AS_OF = dt.date(2026, 9, 1)
D, T = dt.date, dt.datetime
LOWEST, HIGHEST = -(2**63), 2**63 - 1


def a_type(kind: str, scale: int = 2) -> Type:
    """The type of a kind."""
    return Type("money", scale) if kind == "money" else Type(kind)  # pyright: ignore[reportArgumentType]


# -- row functions: operands that are all there, result ----------------------------------------------------------------

LESS_MORE: dict[str, tuple[Any, Any]] = {
    "integer": (2, 10),
    "number": (0.5, 1.5),
    "percent": (0.3, 0.3000001),
    "money": (Decimal("2.50"), Decimal("10.00")),
    "text": ("Z", "a"),  # by code point: capitals first
    "date": (D(2026, 1, 31), D(2026, 2, 1)),
    "timestamp": (T(2026, 1, 1, 10), T(2026, 1, 1, 11)),
    "boolean": (False, True),
}
TRUTHS = {
    "equal": (False, True, False),
    "not_equal": (True, False, True),
    "less": (True, False, False),
    "at_most": (True, True, False),
    "greater": (False, False, True),
    "at_least": (False, True, True),
}
"""For less against more, the same, more against less."""

STRICT: list[tuple[str, tuple[Any, ...], Any]] = [
    (f"{name}.{kind}", pair, truth)
    for name, truths in TRUTHS.items()
    for kind in (EVERY if name in ("equal", "not_equal") else ORDERED)
    for less, more in [LESS_MORE[kind]]
    for pair, truth in zip([(less, more), (less, less), (more, less)], truths, strict=True)
]
STRICT += [(f"one_of.{kind}", (LESS_MORE[kind][0], *LESS_MORE[kind]), True) for kind in ORDERED]
STRICT += [(f"one_of.{kind}", (LESS_MORE[kind][0], LESS_MORE[kind][1]), False) for kind in ORDERED]
STRICT += [
    ("equal.number", (0.1 + 0.2, 0.3), False),  # doubles, not decimals
    ("equal.percent", (0.1 + 0.2, 0.3), False),
    ("equal.number", (0.0, -0.0), True),
    ("equal.text", ("a", "A"), False),
    ("less.text", ("Z", "z"), True),
    ("less.text", ("z", "é"), True),
    ("less.text", ("\uffff", "\U00010000"), True),  # UTF-16 would say no
    ("greater.integer", (HIGHEST, HIGHEST - 1), True),  # doubles would say no
    ("starts_with.text", ("NL-NH", "NL-"), True),
    ("starts_with.text", ("NL-NH", "nl"), False),
    ("starts_with.text", ("NL", ""), True),
    ("starts_with.text", ("N%L", "N_"), False),
    ("contains.text", ("a north b", "north"), True),
    ("contains.text", ("ab", "%"), False),
    ("contains.text", ("ab", "."), False),
    ("contains.text", ("a(b", "("), True),
    ("starts_with.text", ("ab", "."), False),
    ("add.integer", (2, -5), -3),
    ("add.number", (0.1, 0.2), 0.1 + 0.2),
    ("add.number", (1e308, 1e308), None),
    ("add.percent", (0.1, 0.2), 0.3),  # rounded to a billionth
    ("add.percent", (1e308, 1e308), None),
    ("add.money", (Decimal("0.10"), Decimal("0.20")), Decimal("0.30")),
    ("subtract.integer", (2, 5), -3),
    ("subtract.number", (0.3, 0.1), 0.3 - 0.1),
    ("subtract.number", (-1e308, 1e308), None),
    ("subtract.percent", (0.3, 0.1), 0.2),
    ("subtract.money", (Decimal("0.10"), Decimal("0.25")), Decimal("-0.15")),
    ("multiply.integer", (-7, 3), -21),
    ("multiply.number", (1.5, 1.5), 2.25),
    ("multiply.number", (1e200, 1e200), None),
    ("multiply.money", (Decimal("-1.25"), 3), Decimal("-3.75")),
    ("divide.number", (1.0, 3.0), 1 / 3),
    ("divide.number", (1.0, 0.0), None),
    ("divide.number", (0.0, 0.0), None),
    ("divide.number", (1.0, -0.0), None),
    ("divide.number", (1e308, 1e-308), None),
    ("negate.integer", (5,), -5),
    ("negate.number", (-1.5,), 1.5),
    ("negate.percent", (0.3,), -0.3),
    ("negate.money", (Decimal("1.25"),), Decimal("-1.25")),
    ("number_from.integer", (2**53 + 1,), float(2**53)),
    ("number_from.percent", (0.3,), 0.3),
    ("number_from.money", (Decimal("0.07"),), 0.07),
    ("money_from.integer", (3,), Decimal("3.00")),
    ("money_from.money", (Decimal("-3.25"),), Decimal("-3.25")),
    ("date_from.timestamp", (T(2026, 1, 31, 23, 59, 59),), D(2026, 1, 31)),
    ("days_since.date", (D(2026, 8, 1),), 31),
    ("days_since.date", (D(2026, 9, 2),), -1),
    ("months_since.date", (D(2026, 8, 2),), 0),
    ("months_since.date", (D(2025, 9, 1),), 12),
    ("months_since.date", (D(2026, 10, 1),), -1),
    ("years_since.date", (D(2000, 9, 1),), 26),
    ("years_since.date", (D(2000, 9, 2),), 25),
    ("years_since.date", (D(2027, 1, 1),), -1),
]


MOST = Decimal("9999999999999999.99")
OVERFLOWS: list[tuple[str, tuple[Any, ...]]] = [
    ("add.integer", (HIGHEST, 1)),
    ("subtract.integer", (LOWEST, 1)),
    ("multiply.integer", (HIGHEST, 2)),
    ("negate.integer", (LOWEST,)),
    ("add.money", (MOST, Decimal("0.01"))),
    ("subtract.money", (-MOST, Decimal("0.01"))),
    ("multiply.money", (MOST, 2)),
    ("multiply.money", (MOST, LOWEST)),
    ("money_from.integer", (10**16,)),
]


# -- aggregates --------------------------------------------------------------------------------------------------------

VALUES: dict[str, tuple[Any, Any, Any]] = {
    "integer": (10, 2, 6),
    "number": (10.0, 2.0, 6.5),
    "percent": (0.5, 0.1, 0.3),
    "money": (Decimal("10.00"), Decimal("2.00"), Decimal("6.50")),
    "text": ("b", "Z", "a"),  # capitals first
    "date": (D(2026, 3, 1), D(2026, 1, 1), D(2026, 2, 1)),
    "timestamp": (T(2026, 1, 1, 3), T(2026, 1, 1, 1), T(2026, 1, 1, 2)),
    "boolean": (True, False, True),
}
"""The greatest, the least, the middle."""

TIMES = (D(2026, 1, 1), D(2026, 1, 11), D(2026, 1, 31))

EXPECTED: dict[str, dict[str, Any]] = {
    # over (greatest, 1 January), (least, 11 January), (middle, 31 January), (missing, 28 February)
    "sum": {"integer": 18, "number": 18.5, "percent": 0.9, "money": Decimal("18.50")},
    "average": {"integer": 6.0, "number": 18.5 / 3, "percent": 0.9 / 3, "money": 18.5 / 3},
    "median": {"integer": 6.0, "number": 6.5, "percent": 0.3, "money": 6.5},
    "min": {kind: VALUES[kind][1] for kind in ORDERED},
    "max": {kind: VALUES[kind][0] for kind in ORDERED},
    "first": {kind: VALUES[kind][0] for kind in EVERY},
    "latest": {kind: VALUES[kind][2] for kind in EVERY},
    "distinct_count": {**dict.fromkeys(EVERY, 3), "boolean": 2},
    # t = 0, 10, 30 days: n = 3, Σt = 40, Σt² = 1000, D = 3·1000 − 40² = 1400.
    # integer: Σu = 18, Σtu = 20 + 180 = 200, N = 600 − 720 = −120.
    # 10, 2, 6.5: Σu = 18.5, Σtu = 215, N = 645 − 740 = −95. percent: Σu = .9, Σtu = 10, N = 30 − 36 = −6.
    "trend_per_month": {
        "integer": -120 / 1400 * 30.4375,
        "number": -95 / 1400 * 30.4375,
        "percent": -6 / 1400 * 30.4375,
        "money": -95 / 1400 * 30.4375,
    },
}
BY_HAND: list[tuple[str, Any]] = [
    (f"{name}.{kind}", value) for name, kinds in EXPECTED.items() for kind, value in kinds.items()
]
