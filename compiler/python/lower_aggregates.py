"""The aggregates of the language in Python, by overload id: where each starts, what a row does, and what comes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...dsl.builtins import EVERY, NUMERIC, ORDERED
from ...dsl.types import Type


@dataclass(frozen=True, slots=True)
class Gathering:
    """`start` is the first state; `step` a statement for each row that takes part, in which `{s}` is the state, `{x}`
    the row's value (known) and `{o}` its place in time; `result` reads the state. `nullable`: over nothing it is
    missing."""

    start: str
    step: str
    result: str
    nullable: bool


Lowering = Callable[[Type | None], Gathering]
"""Takes the type of the values, None for `count`, `any` and `no`."""

_APPEND = "{s}.append({x})"


def _always(start: str, step: str, result: str) -> Lowering:
    return lambda _: Gathering(start, step, result, nullable=False)


def _listed(result: str, step: str = _APPEND, *, nullable: bool = True) -> Lowering:
    """A function of the list of what `step` gathers; `{scale}` says in which units its values count."""
    return lambda type: Gathering("[]", step, result.replace("{scale}", _scale(type)), nullable)


def _scale(type: Type | None) -> str:
    """-1 for integers, that of money, None for doubles."""
    match type:
        case Type(kind="integer"):
            return "-1"
        case Type(kind="money", scale=scale):
            return str(scale or 0)
        case _:
            return "None"


_COUNT = "{s} += 1"
_IN_TIME = "{s}.append(({o}, {x}))"
_SUMS: dict[str, Lowering] = {
    "integer": _always("0", "{s} += {x}", "integer({s})"),
    "number": _listed("sum_of_numbers({s})", nullable=False),
    "percent": _listed("sum_of_numbers({s})", nullable=False),
    "money": _listed("sum_of_money({s}, {scale})", nullable=False),
}

LOWER_AGGREGATES: dict[str, Lowering] = {
    "count.rows": _always("0", _COUNT, "{s}"),
    "any.rows": _always("False", "{s} = True", "{s}"),
    "no.rows": _always("True", "{s} = False", "{s}"),
    **{f"sum.{kind}": _SUMS[kind] for kind in NUMERIC},
    **{f"average.{kind}": _listed("average({s}, {scale})") for kind in NUMERIC},
    **{f"min.{kind}": _listed("(min({s}) if {s} else None)") for kind in ORDERED},
    **{f"max.{kind}": _listed("(max({s}) if {s} else None)") for kind in ORDERED},
    **{f"median.{kind}": _listed("median({s}, {scale})") for kind in NUMERIC},
    **{f"first.{kind}": _listed("first({s})", _IN_TIME) for kind in EVERY},
    **{f"latest.{kind}": _listed("latest({s})", _IN_TIME) for kind in EVERY},
    **{f"distinct_count.{kind}": _listed("len(set({s}))", nullable=False) for kind in EVERY},
    **{f"trend_per_month.{kind}": _listed("trend({s}, {scale})", "{s}.append(({t}, {x}))") for kind in NUMERIC},
}
"""In `trend`, `{t}` is the row's time alone."""
