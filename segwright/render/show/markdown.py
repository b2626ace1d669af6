"""A page as Markdown, with graphs in Mermaid."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import assert_never

from ..text import visible
from .blocks import Block, Graph, Grid, Heading, Item, Items, Paragraph
from .facts import Facts
from .page import page_of

TITLE = "The rules in plain English"


def as_markdown(facts: Facts) -> str:
    """The page as GitHub Flavored Markdown."""
    return markdown_of(TITLE, page_of(facts, graphs=True))


def markdown_of(title: str, blocks: Sequence[Block]) -> str:
    """Any page as Markdown, as `as_markdown`."""
    return f"# {title}\n\n" + "\n\n".join(map(_block, blocks)) + "\n"


def _block(block: Block) -> str:
    match block:
        case Heading(level, text, name):
            return f"{'#' * (level + 1)} {inline(text)}{_name(name)}"
        case Paragraph(text):
            return running(text)
        case Items(items):
            return "\n".join(_items(items, ""))
        case Grid(header, rows):
            return "\n".join([_row(header), _row(["---"] * len(header)), *map(_row, rows)])
        case Graph(mermaid):
            return f"```mermaid\n{mermaid}\n```"
        case _:
            assert_never(block)


def _items(items: Sequence[Item], indent: str) -> Iterator[str]:
    for item in items:
        lead = f"**{inline(item.lead)}**{_name(item.name)}" if item.lead else ""
        text = ": ".join(part for part in (lead, running(item.text)) if part)
        yield f"{indent}- {text}"
        yield from _items(item.items, f"{indent}  ")


def _name(name: str | None) -> str:
    """A name as code; one with backquotes needs more of them around it."""
    if name is None:
        return ""
    runs = re.findall("`+", name)
    fence = "`" * (1 + max(map(len, runs), default=0))
    pad = " " if runs else ""
    return f" ({fence}{pad}{visible(name)}{pad}{fence})"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell if cell == '---' else inline(cell).replace('|', chr(92) + '|') for cell in cells)} |"


def inline(text: str) -> str:
    """Text as it stands: what Markdown or HTML would read otherwise is escaped."""
    said = re.sub(r"([\\`*\[\]<>~$&])", r"\\\1", visible(text))
    return re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", said)  # within a word it says nothing


def running(text: str) -> str:
    """Text that begins a paragraph or an item, where a number or a dash would begin a list."""
    said = inline(text)
    return re.sub(r"^(\d+)([.)])(?= |$)|^([#+-])(?= |$)", _start, said)


def _start(found: re.Match[str]) -> str:
    return f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}"
