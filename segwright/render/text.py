"""Colours and columns of text for a terminal."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

Colour = Literal["red", "green", "yellow", "blue", "cyan", "white"]

_COLOURS: dict[Colour, int] = {"red": 31, "green": 32, "yellow": 33, "blue": 34, "cyan": 36, "white": 37}
_STYLED = re.compile(r"\x1b\[[0-9;]*m")
_TURNING = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
TAB = "    "


def style(text: str, colour: Colour | None = None, *, bold: bool = False, dim: bool = False) -> str:
    """The text in ANSI colours, which `plain` takes out again."""
    codes = [str(code) for code, wanted in ((1, bold), (2, dim)) if wanted]
    if colour is not None:
        codes.append(str(_COLOURS[colour]))
    return f"\x1b[{';'.join(codes)}m{text}\x1b[0m" if text and codes else text


def plain(text: str) -> str:
    """The text without colours."""
    return _STYLED.sub("", text)


def visible(text: str) -> str:
    """Text from a file on one line: what would move the cursor, colour the screen or turn the direction of writing is
    shown as a mark instead, one for each character."""
    return "".join("\N{REPLACEMENT CHARACTER}" if _steers(character) else character for character in text)


def _steers(character: str) -> bool:
    if character == "\t" or (character.isascii() and character.isprintable()):
        return False
    return unicodedata.category(character) in ("Cc", "Zl", "Zp") or character in _TURNING


def width(text: str) -> int:
    """Columns that `text` takes on a terminal, tabs as four, colours none."""
    return sum(_cell(character) for character in plain(text))


def padded(text: str, to: int) -> str:
    """The text with blanks up to `to` columns."""
    return text + " " * max(0, to - width(text))


def _cell(character: str) -> int:
    if character == "\t":
        return len(TAB)
    if character.isascii():
        return 1
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def plural(count: int, noun: str) -> str:
    """`1 file`, `1,234 files`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
