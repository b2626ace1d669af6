"""Lines to be written, and what they have in common: a longest length, columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from .words import NO_SIGNS, Words, padded, width

LIMIT = 120
"""How many columns a line has where the language lets it end earlier. Rows of tables drawn with bars stay whole, and
comments are never broken."""

Blank = Literal["never", "kept", "always"]
"""Whether a blank line stands before a line: `kept` where the author left one or more."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the number of its first token, how far it is set in, and what it says.

    `base` is how far the item is set in that the line belongs to; lines that continue it are set in further."""

    first: int
    indent: int
    text: str
    base: int
    blank: Blank = "never"

    @property
    def end(self) -> int:
        """The column after its last."""
        return self.indent + width(self.text)


def separated(lines: Sequence[Line], blank: Blank) -> list[Line]:
    """The lines of one item, with what stands before it."""
    return [replace(lines[0], blank=blank), *lines[1:]]


def prefixed(lines: Sequence[Line], text: str, first: int) -> list[Line]:
    """The lines with words before the first one."""
    head = lines[0]
    return [replace(head, first=first, indent=head.indent - width(text), text=text + head.text), *lines[1:]]


def suffixed(lines: Sequence[Line], text: str) -> list[Line]:
    """The lines with words behind the last one."""
    return [*lines[:-1], replace(lines[-1], text=lines[-1].text + text)]


def filled(
    w: Words,
    first: int,
    after: int,
    *,
    indent: int,
    hang: int,
    base: int,
    binary: frozenset[int] = NO_SIGNS,
    room: int = 0,
) -> list[Line]:
    """Words line by line, as many as fit; all lines but the first are set in by `hang`. `room` columns stay free."""
    lines: list[Line] = []
    start, text = first, w.said(first)
    for at in range(first + 1, after):
        space = " " if w.apart(at, binary) else ""
        ends = at
        while ends + 1 < after and not w.apart(ends + 1, binary):
            ends += 1
        unbroken = w.line(at, ends + 1, binary)
        column = hang if lines else indent
        if space and column + width(text) + 1 + width(unbroken) + room > LIMIT:
            lines.append(Line(start, column, text, base))
            start, text = at, w.said(at)
        else:
            text += space + w.said(at)
    lines.append(Line(start, hang if lines else indent, text, base))
    return lines


def statement(w: Words, first: int, after: int, indent: int = 0, binary: frozenset[int] = NO_SIGNS) -> list[Line]:
    """A statement that stands on one line if it can; what does not fit is set in further."""
    return filled(w, first, after, indent=indent, hang=indent + 4, base=indent, binary=binary)


def common_column(heads: Sequence[int | None], tails: Sequence[int], gap: int) -> tuple[int, frozenset[int]]:
    """The column in which the tails of as many rows as possible begin, and the numbers of these rows.

    `heads` are where what stands before the tails ends (None: the row has no tail), `tails` how wide they are. Rows
    that would get too long, or whose head is too wide, do not keep to the column."""
    rows = [(at, head + gap, tails[at]) for at, head in enumerate(heads) if head is not None]

    def keeping(column: int) -> frozenset[int]:
        return frozenset(at for at, least, tail in rows if least <= column and column + tail <= LIMIT)

    columns = sorted({least for _, least, _ in rows})
    column = max(columns, key=lambda column: len(keeping(column)), default=0)
    return column, keeping(column)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of named things: `name`, the pieces of what it is said to be, and its title if it has one, each with the
    number of its first token."""

    name: tuple[int, str]
    pieces: tuple[tuple[int, str], ...]
    title: tuple[int, str] | None


def rows_in_columns(rows: Sequence[Row], *, indent: int, gap: int) -> list[list[Line]]:
    """The lines of each row: names, what they are and titles each begin in a column of their own."""
    column = indent + max((width(row.name[1]) for row in rows), default=0) + gap
    bodies = [_pieces_in_lines(row, column, indent) for row in rows]
    heads = [body[-1].end if row.title else None for row, body in zip(rows, bodies, strict=True)]
    titles, aligned = common_column(heads, [width(row.title[1]) if row.title else 0 for row in rows], 2)
    return [
        _titled(row, body, column, titles if at in aligned else body[-1].end + 2)
        for at, (row, body) in enumerate(zip(rows, bodies, strict=True))
    ]


def _pieces_in_lines(row: Row, column: int, indent: int) -> list[Line]:
    first, name = row.name
    lines: list[Line] = []
    start, text = first, padded(name, column - indent)
    at = indent
    filled_any = False
    for number, piece in row.pieces:
        if filled_any and at + width(text) + 1 + width(piece) > LIMIT:
            lines.append(Line(start, at, text, indent))
            start, text, at = number, piece, column
        else:
            text += (" " if filled_any else "") + piece
        filled_any = True
    return [*lines, Line(start, at, text, indent)]


def _titled(row: Row, body: list[Line], column: int, title_at: int) -> list[Line]:
    if row.title is None:
        return body
    number, title = row.title
    last = body[-1]
    if title_at + width(title) <= LIMIT:
        return suffixed(body, " " * (title_at - last.end) + title)
    return [*body, Line(max(number, last.first), column, title, last.base)]
