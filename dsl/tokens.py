"""What a text consists of, before anybody asks what its words mean."""

from __future__ import annotations

from typing import NamedTuple


class Token(NamedTuple):
    """A word, literal or sign: code points `start` to `end` of the text.

    `kind` is WORD, QUOTED (a name in backquotes), STRING, NUMERAL, PERCENTAGE, ISO_DATE, $END, or the sign itself.
    `text` is what it says: a word in NFC, a quoted name or a string without quotes and with escapes resolved."""

    kind: str
    text: str
    start: int
    end: int


def words_and_signs(text: str, start: int, end: int) -> list[Token]:
    """Tokens for words and signs, set apart by blanks, that are meant by what stands from `start` to `end`."""
    return [Token("WORD" if word[0].isalpha() else word, word, start, end) for word in text.split(" ")]
