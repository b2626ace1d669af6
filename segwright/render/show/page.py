"""The facts as a page: headings, sentences, lists, tables, graphs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..text import plural
from . import facts as f
from .blocks import Block, Grid, Heading, Item, Items, Paragraph
from .english import Statement
from .graph import graph_of
from .names import in_quotes, listed, words_of

MANY_NAMES = 12
"""So many names stand in one sentence; of more it says how many there are."""


def page_of(facts: f.Facts, *, graphs: bool) -> tuple[Block, ...]:
    """The whole page; with `graphs` the lineage of each segmentation is drawn."""
    blocks: list[Block] = []
    for each in facts.segmentations:
        blocks += _segmentation(each)
    blocks += _definitions(facts)
    blocks += _outcomes(facts.outcomes)
    for each in facts.segmentations:
        blocks += _lineage(each, graphs=graphs)
    blocks += _data(facts.data)
    return tuple(blocks)


def _sentence(text: str) -> str:
    """With a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:]}."


def _without_article(row: str) -> str:
    return row.partition(" ")[2]


# -- segmentations -----------------------------------------------------------------------------------------------------


def _segmentation(told: f.Segmentation) -> Iterator[Block]:
    shared, consent = _shared_unless(told), _shared_consent(told)
    yield Heading(1, told.title or words_of(told.name), told.name)
    yield Paragraph(_mode(told))
    head = [_sentence(each) for each in _head(told)]
    if head:
        yield Paragraph(" ".join(head))
    if shared:
        yield from _said(f"{_sentence(told.row)[:-1]} is in none of these segments where", _any_of(shared))
    every = f"Every segment{' but the last' if _has_otherwise(told) else ''} needs"
    yield from (Paragraph(_consent(each, every)) for each in consent)
    for number, segment in enumerate(told.segments, 1):
        yield from _segment(segment, number, told, shared, consent)
    if told.mode == "first match wins" and len(told.segments) > 2:
        yield from _order(told)


def _mode(told: f.Segmentation) -> str:
    row, count = _without_article(told.row), plural(len(told.segments), "segment")
    if told.mode == "first match wins":
        return f"Each {row} comes into exactly one of these {count}: the first of these, in this order, that fits."
    return f"Each {row} comes into every one of these {count} that fits: into several, one or none."


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


def _has_otherwise(told: f.Segmentation) -> bool:
    return any(segment.otherwise for segment in told.segments)


def _deciding(told: f.Segmentation) -> list[f.Segment]:
    return [segment for segment in told.segments if not segment.otherwise]


def _shared_unless(told: f.Segmentation) -> tuple[Statement, ...]:
    """What takes rows out of every way into every segment: said once."""
    ways = [clause.unless for segment in _deciding(told) for clause in segment.clauses]
    if len(_deciding(told)) < 2 or not ways:
        return ()
    return tuple(each for each in ways[0] if all(each in way for way in ways))


def _shared_consent(told: f.Segmentation) -> tuple[f.Consent, ...]:
    each, *others = [segment.consent for segment in _deciding(told)] or [()]
    return tuple(consent for consent in each if others and all(consent in other for other in others))


def _consent(consent: f.Consent, needs: str) -> str:
    fields = listed([words_of(each.partition(".")[2]) for each in consent.fields], "and")
    verb = "is" if len(consent.fields) == 1 else "are"
    return f"{needs} consent for {words_of(consent.purpose)}: {fields} {verb} true. Missing consent is no consent."


# -- segments ----------------------------------------------------------------------------------------------------------


def _segment(
    segment: f.Segment,
    number: int,
    told: f.Segmentation,
    shared: Sequence[Statement],
    consent: Sequence[f.Consent],
) -> Iterator[Block]:
    yield Heading(2, f"{number}. {segment.title or words_of(segment.name)}", segment.name)
    called = in_quotes(segment.name, segment.title)
    row = _sentence(told.row)[:-1]
    if segment.otherwise:
        yield Paragraph(f"Every other {_without_article(told.row)} is in {called}.")
    elif len(segment.clauses) == 1:
        (clause,) = segment.clauses
        yield from _only_way(f"{row} is in {called} when", clause, _own(clause, shared))
    else:
        yield Paragraph(f"{row} is in {called} in any of these {len(segment.clauses)} ways:")
        yield Items(tuple(_way(clause, _own(clause, shared)) for clause in segment.clauses))
    for each in segment.consent:
        if each not in consent:
            yield Paragraph(_consent(each, "It needs"))
    if segment.in_force_from or segment.in_force_until:
        since = f" from {segment.in_force_from}" if segment.in_force_from else ""
        until = f" until {segment.in_force_until}" if segment.in_force_until else ""
        both = ", both days included" if since and until else ""
        yield Paragraph(f"In force{since}{until}{both}.")
    if segment.reasons:
        reasons = "; ".join(f"{each.code} “{each.text}”" for each in segment.reasons)
        yield Paragraph(f"Reason{'s' if len(segment.reasons) > 1 else ''} given: {reasons}.")
    if segment.reasons_from:
        cards = listed([words_of(each) for each in segment.reasons_from], "and")
        yield Paragraph(f"Reasons given: up to four of those of {cards}, where most points were lost first.")


