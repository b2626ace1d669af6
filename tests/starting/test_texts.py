"""Which numbers stand for no value, by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from segwright.starting.texts import far_codes, missing_words, patterns_of, places


def counted(*numbers: int, codes: tuple[int, ...] = (), times: int = 1) -> list[tuple[Decimal, int]]:
    """The numbers once each, and the codes so many times."""
    return [(Decimal(number), 1) for number in numbers] + [(Decimal(code), times) for code in codes]


@pytest.mark.parametrize(
    "values, codes",
    [
        (counted(*range(1, 50), codes=(999,), times=5), (999,)),
        (counted(*range(1, 50), codes=(-1, 999), times=5), (-1, 999)),
        (counted(*range(1, 50), codes=(-9, -99), times=5), (-99, -9)),
        (counted(*range(300, 850), codes=(0,), times=20), (0,)),
        # Once is chance, and what lies among the others is one of them.
        (counted(*range(1, 50), codes=(999,), times=1), ()),
        (counted(*range(900, 1100), codes=(999,), times=50), ()),
        (counted(*range(-20, 50), codes=(-1,), times=50), ()),
        (counted(*range(1, 60), codes=(0, 99), times=5), ()),
        # A peak beyond a gap, though not far: scores to 850 with many at 999, and with no more than elsewhere.
        (counted(*range(300, 851), codes=(999,), times=30), (999,)),
        (counted(*range(300, 851), codes=(999,), times=4), ()),
    ],
)
def test_codes_lie_outside_of_all_others(values: list[tuple[Decimal, int]], codes: tuple[int, ...]) -> None:
    assert far_codes(values) == codes


def test_dust_is_no_decimal() -> None:
    assert places([(Decimal("1.50"), 1), (Decimal("1.8e-15"), 1)]) == 1
    assert places([(Decimal("0.125"), 1)]) == 3


def test_words_for_missing_are_found_as_they_are_written() -> None:
    assert missing_words([("app", 3), ("n/a", 2), ("N/A", 1), (" ", 1), ("nah", 1)]) == ("n/a", "N/A", " ")


def test_a_pattern_that_few_values_break_is_still_tried() -> None:
    values = [(f"{day:02}-12-2020", 10) for day in range(1, 29)] + [("soon", 1)]
    assert patterns_of(values, ("%m-%d-%Y", "%d-%m-%Y")) == ("%d-%m-%Y",)
