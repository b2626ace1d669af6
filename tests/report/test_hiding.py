"""Counts that are rounded, and funnels of which nothing is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segwright.runtime.manifest import SegmentationRecord, SegmentRecord
from segwright.runtime.observed.hiding import hide, rounded
from segwright.runtime.observed.records import Funnel, Gain, SegmentationObserved, Step


@pytest.mark.parametrize(
    "count, told",
    [(0, 0), (1, 0), (9, 0), (10, 20), (20, 20), (29, 20), (30, 40), (1234, 1240), (1249, 1240), (1250, 1260)],
)
def test_to_the_nearest_multiple_of_twice_k(count: int, told: int) -> None:
    assert rounded(count, 5000, 10) == told


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(2, 50))
def test_a_rounded_count_is_off_by_k_at_most_and_by_less_than_all(count: int, more: int, k: int) -> None:
    rows = count + more
    told = rounded(count, rows, k)
    assert abs(told - count) <= k
    assert told <= rows
    assert told % (2 * k) == 0 or told == rows
    assert (told == 0) == (count < k)


def segmentation(hidden_clauses: set[int], hidden_segments: set[str]) -> set[int]:
    """The clauses that are told of four segments of 100 with two clauses each, and `otherwise`."""
    segments = ("a", "b", "c", "d")
    step = Step("when", "", (), 100, 0, Gain(0, 0))
    funnels = tuple(Funnel(at + 1, segments[at // 2], True, 900 - 50 * at, (step,), 50) for at in range(8))
    sizes: dict[str, int] = dict.fromkeys((*segments, "rest"), 100)
    shown = SegmentationRecord(
        exclusive=True,
        segments={each: SegmentRecord(count=None if each in hidden_segments else 100, share=None) for each in sizes},
        clauses={number: None if number in hidden_clauses else 50 for number in range(1, 10)},
        none=None,
        content_hash="",
    )
    found = hide(SegmentationObserved(True, funnels, (), ()), sizes, shown, 500, 10)
    return {each.number for each in found.funnels if each.start is not None}


def test_clauses_between_hidden_ones_are_not_told() -> None:
    assert segmentation(set(), set()) == {1, 2, 3, 4, 5, 6, 7, 8}
    # Two segments are hidden, the sum of which is known: from the second on everybody can reckon who is left.
    assert segmentation({3, 4, 5, 6}, {"b", "c"}) == {1, 2, 7, 8}
    # With `otherwise` hidden nobody can, at no clause after the first that is hidden.
    assert segmentation({3, 4, 9}, {"b", "rest"}) == {1, 2}
    # The size of `b` is shown, its clauses are not: only between the two it cannot be reckoned.
    assert segmentation({3, 4}, set()) == {1, 2, 5, 6, 7, 8}
