"""One segmentation as a page: its head, its segments in order, which order decides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ..text import plural
from . import facts as f
from .blocks import Block, Heading, Item, Items, Paragraph
from .english import Statement
from .names import called, in_quotes, listed, words_of

MANY_NAMES = 12
"""So many names stand in one sentence; of more it says how many there are."""
INTRODUCED = {"all": "all of these hold:", "any": "any of these holds:"}


def segmentation_page(told: f.Segmentation) -> Iterator[Block]:
    """The blocks of one segmentation."""
    common, told = _common(told)
    yield Heading(1, *called(told.name, told.title))
    yield Paragraph(_mode(told))
    head = [sentence(each) for each in _head(told)]
    if head:
        yield Paragraph(" ".join(head))
    if common.unless:
        yield from _said(f"{_row(told)} is in none of these segments when", _any_of(common.unless))
    yield from (Paragraph(sentence(each)) for each in common.without)
    every = f"Every segment{' but the last' if any(each.otherwise for each in told.segments) else ''} needs"
    yield from (Paragraph(_consent(each, every)) for each in common.consent)
    for number, segment in enumerate(told.segments, 1):
        title, name = called(segment.name, segment.title)
        yield Heading(2, f"{number}. {title}", name)
        yield from _segment(segment, told)
    if told.mode == "first match wins" and len(told.segments) > 2:
        yield from _order(told)


def sentence(text: str) -> str:
    """With a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:]}."


def item_of(statement: Statement, before: str = "") -> Item:
    """A condition as a line of a list, its parts below it."""
    if statement.kind == "one":
        return Item(f"{before}{statement.text}")
    return Item(f"{before}{INTRODUCED[statement.kind]}", tuple(item_of(part) for part in statement.parts))


# -- the head ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Common:
    """What is so of every way into every segment, and therefore said once."""

    unless: tuple[Statement, ...]
    without: tuple[str, ...]
    consent: tuple[f.Consent, ...]


def _common(told: f.Segmentation) -> tuple[_Common, f.Segmentation]:
    """What all segments have in common, and the segmentation without it."""
    deciding = _deciding(told)
    clauses = [clause for segment in deciding for clause in segment.clauses]
    if len(deciding) < 2 or not clauses:
        return _Common((), (), ()), told
    first = clauses[0]
    common = _Common(
        tuple(each for each in first.unless if all(each in clause.unless for clause in clauses)),
        tuple(each for each in first.without if all(each in clause.without for clause in clauses)),
        tuple(each for each in deciding[0].consent if all(each in segment.consent for segment in deciding)),
    )
    return common, replace(told, segments=tuple(_without(common, segment) for segment in told.segments))


def _without(common: _Common, segment: f.Segment) -> f.Segment:
    clauses = tuple(
        replace(
            clause,
            unless=tuple(each for each in clause.unless if each not in common.unless),
            without=tuple(each for each in clause.without if each not in common.without),
        )
        for clause in segment.clauses
    )
    return replace(
        segment, clauses=clauses, consent=tuple(each for each in segment.consent if each not in common.consent)
    )


def _row(told: f.Segmentation) -> str:
    return told.row[:1].upper() + told.row[1:]


def _noun(told: f.Segmentation) -> str:
    """What one row is, without `a`."""
    return told.row.partition(" ")[2]


def _deciding(told: f.Segmentation) -> list[f.Segment]:
    return [segment for segment in told.segments if not segment.otherwise]


def _mode(told: f.Segmentation) -> str:
    row, count = _noun(told), plural(len(told.segments), "segment")
    if told.mode == "first match wins":
        return f"Each {row} comes into exactly one of these {count}: the first, in this order, that fits."
    if len(told.segments) == 1:
        return f"There is one segment; {told.row} that does not fit it is in none."
    if told.cap is None or told.cap >= len(told.segments):
        return f"Each {row} comes into every one of these {count} that fits: into several, one or none."
    if told.cap == 1:
        return f"Each {row} comes into at most one of these {count}: the first, in this order, that fits, or none."
    return (
        f"Each {row} comes into at most {told.cap:,} of these {count}: the first {told.cap:,}, in this order, that "
        "fit. So the order is their priority."
    )


def _head(told: f.Segmentation) -> Iterator[str]:
    if told.purposes:
        yield f"Purpose: {listed([words_of(each) for each in told.purposes], 'and')}"
    if told.owner:
        yield f"Owner: {told.owner}"
    if told.refresh_every:
        yield f"Refreshed every {_every(told.refresh_every)}"
    if told.review_every or told.last_reviewed:
        parts = [
            f"every {_every(told.review_every)}" if told.review_every else "",
            f"last on {told.last_reviewed}" if told.last_reviewed else "",
        ]
        yield f"Reviewed {', '.join(part for part in parts if part)}"
    if told.minimum_size is not None:
        yield f"Each segment is expected to have at least {told.minimum_size:,} {words_of(told.table)}"


def _every(length: str) -> str:
    return length.removeprefix("1 ")


