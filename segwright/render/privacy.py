"""The record of processing: which columns are read, by whom, for which purpose, why those with labels decide nothing.

After article 30 of the General Data Protection Regulation (EU) 2016/679, as far as rules tell: purposes, whose data and
which, what is kept. Who is responsible, who receives results and how long they are kept, rules do not say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ..compiler.plan_from_program import plan_from_program
from ..dsl import lineage as l
from ..dsl import program as p
from ..dsl.labels import lineage_of
from .show import facts as f
from .show.blocks import Block, Grid, Heading, Item, Items, Paragraph
from .show.markdown import markdown_of
from .show.names import called, in_quotes, listed, titled, words_of
from .show.page import readers_said
from .show.readers import DECIDES, table_facts
from .show.segments import sentence
from .show.text import text_of
from .text import plural

TITLE = "Record of processing"


# -- facts -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Processing:
    """A segmentation as a processing of data. `about` are whose data is processed; `consent` are the purposes for which
    some segment of it needs consent; `columns` are those that it reads."""

    segmentation: str
    title: str | None
    about: str
    purposes: tuple[str, ...]
    owner: str | None
    consent: tuple[str, ...]
    refresh_every: str | None
    review_every: str | None
    last_reviewed: str | None
    columns: int


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a run reads. `joins`: what it is besides a value. `readers` are empty where it only joins tables or
    puts rows in time; `why`: of one with labels, why it does not decide, or in which way it may."""

    field: str
    column: str
    title: str | None
    type: str
    joins: str | None
    protected: bool
    personal: bool
    consent_for: tuple[str, ...]
    only_for: tuple[str, ...] | None
    readers: tuple[f.Reader, ...]
    why: str | None


@dataclass(frozen=True, slots=True)
class Unread:
    """A column that is declared and not read."""

    field: str
    column: str
    protected: bool
    personal: bool


