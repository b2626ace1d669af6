"""What a sample tells about a figure for its interval: which kind of estimate it is, and what is added up for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ..dsl.program import Call, Const, ParameterRef
from .plan import FeatureRef, Figure, GroupTerm, Measuring, PlanExpr, operands_of


@dataclass(frozen=True, slots=True)
class Share:
    """`share where C` alone, or among some rows: of the rows where C is known, those for which it is true."""

    term: GroupTerm


@dataclass(frozen=True, slots=True)
class Mean:
    """`average of X` alone."""

    term: GroupTerm


@dataclass(frozen=True, slots=True)
class Median:
    """`median of X` alone, X a number."""

    term: GroupTerm


@dataclass(frozen=True, slots=True)
class Promoters:
    """`net promoter score of X` alone."""

    term: GroupTerm


@dataclass(frozen=True, slots=True)
class Component:
    """A number that each row gives: the `value` of a term, 0 where the row is not counted; whether it is counted at all
    with a `known` value; whether the condition of a share is `true`; 100, 0 or −100 (`balance`) for what a promoter, a
    passive, a detractor answers."""

    kind: Literal["value", "known", "true", "balance"]
    term: GroupTerm


@dataclass(frozen=True, slots=True)
class Smooth:
    """Arithmetic on terms that does not grow with the number of rows: a function of the means of `components`."""

    components: tuple[Component, ...]


Sample = Share | Mean | Median | Promoters | Smooth

_ESTIMATES = frozenset(["average", "share", "share_among", "net_promoter_score"])
_TOTALS = frozenset(["sum", "count"])
NUMBERS = frozenset(["integer", "number", "percent", "money"])


def sample_of(measuring: Measuring, figure: Figure) -> Sample | None:
    """What a figure is as an estimate; None where it is none: a total, an extreme, or arithmetic with one."""
    terms = {each.name: each for each in measuring.terms}
    match figure.value:
        case FeatureRef(name):
            return _alone(terms[name])
        case value if growth(value, terms) == 0 and any(isinstance(part, FeatureRef) for part in _parts(value)):
            found = [terms[part.name] for part in _parts(value) if isinstance(part, FeatureRef)]
            components = dict.fromkeys(component for term in found for component in components_of(term))
            return Smooth(tuple(components))
        case _:
            return None


def _alone(term: GroupTerm) -> Sample | None:
    match term.overload.split(".")[0]:
        case "share" | "share_among":
            return Share(term)
        case "average":
            return Mean(term)
        case "median" if term.value is not None and term.value.type.kind in NUMBERS:
            return Median(term)
        case "net_promoter_score":
            return Promoters(term)
        case _:
            return None


def components_of(term: GroupTerm) -> tuple[Component, ...]:
    """What a term adds up; of a quotient first what is divided."""
    match term.overload.split(".")[0]:
        case "sum":
            return (Component("value", term),)
        case "count":
            return (Component("true", term),)
        case "average":
            return Component("value", term), Component("known", term)
        case "share" | "share_among":
            return Component("true", term), Component("known", term)
        case "net_promoter_score":
            return Component("balance", term), Component("known", term)
        case _:
            raise ValueError("no sum, and no quotient of sums")


def growth(value: PlanExpr, terms: Mapping[str, GroupTerm]) -> int | None:
    """The power of the number of rows with which a figure grows: 1 for a sum, 0 for an average or a quotient of sums.
    None where that cannot be said: extremes, roundings, a sum with an average added."""
    match value:
        case Const() | ParameterRef():
            return 0
        case FeatureRef(name):
            function = terms[name].overload.split(".")[0]
            return 0 if function in _ESTIMATES else 1 if function in _TOTALS else None
        case Call(overload):
            powers = [growth(operand, terms) for operand in operands_of(value)]
            return _combined(overload.split(".")[0], powers)
        case _:
            return None


def _combined(function: str, powers: list[int | None]) -> int | None:
    match function, powers:
        case _, [*found] if None in found:
            return None
        case "add" | "subtract", [left, right]:
            return left if left == right else None
        case "multiply", [int(left), int(right)]:
            return left + right
        case "divide", [int(left), int(right)]:
            return left - right
        case "negate" | "number_from" | "money_from", [power]:
            return power
        case _:
            return None


def _parts(value: PlanExpr) -> tuple[PlanExpr, ...]:
    return value, *(part for operand in operands_of(value) for part in _parts(operand))
