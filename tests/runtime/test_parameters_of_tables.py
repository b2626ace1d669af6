"""Parameters in the cells of decisions and the bins of scorecards: other values are tried before anything runs."""

from __future__ import annotations

import pytest
from small_programs import program_of

from segwright.runtime.binding import bind
from segwright.runtime.errors import SettingsError

PROGRAM = program_of("""
table customers key customer_id
  customer_id integer
  score       integer from 300 to 850
  late        integer from 0
parameter low  = 600 from 300 to 850
parameter high = 600 from 300 to 850
parameter many = 3
decision band unique
  | score   | => band |
  | < low   | "B"     |
  | >= high | "A"     |
scorecard behaviour
  by late
    below 3   5
    at least many   0
segmentation value of customers
  first match wins
  segment a when band is "A" and behaviour > 0
  otherwise rest
""")


def test_values_that_leave_one_row_for_everything() -> None:
    assert bind(PROGRAM, "2026-01-01", {"low": "700", "high": "700"}).parameters == {"low": 700, "high": 700, "many": 3}


@pytest.mark.parametrize(
    "given, message",
    [
        (
            {"low": "700"},
            "with `low` 700 the rules have no single answer: `score` 600 fits rows 1 and 2 of `band`",
        ),
        (
            {"low": "500", "high": "700"},
            "with `low` 500 and `high` 700 the rules have no single answer: no row of `band` fits `score` 500",
        ),
        (
            {"many": "2"},
            "with `many` 2 the rules have no single answer: `late` 2 lies in two bins of `behaviour`",
        ),
        (
            {"many": "5"},
            "with `many` 5 the rules have no single answer: `late` 3 lies in no bin of `behaviour`",
        ),
    ],
)
def test_values_that_overlap_or_leave_something_out(given: dict[str, str], message: str) -> None:
    with pytest.raises(SettingsError) as raised:
        bind(PROGRAM, "2026-01-01", given)
    assert str(raised.value).startswith(message)
