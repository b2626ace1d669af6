"""All changes from one program to another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ...dsl import program as p
from ...dsl.expr import NOWHERE
from ...dsl.labels import Lineage
from ...dsl.source import Span
from ..ruleset import logic_hash
from .called import of_renames
from .declarations import of_declarations
from .matching import renames_between
from .outcomes import of_what_is_watched
from .pairing import Paired
from .reading import of_reading
from .records import Change, Changes, ClausePair
from .renaming import in_new_words
from .resting import Resting
from .segmentations import of_segmentations
from .why import why


def changes_between(before: p.Program, after: p.Program) -> Changes:
    """What changed between two programs, in words of the new one.

    What only the texts of rule files tell is not among it: layout, comments, the order of declarations and the files'
    own tests (`text_changes`)."""
    renames = renames_between(before, after)
    words = in_new_words(before, renames)
    same_meaning = logic_hash(words) == logic_hash(after)
    resting = Resting(words, after)
    lineages = Lineage(words), Lineage(after)
    found = [*of_renames(before, after, renames), *_all(words, after, resting, lineages)]
    if not same_meaning:
        found += of_reading(words, after, lineages)
        if not any(change.meaning for change in found):
            found.append(_untold())
    clauses = {name: tuple(_pair(name, pair, resting) for pair in pairs) for name, pairs in resting.pairs.items()}
    return Changes(_in_order(found), renames, clauses, same_meaning)


def _pair(segmentation: str, pair: Paired, resting: Resting) -> ClausePair:
    same = resting.decides_the_same(segmentation, pair)
    return ClausePair(
        None if pair.before is None else pair.before.number,
        None if pair.after is None else pair.after.number,
        pair.stands.segment.name,
        same,
        why(segmentation, pair, resting),
    )


def _in_order(changes: Sequence[Change]) -> tuple[Change, ...]:
    """Those of meaning first, each part in order of the new files; what is gone last, and what follows for the data."""

    def place(change: Change) -> tuple[bool, bool, bool, str, int]:
        now = change.now or NOWHERE
        follows = change.kind in ("newly read", "no longer read")
        gone = change.now is None and change.then is not None
        return not change.meaning, follows, gone, now.file, now.start

    return tuple(_placed(change) for change in sorted(changes, key=place))


def _placed(change: Change) -> Change:
    """Without places in no file, as rule sets have them."""

    def known(span: Span | None) -> Span | None:
        return None if span == NOWHERE else span

    return replace(change, then=known(change.then), now=known(change.now))


def _untold() -> Change:
    text = "what the rules say changed in a way that cannot be told in words: compare the compiled rules"
    return Change("definition", "file", "rules", None, text)


def _all(before: p.Program, after: p.Program, resting: Resting, lineages: tuple[Lineage, Lineage]) -> Iterator[Change]:
    yield from of_declarations(before, after)
    old = {each.name: each for each in before.segmentations}
    for segmentation in after.segmentations:
        if segmentation.name in old:
            pairs = resting.pairs[segmentation.name]
            yield from of_segmentations(old[segmentation.name], segmentation, pairs, lineages)
    yield from of_what_is_watched(before, after)
