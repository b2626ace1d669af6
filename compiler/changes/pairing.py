"""Which clause of a segmentation is which of the new one. Both are in the words of the new program.

First those of one segment that ask the same, then those that ask the same in another segment, then those of one segment
that have most in common, and last those that alone are left of their segment on both sides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

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
    olds = {each.number: each for each in clauses_of(before)}
    news = {each.number: each for each in clauses_of(after)}
    found: dict[int, int] = {}
    for find in (_otherwise, _same_in_segment, _same_anywhere, _most_alike, _alone):
        left = [old for number, old in olds.items() if number not in found.values()]
        for old, new in find(left, [new for number, new in news.items() if number not in found]):
            found[new.number] = old.number
    kept = [Paired(olds.get(found.get(number, 0)), new) for number, new in news.items()]
    return (*kept, *(Paired(old, None) for number, old in olds.items() if number not in found.values()))


_Pairs = list[tuple[Placed, Placed]]
_Placed = Sequence[Placed]


def _otherwise(olds: _Placed, news: _Placed) -> _Pairs:
    return [(old, new) for old in olds for new in news if old.clause is None and new.clause is None]


def _same_in_segment(olds: _Placed, news: _Placed) -> _Pairs:
    return _same(olds, news, lambda placed: (placed.segment.name, rows_of(placed)))


def _same_anywhere(olds: _Placed, news: _Placed) -> _Pairs:
    return _same(olds, news, rows_of)


def _same(olds: _Placed, news: _Placed, key: Callable[[Placed], Hashable]) -> _Pairs:
    """Those that say the same, in the order written."""
    left: dict[Hashable, list[Placed]] = {}
    for old in olds:
        if old.clause is not None:
            left.setdefault(key(old), []).append(old)
    return [(fitting.pop(0), new) for new in news if new.clause is not None and (fitting := left.get(key(new)))]


def _most_alike(olds: _Placed, news: _Placed) -> _Pairs:
    """Those of one segment that have something in common: the most alike first, then in the order written."""
    ranked = [
        (-how, new.number, old.number, old, new)
        for old, new in product(olds, news)
        if _one_segment(old, new) and (how := _likeness(old, new)) > 0
    ]
    found: dict[int, tuple[Placed, Placed]] = {}
    taken: set[int] = set()
    for _, to, was, old, new in sorted(ranked, key=lambda each: each[:3]):
        if to not in found and was not in taken:
            found[to] = old, new
            taken.add(was)
    return list(found.values())


def _alone(olds: _Placed, news: _Placed) -> _Pairs:
    """Those of which each alone is left of one segment."""
    counts = [Counter(each.segment.name for each in placed) for placed in (olds, news)]
    return [
        (old, new)
        for old, new in product(olds, news)
        if _one_segment(old, new) and counts[0][old.segment.name] == 1 == counts[1][new.segment.name]
    ]


def _one_segment(old: Placed, new: Placed) -> bool:
    return old.segment.name == new.segment.name and old.clause is not None and new.clause is not None


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
