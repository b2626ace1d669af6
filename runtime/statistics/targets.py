"""Whether a figure does what was asked of it, its interval taken into account."""

from __future__ import annotations

import math
from typing import Literal

from .figures import Interval, Number, Unstated

Comparison = Literal["equal", "not_equal", "less", "at_most", "greater", "at_least"]
Verdict = Literal["met", "missed", "unclear"]


def holds(value: Number, comparison: Comparison, limit: Number) -> bool:
    """Whether a value compares as asked, both in one unit. Raises `ValueError` for what is no number."""
    left, right = float(value), float(limit)
    if math.isnan(left) or math.isnan(right):
        raise ValueError("a figure or limit that is no number")
    match comparison:
        case "equal":
            return left == right
        case "not_equal":
            return left != right
        case "less":
            return left < right
        case "at_most":
            return left <= right
        case "greater":
            return left > right
        case "at_least":
            return left >= right


def meets(value: Number | None, around: Interval | Unstated, comparison: Comparison, limit: Number) -> Verdict:
    """Whether a figure meets its target: *met* or *missed* where every value of its interval says so, else *unclear*.

    Sizes, counts and sums have the interval `counted` and are never unclear. A figure with no value or no interval is
    unclear, whatever its value; `holds` says what it would be on the face of it. Raises `ValueError` for a value
    outside its interval."""
    if value is None or isinstance(around, Unstated):
        return "unclear"
    if not around.low <= float(value) <= around.high:
        raise ValueError(f"{value} lies outside its interval, {around.low} to {around.high}")
    ends = {holds(around.low, comparison, limit), holds(around.high, comparison, limit)}
    within = around.low < float(limit) < around.high
    match comparison:
        case "equal" | "not_equal" if within:
            return "unclear"
        case _ if len(ends) == 2:
            return "unclear"
        case _:
            return "met" if ends == {True} else "missed"


def which_is_better(
    difference: Interval | Unstated, better: Literal["lower", "higher"]
) -> Literal["first", "second"] | None:
    """Which of two figures is the better one, from the interval of the first minus the second; None where either
    could be."""
    if isinstance(difference, Unstated) or difference.low <= 0 <= difference.high:
        return None
    return "first" if (difference.low > 0) == (better == "higher") else "second"
