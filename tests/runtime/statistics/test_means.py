"""Intervals of means, quotients and functions of means: by hand, by SciPy from the rows, by drawing many samples."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from segwright.runtime.statistics import slopes
from segwright.runtime.statistics.figures import Estimate, Exact, Interval, Unstated, interval
from segwright.runtime.statistics.functions import (
    Sums,
    could_be_zero,
    covariance,
    function_estimate,
    interval_of_function,
    means,
)
from segwright.runtime.statistics.means import mean_estimate, mean_estimate_from_spread, mean_interval
from segwright.runtime.statistics.quotients import quotient_estimate, quotient_interval

Rows = Sequence[tuple[Exact, ...]]
CENTS = st.integers(-(10**9), 10**9).map(lambda cents: Decimal(cents) / 100)


def sums_of(rows: Rows) -> Sums:
    columns = list(zip(*rows, strict=True))
    return Sums(
        len(rows),
        tuple(sum(map(Fraction, column)) for column in columns),
        tuple(
            tuple(
                sum(Fraction(x) * Fraction(y) for x, y in zip(columns[i], columns[j], strict=True))
                for j in range(i + 1)
            )
            for i in range(len(columns))
        ),
    )


def mean_of(values: Sequence[Exact]) -> Estimate | Unstated:
    exact = [Fraction(value) for value in values]
    return mean_estimate(len(exact), sum(exact), sum(value * value for value in exact))


def quotient_of(rows: Rows) -> Estimate | Unstated:
    """Of rows (x, y)."""
    sums = sums_of(rows)
    (xx,), (xy, yy) = sums.products
    return quotient_estimate(sums.n, sums.totals[0], sums.totals[1], xx, yy, xy)


def ends(found: Interval | Unstated) -> tuple[float, float]:
    assert isinstance(found, Interval)
    return found.low, found.high


def test_a_mean_by_hand() -> None:
    """1 to 5: mean 3, variance 2.5, error √0.5, t(4) = 2.776445."""
    assert ends(mean_interval(5, 15, 55)) == pytest.approx((3 - 1.963243, 3 + 1.963243), abs=1e-6)


@pytest.mark.parametrize("n", [2, 3, 10, 31, 1000])
def test_a_mean_by_scipy(n: int) -> None:
    rows = [Decimal(int(value)) / 100 for value in np.random.default_rng(n).lognormal(10, 1.5, n)]
    expected = stats.ttest_1samp(np.array(rows, float), 0).confidence_interval(0.95)
    found = mean_of(rows)
    assert isinstance(found, Estimate)
    assert ends(interval(found)) == pytest.approx((expected.low, expected.high), rel=1e-11)


@pytest.mark.parametrize(
    "n, total, squares, reason",
    [
        (0, 0, 0, "no known value"),
        (1, 7, 49, "only one known value"),
        (3, Decimal("0.3"), Decimal("0.03"), "every known value is the same"),
    ],
)
def test_a_mean_that_has_no_interval(n: int, total: Exact, squares: Exact, reason: str) -> None:
    found = mean_interval(n, total, squares)
    assert isinstance(found, Unstated)
    assert found.reason == reason


def test_nothing_cancels_however_far_from_zero_the_values_lie() -> None:
    """A billion and 0, 1, 2 billionths: √(1/3) billionths of error, which sums of floats would have lost."""
    billionth = Fraction(1, 10**9)
    far = [10**9 + k * billionth for k in range(3)]
    found = mean_of(far)
    assert isinstance(found, Estimate)
    assert found.error == pytest.approx(1e-9 / 3**0.5, rel=1e-14)


def test_the_way_a_sum_is_written_does_not_show() -> None:
    by_decimal = mean_estimate(3, Decimal("6.60"), Decimal("17.60"))
    assert by_decimal == mean_estimate(3, Fraction(66, 10), Fraction(176, 10))


def test_sums_that_cannot_be() -> None:
    with pytest.raises(ValueError, match="squares add up to less"):
        mean_estimate(3, 6, 11)
    with pytest.raises(TypeError, match="must be exact"):
        mean_estimate(3, 6.0, 14)  # pyright: ignore[reportArgumentType]
    with pytest.raises(ValueError, match="counts that cannot be"):
        mean_estimate(-1, 0, 0)


def test_a_mean_from_its_spread() -> None:
    assert mean_estimate_from_spread(5, 3.0, 10.0) == mean_estimate(5, 15, 55)
    assert mean_estimate_from_spread(0, 0.0, 0.0) == Unstated("no known value")
    assert mean_estimate_from_spread(1, 3.0, 0.0) == Unstated("only one known value")
    assert mean_estimate_from_spread(5, 3.0, 0.0) == Unstated("every known value is the same")
    for spread in (-1.0, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="a spread that cannot be"):
            mean_estimate_from_spread(5, 3.0, spread)


@given(st.lists(CENTS, min_size=2, max_size=30).filter(lambda values: len(set(values)) > 1), CENTS)
def test_a_mean_lies_in_its_interval_and_moves_with_its_values(values: list[Decimal], by: Decimal) -> None:
    found, moved = mean_of(values), mean_of([value + by for value in values])
    assert isinstance(found, Estimate)
    assert isinstance(moved, Estimate)
    low, high = ends(interval(found))
    assert low < found.value < high
    assert moved.error == found.error
    assert moved.value == pytest.approx(found.value + float(by), abs=1e-6)


@given(st.lists(CENTS, min_size=2, max_size=10).filter(lambda values: len(set(values)) > 1), st.integers(2, 9))
def test_a_mean_of_more_of_the_same_is_narrower(values: list[Decimal], times: int) -> None:
    few, many = mean_of(values), mean_of(values * times)
    assert isinstance(few, Estimate)
    assert isinstance(many, Estimate)
    assert many.error < few.error


def test_a_quotient_by_hand() -> None:
    """y / x of (4, 8), (5, 9), (6, 13) is 30 / 15 = 2; y − 2x is 0, −1, 1, its variance 1; error √(1/3) / 5; t(2) =
    4.302653."""
    expected = 4.302653 / 3**0.5 / 5
    assert ends(quotient_interval(3, 15, 30, 77, 314, 155)) == pytest.approx((2 - expected, 2 + expected), abs=1e-6)


@pytest.mark.parametrize("n", [10, 200, 3000])
def test_a_quotient_is_the_mean_of_what_is_linear_in_it(n: int) -> None:
    random = np.random.default_rng(n)
    premiums = random.integers(100, 900, n)
    claims = random.integers(0, 4000, n) * (random.random(n) < 0.3)
    found = quotient_of([(int(x), int(y)) for x, y in zip(premiums, claims, strict=True)])
    assert isinstance(found, Estimate)
    ratio = claims.sum() / premiums.sum()
    expected = stats.ttest_1samp(ratio + (claims - ratio * premiums) / premiums.mean(), 0).confidence_interval(0.95)
    assert found.value == pytest.approx(ratio, rel=1e-14)
    assert ends(interval(found)) == pytest.approx((expected.low, expected.high), rel=1e-10)


def test_a_quotient_by_the_number_of_rows_is_the_mean() -> None:
    values = [Decimal("12.50"), Decimal(3), Decimal("0.07"), Decimal(-8)]
    quotient, mean = quotient_of([(1, value) for value in values]), mean_of(values)
    assert isinstance(quotient, Estimate)
    assert isinstance(mean, Estimate)
    assert (quotient.value, quotient.error, quotient.degrees) == (mean.value, mean.error, mean.degrees)


@pytest.mark.parametrize(
    "rows, reason",
    [
        ([], "no known value"),
        ([(3, 4)], "only one known value"),
        ([(10, 0), (20, 0), (15, 0)], "every row gives the same figure"),
        ([(10, 5), (20, 10), (14, 7)], "every row gives the same figure"),
        ([(0, 5), (0, 7), (0, 1)], "the denominator could be zero"),
        ([(-1, 5), (1, 7), (0, 1)], "the denominator could be zero"),
        ([(0, 100), (0, 120), (0, 90), (1, 110)], "the denominator could be zero"),
    ],
)
def test_a_quotient_that_has_no_interval(rows: Rows, reason: str) -> None:
    found = quotient_of(rows) if rows else quotient_estimate(0, 0, 0, 0, 0, 0)
    assert isinstance(found, Unstated)
    assert found.reason == reason


@given(st.lists(st.tuples(st.integers(50, 100), CENTS), min_size=3, max_size=20))
def test_a_quotient_scales_with_its_parts(rows: list[tuple[int, Decimal]]) -> None:
    found, scaled = quotient_of(rows), quotient_of([(x, 1000 * y) for x, y in rows])
    if isinstance(found, Unstated):
        assert scaled == found
    else:
        assert isinstance(scaled, Estimate)
        assert scaled.value == pytest.approx(1000 * found.value)
        assert scaled.error == pytest.approx(1000 * found.error)
        low, high = ends(interval(found))
        assert low < found.value < high


def test_a_difference_of_means_is_the_mean_of_differences() -> None:
    """Margin less expected loss of three customers: 10 − 1, 20 − 5, 60 − 3."""
    sums = sums_of([(10, 1), (20, 5), (60, 3)])
    margin, loss = (slopes.mean(number, means(sums)) for number in range(2))
    net = slopes.minus(margin, loss)
    expected = mean_of([9, 15, 57])
    assert isinstance(expected, Estimate)
    found = interval_of_function(net.value, net.gradient, covariance(sums), sums.n)
    assert ends(found) == pytest.approx(ends(interval(expected)), rel=1e-13)


def test_return_on_investment_is_a_quotient() -> None:
    """(Σ value − Σ cost) / Σ cost = Σ value / Σ cost − 1, so it has the quotient's error."""
    rows = [(150, 900), (140, 1300), (160, 1100), (155, 1500), (145, 700)]
    sums = sums_of(rows)
    cost, value = (slopes.mean(number, means(sums)) for number in range(2))
    roi = slopes.over(slopes.minus(value, cost), cost)
    quotient = quotient_of(rows)
    found = function_estimate(roi.value, roi.gradient, covariance(sums), sums.n)
    assert isinstance(quotient, Estimate)
    assert isinstance(found, Estimate)
    assert found.value == pytest.approx(quotient.value - 1, rel=1e-13)
    assert found.error == pytest.approx(quotient.error, rel=1e-12)
    assert found.degrees == quotient.degrees == 4


