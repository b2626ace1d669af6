"""A page as text: wrapped on a terminal, one line a sentence elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..text import padded, style, visible, width
from .blocks import Block, Graph, Grid, Heading, Item, Items, Paragraph
from .facts import Facts
from .page import page_of

NARROWEST = 12
"""A column of a table is not made narrower."""
GAP = "  "


def as_text(facts: Facts, columns: int | None = None) -> str:
    """The page, with colours (`text.style`), no line wider than `columns` where that can be."""
    return text_of(page_of(facts, graphs=False), columns)


def text_of(blocks: Sequence[Block], columns: int | None) -> str:
    """Any page as text, as `as_text`."""
    return "\n".join(_lines(blocks, columns)).lstrip("\n") + "\n"


def _lines(blocks: Sequence[Block], columns: int | None) -> Iterator[str]:
    indent = ""
    for block in blocks:
        match block:
            case Heading(level, text, name):
                before = "  " * (level - 1)
                indent = "  " * level
                yield ""
                yield before + style(visible(f"{text} ({name})" if name else text), bold=True)
            case Paragraph(text):
                yield from _wrapped(text, indent, indent, columns)
            case Items(items):
                yield from _items(items, indent, columns)
            case Grid():
                yield from _grid(block, indent, columns)
            case Graph():
                pass


def _items(items: Sequence[Item], indent: str, columns: int | None) -> Iterator[str]:
    for item in items:
        lead = f"{item.lead} ({item.name})" if item.lead and item.name else item.lead
        text = ": ".join(part for part in (lead, item.text) if part)
        yield from _wrapped(text, f"{indent}- ", f"{indent}  ", columns)
        yield from _items(item.items, f"{indent}  ", columns)


def _wrapped(text: str, first: str, others: str, columns: int | None) -> Iterator[str]:
    """Lines that break at blanks; a word that is wider than a line stands on its own."""
    said = visible(text)
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
    rows = [tuple(visible(cell) for cell in row) for row in (grid.header, *grid.rows)]
    widths = [max(width(row[at]) for row in rows) for at in range(len(grid.header))]
    if columns is not None:
        _narrow(widths, columns - len(indent) - len(GAP) * (len(widths) - 1))
    for number, row in enumerate(rows):
        cells = [
            list(_wrapped(cell, "", "", None if columns is None else to)) for cell, to in zip(row, widths, strict=True)
        ]
        for line in range(max(map(len, cells))):
            parts = [padded(cell[line] if line < len(cell) else "", to) for cell, to in zip(cells, widths, strict=True)]
            text = (indent + GAP.join(parts)).rstrip()
            yield style(text, dim=True) if number == 0 else text


def _narrow(widths: list[int], room: int) -> None:
    """Take from the widest columns what does not fit."""
    while sum(widths) > room and max(widths) > NARROWEST:
        widths[widths.index(max(widths))] -= 1
