"""Segments and clauses that stand in another order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...dsl import program as p
from ...dsl.labels import Lineage
from ...dsl.overlap import pairs_of
from .order import moved, overtaken
from .pairing import Paired
from .records import Change

# -- order -------------------------------------------------------------------------------------------------------------


def order_of_segments(old: p.Segmentation, new: p.Segmentation, lineages: tuple[Lineage, Lineage]) -> Iterator[Change]:
    """Segments that stand in another order; of those that both have."""
    names = [each.name for each in old.segments if any(each.name == other.name for other in new.segments)]
    order = [names.index(each.name) for each in new.segments if each.name in names]
    spans = {each.name: each.span for each in old.segments}, {each.name: each.span for each in new.segments}
    for item, passed, above in moved(order):
        name = names[item]
        where = "before" if above else "after"
        text = f"`{name}` now stands {where} `{names[passed]}`"
        others = [names[other] for other in overtaken(order, item)]
        if not old.exclusive and old.cap is None and not new.exclusive and new.cap is None:
            text += ", which only changes the order in which a run lists them"
        elif all(_apart(each, name, others, of) for each, of in zip((old, new), lineages, strict=True)):
            text += "; they cannot both hold, so nobody moves"
        yield Change("order", "segment", name, new.name, text, None, None, spans[0][name], spans[1][name])


def _apart(of: p.Segmentation, name: str, others: list[str], lineage: Lineage) -> bool:
    """Whether it is plain to see that a segment excludes each of some others."""
    named = {each.name: each for each in of.segments}
    return all(
        not pair.may_both_hold
        for other in others
        for pair in pairs_of(replace(of, segments=(named[name], named[other])), lineage)
    )


def order_of_ways(new: p.Segmentation, pairs: tuple[Paired, ...]) -> Iterator[Change]:
    """Clauses of one segment that stand in another order."""
    for segment in new.segments:
        placed = [
            (pair.before, pair.after)
            for pair in pairs
            if pair.before is not None and pair.after is not None
            if pair.before.segment.name == pair.after.segment.name == segment.name
        ]
        numbers = [old.number for old, _ in placed]
        if numbers == sorted(numbers):
            continue
        name = f"`{segment.name}`"
        text = f"the ways into {name} stand in another order: nobody moves, only the clause that is recorded may change"
        then = placed[0][0].segment.span
        yield Change("order", "clause", segment.name, new.name, text, None, None, then, segment.span)