def test_an_average_of_what_is_known_is_a_quotient_of_two_means() -> None:
    """Rows with an unknown value are 0 and not known; but for n − 1 in place of known − 1 this is the mean's error."""
    values = [3, 5, None, 10, None, 12, 4, 8]
    sums = sums_of([(0 if value is None else value, int(value is not None)) for value in values])
    total, known = (slopes.mean(number, means(sums)) for number in range(2))
    average = slopes.over(total, known)
    found = function_estimate(average.value, average.gradient, covariance(sums), sums.n)
    mean = mean_of([value for value in values if value is not None])
    assert isinstance(found, Estimate)
    assert isinstance(mean, Estimate)
    assert found.value == pytest.approx(mean.value, rel=1e-14)
    assert found.error == pytest.approx(mean.error * (5 / 6 * 8 / 7) ** 0.5, rel=1e-13)


def test_gradients_by_small_steps() -> None:
    at = (3.0, 5.0, 0.7)

    def figure(x: float, y: float, z: float) -> float:
        return (x * y - 2 * z) / (x + z) + x

    def sloped(*of: float) -> slopes.Slope:
        x, y, z = (slopes.mean(number, of) for number in range(3))
        above = slopes.minus(slopes.times(x, y), slopes.times(slopes.constant(2, 3), z))
        return slopes.plus(slopes.over(above, slopes.plus(x, z)), x)

    found = sloped(*at)
    assert found.value == pytest.approx(figure(*at), rel=1e-14)
    for number in range(3):
        up = [value + 1e-6 * (other == number) for other, value in enumerate(at)]
        down = [value - 1e-6 * (other == number) for other, value in enumerate(at)]
        assert found.gradient[number] == pytest.approx((figure(*up) - figure(*down)) / 2e-6, rel=1e-8)
    with pytest.raises(ZeroDivisionError):
        sloped(0.0, 5.0, 0.0)


