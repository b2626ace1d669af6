"""Points and reasons of a scorecard, from which bins a row is in.

A row is told by the number of its bin in each characteristic: from 1, 0 where no bin is true, None where it must not
be told. "Each reason's rank is the points lost against the best attainable in its characteristic, ties in file order,
at most four", and "a reason is given only where points were lost".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..dsl.expr import Characteristic, Reason, Score
from ..dsl.program import Segment

MOST = 4
"""So many reasons a scorecard gives at most."""
Numbers = Sequence[int | None]


@dataclass(frozen=True, slots=True)
class Points:
    """What a row gets in one characteristic: its points, how many they are below the best attainable, and the reason
    of its bin where points were lost."""

    points: int
    lost: int
    reason: Reason | None


def points_of(characteristic: Characteristic, number: int | None) -> Points | None:
    """The points of the bin of that number; None where there is none. A `when … then …` that is not true gives 0."""
    if number is None or (number == 0 and characteristic.by is not None):
        return None
    best = best_attainable(characteristic)
    if number == 0:
        return Points(0, best, None)
    bin = characteristic.bins[number - 1]
    lost = best - bin.points
    return Points(bin.points, lost, bin.reason if lost > 0 else None)


def best_attainable(characteristic: Characteristic) -> int:
    """The points of the best bin; of a `when … then …`, which may not be true, at least 0."""
    points = [bin.points for bin in characteristic.bins]
    return max(points if characteristic.by is not None else [*points, 0])


def score_total(score: Score, numbers: Numbers) -> int | None:
    """`start` plus the points of each characteristic; None where one has none."""
    found = [points_of(each, number) for each, number in zip(score.characteristics, numbers, strict=True)]
    known = [each.points for each in found if each is not None]
    return score.start + sum(known) if len(known) == len(found) else None


def ranked_reasons(score: Score, numbers: Numbers) -> tuple[Reason, ...]:
    """At most four reasons, those for the most points lost first, ties in file order. A code that several
    characteristics give is given once, for the most points that it lost."""
    found = [points_of(each, number) for each, number in zip(score.characteristics, numbers, strict=True)]
    given = [(each.lost, each.reason) for each in found if each is not None and each.reason is not None]
    ranked = sorted(given, key=lambda each: -each[0])  # keeps ties in order
    return _each_code_once(reason for _, reason in ranked)[:MOST]


def reasons_of(segment: Segment, scores: Mapping[str, tuple[Score, Numbers]]) -> tuple[Reason, ...]:
    """The reasons that a row in `segment` is given: the segment's own in file order, then those of the scorecards that
    it takes reasons from, one after another. Each code once."""
    ranked = [reason for name in segment.reasons_from for reason in ranked_reasons(*scores[name])]
    return _each_code_once((*segment.reasons, *ranked))


def _each_code_once(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    first: dict[str, Reason] = {}
    for reason in reasons:
        first.setdefault(reason.code, reason)
    return tuple(first.values())
