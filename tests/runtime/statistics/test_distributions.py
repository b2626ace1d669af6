"""Tail probabilities and quantiles against SciPy over grids, and against printed tables."""

import math

import pytest
from scipy import special, stats

from segwright.runtime.statistics.distributions import (
    chi_squared_tail,
    normal_quantile,
    student_quantile,
    student_tails,
)
from segwright.runtime.statistics.special import incomplete_beta, stirling_remainder

DEGREES = (0.5, 1, 1.7, 2, 3, 5, 10, 29.5, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8)


@pytest.mark.parametrize("degrees", DEGREES)
@pytest.mark.parametrize("t", [0.01, 0.5, 1, 1.01, 1.5, 1.75, 2, 3, 5, 8, 15, 30])
def test_tails_of_student(degrees: float, t: float) -> None:
    expected = 2 * float(stats.t.sf(t, degrees))
    assert student_tails(t, degrees) == pytest.approx(expected, rel=1e-11, abs=0)
    assert student_tails(-t, degrees) == student_tails(t, degrees)


@pytest.mark.parametrize("degrees", DEGREES)
@pytest.mark.parametrize("outside", [0.9, 0.5, 0.1, 0.05, 0.01, 1e-4, 1e-9])
def test_quantiles_of_student(degrees: float, outside: float) -> None:
    t = student_quantile(outside, degrees)
    assert t == pytest.approx(float(stats.t.isf(outside / 2, degrees)), rel=1e-11)
    assert student_tails(t, degrees) == pytest.approx(outside, rel=1e-12)


@pytest.mark.parametrize(
    "degrees, printed",
    [(1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (5, 2.571), (10, 2.228), (20, 2.086), (30, 2.042), (120, 1.980)],
)
def test_quantiles_of_student_as_tables_print_them(degrees: int, printed: float) -> None:
    assert round(student_quantile(0.05, degrees), 3) == printed


def test_one_degree_of_freedom_in_closed_form() -> None:
    """Cauchy: P(|T| > t) = 1 − 2/π arctan t."""
    assert student_tails(1, 1) == pytest.approx(0.5, rel=1e-14)
    assert student_tails(1e-6, 1) == pytest.approx(1 - 2 / math.pi * math.atan(1e-6), rel=1e-14)
    assert student_quantile(0.5, 1) == pytest.approx(1, rel=1e-14)


def test_the_ends_of_student() -> None:
    assert student_tails(0, 7) == 1
    assert student_tails(math.inf, 7) == 0


@pytest.mark.parametrize("outside, degrees", [(0, 5), (1, 5), (0.05, 0), (0.05, -1)])
def test_a_quantile_that_does_not_exist(outside: float, degrees: float) -> None:
    with pytest.raises(ValueError, match="no quantile"):
        student_quantile(outside, degrees)


def test_the_normal_quantile() -> None:
    assert normal_quantile(0.05) == pytest.approx(1.959963984540054, rel=1e-14)


@pytest.mark.parametrize("degrees", [1, 2, 3, 4, 10, 20, 100, 400, 2000])
@pytest.mark.parametrize("statistic", [1e-8, 0.02, 1, 2, 3.841, 6, 10, 20, 40, 100, 200, 500, 2000, 2200])
def test_tail_of_chi_squared(degrees: int, statistic: float) -> None:
    expected = float(special.gammaincc(degrees / 2, statistic / 2))
    assert chi_squared_tail(statistic, degrees) == pytest.approx(expected, rel=1e-10, abs=1e-300)


@pytest.mark.parametrize("degrees, printed", [(1, 3.841), (2, 5.991), (3, 7.815), (5, 11.070), (10, 18.307)])
def test_chi_squared_as_tables_print_it(degrees: int, printed: float) -> None:
    assert round(chi_squared_tail(printed, degrees), 3) == 0.05


def test_the_ends_of_chi_squared() -> None:
    assert chi_squared_tail(0, 3) == 1
    assert chi_squared_tail(math.inf, 3) == 0


@pytest.mark.parametrize("a", [0.5, 1, 2, 3.3, 20, 500, 1e5])
@pytest.mark.parametrize("b", [0.5, 1, 2, 3.3, 20, 500, 1e5])
@pytest.mark.parametrize("part", [0.3, 0.9, 1, 1.1, 1.9])
def test_incomplete_beta(a: float, b: float, part: float) -> None:
    """Around the mean a / (a + b), where the two sides take over from each other."""
    x = min(part * a / (a + b), 0.999)
    expected = float(special.betainc(a, b, x))
    assert incomplete_beta(x, 1 - x, a, b) == pytest.approx(expected, rel=1e-10, abs=1e-290)


def test_incomplete_beta_at_its_ends_and_in_closed_form() -> None:
    assert incomplete_beta(0, 1, 2, 3) == 0
    assert incomplete_beta(1, 0, 2, 3) == 1
    assert incomplete_beta(0.3, 0.7, 1, 1) == pytest.approx(0.3, rel=1e-14)
    assert incomplete_beta(0.3, 0.7, 2, 1) == pytest.approx(0.09, rel=1e-14)


@pytest.mark.parametrize("x", [0.5, 1, 9.99, 10, 11, 100])
def test_what_stirling_leaves_out(x: float) -> None:
    expected = math.lgamma(x) - ((x - 0.5) * math.log(x) - x + 0.5 * math.log(2 * math.pi))
    assert stirling_remainder(x) == pytest.approx(expected, abs=2e-13)
