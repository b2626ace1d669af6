"""One segmentation: sizes, who goes where and why, the migration matrix, examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from .blocks import Block, Fold, Grid, Heading, Item, Items, Paragraph, Shown
from .measuring import measure_blocks
from .words import HIDDEN, difference_of, listed, name, names, number, rows_of, said_of, share_of, upper, verb

if TYPE_CHECKING:
    from ...dsl.program import Program, Segmentation
    from ...runtime.comparing.records import (
        CauseRecord,
        Comparison,
        MoveRecord,
        MoverRecord,
        SegmentationRecord,
        SizeRecord,
    )

MOVES = 8
"""So many moves are shown; the next ones are folded away."""
FOLDED = 60
"""So many moves are folded away; the others are counted."""
FEWEST = 3
"""Fewer moves are told by the list of them; a matrix would say nothing more."""
WIDEST = 8
"""A migration matrix has at most so many columns; beyond them it is no table for a small screen."""


def moving_blocks(found: Comparison, program: Program) -> Iterator[Block]:
    """Every segmentation with movers, or with something hidden; one line for those without."""
    told = [each for each in found.segmentations if has_movers(each)]
    for each in told:
        yield from _segmentation(each, program)
    still = [each.segmentation for each in found.segmentations if not has_movers(each)]
    if told and still:
        yield Paragraph(f"Nobody moves in {names(still)}.")


def has_movers(record: SegmentationRecord) -> bool:
    """Whether somebody moves, as far as that may be told."""
    return record.movers is None or record.movers > 0 or any(_changed(each) for each in record.sizes.values())


def _segmentation(record: SegmentationRecord, program: Program) -> Iterator[Block]:
    rules = program.segmentation(record.segmentation)
    yield Heading(rules.title or record.segmentation, record.segmentation if rules.title else None)
    yield from _sizes(record, rules, program)
    yield from _moves(record.moves)
    yield from _matrix(record)
    yield from measure_blocks(record, program)
    yield from _examples(record.examples, record.exclusive)


# -- sizes -------------------------------------------------------------------------------------------------------------


def _sizes(record: SegmentationRecord, rules: Segmentation, program: Program) -> Iterator[Block]:
    titles = {each.name: each.title for each in rules.all_segments}
    told = {segment: size for segment, size in record.sizes.items() if _changed(size)}
    rows = [
        (
            " ".join(part for part in (name(segment), titles.get(segment) or "") if part),
            *_sides(size, record.rows),
        )
        for segment, size in told.items()
    ]
    if rows:
        yield Grid(("segment", "before", "after", "change"), tuple(rows), frozenset((1, 2, 3)))
    yield from _others(record, told, bool(rows))
    if record.movers is not None and record.rows is not None and not rows:
        yield Paragraph(
            f"{rows_of(record.movers, record.table, program)} "
            f"{verb(record.movers, 'changes', 'change')} places, and every segment is as large as before."
        )


def _others(record: SegmentationRecord, told: Mapping[str, SizeRecord], rows: bool) -> Iterator[Block]:
    """What is to be said of the segments that the table leaves out."""
    same = sum(not _changed(each) and not each.hidden for each in record.sizes.values())
    hidden = sum(each.hidden for each in record.sizes.values()) - sum(each.hidden for each in told.values())
    parts: list[str] = []
    if same:
        many = "" if rows and same == 1 else f"{same:,} "
        lead = "the other " if rows else ""
        parts.append(f"{lead}{many}{verb(same, 'segment has', 'segments have')} as many as before")
    if hidden:
        parts.append(f"{hidden:,} {verb(hidden, 'is', 'are')} hidden")
    if parts:
        yield Paragraph(f"{upper(listed(parts))}.", aside=True)


def _changed(size: SizeRecord) -> bool:
    """Whether a segment is known to be of another size, or came, or went."""
    return size.before != size.after


def _sides(size: SizeRecord, rows: int | None) -> tuple[str, str, str]:
    before, after = (_sized(count, rows, size.hidden) for count in (size.before, size.after))
    if size.hidden:
        return before, after, ""
    match size.before, size.after:
        case int() as then, int() as now:
            return before, after, difference_of(then, now)
        case None, int() as now:
            return "new", after, difference_of(0, now)
        case int() as then, None:
            return before, "gone", difference_of(then, 0)
        case _:
            return before, after, ""


def _sized(count: int | None, rows: int | None, hidden: bool) -> str:
    if count is None:
        return HIDDEN if hidden else ""
    return f"{count:,} ({share_of(count, rows)})" if rows else f"{count:,}"


# -- moves -------------------------------------------------------------------------------------------------------------


def _moves(moves: Sequence[MoveRecord]) -> Iterator[Block]:
    """Those that may be told, the largest first; behind them, folded away, the smaller ones and those that may not."""
    known = [_move(each) for each in sorted(moves, key=lambda each: -(each.count or 0)) if each.count is not None]
    hidden = [_move(each) for each in moves if each.count is None]
    if known:
        yield Items(tuple(known[:MOVES]))
    rest = [*known[MOVES:], *hidden]
    if not rest:
        return
    blocks: list[Shown] = [Items(tuple(rest[:FOLDED]))]
    if rest[FOLDED:]:
        blocks.append(Paragraph(f"And {len(rest) - FOLDED:,} more; `--format json` has them all.", aside=True))
    more = len(rest) - len(hidden)
    parts = [f"{more:,} more {verb(more, 'move', 'moves')}"] if more else []
    if hidden:
        what = "" if more else verb(len(hidden), " move", " moves")
        parts.append(f"{len(hidden):,}{what} of {verb(len(hidden), 'a number that is', 'numbers that are')} hidden")
    yield Fold(listed(parts), tuple(blocks), more=True)


def _move(move: MoveRecord) -> Item:
    lead = number(move.count)
    way = _way(move)
    if len(move.causes) == 1 and move.causes[0].count == move.count:
        return Item(f"{way}: {_cause(move.causes[0])}", lead=lead)
    causes = tuple(Item(_cause(each), lead=number(each.count)) for each in move.causes)
    return Item(way, causes, lead=lead)


def _way(move: MoveRecord) -> str:
    match move.before, move.after:
        case str() as before, str() as after:
            return f"from {name(before)} to {name(after)}"
        case None, str() as after:
            return f"{verb(move.count, 'joins', 'join')} {name(after)}"
        case str() as before, None:
            return f"{verb(move.count, 'leaves', 'leave')} {name(before)}"
        case _:
            return "somewhere else"


def _cause(cause: CauseRecord) -> str:
    """What changed, and which clause it works in."""
    clause = name(cause.segment) if cause.clause is None else f"clause {cause.clause} of {name(cause.segment)}"
    message = said_of(cause.segment, cause.message)
    if clause in message:
        return message
    return f"{message} ({clause if cause.side == 'after' else f'no longer in {clause}'})"


# -- the matrix --------------------------------------------------------------------------------------------------------


def _matrix(record: SegmentationRecord) -> Iterator[Block]:
    """From which segment (down) to which (across), those who stay on the diagonal: the segments that somebody leaves or
    joins, without a new one as a row and one that is gone as a column."""
    if not record.migration:
        return
    moved = [(each.before, each.after) for each in record.moves]
    order = [*dict.fromkeys([*record.sizes, *(each for pair in moved for each in pair if each)])]
    told = [each for each in order if any(each in pair for pair in moved)]
    left = [each for each in told if _stands(each, record, "before")]
    joined = [each for each in told if _stands(each, record, "after")]
    if not left or len(joined) > WIDEST or len(moved) < FEWEST:
        return
    rows = [(name(before), *(_crossed(record.migration.get(before, {}), after) for after in joined)) for before in left]
    header = ("before ↓ after →", *map(name, joined))
    grid = Grid(header, tuple(rows), frozenset(range(1, len(header))))
    yield Fold("Migration matrix: from which segment to which", (grid,))


def _stands(segment: str, record: SegmentationRecord, side: Literal["before", "after"]) -> bool:
    """Whether a segment is there on a side, as far as that can be seen."""
    size = record.sizes.get(segment)
    return size is None or size.hidden or (size.before if side == "before" else size.after) is not None


def _crossed(row: dict[str, int | None], after: str) -> str:
    return number(row[after]) if after in row else "0"


# -- examples ----------------------------------------------------------------------------------------------------------


def _examples(examples: Sequence[MoverRecord], exclusive: bool) -> Iterator[Block]:
    if examples:
        items = tuple(
            Item(
                _places(each, exclusive),
                tuple(Item(upper(sentence)) for sentence in each.explanation),
                lead=str(each.key),
            )
            for each in examples
        )
        what = "One who moves, by key" if len(examples) == 1 else f"{len(examples):,} who move, by key"
        yield Fold(what, (Items(items),))


def _places(mover: MoverRecord, exclusive: bool) -> str:
    if exclusive and mover.before and mover.after:
        return f"from {name(mover.before[0])} to {name(mover.after[0])}"
    before, after = (names(each) if each else "no segment" for each in (mover.before, mover.after))
    return f"from {before} to {after}"
