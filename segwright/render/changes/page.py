"""The difference as a page: the same blocks on a terminal and in a comment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ... import __version__
from .blocks import Block, Fold, Heading, Item, Items, Paragraph
from .form import form_blocks, rules_blocks
from .judging import judged_blocks
from .moving import moving_blocks
from .summary import summary_of
from .words import listed, name, rows_of, upper, verb

if TYPE_CHECKING:
    from ...difference import Difference
    from ...dsl.program import Program
    from ...runtime.comparing.records import ColumnRecord, Comparison


NOTES = 3
"""So many notes are shown; the others are folded away."""


def page_of(difference: Difference) -> tuple[Block, ...]:
    """The whole page, its first block the summary, its last where all of it comes from."""
    return tuple(_blocks(difference))


def _blocks(difference: Difference) -> Iterator[Block]:
    found = difference.comparison
    yield Paragraph(summary_of(difference))
    notes = [*dict.fromkeys((*difference.before.notes, *difference.after.notes))]
    if notes:
        yield Items(tuple(Item(each, lead="note") for each in notes))
    yield from rules_blocks(difference)
    if found is not None:
        yield from moving_blocks(found, difference.after.rules.program)
        yield from judged_blocks(found)
        yield from _columns(found, difference.after.rules.program)
    yield from form_blocks(difference)
    yield from _notes(difference)
    yield Paragraph(_origin(difference), aside=True)


def _columns(found: Comparison, program: Program) -> Iterator[Block]:
    if not (found.newly_read or found.no_longer_read):
        return
    yield Heading("What is read")
    items = [_column(each, "newly read", program) for each in sorted(found.newly_read, key=_weight)]
    items += [_column(each, "no longer read", program) for each in sorted(found.no_longer_read, key=_weight)]
    yield Items(tuple(items))


def _weight(column: ColumnRecord) -> int:
    """Protected before personal before all others."""
    return 0 if column.protected else 1 if column.personal else 2


def _reader(reader: str, program: Program) -> str:
    """Who reads a column: a segmentation by its name, anything else in words."""
    return name(reader) if any(each.name == reader for each in program.segmentations) else reader


def _column(column: ColumnRecord, what: str, program: Program) -> Item:
    labels = [word for word, held in (("protected", column.protected), ("personal", column.personal)) if held]
    held = f", {listed(labels)}" if labels else ""
    other = f" (the column {name(column.column)})" if column.column != column.field else ""
    readers = listed([_reader(each, program) for each in column.readers])
    before = "" if what == "newly read" else "before "
    by = f": {before}by {readers}" if readers else ""
    return Item(
        f"{name(f'{column.table}.{column.field}')}{other}{by}",
        lead=f"{what}{held}",
        tone="doubtful" if labels and what == "newly read" else "plain",
    )


def _notes(difference: Difference) -> Iterator[Block]:
    if difference.not_compared is not None and not difference.changes.same_meaning:
        yield Heading("Why nothing was compared")
        yield Items((Item(upper(difference.not_compared)),))
    if difference.comparison is not None and difference.comparison.notes:
        yield Heading("To be noted")
        notes = tuple(Item(upper(each)) for each in difference.comparison.notes)
        yield Items(notes[:NOTES])
        rest = notes[NOTES:]
        if rest:
            yield Fold(f"{len(rest):,} more {verb(len(rest), 'note', 'notes')}", (Items(rest),), more=True)


def _origin(difference: Difference) -> str:
    before, after, found = difference.before, difference.after, difference.comparison
    parts = [f"{before.shown} compared with {after.shown}"]
    if found is not None:
        program = after.rules.program
        rows = [rows_of(count, table, program) for table, count in found.rows.items() if count is not None]
        parts += [f"as of {found.as_of}", *([listed(rows)] if rows else [])]
        least = max(each.rules.program.policy.hide_below or 0 for each in (before, after))
        if least:
            parts.append(f"groups of fewer than {least:,} are hidden")
    hashes = [each.rules.logic_hash[:8] for each in (before, after)]
    parts.append(f"logic hash {hashes[0]}" if hashes[0] == hashes[1] else f"logic hash {hashes[0]}, then {hashes[1]}")
    parts.append(f"segwright {__version__}")
    return "; ".join(parts)
