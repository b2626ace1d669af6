"""Which clause of a segmentation is which of the new one. Both are in the words of the new program.

First those of one segment that ask the same, then those that ask the same in another segment, then those of one segment
that have most in common, and last those that alone are left of their segment on both sides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass

from ...dsl import program as p
from ...dsl.wording import wording
from .conditions import asked, shape, unordered


@dataclass(frozen=True, slots=True)
class Placed:
    """A clause in its segment; `clause` is None for `otherwise`."""

    segmentation: p.Segmentation
    segment: p.Segment
    clause: p.Clause | None

    @property
    def number(self) -> int:
        """Its number in the segmentation."""
        return self.segmentation.otherwise_clause if self.clause is None else self.clause.number


@dataclass(frozen=True, slots=True)
class Paired:
    """A clause before and its counterpart after; None where there is none."""

    before: Placed | None
    after: Placed | None

    @property
    def stands(self) -> Placed:
        """The clause after, or before where it is gone."""
        found = self.after or self.before
        assert found is not None, "a pair has at least one clause"
        return found


def clauses_of(segmentation: p.Segmentation) -> Iterator[Placed]:
    """Every clause in order, `otherwise` last."""
    for segment in segmentation.segments:
        for clause in segment.clauses:
            yield Placed(segmentation, segment, clause)
    if segmentation.otherwise is not None:
        yield Placed(segmentation, segmentation.otherwise, None)


def rows_of(placed: Placed) -> Hashable:
    """What a clause asks, all that it says itself: equal for two that hold for the same rows as long as what they name
    is declared the same."""
    segment, clause, table = placed.segment, placed.clause, placed.segmentation.table
    if clause is None:
        return None
    consent = sorted((each.purpose, sorted((ref.table, ref.field) for ref in each.fields)) for each in segment.consent)
    return (
        table,
        unordered(clause.when, table),
        frozenset(unordered(each, table) for each in clause.unless),
        str(consent),
        segment.valid_from,
        segment.valid_until,
    )


def paired(before: p.Segmentation, after: p.Segmentation) -> tuple[Paired, ...]:
    """Every clause of both in one pair, in order of the new clauses, those that are gone last."""
    olds, news = list(clauses_of(before)), list(clauses_of(after))
    found: dict[int, Placed] = {}

    def take(old: Placed, new: Placed) -> None:
        found[new.number] = old
        olds.remove(old)
        news.remove(new)

    for old in [each for each in olds if each.clause is None]:
        for new in [each for each in news if each.clause is None]:
            take(old, new)
    for same in (_same_segment, _any_segment):
        for new in list(news):
            fitting = [old for old in olds if same(old, new) and rows_of(old) == rows_of(new)]
            if fitting:
                take(min(fitting, key=lambda old: abs(old.number - new.number)), new)
    while (best := _most_alike(olds, news)) is not None:
        take(*best)
    for old, new in _alone(olds, news):
        take(old, new)
    kept = [Paired(found.get(new.number), new) for new in clauses_of(after)]
    return (*kept, *(Paired(old, None) for old in olds))


def _same_segment(old: Placed, new: Placed) -> bool:
    return old.segment.name == new.segment.name


def _any_segment(old: Placed, new: Placed) -> bool:
    return old.clause is not None and new.clause is not None


def _most_alike(olds: Sequence[Placed], news: Sequence[Placed]) -> tuple[Placed, Placed] | None:
    """The two of one segment that have most in common, the first where several have; None where nothing has."""
    best, found = 0.0, None
    for new in news:
        for old in olds:
            how = _likeness(old, new) if _same_segment(old, new) and _any_segment(old, new) else 0
            if how > best:
                best, found = how, (old, new)
    return found


def _likeness(old: Placed, new: Placed) -> float:
    """The share of what they ask alike: wholly, or but for its values, which counts for half."""

    def share(said: Callable[[p.Expr, str], str]) -> float:
        left, right = _parts(old, said), _parts(new, said)
        return (left & right).total() / max(left.total(), right.total())

    return (share(wording) + share(shape)) / 2


def _parts(placed: Placed, said: Callable[[p.Expr, str], str]) -> Counter[str]:
    clause, table = placed.clause, placed.segmentation.table
    if clause is None:
        return Counter()
    of_unless = (f"unless {said(part, table)}" for each in clause.unless for part in asked(each))
    return Counter([*(said(part, table) for part in asked(clause.when)), *of_unless])


def _alone(olds: Sequence[Placed], news: Sequence[Placed]) -> list[tuple[Placed, Placed]]:
    """Those of which each alone is left of one segment."""
    return [
        (old, new)
        for new in news
        for old in olds
        if _same_segment(old, new) and _any_segment(old, new)
        if sum(_same_segment(old, other) for other in news) == 1 == sum(_same_segment(other, new) for other in olds)
    ]
