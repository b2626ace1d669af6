"""What the page of a difference is made of, whatever it is shown on.

Texts are sentences with names of the rules in backquotes, as all messages have them; nothing else in them is markup.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tone = Literal["good", "bad", "doubtful", "plain"]


@dataclass(frozen=True, slots=True)
class Heading:
    """What follows is about this; `name` is its name in the rules, where the text is its title."""

    text: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; `aside` where it stands back behind the rest."""

    text: str
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list, and the list below it: a `lead` that stands out, in a `tone`; a `place` in a rule file."""

    text: str
    items: tuple[Item, ...] = ()
    lead: str = ""
    tone: Tone = "plain"
    place: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. Rows are as long as the header; the first column is words, the others are to the right where they hold
    numbers (`numbers` are their places)."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Fold:
    """Details that a reader may open, under a line that says what they are. `more`: they go on with what stands before,
    and where nothing can be opened the line is enough."""

    summary: str
    blocks: tuple[Shown, ...]
    more: bool = False


Shown = Heading | Paragraph | Items | Grid
"""What stands in a fold."""
Block = Shown | Fold