def _consent(consent: f.Consent, needs: str) -> str:
    fields = listed([words_of(each.partition(".")[2]) for each in consent.fields], "and")
    verb = "is" if len(consent.fields) == 1 else "are"
    return f"{needs} consent for {words_of(consent.purpose)}: {fields} {verb} true. Missing consent is no consent."


# -- segments ----------------------------------------------------------------------------------------------------------


def _segment(segment: f.Segment, told: f.Segmentation) -> Iterator[Block]:
    quoted = in_quotes(segment.name, segment.title)
    if segment.otherwise:
        yield Paragraph(f"Every other {_noun(told)} is in {quoted}.")
    elif len(segment.clauses) == 1:
        yield from _only_way(f"{_row(told)} is in {quoted} when", segment.clauses[0])
    else:
        yield Paragraph(f"{_row(told)} is in {quoted} in any of these {len(segment.clauses)} ways:")
        yield Items(tuple(_way(number, clause) for number, clause in enumerate(segment.clauses, 1)))
    yield from (Paragraph(_consent(each, "It needs")) for each in segment.consent)
    if segment.in_force_from or segment.in_force_until:
        since = f" from {segment.in_force_from}" if segment.in_force_from else ""
        until = f" until {segment.in_force_until}" if segment.in_force_until else ""
        yield Paragraph(f"In force{since}{until}{', both days included' if since and until else ''}.")
    if segment.reasons:
        reasons = "; ".join(f"{each.code} “{each.text}”" for each in segment.reasons)
        yield Paragraph(f"Reason{'s' if len(segment.reasons) > 1 else ''} given: {reasons}.")
    if segment.reasons_from:
        cards = listed([words_of(each) for each in segment.reasons_from], "and")
        yield Paragraph(f"Reasons given: up to four of those of {cards}, where most points were lost first.")


def _only_way(lead: str, clause: f.Clause) -> Iterator[Block]:
    if clause.when.kind == "one" and all(each.kind == "one" for each in clause.unless):
        unless = f", unless {' or '.join(each.text for each in clause.unless)}" if clause.unless else ""
        yield Paragraph(f"{lead} {clause.when.text}{unless}.")
    else:
        yield from _said(lead, clause.when)
        if clause.unless:
            yield from _said("Unless", _any_of(clause.unless))
    yield from (Paragraph(sentence(each)) for each in clause.without)


def _way(number: int, clause: f.Clause) -> Item:
    own = item_of(clause.when)
    more = [*(item_of(each, "unless ") for each in clause.unless), *(Item(each) for each in clause.without)]
    return Item(own.text, (*own.items, *more), lead=f"way {number} (clause {clause.number})")


def _any_of(statements: Sequence[Statement]) -> Statement:
    if len(statements) == 1:
        return statements[0]
    return Statement("any", "", tuple(statements))


def _said(lead: str, statement: Statement) -> Iterator[Block]:
    if statement.kind == "one":
        yield Paragraph(f"{lead} {statement.text}.")
    else:
        yield Paragraph(f"{lead} {INTRODUCED[statement.kind]}")
        yield Items(tuple(item_of(part) for part in statement.parts))


# -- order -------------------------------------------------------------------------------------------------------------


def _order(told: f.Segmentation) -> Iterator[Block]:
    quoted = {segment.name: in_quotes(segment.name, segment.title) for segment in told.segments}
    yield Heading(2, "Which order decides")
    if not any(pair.may_both_hold for pair in told.order):
        yield Paragraph("Order decides nothing: no two of these segments can both fit.")
        return
    yield Paragraph(
        "Where two segments both fit, the earlier one wins. Listed are those that may both fit; left out are those "
        "that ask contrary things of one value, with the parameters as they are declared."
    )
    items: list[Item] = []
    for segment in _deciding(told):
        pairs = [pair for pair in told.order if pair.first == segment.name]
        wins = [quoted[pair.second] for pair in pairs if pair.may_both_hold]
        if wins:
            items.append(Item(_wins(quoted[segment.name], wins, [quoted[pair.second] for pair in pairs])))
    yield Items(tuple(items))
    apart: dict[str, list[str]] = {}
    for pair in told.order:
        if not pair.may_both_hold:
            apart.setdefault(pair.because or "", []).append(f"{quoted[pair.first]} and {quoted[pair.second]}")
    if apart:
        yield Paragraph("Never both:")
        yield Items(tuple(Item(f"{_few(pairs, 'pairs', '; ')}: {because}") for because, pairs in apart.items()))


def _wins(first: str, wins: list[str], later: list[str]) -> str:
    if wins == later:
        return f"{first} wins over {'every segment after it' if len(wins) > 1 else wins[0]}"
    never = [each for each in later if each not in wins]
    if len(wins) > 3 and len(never) < len(wins):
        return f"{first} wins over every segment after it but {_few(never, 'segments')}"
    return f"{first} wins over {_few(wins, 'segments')}"


def _few(names: list[str], noun: str, between: str = ", ") -> str:
    if len(names) <= MANY_NAMES:
        return between.join(names) if between != ", " else listed(names, "and")
    return f"{between.join(names[: MANY_NAMES - 1])} and {len(names) - MANY_NAMES + 1} more {noun}"
