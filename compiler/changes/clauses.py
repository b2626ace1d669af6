"""What differs between the clauses of two segmentations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from ...dsl import program as p
from ...dsl.wording import wording, written
from .differences import Difference, differences, sentence
from .pairing import Paired, Placed
from .records import Change

_UNLESS = "unless"


# -- one clause --------------------------------------------------------------------------------------------------------


def of_clauses(old: Placed, new: Placed) -> list[Difference]:
    """The differences of what two clauses ask themselves, and of what holds for their whole segments."""
    return [*_conditions(old, new), *_of_whole(old, new)]


def _conditions(old: Placed, new: Placed) -> list[Difference]:
    if old.clause is None or new.clause is None:
        return []
    table = new.segmentation.table
    return [*differences(old.clause.when, new.clause.when, table), *_exclusions(old.clause, new.clause, table)]


def _exclusions(old: p.Clause, new: p.Clause, table: str) -> list[Difference]:
    """What `unless` takes out: those that read the same first, then in the order written."""
    olds, news = list(old.unless), list(new.unless)
    said = [wording(each, table) for each in olds], [wording(each, table) for each in news]
    left = [each for each, words in zip(olds, said[0], strict=True) if words not in said[1]]
    right = [each for each, words in zip(news, said[1], strict=True) if words not in said[0]]
    found: list[Difference] = []
    for one, other in zip(left, right, strict=False):
        found += [replace(each, text=f"in `{_UNLESS}`, {each.text}") for each in differences(one, other, table)]
    for each in left[len(right) :]:
        words = wording(each, table)
        text = f"no longer takes out those with `{words}`"
        found.append(Difference("condition removed", text, words, None, each.span, None))
    for each in right[len(left) :]:
        words = wording(each, table)
        found.append(Difference("condition added", f"now takes out those with `{words}`", None, words, None, each.span))
    if not found and said[0] != said[1]:
        text = f"lists its `{_UNLESS}` lines otherwise, which moves nobody"
        found.append(Difference("definition", text, None, None, old.span, new.span, moves=False))
    return found


def in_force(old: p.Segment, new: p.Segment) -> list[Difference]:
    """From when until when a segment is in force."""
    found: list[Difference] = []
    for word, one, other in (
        ("from", old.valid_from, new.valid_from),
        ("until", old.valid_until, new.valid_until),
    ):
        if one == other:
            continue
        before, after = (None if each is None else each.isoformat() for each in (one, other))
        if before is None:
            text, kind = f"is now in force {word} {after} only", "definition"
        elif after is None:
            text, kind = f"is no longer in force {word} {before} only", "definition"
        else:
            text, kind = f"is now in force {word} {after}, not {word} {before}", "cut-off"
        found.append(Difference(kind, text, before, after, old.span, new.span))
    return found


def consents(old: p.Segment, new: p.Segment) -> list[Difference]:
    """The consent that a segment needs, by purpose and by the fields that carry it."""
    one, other = ({each.purpose: _carriers(each) for each in segment.consent} for segment in (old, new))
    found: list[Difference] = []
    for purpose, fields in other.items():
        if purpose not in one:
            text = f"now needs consent for `{purpose}`"
            found.append(Difference("labels", text, None, purpose, old.span, new.span))
        elif one[purpose] != fields:
            text = f"consent for `{purpose}` is now told by {fields}, not by {one[purpose]}"
            found.append(Difference("labels", text, one[purpose], fields, old.span, new.span))
    for purpose in one:
        if purpose not in other:
            text = f"no longer needs consent for `{purpose}`"
            found.append(Difference("labels", text, purpose, None, old.span, new.span))
    return found


def _carriers(consent: p.Consent) -> str:
    return " and ".join(sorted(f"`{written(ref.table)}.{written(ref.field)}`" for ref in consent.fields))


# -- all clauses -------------------------------------------------------------------------------------------------------


def of_all_clauses(new: p.Segmentation, pairs: tuple[Paired, ...]) -> Iterator[Change]:
    """All changes of the clauses of a segmentation; what changed in every one of them alike is told once, and so is
    what holds for the whole of a segment."""
    told = [(pair.before, pair.after, _of_pair(pair)) for pair in pairs if pair.before and pair.after]
    counts = Counter(text for _, _, found in told for text in {each.text for each in found})
    conditions = sum(after.clause is not None for _, after, _ in told)
    once: set[tuple[str, str]] = set()
    for before, after, found in told:
        of_whole = {each.text for each in _of_whole(before, after)}
        for each in found:
            if counts[each.text] == conditions > 1:
                text, key = sentence(f"every segment of `{new.name}`", each.text), ("", each.text)
                what, name, within = "segmentation", new.name, None
            else:
                name, within = after.segment.name, new.name
                whole = each.text in of_whole
                what, called = ("segment", f"`{name}`") if whole else ("clause", way(after))
                text = sentence(called, each.text)
                key = (name if whole else str(after.number), each.text)
            if key not in once:
                once.add(key)
                yield Change(each.kind, what, name, within, text, each.before, each.after, each.then, each.now)
        if before.segment.name != after.segment.name and after.clause is not None:
            yield _elsewhere(before, after)
    yield from _came_and_went(new, pairs)


def _of_pair(pair: Paired) -> list[Difference]:
    return [] if pair.before is None or pair.after is None else of_clauses(pair.before, pair.after)


def _came_and_went(new: p.Segmentation, pairs: tuple[Paired, ...]) -> Iterator[Change]:
    """Clauses that came to or went from a segment that both have."""
    before = {pair.before.segment.name for pair in pairs if pair.before}
    after = {pair.after.segment.name for pair in pairs if pair.after}
    for pair in pairs:
        name, clause = pair.stands.segment.name, pair.stands.clause
        if clause is None or (pair.before and pair.after) or name not in before or name not in after:
            continue
        words = wording(clause.when, pair.stands.segmentation.table)
        if pair.before is None:
            text = f"`{name}` has one more way in: `when {words}`"
            yield Change("added", "clause", name, new.name, text, None, words, None, clause.span)
        else:
            text = f"`{name}` has one way in less: `when {words}`"
            yield Change("removed", "clause", name, new.name, text, words, None, clause.span, None)


def _of_whole(old: Placed, new: Placed) -> list[Difference]:
    """What is said of the whole segment, however many clauses it has."""
    return [*in_force(old.segment, new.segment), *consents(old.segment, new.segment)]


def way(placed: Placed) -> str:
    """The segment, and which of its ways in where it has several: `watch` (way 2)."""
    name = f"`{placed.segment.name}`"
    if placed.clause is None or len(placed.segment.clauses) == 1:
        return name
    return f"{name} (way {1 + placed.segment.clauses.index(placed.clause)})"


def _elsewhere(old: Placed, new: Placed) -> Change:
    assert old.clause is not None, "`otherwise` is nowhere else"
    assert new.clause is not None, "`otherwise` is nowhere else"
    words = wording(new.clause.when, new.segmentation.table)
    text = f"`when {words}` now leads to `{new.segment.name}`, not to `{old.segment.name}`"
    names = old.segment.name, new.segment.name
    within = new.segmentation.name
    return Change("definition", "clause", new.segment.name, within, text, *names, old.clause.span, new.clause.span)
