"""Ranks around a median and the interval of a net promoter score."""

import math

import pytest
from scipy import stats

from segwright.runtime.statistics.figures import Estimate, Interval, Unstated
from segwright.runtime.statistics.medians import Ranks, median_ranks
from segwright.runtime.statistics.promoters import promoter_estimate, promoter_interval
from segwright.runtime.statistics.small import few_for_mean, few_for_quotient, few_for_share


@pytest.mark.parametrize(
    "n, low, high, coverage",
    [
        (6, 1, 6, 0.9688),
        (8, 1, 8, 0.9922),
        (9, 2, 8, 0.9609),
        (10, 2, 9, 0.9785),
        (20, 6, 15, 0.9586),
        (30, 10, 21, 0.9572),
        (100, 40, 61, 0.9648),
    ],
)
def test_ranks_as_tables_print_them(n: int, low: int, high: int, coverage: float) -> None:
    found = median_ranks(n)
    assert isinstance(found, Ranks)
    assert (found.low, found.high, round(found.coverage, 4)) == (low, high, coverage)


@pytest.mark.parametrize("n", [*range(6, 200), 999, 1000, 12_345, 1_000_000, 9_999_999])
def test_ranks_by_the_binomial_of_scipy(n: int) -> None:
    found = median_ranks(n)
    assert isinstance(found, Ranks)
    assert found.low + found.high == n + 1
    outside = stats.binom.cdf([found.low - 1, found.low], n, 0.5)
    assert 2 * outside[0] <= 0.05 < 2 * outside[1]
    assert found.coverage == pytest.approx(1 - 2 * outside[0], rel=1e-9)


@pytest.mark.parametrize("n, reason", [(0, "no known value"), *((n, "too few known values") for n in range(1, 6))])
def test_too_few_for_a_median(n: int, reason: str) -> None:
    found = median_ranks(n)
    assert isinstance(found, Unstated)
    assert found.reason == reason


def test_a_score_by_hand() -> None:
    """15, 3 and 2 of 20, with ¾, 1½ and ¾ more: 15.75/23 + 2.75/23 − (13/23)² = 0.484877; error √(…/23) = 0.145195."""
    found = promoter_interval(15, 3, 2)
    assert isinstance(found, Interval)
    assert (found.low, found.high) == pytest.approx((28.0640, 84.9794), abs=1e-3)
    assert found.method == "adjusted Wald"


@pytest.mark.parametrize("n", [2, 3, 5, 10, 40])
def test_a_score_lies_in_its_interval_and_on_its_scale(n: int) -> None:
    for promoters in range(n + 1):
        for detractors in range(n + 1 - promoters):
            found = promoter_interval(promoters, n - promoters - detractors, detractors)
            turned = promoter_interval(detractors, n - promoters - detractors, promoters)
            assert isinstance(found, Interval)
            assert isinstance(turned, Interval)
            assert -100 <= found.low <= 100 * (promoters - detractors) / n <= found.high <= 100
            assert found.low < found.high
            assert (turned.low, turned.high) == (-found.high, -found.low)


def test_the_interval_of_a_score_comes_near_to_its_means() -> None:
    adjusted, mean = promoter_interval(5000, 3000, 2000), promoter_estimate(5000, 3000, 2000)
    assert isinstance(adjusted, Interval)
    assert isinstance(mean, Estimate)
    assert mean.value == 30
    assert mean.error == pytest.approx(100 * math.sqrt((0.7 - 0.09) / 9999), rel=1e-12)
    assert (adjusted.low, adjusted.high) == pytest.approx((30 - 1.96 * mean.error, 30 + 1.96 * mean.error), abs=0.02)


def test_too_few_answers() -> None:
    assert promoter_interval(0, 0, 0) == Unstated("no known value")
    assert promoter_interval(1, 0, 0) == Unstated("only one known value")
    assert promoter_estimate(9, 0, 0) == Unstated("every known value is the same")
    with pytest.raises(ValueError, match="counts that cannot be"):
        promoter_interval(5, -1, 2)


@pytest.mark.parametrize(
    "hits, n, mark",
    [
        (15, 29, "few rows"),
        (15, 30, None),
        (4, 3000, "few cases"),
        (5, 3000, None),
        (2996, 3000, "few cases"),
        (0, 0, "few rows"),
    ],
)
def test_shares_that_rest_on_few(hits: int, n: int, mark: str | None) -> None:
    assert few_for_share(hits, n) == mark


def test_means_and_quotients_that_rest_on_few() -> None:
    assert few_for_mean(29) == "few rows"
    assert few_for_mean(30) is None
    assert few_for_mean(100, skewness=-2.0) == "skewed values"
    assert few_for_mean(101, skewness=2.0) is None
    with pytest.raises(ValueError, match="no number"):
        few_for_mean(100, skewness=float("nan"))
    assert few_for_quotient(29, Estimate(50.0, 1.0, 28, "Student's t")) == "few rows"
    assert few_for_quotient(30, Estimate(-50.0, 5.0, 29, "Student's t")) == "unsteady denominator"
    assert few_for_quotient(30, Estimate(-50.0, 4.9, 29, "Student's t")) is None
    assert few_for_quotient(30, Unstated("every known value is the same")) is None
