"""What people read of guards: which segmentation each is about, and many pairs that are alike in one line."""

from __future__ import annotations

import datetime as dt
from itertools import combinations

import pytest

from segwright.render.judged import judged_lines
from segwright.runtime.outcomes.records import GuardRecord, Outcomes, TableOutcomes


def lines(*guards: GuardRecord) -> list[str]:
    table = TableOutcomes(rows=100, guards=list(guards))
    return judged_lines(Outcomes(as_of=dt.date(2026, 9, 1), tables={"customers": table}))


def alike(segmentation: str, segments: str) -> list[GuardRecord]:
    return [
        GuardRecord(kind="alike", of=f"{segmentation}.{a}", holds=False, message=f"`{a}` and `{b}` are alike")
        for a, b in combinations(segments, 2)
    ]


def test_guards_that_hold_are_not_told() -> None:
    assert lines(GuardRecord(kind="size", of="value.top", holds=True, message="`top` is large")) == []
    assert lines(GuardRecord(kind="size", of="value.top", holds=None, message="hidden")) == []


def test_guards_say_which_segmentation_they_are_about() -> None:
    size = GuardRecord(kind="size", of="value.top", holds=False, message="`top` has 3 rows")
    many = GuardRecord(kind="too many segments", of="channels", holds=False, message="too few rows")
    assert lines(size, many)[2:] == ["  value     `top` has 3 rows", "  channels  too few rows"]


@pytest.mark.parametrize(
    "segments, told",
    [
        ("abc", ["`a` and `b` are alike", "`a` and `c` are alike", "`b` and `c` are alike"]),
        ("abcd", ["6 pairs of segments differ in no measure beyond chance: consider fewer segments"]),
    ],
)
def test_more_than_three_pairs_that_are_alike_are_one_line(segments: str, told: list[str]) -> None:
    found = lines(*alike("value", segments), *alike("stage", "xy"))
    assert found[2:] == [*(f"  value  {each}" for each in told), "  stage  `x` and `y` are alike"]


def test_guards_of_several_tables_stand_under_one_heading() -> None:
    size = GuardRecord(kind="size", of="value.top", holds=False, message="`top` has 3 rows")
    stage = GuardRecord(kind="size", of="stage.late", holds=False, message="`late` has 2 rows")
    tables = {"customers": TableOutcomes(rows=9, guards=[size]), "accounts": TableOutcomes(rows=9, guards=[stage])}
    found = judged_lines(Outcomes(as_of=dt.date(2026, 9, 1), tables=tables))
    assert len(found) == 4
    assert found[2:] == ["  value  `top` has 3 rows", "  stage  `late` has 2 rows"]
