"""The rows of tables that are drawn with bars: which row a cell belongs to is counted, never taken from the layout.

The parser hands over bars and cells as they come: a bar opens a row, and each cell is followed by a bar.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from ..tokens import Token

T = TypeVar("T")


def rows_between_bars(parts: Sequence[Token | T]) -> list[list[T]]:
    """Rows without empty cells: where two bars meet, a row ends and the next begins."""
    rows: list[list[T]] = []
    after_bar = True
    for part in parts:
        if not isinstance(part, Token):
            rows[-1].append(part)
            after_bar = False
        elif after_bar:
            rows.append([])
        else:
            after_bar = True
    return [row for row in rows if row]


def rows_of_width(parts: Sequence[Token | T], width: int) -> list[list[T | None]] | None:
    """Rows of `width` cells, where a bar that meets a bar within a row leaves the cell between them empty (None).

    None when the cells do not come out even."""
    rows: list[list[T | None]] = []
    at = 0
    while at < len(parts):
        if not isinstance(parts[at], Token):
            return None
        at += 1
        row: list[T | None] = []
        while len(row) < width:
            if at == len(parts):
                return None
            part = parts[at]
            if isinstance(part, Token):
                row.append(None)
                at += 1
            else:
                row.append(part)
                at += 2
        rows.append(row)
    return rows
