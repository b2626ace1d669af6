"""Wilson's interval and Newcombe's difference, from published figures, by SciPy and statsmodels."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint, proportions_ztest

from segwright.runtime.statistics.differences import (
    Difference,
    difference_of_shares,
    fisher_exact,
    two_shares,
)
from segwright.runtime.statistics.figures import Interval, Unstated
from segwright.runtime.statistics.shares import wilson

SIZES = (1, 2, 3, 7, 30, 1000, 12345, 10_000_000)


def interval_of(hits: int, n: int) -> Interval:
    found = wilson(hits, n)
    assert isinstance(found, Interval)
    return found


@pytest.mark.parametrize(
    "hits, n, low, high",
    [
        (0, 20, 0, 0.161125),
        (5, 20, 0.111862, 0.468701),
        (127, 2944, 0.036376, 0.051092),
        (20, 20, 1 - 0.161125, 1),
    ],
)
def test_wilson_as_worked_out(hits: int, n: int, low: float, high: float) -> None:
    found = interval_of(hits, n)
    assert (round(found.low, 6), round(found.high, 6)) == (low, high)
    assert found.method == "Wilson score"


@pytest.mark.parametrize(
    "hits, n, low, high",
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_published(hits: int, n: int, low: float, high: float) -> None:
    """Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17, 1998."""
    found = interval_of(hits, n)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("part", [0, 0.001, 0.05, 0.3, 0.5, 0.9, 1])
def test_wilson_by_second_implementations(n: int, part: float) -> None:
    hits = round(part * n)
    found = interval_of(hits, n)
    by_scipy = stats.binomtest(hits, n).proportion_ci(method="wilson")
    by_statsmodels = proportion_confint(hits, n, method="wilson")
    assert (found.low, found.high) == pytest.approx((by_scipy.low, by_scipy.high), rel=1e-8, abs=1e-14)
    assert (found.low, found.high) == pytest.approx(by_statsmodels, rel=1e-8, abs=1e-14)


@given(st.integers(1, 10**7).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_share_and_stays_within_bounds(counts: tuple[int, int]) -> None:
    hits, n = counts
    found, mirrored = interval_of(hits, n), interval_of(n - hits, n)
    assert 0 <= found.low <= hits / n <= found.high <= 1
    assert found.low < found.high
    assert (found.low == 0) == (hits == 0)
    assert (found.high == 1) == (hits == n)
    assert mirrored.low == pytest.approx(1 - found.high, abs=1e-14)


@given(st.integers(0, 50), st.integers(1, 50), st.integers(2, 1000))
def test_wilson_narrows_with_n(hits: int, more: int, times: int) -> None:
    few, many = interval_of(hits, hits + more), interval_of(hits * times, (hits + more) * times)
    assert many.high - many.low < few.high - few.low


def test_no_known_row_has_no_share() -> None:
    assert wilson(0, 0) == Unstated("no known value")
    assert difference_of_shares(0, 0, 3, 10) == Unstated("no known value")
    assert difference_of_shares(3, 10, 0, 0) == Unstated("no known value")


@pytest.mark.parametrize("hits, n", [(-1, 3), (4, 3), (0, -1)])
def test_counts_that_cannot_be(hits: int, n: int) -> None:
    with pytest.raises(ValueError, match="counts that cannot be"):
        wilson(hits, n)


def difference_of(hits_1: int, n_1: int, hits_2: int, n_2: int) -> Difference:
    found = difference_of_shares(hits_1, n_1, hits_2, n_2)
    assert isinstance(found, Difference)
    return found


@pytest.mark.parametrize(
    "counts, low, high",
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((0, 10, 0, 10), -0.2775, 0.2775),
        ((10, 10, 0, 20), 0.6791, 1.0),
        ((10, 10, 0, 10), 0.6075, 1.0),
    ],
)
def test_newcombe_as_published(counts: tuple[int, int, int, int], low: float, high: float) -> None:
    """Newcombe, "Interval estimation for the difference between independent proportions", 1998, table II, method 10."""
    found = difference_of(*counts)
    assert (round(found.interval.low, 4), round(found.interval.high, 4)) == (low, high)


GRID = [
    (hits_1, n_1, hits_2, n_2)
    for n_1, n_2 in [(5, 8), (10, 10), (40, 300), (1000, 2500), (10_000_000, 30), (2_000_000, 3_000_000)]
    for hits_1 in {0, 1, n_1 // 10, n_1 // 2, n_1}
    for hits_2 in {0, 1, n_2 // 8, n_2 // 2, n_2}
]


@pytest.mark.parametrize("counts", GRID)
def test_differences_by_second_implementations(counts: tuple[int, int, int, int]) -> None:
    hits_1, n_1, hits_2, n_2 = counts
    found = difference_of(*counts)
    low, high = confint_proportions_2indep(*counts, method="newcomb", compare="diff")
    assert (found.interval.low, found.interval.high) == pytest.approx((low, high), abs=1e-9)
    match found.test:
        case "Fisher's exact":
            _, p_value = stats.fisher_exact([[hits_1, n_1 - hits_1], [hits_2, n_2 - hits_2]])
        case _:
            p_value = proportions_ztest([hits_1, hits_2], [n_1, n_2])[1]
    assert found.p_value == pytest.approx(p_value, rel=1e-7, abs=1e-300)


@given(
    st.tuples(st.integers(1, 200), st.integers(1, 200)).flatmap(
        lambda n: st.tuples(st.integers(0, n[0]), st.just(n[0]), st.integers(0, n[1]), st.just(n[1]))
    )
)
def test_a_difference_holds_its_value_and_turns_with_its_sides(counts: tuple[int, int, int, int]) -> None:
    hits_1, n_1, hits_2, n_2 = counts
    found, turned = difference_of(*counts), difference_of(hits_2, n_2, hits_1, n_1)
    assert -1 <= found.interval.low <= found.value <= found.interval.high <= 1
    assert 0 <= found.p_value <= 1
    assert turned.p_value == found.p_value
    assert turned.value == -found.value
    assert (turned.interval.low, turned.interval.high) == (-found.interval.high, -found.interval.low)


def test_which_test_is_made() -> None:
    """Of 2 × 50 with 9 hits each cell expects 4.5, with 10 hits 5."""
    assert two_shares(9, 50, 0, 50)[1] == "Fisher's exact"
    assert two_shares(10, 50, 0, 50)[1] == "score"
    with pytest.raises(ValueError, match="no rows have no rate"):
        two_shares(0, 0, 1, 2)


def test_the_score_test_by_hand() -> None:
    """48 of 80 against 12 of 40: z² = 120 (48 × 28 − 12 × 32)² / (80 × 40 × 60 × 60) = 9.6."""
    p_value, test = two_shares(48, 80, 12, 40)
    assert test == "score"
    assert p_value == pytest.approx(math.erfc(math.sqrt(4.8)), rel=1e-14)
    assert round(p_value, 5) == 0.00195


@pytest.mark.parametrize("hits_1, hits_2, ways", [(3, 1, 34), (4, 0, 2), (2, 2, 70)])
def test_the_lady_tasting_tea(hits_1: int, hits_2: int, ways: int) -> None:
    """Fisher, The Design of Experiments, 1935: of the 70 ways to choose four cups of eight, 1, 16, 36, 16 and 1 have 4,
    3, 2, 1 and 0 of them right."""
    assert fisher_exact(hits_1, 4, hits_2, 4) == ways / 70


def test_fishers_test_where_one_side_is_huge() -> None:
    """Half of five million against 1 of 4: as good as a binomial of 4 at ½, whose 1 and 3, 0 and 4 are no likelier."""
    assert fisher_exact(2_500_000, 5_000_000, 1, 4) == pytest.approx(10 / 16, abs=1e-6)
