"""Relative values by cut-points: where everybody stands is found once, and told from a few values ever after.

Of `decile of x` the cut-points are nine values: the *k*-th is the least x of the population whose decile is above *k*,
so that the decile of any x is 1 and how many cut-points it reaches. They tell `top 10% by x` by one (the least x that
is in), and `percentile of x` against a share *s* by two: the least x with below / n >= s, and the least with
below / n > s. Where no x of the population gets so far, the cut-point is None, which nothing reaches.

Rounding plays no part: with n known values, `below` of them strictly lower and `above` strictly higher,
floor(10 × below / n) >= k where 10 × below >= k × n; a share is a whole number of billionths.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ..dsl.program import Const, ParameterRef, Relative
from ..dsl.types import Value
from ..dsl.wording import value_wording, wording, written
from .plan import Binding, Ranking

CutPoints = Mapping[str, tuple[Value | None, ...]]
"""Cut-points by key; None is one that nobody reaches."""

BILLION = 10**9
PARTS = {"decile": 10, "quintile": 5, "quartile": 4}


@dataclass(frozen=True, slots=True)
class Reach:
    """A cut-point is the least x for which `factor` × `side` is `comparison` `share` × n."""

    side: Literal["below", "above"]
    factor: int
    comparison: Literal[">=", ">", "<"]
    share: int


def cut_points_key(relative: Relative) -> str:
    """What the cut-points of a relative value are filed under: `customers: decile of clv_12m`,
    `customers: percentile of clv_12m at 90%`. The comparison of a percentile does not count, since two cut-points tell
    them all."""
    plain = Relative(relative.function, relative.table, relative.of, None, relative.share, relative.type)
    words = wording(plain, relative.table)
    match relative.function, relative.share:
        case "percentile", Const(value, type):
            words += f" at {value_wording(value, type)}"
        case "percentile", ParameterRef(name):
            words += f" at {written(name)}"
        case _:
            pass
    return f"{written(relative.table)}: {words}"


def reaches(relative: Relative, share: float | None) -> tuple[Reach, ...]:
    """What each cut-point of a relative value has to fulfil; `share` is the value of its share, where it has one."""
    if relative.function in PARTS:
        parts = PARTS[relative.function]
        return tuple(Reach("below", parts, ">=", number) for number in range(1, parts))
    assert share is not None, f"`{relative.function}` has a share"
    billionths = round(share * BILLION)
    if relative.function == "top":
        return (Reach("above", BILLION, "<", billionths),)
    return (Reach("below", BILLION, ">=", billionths), Reach("below", BILLION, ">", billionths))


def cut_points_in(ranking: Ranking, row: Mapping[str, Value | None]) -> dict[str, tuple[Value | None, ...]]:
    """The cut-points by key, from the row that an engine gives: `cut_<i>_<j>`, the j-th of the i-th relative value."""
    found: dict[str, tuple[Value | None, ...]] = {}
    for number, key in enumerate(ranking.keys):
        names = [name for name in row if name.startswith(f"cut_{number}_")]
        found[key] = tuple(row[name] for name in names)
    return found


def share_of(relative: Relative, binding: Binding) -> float | None:
    """The value of the share of a relative value."""
    match relative.share:
        case None:
            return None
        case Const(value):
            return float(str(value))
        case ParameterRef(name):
            return float(str(binding.parameters[name]))
