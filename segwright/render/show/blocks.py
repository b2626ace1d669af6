"""What a page is made of, whatever it is shown on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: level 1 for a part of the page, 2 and 3 below it. `name` is the name in the rules, where the heading
    is its title. What follows a heading stands below it."""

    level: int
    text: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list, and the list below it. `lead` is the term that the line is about, `name`
    its name in the rules, where the term is a title."""

    text: str
    items: tuple[Item, ...] = ()
    lead: str = ""
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; rows are as long as the header."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """A graph in the language of Mermaid, which only Markdown shows."""

    mermaid: str


Block = Heading | Paragraph | Items | Grid | Graph
