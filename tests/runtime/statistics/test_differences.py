"""Differences of estimates and Holm's correction over pairs of segments."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from segwright.runtime.statistics.differences import (
    Difference,
    all_pairs,
    could_be_chance,
    difference_of_estimates,
    difference_of_shares,
    holm,
)
from segwright.runtime.statistics.figures import Estimate, Unstated
from segwright.runtime.statistics.means import mean_estimate


@pytest.mark.parametrize("n_1, n_2, apart", [(2, 2, 100), (5, 40, 0), (30, 30, 300), (1000, 200, 50)])
def test_welch_by_scipy(n_1: int, n_2: int, apart: int) -> None:
    random = np.random.default_rng(n_1)
    first, second = random.integers(0, 1000, n_1), random.integers(apart, 3000, n_2)
    expected = stats.ttest_ind(first, second, equal_var=False)
    estimates = [mean_estimate(len(x), int(x.sum()), int((x * x).sum())) for x in (first, second)]
    found = difference_of_estimates(*estimates)
    assert isinstance(found, Difference)
    assert found.p_value == pytest.approx(expected[1], rel=1e-10)
    around = expected.confidence_interval(0.95)
    assert (found.interval.low, found.interval.high) == pytest.approx((around.low, around.high), rel=1e-10)
    assert found.test == "Welch's t"


def test_welch_by_hand() -> None:
    """Means 3 and 6 of five values each with variance 2.5: error √(0.5 + 0.5) = 1, 8 degrees of freedom, t = −3."""
    found = difference_of_estimates(mean_estimate(5, 15, 55), mean_estimate(5, 30, 190))
    assert isinstance(found, Difference)
    assert found.value == -3
    assert found.p_value == pytest.approx(0.0170717, abs=1e-7)
    assert (found.interval.low, found.interval.high) == pytest.approx((-3 - 2.306004, -3 + 2.306004), abs=1e-6)


def test_a_difference_from_what_is_not_stated() -> None:
    some, none = mean_estimate(5, 15, 55), Unstated("only one known value")
    assert difference_of_estimates(some, none) == none
    assert difference_of_estimates(none, some) == none
    exact = Estimate(3.0, 0.0, 4, "Student's t")
    assert difference_of_estimates(exact, exact) == Unstated("every row gives the same figure")


def test_holm_by_hand() -> None:
    """0.005 × 4, 0.01 × 3, 0.03 × 2, and 0.04 × 1, which may not be below the one before it."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))
    assert holm([]) == ()
    assert holm([0.2]) == (0.2,)
    assert holm([0.6, 0.7]) == (1.0, 1.0)
    for p_value in (-0.1, 1.1, float("nan")):
        with pytest.raises(ValueError, match="between 0 and 1"):
            holm([0.5, p_value])


@pytest.mark.parametrize("m", [1, 2, 7, 40])
def test_holm_by_statsmodels(m: int) -> None:
    p_values = np.random.default_rng(m).random(m) ** 4
    _, expected, *_ = multipletests(p_values, method="holm")
    assert holm(p_values.tolist()) == pytest.approx(list(np.asarray(expected)), rel=1e-12)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_holm_keeps_the_order_and_makes_nothing_surer(p_values: list[float]) -> None:
    found = holm(p_values)
    assert all(p_value <= adjusted <= 1 for adjusted, p_value in zip(found, p_values, strict=True))
    in_order = [adjusted for _, adjusted in sorted(zip(p_values, found, strict=True))]
    assert in_order == sorted(in_order)
    assert min(found) == min(1.0, len(p_values) * min(p_values))


def test_all_pairs_of_segments() -> None:
    """Of six pairs three can be tested. 21 of 1,000 against 87 of 1,000 is no chance; 30 against 87 neither; 21 against
    30 is: z² = 2000 (21 × 970 − 30 × 979)² / (1000² × 51 × 1949) = 1.6297, p = 0.2017, the largest of three."""
    segments = {"prime": (21, 1000), "standard": (30, 1000), "nobody": (0, 0), "subprime": (87, 1000)}
    found = {(pair.first, pair.second): pair for pair in all_pairs(segments, lambda a, b: difference_of_shares(*a, *b))}
    assert list(found) == [
        ("prime", "standard"),
        ("prime", "nobody"),
        ("prime", "subprime"),
        ("standard", "nobody"),
        ("standard", "subprime"),
        ("nobody", "subprime"),
    ]
    assert [names for names, pair in found.items() if not could_be_chance(pair)] == [
        ("prime", "subprime"),
        ("standard", "subprime"),
    ]
    assert [names for names, pair in found.items() if pair.p_value is None] == [
        ("prime", "nobody"),
        ("standard", "nobody"),
        ("nobody", "subprime"),
    ]
    assert found["prime", "standard"].p_value == pytest.approx(0.2017, abs=1e-4)
    clear = found["prime", "subprime"]
    assert isinstance(clear.difference, Difference)
    assert clear.p_value == 3 * clear.difference.p_value


def test_what_would_be_a_difference_alone_may_be_chance_among_many() -> None:
    """30 and 50 of 1,000 differ (p = 0.023), but not when nine others were looked at too."""
    alone = all_pairs({"a": (30, 1000), "b": (50, 1000)}, lambda a, b: difference_of_shares(*a, *b))
    assert not could_be_chance(alone[0])
    segments = {"a": (30, 1000), "b": (50, 1000), "c": (40, 1000), "d": (41, 1000), "e": (39, 1000)}
    assert all(map(could_be_chance, all_pairs(segments, lambda a, b: difference_of_shares(*a, *b))))
