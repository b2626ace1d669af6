"""The reasons that a row is given for being in a segment."""

from __future__ import annotations

from ...dsl.program import Score, Segment
from .interpreter import World
from .rows import Row


def reasons(world: World, segment: Segment, row: Row) -> list[str]:
    """The codes, in the order in which a notice carries them."""
    codes = [reason.code for reason in segment.reasons]
    for name in segment.reasons_from:
        score = world.program.let(row.table.name, name).value
        assert isinstance(score, Score)
        # "at most four"
        codes += _by_points_lost(world, score, row)[:4]
    return list(dict.fromkeys(codes))


def _by_points_lost(world: World, score: Score, row: Row) -> list[str]:
    found: list[tuple[int, int, str]] = []
    for place, each in enumerate(score.characteristics):
        attainable = [bin.points for bin in each.bins]
        if each.by is None:
            attainable.append(0)
        number = world.bin_that_holds(each, row)
        bin = None if number is None else each.bins[number - 1]
        # "a reason is given only where points were lost"
        if bin is not None and bin.reason is not None and bin.points < max(attainable):
            found.append((bin.points - max(attainable), place, bin.reason.code))
    # "Each reason's rank is the points lost …, ties in file order"; a code is given once.
    return list(dict.fromkeys(code for _, _, code in sorted(found)))