def _own(clause: f.Clause, shared: Sequence[Statement]) -> list[Statement]:
    return [each for each in clause.unless if each not in shared]


def _only_way(lead: str, clause: f.Clause, unless: list[Statement]) -> Iterator[Block]:
    if clause.when.kind == "one" and all(each.kind == "one" for each in unless):
        taken_out = f", unless {' or '.join(each.text for each in unless)}" if unless else ""
        yield Paragraph(f"{lead} {clause.when.text}{taken_out}.")
    else:
        yield from _said(lead, clause.when)
        if unless:
            yield from _said("Unless", _any_of(unless))
    yield from (Paragraph(_sentence(each)) for each in clause.without)


def _way(clause: f.Clause, unless: list[Statement]) -> Item:
    own = _item(clause.when)
    more = [_item(each, "unless ") for each in unless]
    more += [Item(_sentence(each)) for each in clause.without]
    return Item(own.text, (*own.items, *more), lead=f"clause {clause.number}")


INTRODUCED = {"all": "all of these hold:", "any": "any of these holds:"}


def _any_of(statements: Sequence[Statement]) -> Statement:
    if len(statements) == 1:
        return statements[0]
    return Statement("any", " or ".join(each.text for each in statements), tuple(statements))


def _said(lead: str, statement: Statement) -> Iterator[Block]:
    if statement.kind == "one":
        yield Paragraph(f"{lead} {statement.text}.")
    else:
        yield Paragraph(f"{lead} {INTRODUCED[statement.kind]}")
        yield Items(tuple(_item(part) for part in statement.parts))


def _item(statement: Statement, before: str = "") -> Item:
    if statement.kind == "one":
        return Item(f"{before}{statement.text}")
    return Item(f"{before}{INTRODUCED[statement.kind]}", tuple(_item(part) for part in statement.parts))


# -- order -------------------------------------------------------------------------------------------------------------


def _order(told: f.Segmentation) -> Iterator[Block]:
    called = {segment.name: in_quotes(segment.name, segment.title) for segment in told.segments}
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
        wins = [called[pair.second] for pair in pairs if pair.may_both_hold]
        if wins:
            items.append(Item(_wins(called[segment.name], wins, [called[pair.second] for pair in pairs])))
    yield Items(tuple(items))
    apart: dict[str, list[str]] = {}
    for pair in told.order:
        if not pair.may_both_hold:
            apart.setdefault(pair.because or "", []).append(f"{called[pair.first]} and {called[pair.second]}")
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


# -- what names mean ---------------------------------------------------------------------------------------------------


def _definitions(facts: f.Facts) -> Iterator[Block]:
    if facts.definitions or facts.parameters:
        yield Heading(1, "Where")
    lets = [each for each in facts.definitions if each.kind == "let"]
    yield from _lets([each for each in lets if each.read])
    for each in facts.definitions:
        if each.kind != "let":
            yield Heading(2, each.title or words_of(each.name), each.name)
            rest = "" if each.read else " No segment rests on it."
            yield Paragraph(f"{_sentence(each.text)}{rest}")
            yield Grid(each.header, each.rows)
    if facts.parameters:
        yield Heading(2, "Parameters")
        yield from _grid(
            ("parameter", "is", "may be", "meaning"),
            [(each.name, each.value, each.range or "", each.title or "") for each in facts.parameters],
        )
    unread = [each for each in lets if not each.read]
    if unread:
        yield Heading(2, "Named, but no segment rests on them")
        yield from _lets(unread)


def _lets(lets: Sequence[f.Definition]) -> Iterator[Block]:
    items: list[Item] = []
    for each in lets:
        told = Item(each.text) if each.statement is None else _item(each.statement)
        text = told.text if each.statement is None else f"true where {told.text}"
        items.append(Item(text, told.items, lead=each.title or words_of(each.name), name=each.name))
    if items:
        yield Items(tuple(items))


