"""Disparate impact and association with protected fields."""

import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.stats.contingency import relative_risk

from segwright.runtime.statistics.association import Association, cramers_v
from segwright.runtime.statistics.fairness import Rate, disparate_impact, rate_ratio
from segwright.runtime.statistics.figures import Interval, Unstated
from segwright.runtime.statistics.shares import wilson


@pytest.mark.parametrize("counts", [(12, 40, 48, 80), (1, 10, 9, 10), (300, 1000, 299, 999), (50, 50, 30, 60)])
def test_the_ratio_of_rates_by_scipy(counts: tuple[int, int, int, int]) -> None:
    expected = relative_risk(*counts).confidence_interval(0.95)
    found = rate_ratio(Rate(*counts[:2]), Rate(*counts[2:]))
    assert isinstance(found, Interval)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), rel=1e-12)
    assert found.method == "Katz's logarithm"


def test_the_ratio_of_rates_by_hand() -> None:
    """12/40 over 48/80 is ½; √(1/12 − 1/40 + 1/48 − 1/80) = 0.258199; × 1.959964 = 0.506060; e to that is 1.658743."""
    found = rate_ratio(Rate(12, 40), Rate(48, 80))
    assert isinstance(found, Interval)
    assert (found.low, found.high) == pytest.approx((0.5 / 1.658743, 0.5 * 1.658743), abs=1e-6)


def test_nobody_of_a_group_is_selected() -> None:
    """0/20 over 5/20: u₁ = 0.161125, l₂ = 0.111862, so up to 0.161125 / √(0.111862 (0.5 − 0.111862)) = 0.773258."""
    found = rate_ratio(Rate(0, 20), Rate(5, 20))
    assert isinstance(found, Interval)
    assert (found.low, round(found.high, 4)) == (0, 0.7733)
    assert found.method == "ratio of Wilson scores"


def test_everybody_of_both_groups_is_selected() -> None:
    first, second = wilson(20, 20), wilson(500, 500)
    assert isinstance(first, Interval)
    assert isinstance(second, Interval)
    assert rate_ratio(Rate(20, 20), Rate(500, 500)) == Interval(first.low, 1 / second.low, "ratio of Wilson scores")


@pytest.mark.parametrize(
    "first, second, reason",
    [
        (Rate(0, 0), Rate(1, 2), "no known value"),
        (Rate(1, 2), Rate(0, 0), "no known value"),
        (Rate(1, 2), Rate(0, 9), "the rate it is compared with is zero"),
        (Rate(0, 2), Rate(0, 9), "the rate it is compared with is zero"),
    ],
)
def test_a_ratio_that_has_no_interval(first: Rate, second: Rate, reason: str) -> None:
    found = rate_ratio(first, second)
    assert isinstance(found, Unstated)
    assert found.reason == reason


RATES = st.integers(1, 10_000).flatmap(lambda n: st.builds(Rate, st.integers(0, n), st.just(n)))


@given(RATES, RATES.filter(lambda rate: rate.selected > 0))
def test_a_ratio_lies_in_its_interval(first: Rate, second: Rate) -> None:
    found = rate_ratio(first, second)
    assert isinstance(found, Interval)
    ratio = (first.selected / first.n) / (second.selected / second.n)
    assert 0 <= found.low <= ratio * (1 + 1e-12)
    assert ratio * (1 - 1e-12) <= found.high < math.inf
    assert found.low < found.high


def test_the_worked_example_of_the_guidelines() -> None:
    """48 of 80 applicants of one group are hired, 12 of 40 of another: 30 % over 60 % (Questions and Answers to the
    Uniform Guidelines on Employee Selection Procedures, 1979). p of the score test = 0.00195."""
    (found,) = disparate_impact({"white": Rate(48, 80), "black": Rate(12, 40)})
    assert (found.group, found.reference, found.ratio, found.finding) == ("black", "white", 0.5, "adverse")
    assert found.test == "score"
    assert found.p_value == pytest.approx(0.00195, abs=1e-5)


@pytest.mark.parametrize(
    "rates, finding",
    [
        ({"men": Rate(500, 1000), "women": Rate(300, 1000)}, "adverse"),
        ({"men": Rate(5, 10), "women": Rate(3, 10)}, "unclear"),
        ({"men": Rate(500, 1000), "women": Rate(490, 1000)}, "clear"),
        ({"men": Rate(50, 100), "women": Rate(42, 100)}, "unclear"),
        ({"men": Rate(500, 1000), "women": Rate(0, 1000)}, "adverse"),
        ({"men": Rate(5000, 5000), "women": Rate(3000, 3000)}, "clear"),
        ({"men": Rate(0, 1000), "women": Rate(0, 1000)}, "unclear"),
        ({"men": Rate(500, 1000), "women": Rate(0, 0)}, "unclear"),
    ],
)
def test_what_is_found(rates: dict[str, Rate], finding: str) -> None:
    assert [impact.finding for impact in disparate_impact(rates)] == [finding]


def test_a_threshold_that_is_met_exactly_is_not_missed() -> None:
    rates = {"men": Rate(500_000, 1_000_000), "women": Rate(400_000, 1_000_000)}
    assert disparate_impact(rates)[0].finding == "unclear"
    assert disparate_impact(rates, threshold=0.8)[0].finding == "unclear"
    assert disparate_impact(rates, threshold=Decimal("0.81"))[0].finding == "adverse"
    assert disparate_impact(rates, threshold=Decimal("0.79"))[0].finding == "clear"


