"""From what is added up over a group to the interval of a figure, and whether two groups differ by more than chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ...compiler.plan import Binding, Figure, GroupTerm, Measuring, PlanExpr, operands_of
from ...compiler.plan import FeatureRef as TermRef
from ...compiler.sampling import Component, Mean, Median, Promoters, Sample, Share, Smooth, components_of
from ...dsl.program import Call, Const, ParameterRef
from ..statistics import slopes
from ..statistics.differences import Difference, difference_of_estimates, difference_of_shares
from ..statistics.figures import Estimate, Interval, Unstated, stated
from ..statistics.functions import could_be_zero, function_estimate
from ..statistics.means import mean_estimate_from_spread
from ..statistics.promoters import promoter_estimate, promoter_interval
from ..statistics.shares import wilson
from ..statistics.slopes import Slope
from ..statistics.small import few_for_mean, few_for_share


@dataclass(frozen=True, slots=True)
class Sampled:
    """What a group of `n` rows tells about a figure, as `sample_terms` lists it."""

    kind: Sample
    n: int
    terms: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure is reckoned: its measuring and what the run binds."""

    measuring: Measuring
    figure: Figure
    binding: Binding


def interval_of(place: Place, sampled: Sampled) -> Interval | Unstated:
    """The interval of a figure over a group; of a median None is stated here: its ends are values to be looked up."""
    match sampled.kind:
        case Share():
            hits, known = sampled.terms
            return wilson(hits, known)
        case Promoters():
            return promoter_interval(*sampled.terms)
        case Mean() | Smooth():
            return stated(_estimate(place, sampled))
        case Median():
            raise ValueError("the interval of a median is looked up")


def people_of(sampled: Sampled) -> dict[str, tuple[int, ...]]:
    """By the name of a group term that counts people, how many rows of the group it puts where: of a share those for
    which it is true and those for which it is not; promoters, passives and detractors (not in arithmetic, where they
    cannot be told apart); of a count those counted."""
    match sampled.kind:
        case Share(term):
            hits, known = sampled.terms
            return {term.name: (hits, known - hits)}
        case Promoters(term):
            return {term.name: sampled.terms}
        case Mean() | Median():
            return {}
        case Smooth(components):
            means = [mean or 0.0 for mean in sampled.terms[: len(components)]]
            counted = {
                (each.term, each.kind): round(mean * sampled.n) for each, mean in zip(components, means, strict=True)
            }
            terms = [each for each in dict.fromkeys(each.term for each in components) if counts_people(each)]
            return {
                each.name: (counted[each, "true"],)
                if each.overload.startswith("count.")
                else (counted[each, "true"], counted[each, "known"] - counted[each, "true"])
                for each in terms
            }


def counts_people(term: GroupTerm) -> bool:
    """Whether a term tells for how many rows a condition is true."""
    function = term.overload.split(".")[0]
    return function in ("share", "share_among") or (function == "count" and term.where is not None)


def small(sampled: Sampled) -> str | None:
    """What makes a sample small."""
    match sampled.kind:
        case Share():
            hits, known = sampled.terms
            return few_for_share(hits, known)
        case Promoters():
            return few_for_mean(sum(sampled.terms))
        case Mean() | Median():
            return few_for_mean(sampled.terms[0])
        case Smooth():
            return few_for_mean(sampled.n)


def difference(place: Place, first: Sampled, second: Sampled) -> Difference | Unstated:
    """How the figures of two groups without a common row differ."""
    match first.kind:
        case Share():
            return difference_of_shares(*first.terms, *second.terms)
        case Median():
            return Unstated("no known value")
        case _:
            return difference_of_estimates(_estimate(place, first), _estimate(place, second))


def _estimate(place: Place, sampled: Sampled) -> Estimate | Unstated:
    match sampled.kind:
        case Mean():
            known, mean, variance = sampled.terms
            return mean_estimate_from_spread(known, mean or 0.0, (variance or 0.0) * (known - 1))
        case Promoters():
            return promoter_estimate(*sampled.terms)
        case Smooth(components):
            return _smooth(place, components, sampled)
        case Share() | Median():
            raise ValueError("a share and a median have intervals of their own")


# -- smooth figures --------------------------------------------------------------------------------------------------


def _smooth(place: Place, components: Sequence[Component], sampled: Sampled) -> Estimate | Unstated:
    size = len(components)
    if sampled.n == 0:
        return Unstated("no known value")
    if sampled.n == 1:
        return Unstated("only one known value")
    means, packed = sampled.terms[:size], sampled.terms[size:]
    matrix = [[packed[max(i, j) * (max(i, j) + 1) // 2 + min(i, j)] for j in range(size)] for i in range(size)]
    terms = {each.name: each for each in place.measuring.terms}
    number = {component: at for at, component in enumerate(components)}

    def slope(value: PlanExpr) -> Slope:
        match value:
            case Const(constant):
                return slopes.constant(float(str(constant)), size)
            case ParameterRef(name):
                return slopes.constant(float(str(place.binding.parameters[name])), size)
            case TermRef(name):
                return _term(terms[name])
            case Call(overload):
                return _applied(overload.split(".")[0], [slope(operand) for operand in operands_of(value)])
            case _:
                raise ValueError("no arithmetic")

    def _term(term: GroupTerm) -> Slope:
        found = [slopes.mean(number[component], means) for component in components_of(term)]
        return found[0] if len(found) == 1 else _over(found[0], found[1])

    def _over(left: Slope, right: Slope) -> Slope:
        if could_be_zero(right.value, right.gradient, matrix, sampled.n):
            raise ZeroDivisionError
        return slopes.over(left, right)

    def _applied(function: str, operands: list[Slope]) -> Slope:
        match function, operands:
            case "add", [left, right]:
                return slopes.plus(left, right)
            case "subtract", [left, right]:
                return slopes.minus(left, right)
            case "multiply", [left, right]:
                return slopes.times(left, right)
            case "divide", [left, right]:
                return _over(left, right)
            case "negate", [operand]:
                return slopes.minus(slopes.constant(0.0, size), operand)
            case "number_from" | "money_from", [operand]:
                return operand
            case _:
                raise ValueError("no arithmetic")

    try:
        found = slope(place.figure.value)
    except ZeroDivisionError:
        return Unstated("the denominator could be zero")
    return function_estimate(found.value, found.gradient, matrix, sampled.n)
