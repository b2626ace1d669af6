"""The facts as a page: headings, sentences, lists, tables, graphs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from . import facts as f
from .blocks import Block, Grid, Heading, Item, Items, Paragraph
from .graph import graph_of
from .names import called, in_quotes, listed, words_of
from .segments import item_of, segmentation_page, sentence


def page_of(facts: f.Facts, *, graphs: bool) -> tuple[Block, ...]:
    """The whole page; with `graphs` the lineage of each segmentation is drawn."""
    blocks: list[Block] = []
    for each in facts.segmentations:
        blocks += segmentation_page(each)
    blocks += _definitions(facts)
    blocks += _outcomes(facts.outcomes)
    for each in facts.segmentations:
        blocks += _lineage(each, graphs=graphs)
    blocks += _data(facts.data)
    return tuple(blocks)


# -- what names mean ---------------------------------------------------------------------------------------------------


def _definitions(facts: f.Facts) -> Iterator[Block]:
    if facts.definitions or facts.parameters:
        yield Heading(1, "What the names mean")
    lets = [each for each in facts.definitions if each.kind == "let"]
    yield from _lets([each for each in lets if each.read])
    for each in facts.definitions:
        if each.kind != "let":
            yield Heading(2, *called(each.name, each.title))
            rest = "" if each.read else " No segment rests on it."
            yield Paragraph(f"{sentence(each.text)}{rest}")
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
        told = Item(each.text) if each.statement is None else item_of(each.statement)
        text = told.text if each.statement is None else f"true when {told.text}"
        items.append(Item(text, told.items, *called(each.name, each.title)))
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
            if heading == "Measures":
                yield Paragraph("Each is told of every segment, over its rows.")
            yield Items(tuple(_told(one, heading) for one in each))


def _told(told: f.Told, heading: str) -> Item:
    match heading:
        case "Guarantees" | "Tests":
            return Item(told.text, lead=told.name)
        case "Measures" | "Experiments" if told.name:
            return Item(told.text, (), *called(told.name, told.title))
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
                *called(segment.name, segment.title),
            )
            for segment in told.segments
            if not segment.otherwise
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
        yield Heading(2, *called(table.name, table.title))
        yield Paragraph(sentence(table.text))
        told = [each for each in table.fields if each.readers or each.remark]
        yield from _grid(("column", "title", "read by", "note"), [_field(each) for each in told])
        nobody = [each.name for each in table.fields if each not in told]
        if nobody:
            yield Paragraph(f"Read by nobody: {', '.join(nobody)}.")


def _field(field: f.Field) -> tuple[str, ...]:
    note = "; ".join(part for part in (field.joins, field.remark) if part)
    return (
        _column(field.name, field.column),
        field.title or "",
        "; ".join(readers_said(field.readers)) or "nobody",
        note,
    )


def readers_said(readers: Sequence[f.Reader]) -> Iterable[str]:
    """Who reads a column, each with its purposes and by way of what: `value_risk (credit risk)`."""
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
