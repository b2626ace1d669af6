"""Windows and elapsed time, worked out by hand and against the definition."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segwright.compiler.time import months_back, months_forward, months_since, window_bounds, years_since
from segwright.dsl.program import ParameterRef, Window
from segwright.dsl.types import DURATION, Length

D = dt.date


@pytest.mark.parametrize(
    "date, months, back",
    [
        (D(2026, 5, 31), 3, D(2026, 2, 28)),  # clamped, and last day to last day
        (D(2024, 5, 31), 3, D(2024, 2, 29)),
        (D(2024, 5, 30), 3, D(2024, 2, 29)),  # clamped only
        (D(2026, 4, 30), 3, D(2026, 1, 31)),  # last day to last day
        (D(2026, 4, 29), 3, D(2026, 1, 29)),
        (D(2024, 2, 28), 1, D(2024, 1, 28)),  # not the last day in a leap year
        (D(2026, 2, 28), 12, D(2025, 2, 28)),
        (D(2025, 2, 28), 12, D(2024, 2, 29)),
        (D(2026, 1, 15), 1, D(2025, 12, 15)),
        (D(2026, 1, 15), 0, D(2026, 1, 15)),
    ],
)
def test_months_back(date: D, months: int, back: D) -> None:
    assert months_back(date, months) == back


@pytest.mark.parametrize(
    "date, months, forward",
    [
        (D(2026, 2, 28), 3, D(2026, 5, 31)),
        (D(2026, 1, 30), 1, D(2026, 2, 28)),
        (D(2026, 1, 28), 1, D(2026, 2, 28)),
        (D(2025, 12, 31), 2, D(2026, 2, 28)),
    ],
)
def test_months_forward(date: D, months: int, forward: D) -> None:
    assert months_forward(date, months) == forward


def test_the_calendar_has_two_ends() -> None:
    assert months_back(D(1, 1, 15), 1) is None
    assert months_forward(D(9999, 12, 15), 1) is None


DAYS_90, MONTHS_12, MONTHS_6 = Length(90, "day"), Length(12, "month"), Length(6, "month")


@pytest.mark.parametrize(
    "window, as_of, bounds",
    [
        (Window("last", DAYS_90), D(2026, 9, 1), (D(2026, 6, 3), D(2026, 9, 1))),
        (Window("last", MONTHS_12, MONTHS_6), D(2026, 8, 31), (D(2025, 8, 31), D(2026, 2, 28))),
        (Window("last", Length(1, "year")), D(2024, 2, 29), (D(2023, 2, 28), D(2024, 2, 29))),
        (Window("ever"), D(2026, 9, 1), (None, D(2026, 9, 1))),
        (Window("next", MONTHS_12), D(2026, 2, 28), (D(2026, 2, 28), D(2027, 2, 28))),
        (Window("next", Length(2, "month")), D(2026, 4, 30), (D(2026, 4, 30), D(2026, 6, 30))),
        (Window("last", ParameterRef("lookback", DURATION)), D(2026, 3, 31), (D(2026, 2, 28), D(2026, 3, 31))),
        (Window("last", Length(3000, "year")), D(2026, 9, 1), (None, D(2026, 9, 1))),
        (Window("last", DAYS_90, Length(3000, "year")), D(2026, 9, 1), (D.min, D.min)),
        (Window("next", Length(9000, "year")), D(2026, 9, 1), (D(2026, 9, 1), D.max)),
    ],
)
def test_window_bounds(window: Window, as_of: D, bounds: tuple[D | None, D]) -> None:
    assert window_bounds(window, as_of, {"lookback": Length(1, "month")}) == bounds


def test_three_month_ends_lie_in_three_months() -> None:
    low, high = window_bounds(Window("last", Length(3, "month")), D(2026, 4, 30), {})
    ends = [D(2026, 1, 31), D(2026, 2, 28), D(2026, 3, 31), D(2026, 4, 30)]
    assert low is not None
    assert [end for end in ends if low < end <= high] == ends[1:]


def _plus_months(date: D, months: int) -> D:
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    for day in (date.day, 30, 29, 28):
        try:
            return D(year, month + 1, min(day, date.day))
        except ValueError:
            continue
    raise AssertionError


def _largest(date: D, as_of: D, unit: int) -> int:
    """The largest n with date + n units of so many months, clamped, not after the as-of date."""
    n = 12 * (as_of.year - date.year + 2) // unit
    while _plus_months(date, n * unit) > as_of:
        n -= 1
    return n


dates = st.dates(D(1990, 1, 1), D(2030, 12, 31)) | st.sampled_from(
    [D(2024, 2, 28), D(2024, 2, 29), D(2023, 2, 28), D(2026, 1, 31), D(2026, 4, 30), D(2025, 12, 31)]
)


@given(dates, dates)
def test_elapsed_months_and_years_are_the_largest_that_fit(date: D, as_of: D) -> None:
    assert months_since(date, as_of) == _largest(date, as_of, 1)
    assert years_since(date, as_of) == _largest(date, as_of, 12)


@pytest.mark.parametrize(
    "date, as_of, months, years",
    [
        (D(2026, 1, 31), D(2026, 2, 28), 1, 0),
        (D(2026, 1, 31), D(2026, 2, 27), 0, 0),
        (D(2024, 2, 29), D(2025, 2, 28), 12, 1),
        (D(2024, 2, 29), D(2028, 2, 28), 47, 3),
        (D(2026, 9, 2), D(2026, 9, 1), -1, -1),
    ],
)
def test_elapsed_time_by_hand(date: D, as_of: D, months: int, years: int) -> None:
    assert (months_since(date, as_of), years_since(date, as_of)) == (months, years)
