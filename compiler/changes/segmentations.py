"""What differs between two segmentations: their headers and their segments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...dsl import program as p
from ...dsl.labels import Lineage
from ...dsl.types import Length
from ...dsl.wording import text_wording, wording
from .clauses import consents, in_force, of_all_clauses
from .data import of_titles
from .decided import reason_words
from .differences import Difference, sentence
from .pairing import Paired
from .records import Change
from .segment_order import order_of_segments, order_of_ways

# -- one segmentation --------------------------------------------------------------------------------------------------


def of_segmentations(
    old: p.Segmentation, new: p.Segmentation, pairs: tuple[Paired, ...], lineages: tuple[Lineage, Lineage]
) -> Iterator[Change]:
    """All changes of a segmentation that both programs have."""
    name = f"`{new.name}`"
    for each in _of_headers(old, new):
        yield _change(each, "segmentation", new.name, None, sentence(name, each.text))
    before = {each.name: each for each in old.all_segments}
    after = {each.name: each for each in new.all_segments}
    for at, segment in enumerate(new.all_segments):
        if segment.name in before:
            yield from _of_segments(before[segment.name], segment, old, new)
        else:
            yield _added(segment, new, at)
    for segment in old.all_segments:
        if segment.name not in after:
            text = f"segment `{segment.name}` of {name} is gone"
            words = _asks(segment, old)
            yield Change("removed", "segment", segment.name, new.name, text, words, None, segment.span, None)
    yield from of_all_clauses(new, pairs)
    yield from order_of_segments(old, new, lineages)
    yield from order_of_ways(new, pairs)


def _change(each: Difference, what: str, name: str, within: str | None, message: str) -> Change:
    return Change(each.kind, what, name, within, message, each.before, each.after, each.then, each.now)


def _of_headers(old: p.Segmentation, new: p.Segmentation) -> Iterator[Difference]:
    spans = old.span, new.span
    for each in of_titles(old.title, new.title):
        yield replace(each, then=old.span, now=new.span)
    if old.table != new.table:
        text = f"now puts the rows of `{new.table}` into segments, not those of `{old.table}`"
        yield Difference("definition", text, old.table, new.table, *spans)
    if old.exclusive != new.exclusive:
        one, other = (("overlapping", "first match wins")[each.exclusive] for each in (old, new))
        yield Difference("definition", f"is now `{other}`, not `{one}`", one, other, *spans)
    if old.cap != new.cap:
        one, other = (None if each is None else str(each) for each in (old.cap, new.cap))
        most = f"at most {other} {'segment' if other == '1' else 'segments'} each"
        text = "a row may now be in any number of segments" if other is None else most
        text += "" if one is None else f", not {'at most ' if other is None else ''}{one}"
        yield Difference("definition", text, one, other, *spans)
    if old.minimum_size != new.minimum_size:
        one, other = (None if each is None else str(each) for each in (old.minimum_size, new.minimum_size))
        text = "segments may be of any size" if other is None else f"each segment at least {other}"
        yield Difference("watch", text if one is None else f"{text}, not at least {one}", one, other, *spans)
    for purpose in new.purposes:
        if purpose not in old.purposes:
            yield Difference("labels", f"now also has the purpose `{purpose}`", None, purpose, *spans)
    for purpose in old.purposes:
        if purpose not in new.purposes:
            yield Difference("labels", f"no longer has the purpose `{purpose}`", purpose, None, *spans)
    for word, one, other in (
        ("owner", _quoted(old.owner), _quoted(new.owner)),
        ("refresh", _every(old.refresh_every), _every(new.refresh_every)),
        ("review", _every(old.review_every), _every(new.review_every)),
        ("last review", _day(old), _day(new)),
    ):
        if one != other:
            text = f"{word} is no longer said: it was {one}" if other is None else f"{word} is now {other}"
            text += "" if one is None or other is None else f", not {one}"
            yield Difference("upkeep", text, one, other, *spans)


def _quoted(text: str | None) -> str | None:
    return None if text is None else text_wording(text)


def _every(length: Length | None) -> str | None:
    return None if length is None else f"every {length}"


def _day(segmentation: p.Segmentation) -> str | None:
    return None if segmentation.last_reviewed is None else segmentation.last_reviewed.isoformat()


def _asks(segment: p.Segment, of: p.Segmentation) -> str | None:
    """What a segment asks, way by way."""
    ways = [f"when {wording(clause.when, of.table)}" for clause in segment.clauses]
    return "; ".join(ways) or None


def _added(segment: p.Segment, of: p.Segmentation, at: int) -> Change:
    text = f"segment `{segment.name}` of `{of.name}` is new"
    words = _asks(segment, of)
    if at + 1 < len(of.all_segments):
        text += f", before `{of.all_segments[at + 1].name}`"
    text += f": `{words}`" if words and len(segment.clauses) == 1 else ""
    return Change("added", "segment", segment.name, of.name, text, None, words, None, segment.span)


def _of_segments(old: p.Segment, new: p.Segment, before: p.Segmentation, after: p.Segmentation) -> Iterator[Change]:
    """The differences of a segment's own, without its clauses."""
    found = of_titles(old.title, new.title)
    was, now = (each.otherwise is not None and each.otherwise.name == new.name for each in (before, after))
    if was != now:
        text = f"is now {'`otherwise`, for everybody left' if now else 'a segment with conditions, not `otherwise`'}"
        found.append(Difference("definition", text))
    found += _of_reasons(old, new)
    if was or now or not (old.clauses and new.clauses):
        found += [*in_force(old, new), *consents(old, new)]
    for each in found:
        located = replace(each, then=each.then or old.span, now=each.now or new.span)
        yield _change(located, "segment", new.name, after.name, sentence(f"`{new.name}`", each.text))


def _of_reasons(old: p.Segment, new: p.Segment) -> list[Difference]:
    one, other = ([str(reason_words(each)) for each in segment.reasons] for segment in (old, new))
    one += [f"those of `{name}`" for name in old.reasons_from]
    other += [f"those of `{name}`" for name in new.reasons_from]
    if one == other:
        return []
    came, went = [each for each in other if each not in one], [each for each in one if each not in other]
    gives = [f"now gives the reason {' and '.join(came)}"] if came else []
    gives += [f"no longer {'' if came else 'gives the reason '}{' and '.join(went)}"] if went else []
    text = ", ".join(gives) or "gives the same reasons in another order"
    return [Difference("definition", text, ", ".join(one) or None, ", ".join(other) or None)]
