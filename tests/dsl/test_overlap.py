"""Which segments are told to exclude each other, worked out by hand."""

from __future__ import annotations

import pytest
from small_programs import program_of

from segwright.dsl.labels import Lineage
from segwright.dsl.overlap import Pair, pairs_of

DATA = """\
table t key id
  id       integer
  score    integer optional
  amount   money
  ratio    number
  channel  one of "app", "web", "shop"
  flag     boolean
  other    boolean
events e of t by id at day
  id   integer
  day  date
parameter limit = 720 from 600 to 800
let renamed = score
let big     = score >= 700
let active  = any e ever
decision band first
  | score  | => band |
  | >= 700 | "A"     |
  | otherwise | "B"  |
segmentation asked of t
  first match wins
  segment a when flag
  otherwise b
"""


def pairs(rules: str) -> list[Pair]:
    program = program_of(f"{DATA}segmentation s of t\n  first match wins\n{rules}\n  otherwise rest\n")
    return list(pairs_of(program.segmentation("s"), Lineage(program)))


def may_both_hold(one: str, other: str) -> bool:
    (pair,) = pairs(f"  segment one when {one}\n  segment two when {other}")
    return pair.may_both_hold


@pytest.mark.parametrize(
    "one, other",
    [
        ("score >= 720", "score < 720"),
        ("score >= limit", "score < 650"),
        ("720 <= score", "score < 720"),
        ("score between 1 and 5", "score > 5"),
        ("score = 1", "score is one of (2, 3)"),
        ("score = 1", "score != 1"),
        ("score is missing", "score is known"),
        ("score is missing", "score > 3"),
        ("score > 3 and flag", "other and renamed <= 3"),
        ("score < 3 or score > 9", "score between 3 and 9"),
        ("big", "score < 700"),
        ("big", "not big"),
        ("flag", "not flag"),
        ("not (flag or score > 3)", "score = 4"),
        ("not (flag and other)", "flag and other"),
        ('channel is not one of ("app", "web")', 'channel != "shop"'),
        ("active", "no e ever"),
        ('band is "A"', 'band != "A"'),
        ("asked is a", "asked is b"),
        ("asked is a", "asked is not a"),
        ("amount > 10", "amount <= 9.99"),
        ("(score default 0) > 3", "(score default 0) <= 3"),
    ],
)
def test_what_excludes_each_other(one: str, other: str) -> None:
    if one == "not (flag and other)":  # two values together
        assert may_both_hold(one, other)
    else:
        assert not may_both_hold(one, other)
        assert not may_both_hold(other, one)


@pytest.mark.parametrize(
    "one, other",
    [
        ("score >= 720", "score <= 720"),
        ("score >= 720", "flag"),
        ("score >= 720", "score < 720 or flag"),
        ("score between 1 and 5", "score between 5 and 9"),
        ("score is missing", "flag"),
        ("score > 3 or flag", "score < 3"),
        ("score > id", "score < id"),
        ('channel != "app"', 'channel != "web"'),
        ("previous asked is not a", "previous asked is not b"),
        ("(score default 5) > 3", "score is missing"),
        ("any e ever", "no e in last 3 days"),
    ],
)
def test_what_may_both_hold(one: str, other: str) -> None:
    assert may_both_hold(one, other)
    assert may_both_hold(other, one)


def test_what_unless_takes_out_excludes() -> None:
    (pair,) = pairs("  segment one when flag\n    unless score < 600\n  segment two when score < 500")
    assert not pair.may_both_hold


def test_unless_does_not_take_out_what_is_unknown() -> None:
    (pair,) = pairs("  segment one when flag\n    unless score < 600\n  segment two when score is missing")
    assert pair.may_both_hold


def test_unless_of_two_values_takes_out_neither() -> None:
    (pair,) = pairs("  segment one when flag\n    unless score < 600 and other\n  segment two when score < 500")
    assert pair.may_both_hold


def test_every_way_into_the_one_excludes_every_way_into_the_other() -> None:
    both = "  segment one\n    when score > 9\n    when flag\n  segment two\n    when score < 3 and not flag\n"
    (pair,) = pairs(both)
    assert len(pair.apart_by) == 2
    (pair,) = pairs(both + "    when score < 5\n")
    assert pair.may_both_hold


def test_segments_that_are_never_in_force_on_one_day() -> None:
    dates = ("    until 2026-01-31\n", "    from 2026-02-01\n")
    (pair,) = pairs(f"  segment one when flag\n{dates[0]}  segment two when flag and other\n{dates[1]}")
    assert pair == Pair("one", "two", (), never_in_force_together=True)
    (pair,) = pairs(f"  segment one when flag\n{dates[0]}  segment two when flag and other\n    from 2026-01-31\n")
    assert pair.may_both_hold


def test_every_pair_in_order() -> None:
    found = pairs("  segment a when score > 1\n  segment b when score > 2\n  segment c when score < 2")
    assert [(pair.first, pair.second, pair.may_both_hold) for pair in found] == [
        ("a", "b", True),
        ("a", "c", True),
        ("b", "c", False),
    ]
