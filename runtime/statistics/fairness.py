"""Disparate impact: how often a group is selected, over how often another one is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from .differences import Test, holm, two_shares
from .distributions import normal_quantile
from .figures import CONFIDENCE, SIGNIFICANCE, Interval, Number, Unstated, check_counts
from .shares import wilson
from .small import FEWEST_ROWS

FOUR_FIFTHS = Fraction(4, 5)

Finding = Literal["adverse", "unclear", "clear"]


@dataclass(frozen=True, slots=True)
class Rate:
    """`selected` of n people of a group. For an unfavourable segment, those whom it spares are the selected."""

    selected: int
    n: int


@dataclass(frozen=True, slots=True)
class Impact:
    """A group's rate over the reference's. `ratio` is None where it has no rows or the reference's rate is 0.
    `p_value`, of equal rates, allows for the number of groups compared; None where a side has no rows."""

    group: str
    reference: str
    ratio: float | None
    interval: Interval | Unstated
    p_value: float | None
    test: Test | None
    finding: Finding


def rate_ratio(first: Rate, second: Rate) -> Interval | Unstated:
    """The interval of (selected₁ / n₁) / (selected₂ / n₂).

    ratio × exp(± z √(1/s₁ − 1/n₁ + 1/s₂ − 1/n₂)) (Katz, Baptista, Azen and Pike, "Obtaining confidence intervals for
    the risk ratio in cohort studies", Biometrics 34, 1978). Where nobody of the first or everybody of both is
    selected, the logarithm has no error that could be stated, and the limits come from Wilson's l and u of both rates
    (Donner and Zou, "Closed-form confidence intervals for functions of the normal mean and standard deviation",
    Statistical Methods in Medical Research 21, 2012): [0, u₁ / √(l₂ (2p₂ − l₂))] for nobody, [l₁, 1/l₂] for everybody.
    Unstated where a side has no rows or nobody of the second is selected."""
    one, two = wilson(first.selected, first.n), wilson(second.selected, second.n)
    if isinstance(one, Unstated):
        return one
    if isinstance(two, Unstated):
        return two
    if second.selected == 0:
        return Unstated("the rate it is compared with is zero")
    if first.selected == 0:
        rate = second.selected / second.n
        return Interval(0.0, one.high / math.sqrt(two.low * (2 * rate - two.low)), "ratio of Wilson scores")
    if first.selected == first.n and second.selected == second.n:
        return Interval(one.low, 1 / two.low, "ratio of Wilson scores")
    ratio = float(_ratio(first, second))
    unselected = Fraction(first.n - first.selected, first.selected * first.n)
    unselected += Fraction(second.n - second.selected, second.selected * second.n)
    reach = math.exp(normal_quantile(1 - CONFIDENCE) * math.sqrt(unselected))
    return Interval(ratio / reach, ratio * reach, "Katz's logarithm")


def disparate_impact(
    rates: Mapping[str, Rate], reference: str | None = None, threshold: Number = FOUR_FIFTHS
) -> tuple[Impact, ...]:
    """Every other group against `reference`, in their order; p-values are Holm's over the groups that could be tested.

    Without a reference it is the group with the highest rate among those of 30 people or more (of all, if none is),
    the first of equals: the ratio is then minimum over maximum. Significance is that of `two_shares`. The finding
    follows the Uniform Guidelines on Employee Selection Procedures (29 CFR 1607.4 D, 1978): *adverse* is a ratio
    below the threshold that chance does not explain; *clear* an interval all of which reaches it; anything between is
    *unclear*, small numbers most often. Raises `ValueError` where nobody is in any group."""
    for rate in rates.values():
        check_counts(rate.n, rate.selected)
    chosen = reference if reference is not None else _highest(rates)
    base = rates[chosen]
    others = [group for group in rates if group != chosen]
    tests = {
        group: two_shares(rates[group].selected, rates[group].n, base.selected, base.n)
        for group in others
        if rates[group].n and base.n
    }
    adjusted = dict(zip(tests, holm([p_value for p_value, _ in tests.values()]), strict=True))
    return tuple(
        _impact(group, rates[group], chosen, base, adjusted.get(group), tests.get(group), threshold) for group in others
    )


def _impact(
    group: str,
    rate: Rate,
    reference: str,
    base: Rate,
    p_value: float | None,
    test: tuple[float, Test] | None,
    threshold: Number,
) -> Impact:
    around = rate_ratio(rate, base)
    ratio = _ratio(rate, base) if rate.n and base.selected else None
    return Impact(
        group=group,
        reference=reference,
        ratio=None if ratio is None else float(ratio),
        interval=around,
        p_value=p_value,
        test=None if test is None else test[1],
        finding=_finding(ratio, around, p_value, float(threshold)),
    )


def _finding(ratio: Fraction | None, around: Interval | Unstated, p_value: float | None, threshold: float) -> Finding:
    if ratio is None or p_value is None or isinstance(around, Unstated):
        return "unclear"
    if float(ratio) < threshold and p_value < SIGNIFICANCE:
        return "adverse"
    return "clear" if around.low >= threshold else "unclear"


def _ratio(first: Rate, second: Rate) -> Fraction:
    return Fraction(first.selected * second.n, first.n * second.selected)


def _highest(rates: Mapping[str, Rate]) -> str:
    enough = [group for group, rate in rates.items() if rate.n >= FEWEST_ROWS]
    candidates = enough or [group for group, rate in rates.items() if rate.n]
    if not candidates:
        raise ValueError("nobody is in any of the groups")
    return max(candidates, key=lambda group: Fraction(rates[group].selected, rates[group].n))
