"""All changes from one program to another."""

from __future__ import annotations

from ...dsl import program as p
from ..ruleset import logic_hash
from .matching import renames_between
from .pairing import Paired
from .records import Changes, ClausePair
from .renaming import in_new_words
from .resting import Resting


def changes_between(before: p.Program, after: p.Program) -> Changes:
    """What changed between two programs, in words of the new one."""
    renames = renames_between(before, after)
    words = in_new_words(before, renames)
    resting = Resting(words, after)
    clauses = {name: tuple(_pair(name, pair, resting) for pair in pairs) for name, pairs in resting.pairs.items()}
    return Changes((), renames, clauses, logic_hash(words) == logic_hash(after))


def _pair(segmentation: str, pair: Paired, resting: Resting) -> ClausePair:
    stands = pair.after or pair.before
    assert stands is not None
    return ClausePair(
        None if pair.before is None else pair.before.number,
        None if pair.after is None else pair.after.number,
        stands.segment.name,
        resting.decides_the_same(segmentation, pair),
    )
