"""Targets, with the interval taken into account."""

from decimal import Decimal
from fractions import Fraction

import pytest

from segwright.runtime.statistics.figures import Interval, Unstated, counted
from segwright.runtime.statistics.targets import Comparison, Verdict, holds, meets, which_is_better

ABOUT = Interval(0.02, 0.04, "Wilson score")


@pytest.mark.parametrize(
    "comparison, limit, verdict",
    [
        ("at_most", "5%", "met"),
        ("at_most", "4%", "met"),
        ("at_most", "3%", "unclear"),
        ("at_most", "2%", "unclear"),
        ("at_most", "1%", "missed"),
        ("less", "4%", "unclear"),
        ("less", "2%", "missed"),
        ("at_least", "1%", "met"),
        ("at_least", "2%", "met"),
        ("at_least", "4%", "unclear"),
        ("at_least", "5%", "missed"),
        ("greater", "2%", "unclear"),
        ("greater", "4%", "missed"),
        ("equal", "3%", "unclear"),
        ("equal", "4%", "unclear"),
        ("equal", "5%", "missed"),
        ("not_equal", "3%", "unclear"),
        ("not_equal", "2%", "unclear"),
        ("not_equal", "1%", "met"),
    ],
)
def test_a_share_of_three_percent_between_two_and_four(comparison: Comparison, limit: str, verdict: Verdict) -> None:
    assert meets(0.03, ABOUT, comparison, Decimal(limit.rstrip("%")) / 100) == verdict


@pytest.mark.parametrize(
    "size, comparison, limit, verdict",
    [
        (Fraction(5, 100), "at_least", Decimal("0.05"), "met"),
        (Fraction(49, 1000), "at_least", Decimal("0.05"), "missed"),
        (Fraction(3, 100), "at_most", Decimal("0.03"), "met"),
        (Fraction(3, 100), "equal", Decimal("0.03"), "met"),
        (Fraction(3, 100), "not_equal", Decimal("0.03"), "missed"),
        (500, "at_least", 500, "met"),
        (500, "greater", 500, "missed"),
    ],
)
def test_a_size_is_counted(
    size: Fraction | int, comparison: Comparison, limit: Decimal | int, verdict: Verdict
) -> None:
    assert meets(size, counted(float(size)), comparison, limit) == verdict


def test_what_has_no_interval_is_unclear() -> None:
    assert meets(0.0, Unstated("every row gives the same figure"), "at_most", 0.6) == "unclear"
    assert meets(None, Unstated("no known value"), "at_most", 0.6) == "unclear"


def test_a_value_outside_its_interval() -> None:
    with pytest.raises(ValueError, match="outside its interval"):
        meets(0.05, ABOUT, "at_most", 0.06)


def test_on_the_face_of_it() -> None:
    assert holds(0.03, "at_most", Decimal("0.03"))
    assert not holds(0.03, "less", Decimal("0.03"))
    with pytest.raises(ValueError, match="no number"):
        holds(float("nan"), "less", 1)


def test_which_of_two_figures_is_better() -> None:
    above, below, around = (Interval(*ends, "Welch's t") for ends in ((1.0, 2.0), (-2.0, -1.0), (-1.0, 2.0)))
    assert which_is_better(above, "higher") == "first"
    assert which_is_better(above, "lower") == "second"
    assert which_is_better(below, "higher") == "second"
    assert which_is_better(below, "lower") == "first"
    assert which_is_better(around, "lower") is None
    assert which_is_better(Interval(0.0, 1.0, "Welch's t"), "higher") is None
    assert which_is_better(Unstated("no known value"), "higher") is None
