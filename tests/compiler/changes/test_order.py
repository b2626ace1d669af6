"""Order: where it decides, and where it is plain to see that it does not."""

from __future__ import annotations

from itertools import permutations

import pytest

from segwright.compiler.changes import changes_between
from segwright.compiler.changes.order import Moved, moved, overtaken

from .rules import TEXT, Edit, edited_text, program_of

YOUNG = "  segment young\n    when age < 25\n\n"
OLD = "  segment old\n    when age >= 70\n    reasons from points\n\n"
WEALTHY = (
    "  segment wealthy\n    from 2026-07-01\n    when income > 50_000\n     and (age between 30 and 60 or vip)\n\n"
)
CASES: dict[str, tuple[Edit, list[tuple[str, str]]]] = {
    "two that cannot both hold": (
        (YOUNG + OLD, OLD + YOUNG),
        [("order", "`old` now stands before `young`; they cannot both hold, so nobody moves")],
    ),
    "two that may both hold": (
        (WEALTHY + YOUNG, YOUNG + WEALTHY),
        [("order", "`young` now stands before `wealthy`")],
    ),
    "one that overtakes two": (
        (WEALTHY + YOUNG + OLD, OLD + WEALTHY + YOUNG),
        [("order", "`old` now stands before `wealthy`")],
    ),
    "one that falls behind two": (
        (WEALTHY + YOUNG + OLD, YOUNG + OLD + WEALTHY),
        [("order", "`wealthy` now stands after `old`")],
    ),
    "an overlapping segmentation": (
        (
            "  segment win_back   when no payments in last 12 months\n  segment richest    when top 10% by paid\n",
            "  segment richest    when top 10% by paid\n  segment win_back   when no payments in last 12 months\n",
        ),
        [
            (
                "order",
                "`richest` now stands before `win_back`, which only changes the order in which a run lists them",
            )
        ],
    ),
    "ways into one segment": (
        (
            "    when previous value is best\n     and score >= 700\n\n",
            "    when previous value is best\n     and score >= 700\n    when vip\n\n",
        ),
        [("added", "`best` has one more way in: `when vip`")],
    ),
}


@pytest.mark.parametrize("edit, told", CASES.values(), ids=CASES)
def test_what_stands_in_another_order(edit: Edit, told: list[tuple[str, str]]) -> None:
    changes = changes_between(program_of(TEXT), program_of(edited_text(edit)))
    assert [(each.kind, each.message) for each in changes.changes] == told
    assert not changes.same_meaning


def test_ways_into_one_segment_in_another_order() -> None:
    one = "    when age < 25\n"
    before = edited_text((one, one + "    when vip\n"))
    after = edited_text((one, "    when vip\n" + one))
    changes = changes_between(program_of(before), program_of(after))
    assert [(each.kind, each.message) for each in changes.changes] == [
        (
            "order",
            "the ways into `young` stand in another order: nobody moves, only the clause that is recorded may change",
        )
    ]


def test_a_cut_off_that_moved_is_not_called_harmless() -> None:
    """`old` begins where `young` may be: they could not both hold before, and can now."""
    young = YOUNG.replace("< 25", "< 80")
    changes = changes_between(program_of(TEXT), program_of(edited_text((YOUNG + OLD, OLD + young))))
    assert [each.message for each in changes.changes] == [
        "`old` now stands before `young`",
        "`young`: cut-off of `age` moved from 25 to 80",
    ]


def test_the_fewest_are_moved() -> None:
    assert moved([0, 1, 2]) == []
    assert moved([1, 0]) == [Moved(1, 0, above=True)]
    assert moved([2, 0, 1]) == [Moved(2, 0, above=True)]
    assert moved([1, 2, 0]) == [Moved(0, 2, above=False)]
    assert overtaken([2, 0, 1], 2) == [0, 1]
    assert overtaken([1, 2, 0], 0) == [1, 2]


@pytest.mark.parametrize("order", list(permutations(range(5))))
def test_what_is_not_moved_stays_in_order(order: tuple[int, ...]) -> None:
    gone = {each.item for each in moved(order)}
    left = [item for item in order if item not in gone]
    assert left == sorted(left)
    longest = max((mask).bit_count() for mask in range(32) if _rising([order[at] for at in range(5) if mask >> at & 1]))
    assert len(left) == longest
    for each in moved(order):
        assert (order.index(each.item) < order.index(each.passed)) == each.above
        assert (each.item < each.passed) != each.above


def _rising(items: list[int]) -> bool:
    return items == sorted(items)
