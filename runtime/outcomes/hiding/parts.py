"""How a figure parts the rows of a group: what it can be reckoned back to.

A share tells for how many it is true, since n and unknown stand beside it; its interval tells the same. Terms in
arithmetic are taken as if each were shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from ....compiler.plan import FeatureRef, Figure, GroupTerm, Measuring
from ....compiler.plan_walk import parts
from ....compiler.sampling import Mean, Median, Smooth, sample_of
from ..records import FigureRecord
from ..samples import counts_people

Parted: TypeAlias = Mapping[str, tuple[int, ...]]
"""Rows of a group by the name of a dimension: how many are in each of its groups, in order."""


@dataclass(frozen=True, slots=True)
class Told:
    """The terms of a figure that count people, by name: `alone` where all that the figure asks is what the term asks,
    so that what lacks it is part of the same dimension. `lacking` names the dimension of rows that lack something;
    `apart` where the value does not tell how many these are, as that of an average does not if it is rounded to
    `places` decimals: before, only some numbers of rows give it."""

    alone: tuple[str, ...]
    others: tuple[str, ...]
    lacking: str
    apart: bool
    places: int | None


def told_by(measuring: Measuring, figure: Figure) -> Told:
    terms = [each for each in _terms(measuring, figure) if _tells(each)]
    alone = [each.name for each in terms if {each.value, each.where} - {None} == set(figure.asked)]
    others = [each.name for each in terms if each.name not in alone]
    asked = sorted({number for number, each in enumerate(_asked(measuring)) if each in figure.asked})
    apart, places = _apart(measuring, figure)
    return Told(tuple(alone), tuple(others), f"lacking {asked}", apart and not alone, places)


def _apart(measuring: Measuring, figure: Figure) -> tuple[bool, int | None]:
    """Whether a figure neither adds up over groups nor tells how many it counts, and to how many decimals."""
    match sample_of(measuring, figure):
        case Mean(term) if term.value is not None:
            type = term.value.type
            return True, (type.scale or 0) if type.kind == "money" else 0 if type.kind == "integer" else _BILLIONTHS
        case Median():
            return True, None
        case Smooth():
            return not any(each.overload.startswith("average.") for each in _terms(measuring, figure)), None
        case _:
            return False, None


_BILLIONTHS = 9
"""The decimals of what is added up of numbers and percents."""


def parted(told: Told, figure: FigureRecord) -> Parted:
    """The rows of the group by what the figure tells; nothing where it is not observable."""
    if figure.n is None or figure.unknown is None or figure.people is None:
        return {}
    n, unknown, people = figure.n, figure.unknown, figure.people
    found = {f"term {name}": (*people[name], n - sum(people[name]) - unknown, unknown) for name in told.alone}
    found |= {f"part {name}": (*people[name], n - sum(people[name])) for name in told.others}
    return found if told.alone else {**found, told.lacking: (n - unknown, unknown)}


def is_untellable(measuring: Measuring, figure: Figure) -> bool:
    """Whether a figure tells of single customers, or counts people in a way that is not weighed."""
    functions = {each.overload.split(".")[0] for each in _terms(measuring, figure)}
    counting = any(_tells(each) for each in _terms(measuring, figure))
    alone = isinstance(figure.value, FeatureRef)
    smooth = isinstance(sample_of(measuring, figure), Smooth)
    mixed = not alone and (("net_promoter_score" in functions) or (counting and not smooth))
    return mixed or bool(functions & {"min", "max"})


def _terms(measuring: Measuring, figure: Figure) -> list[GroupTerm]:
    names = {part.name for part in parts(figure.value) if isinstance(part, FeatureRef)}
    return [each for each in measuring.terms if each.name in names]


def _tells(term: GroupTerm) -> bool:
    return counts_people(term) or term.overload.startswith("net_promoter_score.")


def _asked(measuring: Measuring) -> list[object]:
    return list(dict.fromkeys(each for figure in measuring.figures for each in figure.asked))