def test_the_group_that_others_are_compared_with() -> None:
    """`few` has the highest rate but 4 people; asked for, it serves all the same."""
    rates = {"a": Rate(30, 100), "few": Rate(4, 4), "b": Rate(60, 100), "c": Rate(60, 100)}
    assert [(impact.group, impact.reference) for impact in disparate_impact(rates)] == [
        ("a", "b"),
        ("few", "b"),
        ("c", "b"),
    ]
    assert {impact.reference for impact in disparate_impact(rates, reference="few")} == {"few"}
    assert disparate_impact({"x": Rate(1, 3), "y": Rate(2, 3)})[0].reference == "y"
    with pytest.raises(ValueError, match="nobody"):
        disparate_impact({"x": Rate(0, 0), "y": Rate(0, 0)})
    with pytest.raises(ValueError, match="counts that cannot be"):
        disparate_impact({"x": Rate(2, 1)})


def test_what_is_known_of_a_group_of_nobody() -> None:
    (found,) = disparate_impact({"men": Rate(5, 10), "women": Rate(0, 0)})
    assert (found.ratio, found.p_value, found.test) == (None, None, None)


def test_p_values_allow_for_the_number_of_groups() -> None:
    """55 of 100 against 40 of 100 alone: z² = 200 (55 × 60 − 40 × 45)² / (100² × 95 × 105) = 4.511, p = 0.0337."""
    alone = disparate_impact({"a": Rate(55, 100), "b": Rate(40, 100)})
    both = disparate_impact({"a": Rate(55, 100), "b": Rate(40, 100), "c": Rate(41, 100)})
    assert alone[0].finding == "adverse"
    assert both[0].p_value == pytest.approx(2 * 0.03367, abs=1e-4)
    assert both[0].finding == "unclear"


def association_of(table: list[list[int]]) -> Association:
    found = cramers_v(table)
    assert isinstance(found, Association)
    return found


def test_association_by_hand() -> None:
    """χ²/n = (20 × 20 − 10 × 10)² / 30⁴ = 1/9; less 1/59; over 1 − 1/59: V² = 50 / (9 × 58)."""
    found = association_of([[20, 10], [10, 20]])
    assert found.v == pytest.approx(math.sqrt(50 / 522), rel=1e-14)
    assert found.chi_squared == pytest.approx(60 / 9, rel=1e-14)
    assert (found.degrees, found.n, found.few_expected) == (1, 60, False)


def test_the_ends_of_association() -> None:
    assert association_of([[10, 0], [0, 10]]).v == 1
    assert association_of([[10, 20, 30], [20, 40, 60]]).v == 0
    assert association_of([[10, 20, 30], [20, 40, 60]]).p_value == 1


@pytest.mark.parametrize("shape", [(2, 2), (2, 5), (4, 3), (10, 6)])
@pytest.mark.parametrize("mean", [3, 40, 5000])
def test_association_by_scipy(shape: tuple[int, int], mean: int) -> None:
    table = np.random.default_rng(mean).poisson(mean * np.linspace(1, 1.3, shape[0] * shape[1])).reshape(shape)
    found = association_of(table.tolist())
    statistic, p_value, degrees, expected = stats.chi2_contingency(table, correction=False)
    assert found.chi_squared == pytest.approx(statistic, rel=1e-10)
    assert found.p_value == pytest.approx(p_value, rel=1e-9)
    assert found.degrees == degrees
    each = np.asarray(expected)
    assert found.few_expected == bool(each.min() < 1 or (each < 5).sum() > each.size / 5)
    uncorrected = stats.contingency.association(table, method="cramer")
    assert found.v <= uncorrected


def test_many_values_alone_are_no_association() -> None:
    """Independent fields of 20 and 2 values over 400 rows: the plain V is near √(19/400) = 0.218 on average."""
    random = np.random.default_rng(1)
    tables = [random.multinomial(400, [1 / 40] * 40).reshape(20, 2) for _ in range(200)]
    plain = [float(stats.contingency.association(table, method="cramer")) for table in tables]
    corrected = [association_of(table.tolist()).v for table in tables]
    assert np.mean(plain) > 0.2
    assert np.mean(corrected) < 0.06


def test_values_that_nobody_has_are_left_out() -> None:
    assert cramers_v([[20, 0, 10], [0, 0, 0], [10, 0, 20]]) == cramers_v([[20, 10], [10, 20]])


@pytest.mark.parametrize(
    "table, reason",
    [
        ([], "no known value"),
        ([[0, 0], [0, 0]], "no known value"),
        ([[3, 4], [0, 0]], "fewer than two categories"),
        ([[3, 0], [4, 0]], "fewer than two categories"),
        ([[1, 0], [0, 1]], "too few known values"),
    ],
)
def test_an_association_that_is_not_stated(table: list[list[int]], reason: str) -> None:
    found = cramers_v(table)
    assert isinstance(found, Unstated)
    assert found.reason == reason


@pytest.mark.parametrize("table", [[[1, 2], [3]], [[1, -2], [3, 4]]])
def test_tables_that_cannot_be(table: list[list[int]]) -> None:
    with pytest.raises(ValueError, match="a table of counts"):
        cramers_v(table)


@given(st.lists(st.lists(st.integers(0, 300), min_size=3, max_size=3), min_size=2, max_size=5))
def test_association_does_not_depend_on_the_order_of_values(table: list[list[int]]) -> None:
    found, turned = cramers_v(table), cramers_v([list(reversed(row)) for row in reversed(table)])
    assert found == turned
    if isinstance(found, Association):
        assert 0 <= found.v <= 1
        assert 0 <= found.p_value <= 1