def test_covariances_by_numpy() -> None:
    rows = np.random.default_rng(5).integers(-1000, 1000, (40, 3))
    found = covariance(sums_of([tuple(int(value) for value in row) for row in rows]))
    assert np.array(found) == pytest.approx(np.cov(rows, rowvar=False), rel=1e-12)


def test_a_function_that_has_no_interval() -> None:
    assert interval_of_function(1.0, (1.0,), ((2.0,),), 0) == Unstated("no known value")
    assert interval_of_function(1.0, (1.0,), ((2.0,),), 1) == Unstated("only one known value")
    assert interval_of_function(1.0, (0.0,), ((2.0,),), 9) == Unstated("every row gives the same figure")
    sums = sums_of([(1, 3), (2, 6), (7, 21)])
    gradient = (-3 / means(sums)[0], 1 / means(sums)[0])
    assert interval_of_function(3.0, gradient, covariance(sums), 3) == Unstated("every row gives the same figure")


def test_functions_that_cannot_be() -> None:
    with pytest.raises(ValueError, match="as many rows and columns"):
        interval_of_function(1.0, (1.0, 2.0), ((2.0,),), 9)
    with pytest.raises(ValueError, match="no number"):
        interval_of_function(float("nan"), (1.0,), ((2.0,),), 9)
    with pytest.raises(ValueError, match="no covariance"):
        covariance(Sums(1, (1,), ((1,),)))
    with pytest.raises(ValueError, match="no mean"):
        means(Sums(0, (0,), ((0,),)))


def test_a_denominator_that_could_be_zero() -> None:
    """Four rows of variance 1: error ½, t(3) = 3.18, so the interval is ± 1.59."""
    assert could_be_zero(1.5, (1.0,), ((1.0,),), 4)
    assert could_be_zero(-1.5, (1.0,), ((1.0,),), 4)
    assert not could_be_zero(1.7, (1.0,), ((1.0,),), 4)
    assert could_be_zero(0.0, (0.0,), ((1.0,),), 4)
    assert not could_be_zero(1e-9, (0.0,), ((1.0,),), 4)


def test_a_loss_ratio_lies_in_its_interval_nineteen_times_in_twenty() -> None:
    """2,000 portfolios of 400 policies, a fifth of which claim: 95 % ± 4 standard errors, less what skewness costs."""
    random = np.random.default_rng(2026)
    hit = 0
    for _ in range(2000):
        premiums = random.integers(200, 800, 400)
        claims = random.integers(0, 2500, 400) * (random.random(400) < 0.2)
        x, y = int(premiums.sum()), int(claims.sum())
        xx, yy, xy = (int((a * b).sum()) for a, b in ((premiums, premiums), (claims, claims), (premiums, claims)))
        low, high = ends(quotient_interval(400, x, y, xx, yy, xy))
        hit += low <= 0.2 * 1249.5 / 499.5 <= high
    assert 0.93 < hit / 2000 < 0.97