# -- what segments are judged by ---------------------------------------------------------------------------------------


def _outcomes(outcomes: f.Outcomes) -> Iterator[Block]:
    told = [
        ("Measures", outcomes.measures),
        ("Targets", outcomes.targets),
        ("Policy", outcomes.policy),
        ("Experiments", outcomes.experiments),
        ("Guarantees", outcomes.guarantees),
        ("Tests", outcomes.tests),
        ("Freshness of data", outcomes.freshness),
    ]
    if any(each for _, each in told):
        yield Heading(1, "What the segments are judged by and held to")
    for heading, each in told:
        if each:
            yield Heading(2, heading)
            yield Items(tuple(_told(one, heading) for one in each))


def _told(told: f.Told, heading: str) -> Item:
    match heading:
        case "Guarantees" | "Tests":
            return Item(told.text, lead=told.name)
        case "Measures" | "Experiments" if told.name:
            return Item(told.text, lead=told.title or words_of(told.name), name=told.name)
        case _:
            return Item(told.text)


# -- lineage -----------------------------------------------------------------------------------------------------------


def _lineage(told: f.Segmentation, *, graphs: bool) -> Iterator[Block]:
    yield Heading(1, f"What {in_quotes(told.name, told.title)} rests on")
    if graphs:
        graph, left_out = graph_of(told)
        yield graph
        if left_out:
            yield Paragraph(left_out)
    yield Items(
        tuple(
            Item(
                "",
                tuple(Item(each) for each in _rests_on(segment.depends_on)),
                segment.title or words_of(segment.name),
                segment.name,
            )
            for segment in _deciding(told)
        )
    )


def _rests_on(depends: f.DependsOn) -> Iterator[str]:
    by_table: dict[str, list[str]] = {}
    for column in depends.columns:
        if column.through is None:
            by_table.setdefault(column.table, []).append(_column(column.field, column.column))
    yield from (f"{table}: {', '.join(columns)}" for table, columns in by_table.items())
    if depends.lets:
        yield f"by way of {', '.join(depends.lets)}"
    if depends.parameters:
        yield f"parameters: {', '.join(depends.parameters)}"
    if depends.segmentations:
        yield f"asks {listed(depends.segmentations, 'and')}, and so rests on all that this rests on"
    if depends.previous:
        yield f"asks for the segment of {listed(depends.previous, 'and')} in the previous run"
    if depends.relatives:
        yield f"compares with everybody: {'; '.join(depends.relatives)}"


def _column(field: str, column: str) -> str:
    return field if field == column else f"{field} ({column} in the warehouse)"


# -- data --------------------------------------------------------------------------------------------------------------


def _data(tables: Sequence[f.Table]) -> Iterator[Block]:
    if tables:
        yield Heading(1, "Who reads what")
    for table in tables:
        yield Heading(2, table.title or words_of(table.name), table.name)
        yield Paragraph(_sentence(table.text))
        told = [each for each in table.fields if each.readers or each.remark]
        yield from _grid(("column", "title", "read by", "note"), [_field(each) for each in told])
        nobody = [each.name for each in table.fields if each not in told]
        if nobody:
            yield Paragraph(f"Read by nobody: {', '.join(nobody)}.")


def _field(field: f.Field) -> tuple[str, ...]:
    note = "; ".join(part for part in (field.joins, field.remark) if part)
    return _column(field.name, field.column), field.title or "", "; ".join(_readers(field.readers)) or "nobody", note


def _readers(readers: Sequence[f.Reader]) -> Iterable[str]:
    ways: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for each in readers:
        ways.setdefault((each.kind, each.name, each.purposes), []).append(each.through or "")
    for (kind, name, purposes), through in ways.items():
        called = {
            "segmentation": name,
            "reasons": f"reasons of {name}",
            "measure": f"measure {name}",
            "measures by": f"measures by {name}",
            "fairness": "fairness",
            "guarantee": f"guarantee “{name}”",
            "freshness": "freshness",
        }[kind]
        by_way = [] if "" in through else [f"by way of {listed(through, 'and')}"]
        more = [*([listed([words_of(each) for each in purposes], "and")] if purposes else []), *by_way]
        yield f"{called} ({', '.join(more)})" if more else called


def _grid(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[Block]:
    """A table without the columns in which nothing stands."""
    kept = [at for at in range(len(header)) if any(row[at] for row in rows)]
    if rows:
        yield Grid(tuple(header[at] for at in kept), tuple(tuple(row[at] for at in kept) for row in rows))
