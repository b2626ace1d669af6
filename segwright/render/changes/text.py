"""The page of a difference for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, assert_never

from ..text import Colour, padded, style, visible, width
from .blocks import Block, Fold, Grid, Heading, Item, Items, Paragraph, Tone
from .page import page_of
from .words import HIDDEN, short

if TYPE_CHECKING:
    from ...difference import Difference

_COLOURS: dict[Tone, Colour | None] = {"good": "green", "bad": "red", "doubtful": "yellow", "plain": None}
GAP = "  "
MORE = "`--format markdown` folds them away, `--format json` has them all"
NARROWEST = 8
"""A column of a table is not made narrower."""


def as_text(difference: Difference, columns: int | None = None) -> str:
    """The difference with colours, no line wider than `columns` where that can be."""
    head = style(visible(difference.after.rules.name), bold=True)
    return "\n".join([head, "", *_all(page_of(difference), "", columns)]) + "\n"


def _all(blocks: Sequence[Block], indent: str, columns: int | None) -> Iterator[str]:
    """The lines of blocks, an empty one between two that do not belong together."""
    for at, block in enumerate(blocks):
        if at > 0 and not _goes_on(blocks[at - 1], block):
            yield ""
        yield from _lines(block, indent, columns)


def _goes_on(before: Block, block: Block) -> bool:
    match before, block:
        case Heading(), _:
            return True
        case ((Grid() | Items() | Paragraph(aside=True)), Fold(more=True)):
            return True
        case Grid(), Paragraph(aside=True):
            return True
        case _:
            return False


def _lines(block: Block, indent: str, columns: int | None) -> Iterator[str]:
    match block:
        case Heading(text, name):
            yield indent + style(visible(f"{text} ({name})" if name else text), bold=True)
        case Paragraph(text, aside):
            if aside:
                yield from (style(line, dim=True) for line in wrapped(text, indent, indent, columns))
            else:
                yield from wrapped(text, indent, indent, columns)
        case Items(items):
            yield from _items(items, indent, columns)
        case Grid():
            yield from _grid(block, indent, columns)
        case Fold(summary, _, more=True):
            yield from (style(line, dim=True) for line in wrapped(f"{summary}: {MORE}", indent, indent, columns))
        case Fold(summary, blocks):
            yield from (style(line, dim=True) for line in wrapped(summary, indent, indent, columns))
            yield from _all(blocks, indent, columns)
        case _:
            assert_never(block)


def _items(items: Sequence[Item], indent: str, columns: int | None) -> Iterator[str]:
    """Leads in a column of their own where they are all numbers, so that these stand one below the other."""
    wide = max((width(each.lead) for each in items), default=0)
    counts = all(each.lead[:1].isdigit() or each.lead == HIDDEN for each in items)
    for each in items:
        lead = " " * (wide - width(each.lead)) + each.lead if counts else each.lead
        sign = style(visible(lead), _COLOURS[each.tone], bold=each.tone != "plain")
        first = f"{indent}  {sign}{GAP}" if counts else f"{indent}  {f'{sign}: ' if sign else ''}"
        text = f"{each.text} ({each.place})" if each.place else each.text
        yield from wrapped(text, first, indent + " " * (wide + 4 if counts else 4), columns)
        yield from _items(each.items, indent + " " * (wide + 2 if counts else 2), columns)


def wrapped(text: str, first: str, others: str, columns: int | None) -> Iterator[str]:
    """Lines that break at blanks; a word that is wider than a line stands on its own."""
    said = visible(short(text))
    if columns is None:
        yield first + said
        return
    line, started = first, False
    for word in said.split(" "):
        if started and width(line) + 1 + width(word) > columns:
            yield line
            line, started = others, False
        line += f" {word}" if started else word
        started = True
    yield line


def _grid(grid: Grid, indent: str, columns: int | None) -> Iterator[str]:
    """Names in a table need no backquotes."""
    rows = [tuple(visible(short(cell)).replace("`", "") for cell in row) for row in (grid.header, *grid.rows)]
    widths = [max(width(row[at]) for row in rows) for at in range(len(grid.header))]
    if columns is not None:
        room = columns - len(indent) - 2 - len(GAP) * (len(widths) - 1)
        while sum(widths) > room and max(widths) > NARROWEST:
            widths[widths.index(max(widths))] -= 1
    for number, row in enumerate(rows):
        cells = [list(wrapped(cell, "", "", to if columns else None)) for cell, to in zip(row, widths, strict=True)]
        for line in range(max(map(len, cells))):
            parts = [
                _cell(cell[line] if line < len(cell) else "", to, right=at in grid.numbers)
                for at, (cell, to) in enumerate(zip(cells, widths, strict=True))
            ]
            text = (indent + "  " + GAP.join(parts)).rstrip()
            yield style(text, dim=True) if number == 0 else text


def _cell(text: str, to: int, *, right: bool) -> str:
    return " " * max(0, to - width(text)) + text if right else padded(text, to)