@dataclass(frozen=True, slots=True)
class TableRead:
    """A declared table; `text` says what its rows are."""

    name: str
    title: str | None
    text: str
    read: tuple[Column, ...]
    not_read: tuple[Unread, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """The record of processing of a project. `hide_below`: groups of fewer people are hidden in results; None where the
    rules do not say so."""

    purposes: tuple[str, ...]
    processings: tuple[Processing, ...]
    tables: tuple[TableRead, ...]
    hide_below: int | None


def record_of(program: p.Program) -> Record:
    """The record of processing of a program, from what it says alone."""
    lineage = lineage_of(program)
    plan = plan_from_program(program)
    read = {(each.table, each.field): each.readers for each in plan.columns}
    readers = {
        key: tuple(each for each in found if each.kind != "guarantee")  # which a run does not ask
        for key, found in l.readers_by_column(lineage).items()
        if key in read
    }
    return Record(
        program.purposes,
        tuple(_processing(each, read) for each in program.segmentations),
        tuple(_table(table, program, read, readers) for table in program.tables),
        program.policy.hide_below,
    )


def _processing(segmentation: p.Segmentation, read: Mapping[l.FieldKey, Sequence[str]]) -> Processing:
    consent = dict.fromkeys(each.purpose for segment in segmentation.segments for each in segment.consent)
    return Processing(
        segmentation=segmentation.name,
        title=segmentation.title,
        about=segmentation.table,
        purposes=segmentation.purposes,
        owner=segmentation.owner,
        consent=tuple(consent),
        refresh_every=None if segmentation.refresh_every is None else str(segmentation.refresh_every),
        review_every=None if segmentation.review_every is None else str(segmentation.review_every),
        last_reviewed=None if segmentation.last_reviewed is None else segmentation.last_reviewed.isoformat(),
        columns=sum(segmentation.name in names for names in read.values()),
    )


def _table(
    table: p.Table,
    program: p.Program,
    read: Mapping[l.FieldKey, Sequence[str]],
    readers: Mapping[l.FieldKey, Sequence[l.Reader]],
) -> TableRead:
    facts = table_facts(table, program, readers)
    return TableRead(
        table.name,
        table.title,
        facts.text,
        tuple(_column(each, table, program) for each in facts.fields if (table.name, each.name) in read),
        tuple(
            Unread(each.name, each.column, each.protected, each.personal)
            for each in facts.fields
            if (table.name, each.name) not in read
        ),
    )


def _column(field: f.Field, table: p.Table, program: p.Program) -> Column:
    times = {
        table.at: "puts rows in time",
        table.known_at: "tells since when rows are known",
        table.then: "breaks ties",
    }
    return Column(
        field=field.name,
        column=field.column,
        title=field.title,
        type=field.type,
        joins=field.joins or times.get(field.name),
        protected=field.protected,
        personal=field.personal,
        consent_for=field.consent_for,
        only_for=field.only_for,
        readers=field.readers,
        why="; ".join(_why(field, program)) or None,
    )


def _why(field: f.Field, program: p.Program) -> Iterator[str]:
    """Why a column with labels does not decide, or in which way it may."""
    deciding = dict.fromkeys(each.name for each in field.readers if each.kind in DECIDES and each.value)
    asking = dict.fromkeys(each.name for each in field.readers if each.kind in DECIDES and not each.value)
    if field.protected:
        yield "no segment rests on it by any way; fairness compares its groups once rows are assigned"
    if field.personal and deciding:
        by = listed([*deciding], "and")
        yield f"{by} may ask for its value; neither that nor what is asked of it is ever shown"
    elif field.personal and field.joins is not None:
        yield "it only finds the rows that belong together; its value decides nothing"
    elif field.personal and (asking or field.readers):
        by = [*asking] or list(dict.fromkeys(f"{each.kind} {each.name}".strip() for each in field.readers))
        yield f"{listed(by, 'and')} may ask whether it is there, or how long ago it was, and not for its value"
    if field.consent_for:
        needing = [each.name for each in program.segmentations if _needs(each, field.consent_for)]
        yield f"a gate: without it nobody is in a segment of {listed(needing, 'or')} that needs it"
    if field.only_for is not None:
        only = listed([words_of(each) for each in field.only_for], "or")
        yield f"read for {only} only, as every segmentation that reads it states"


def _needs(segmentation: p.Segmentation, purposes: Iterable[str]) -> bool:
    return any(each.purpose in purposes for segment in segmentation.segments for each in segment.consent)


# -- forms -------------------------------------------------------------------------------------------------------------


def as_json(record: Record) -> dict[str, Any]:
    """The record as JSON data, a key for each field."""
    return asdict(record)


def as_text(record: Record, columns: int | None = None) -> str:
    """The record as text, no line wider than `columns` where that can be."""
    return text_of(tuple(_page(record)), columns)


def as_markdown(record: Record) -> str:
    """The record as GitHub Flavored Markdown."""
    return markdown_of(TITLE, tuple(_page(record)))


def _page(record: Record) -> Iterator[Block]:
    yield Heading(1, "What is processed, and for which purpose")
    yield from _processings(record)
    yield Heading(1, "Columns with labels, and why they decide nothing")
    yield from _labelled(record)
    yield Heading(1, "What is read")
    read, declared = _counts(record)
    yield Paragraph(f"{read:,} of {plural(declared, 'declared column')} are read. A run reads these and no others.")
    for table in record.tables:
        yield Heading(2, *called(table.name, table.title))
        yield from _read(table)
    yield Heading(1, "What is kept")
    yield Items(tuple(Item(each) for each in _kept(record)))


def _processings(record: Record) -> Iterator[Block]:
    if not record.processings:
        yield Paragraph("The rules put nobody into segments, so nothing is processed.")
        return
    header = ("segmentation", "about", "purpose", "needs consent for", "owner", "review", "columns")
    yield Grid(
        header,
        tuple(
            (
                titled(each.segmentation, each.title),
                words_of(each.about),
                _purposes(each.purposes) or "none stated",
                _purposes(each.consent),
                each.owner or "",
                _review(each),
                str(each.columns),
            )
            for each in record.processings
        ),
    )
    without = [in_quotes(each.segmentation, each.title) for each in record.processings if not each.purposes]
    if without:
        headers = f"State a `purpose` in the header of {listed(without, 'and')}"
        yield Paragraph(f"{headers}: without one, what is read is read for anything.")
    unused = [each for each in record.purposes if not any(each in one.purposes for one in record.processings)]
    if unused:
        yield Paragraph(f"Nothing is processed for {listed([words_of(each) for each in unused], 'or')}.")


def _purposes(purposes: Sequence[str]) -> str:
    return listed([words_of(each) for each in purposes], "and")


def _review(processing: Processing) -> str:
    if processing.review_every is None:
        return ""
    last = f", last on {processing.last_reviewed}" if processing.last_reviewed else ", when last is not said"
    return f"every {processing.review_every}{last}"


def _labelled(record: Record) -> Iterator[Block]:
    rows = [
        (f"{table.name}.{each.field}", ", ".join(_labels(each)), each.why)
        for table in record.tables
        for each in table.read
        if each.why
    ]
    rows += [
        (f"{table.name}.{each.field}", "protected" if each.protected else "personal", "not read at all")
        for table in record.tables
        for each in table.not_read
        if each.protected or each.personal
    ]
    if rows:
        yield Grid(("column", "label", "why, or in which way"), tuple(rows))
    else:
        yield Paragraph("No column is declared personal, protected, consent or for some purposes only.")


def _labels(column: Column) -> Iterator[str]:
    if column.protected:
        yield "protected"
    if column.personal:
        yield "personal"
    if column.consent_for:
        yield f"consent for {_purposes(column.consent_for)}"
    if column.only_for is not None:
        yield f"for {_purposes(column.only_for)}"


def _read(table: TableRead) -> Iterator[Block]:
    yield Paragraph(sentence(table.text))
    if table.read:
        rows = [
            (
                each.field if each.field == each.column else f"{each.field} ({each.column} in the warehouse)",
                each.title or "",
                "; ".join(readers_said(each.readers)) or "what joins tables",
                each.joins or "",
                ", ".join(_labels(each)),
            )
            for each in table.read
        ]
        header = ("column", "title", "read by", "and", "label")
        kept = [at for at in range(len(header)) if any(row[at] for row in rows)]
        yield Grid(tuple(header[at] for at in kept), tuple(tuple(row[at] for at in kept) for row in rows))
    if table.not_read:
        yield Paragraph(f"Declared and not read: {', '.join(each.field for each in table.not_read)}.")


def _counts(record: Record) -> tuple[int, int]:
    read = sum(len(table.read) for table in record.tables)
    return read, read + sum(len(table.not_read) for table in record.tables)


def _kept(record: Record) -> Iterator[str]:
    about = listed(list(dict.fromkeys(words_of(each.about) for each in record.processings)), "and")
    yield f"of {about or 'nobody'}: in each run folder the key and the segments of every row, and figures of groups"
    yield "of protected columns how many rows of each group are in which segments, and no value of a single row"
    yield "no personal value but the key; with `--values` what conditions look at, and nothing personal of it"
    if record.hide_below is None:
        yield "groups are shown however small they are: say `hide groups below 10` in a `policy`"
    else:
        yield f"groups of fewer than {record.hide_below:,} are hidden, and what would give them away"
    yield "run folders stay until somebody deletes them: rules do not say for how long results are kept"
