"""Nothing that is shown of a funnel tells a group of 1 to k − 1."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from segwright.runtime.observed.hiding import hide
from segwright.runtime.observed.records import Funnel, Gain, SegmentationObserved, Step

K = 10


@st.composite
def segmentations(draw: st.DrawFn) -> tuple[SegmentationObserved, dict[str, int], int]:
    """An exclusive segmentation of one clause and `otherwise`."""
    drops = draw(st.lists(st.integers(0, 40), min_size=1, max_size=6))
    held = draw(st.integers(0, 60))
    rows = held + sum(drops)
    left, steps = rows, list[Step]()
    for drop in drops:
        left -= drop
        unknown, gain = draw(st.integers(0, drop)), draw(st.integers(0, drop))
        steps.append(Step("when", "", (), left, unknown, Gain(gain, draw(st.integers(0, gain)))))
    funnel = Funnel(1, "a", True, rows, tuple(steps), held)
    return SegmentationObserved(True, (funnel,), (), ()), {"a": held, "b": rows - held}, rows


@given(segmentations())
def test_shown_counts_differ_by_nothing_or_by_k_or_more(
    drawn: tuple[SegmentationObserved, dict[str, int], int],
) -> None:
    found, sizes, rows = drawn
    if rows < K or any(0 < count < K for count in sizes.values()):
        return
    (shown,) = hide(found, sizes, rows, K, frozenset()).funnels
    (whole,) = found.funnels
    kept = [(step.left, known.left) for step, known in zip(shown.steps, whole.steps, strict=True)]
    places = [rows, *(known for count, known in kept if count is not None and known is not None), sizes["a"]]
    assert [step.left for step in shown.steps if step.left is not None] == places[1:-1]
    small = [before - after for before, after in pairwise(places) if 0 < before - after < K]
    assert small == []
    for at, (step, known) in enumerate(zip(shown.steps, whole.steps, strict=True)):
        if step.gain is not None and step.gain.rows is not None and known.gain is not None:
            above = [rows, *(each.left for each in shown.steps[:at] if each.left is not None)][-1]
            below = [each.left for each in shown.steps[at:] if each.left is not None] or [sizes["a"]]
            told = known.gain.rows or 0
            assert not 0 < told < K
            assert not 0 < above - below[0] - told < K


@given(segmentations())
def test_where_a_size_is_hidden_all_counts_are_rounded(drawn: tuple[SegmentationObserved, dict[str, int], int]) -> None:
    found, sizes, rows = drawn
    if rows < 2 * K:
        return
    hidden = hide(found, sizes, rows, K, {"a", "b"})
    assert hidden.coarse_step is not None
    assert hidden.coarse_step * rows >= 2 * K
    assert hidden.funnels[0].held is None
    for step in hidden.funnels[0].steps:
        for count in (step.left, step.unknown):
            if count:
                assert abs(count / rows / hidden.coarse_step - round(count / rows / hidden.coarse_step)) < 1 / (2 * K)
