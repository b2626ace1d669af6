"""Text into tokens, and words into keywords or names.

`scan` finds words, literals and signs with their places. Whether a word is a keyword is decided later, by
`terminal`, with what the parser can accept at that point: a word is a keyword only where the keyword can stand and
is followed by what it takes. Everything else is a name.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from .diagnostics import Problems
from .source import Source, Span
from .syntax import Comment, DurationUnit

TYPE_WORDS = frozenset(["integer", "number", "percent", "money", "text", "boolean", "date", "timestamp"])

UNITS: dict[str, DurationUnit] = {
    "day": "day",
    "days": "day",
    "month": "month",
    "months": "month",
    "year": "year",
    "years": "year",
}


class Token(NamedTuple):
    """A word, literal or sign: code points `start` to `end` of the text.

    `kind` is WORD, QUOTED (a name in backquotes), STRING, NUMERAL, PERCENTAGE, ISO_DATE, $END, or the sign itself.
    `text` is what it says: a word in NFC, a quoted name or a string without quotes and with escapes resolved."""

    kind: str
    text: str
    start: int
    end: int


_SIGNS = ["=>", ">=", "<=", "!=", "..", "|", "=", "<", ">", "(", ")", "[", "]", ",", ".", "+", "-", "*", "/"]

_TOKEN = r"""
    (?P<SPACE>\s+)
  | (?P<COMMENT>\#[^\n]*)
  | (?P<STRING>"(?:[^"\\\r\n]|\\[^\r\n])*")
  | (?P<QUOTED>`[^`\r\n]+`)
  | (?P<ISO_DATE>\d{4}-\d{2}-\d{2}(?!\w))
  | (?P<NUMERAL>\d+(?:_\d+)*(?:\.\d+(?:_\d+)*)?(?!\w|\.\d))(?P<PERCENTAGE>\s*%)?
  | (?P<WORD>[^\W\d][\w@MARKS@]*)
  | (?P<SIGN>@SIGNS@)
  | (?P<OTHER>.)
"""


@cache
def _token_pattern(ascii_only: bool) -> re.Pattern[str]:
    """The pattern of one token. Marks that combine with letters are looked up only for texts that may have some."""
    marks = (
        "" if ascii_only else "".join(chr(c) for c in range(0x300, 0x10000) if unicodedata.category(chr(c))[0] == "M")
    )
    signs = "|".join(re.escape(sign) for sign in _SIGNS)
    return re.compile(_TOKEN.replace("@MARKS@", marks).replace("@SIGNS@", signs), re.VERBOSE | re.DOTALL)


def scan(source: Source, problems: Problems) -> tuple[list[Token], list[Comment]]:
    """All tokens of a text, an END last, and its comments."""
    text = source.text
    tokens: list[Token] = []
    comments: list[Comment] = []
    add = tokens.append
    line_has_token = False
    for match in _token_pattern(text.isascii()).finditer(text):
        kind = match.lastgroup
        start, end = match.span()
        words = match.group()
        match kind:
            case "SPACE":
                line_has_token = line_has_token and "\n" not in words
                continue
            case "WORD":
                add(Token("WORD", words if words.isascii() else unicodedata.normalize("NFC", words), start, end))
            case "SIGN":
                add(Token(words, words, start, end))
            case "NUMERAL":
                add(Token("NUMERAL", words, start, end))
            case "PERCENTAGE":
                add(Token("PERCENTAGE", words, start, end))
            case "STRING":
                add(Token("STRING", words[1:-1].replace('\\"', '"').replace("\\\\", "\\"), start, end))
            case "QUOTED":
                add(Token("QUOTED", unicodedata.normalize("NFC", words[1:-1]), start, end))
            case "ISO_DATE":
                add(Token("ISO_DATE", words, start, end))
            case "COMMENT":
                words = words.rstrip()
                comments.append(Comment(Span(source.name, start, start + len(words)), words, not line_has_token))
                continue
            case _:
                problems.error("SEG003", Span(source.name, start, end), f"`{words}` cannot stand in a rule file")
        line_has_token = True
    add(Token("$END", "", len(text), len(text)))
    return tokens, comments


# -- which words are keywords ------------------------------------------------------------------------------------

# Words that go between or after operands: a function word before one of them is a name (`any is missing`).
_AFTER_OPERANDS = {
    *("is", "and", "or", "at", "above", "below", "between", "starts", "contains", "includes", "default", "in", "then"),
    *("where", "from", "by", "unless", "when", "ever", "except", "because", "holds", "fails", "unknown"),
}

Follows = Callable[[Sequence[Token], int], bool]
"""Whether the tokens from a position on are what a keyword takes."""


def _word(*words: str) -> Follows:
    return lambda tokens, at: tokens[at].kind == "WORD" and tokens[at].text in words


def _kind(kind: str) -> Follows:
    return lambda tokens, at: tokens[at].kind == kind


def _a_name(tokens: Sequence[Token], at: int) -> bool:
    following = tokens[at]
    return following.kind == "QUOTED" or (following.kind == "WORD" and following.text not in _AFTER_OPERANDS)


def _number_of_segments(tokens: Sequence[Token], at: int) -> bool:
    return (
        len(tokens) > at + 3
        and tokens[at].text == "most"
        and tokens[at + 1].kind == "NUMERAL"
        and _word("segment", "segments")(tokens, at + 2)
        and _word("each")(tokens, at + 3)
    )


def _scale(tokens: Sequence[Token], at: int) -> bool:
    return [token.kind for token in tokens[at : at + 3]] == ["(", "NUMERAL", ")"]


# A word that is several terminals, or a keyword only before what it takes: what is asked of what follows, in the
# order in which it is tried. A word that is not listed is a keyword wherever the parser accepts it.
_READINGS: Mapping[str, Sequence[tuple[str, Follows | None]]] = {
    **{word: [(word, _word("of"))] for word in ("count", "sum", "average", "min", "max", "median", "latest")},
    **{word: [(word, _word("of"))] for word in ("decile", "quintile", "quartile", "percentile")},
    "distinct": [("distinct", _word("count"))],
    "trend": [("trend", _word("per"))],
    "net": [("net", _word("promoter"))],
    "share": [("share", _word("where"))],
    "top": [("top", _kind("PERCENTAGE"))],
    "first": [("first", _word("of"))],
    "any": [("_ANY_CELL", _kind("|")), ("any", _a_name)],
    "no": [("no", _a_name)],
    "previous": [("previous", _a_name)],
    "one": [("one", _word("of"))],
    **{unit: [("UNIT", _word("since")), (unit, None)] for unit in UNITS},
    "true": [("_TRUE_WHEN", _word("when")), ("TRUTH", None)],
    "false": [("_FALSE_WHEN", _word("when")), ("TRUTH", None)],
    "is": [("_IS_UNKNOWN", _word("unknown")), ("is", None)],
    "from": [("_FROM_DATE", _kind("ISO_DATE")), ("from", None)],
    "at": [("_AT_MOST_EACH", _number_of_segments), ("at", None)],
    "money": [("MONEY_SCALE", _scale), ("money", None)],
}

# Where no name can stand, nothing need follow for a word to be the keyword.
_WITHOUT_NAMES = {**dict.fromkeys(UNITS, "UNIT"), "_ANY_CELL": "any"}


def is_type(tokens: Sequence[Token], at: int) -> bool:
    """Whether a type is written at a position."""
    token = tokens[at]
    if token.kind != "WORD":
        return False
    return token.text in TYPE_WORDS or (token.text == "one" and _word("of")(tokens, at + 1))


def names_a_field(tokens: Sequence[Token], at: int) -> bool:
    """Whether the word at a position is a field's name: a type follows directly.

    In a run of type words (`optional date date`, `date date`) they pair up from the end: a name and its type."""
    if tokens[at].kind not in ("WORD", "QUOTED"):
        return False
    last = at
    while is_type(tokens, last + 1):
        last += 1
    return (last - at) % 2 == 1


def terminal(tokens: Sequence[Token], at: int, accepted: Mapping[str, int]) -> str:
    """What the token at a position is to a parser that can accept the terminals in `accepted`.

    A word that can be neither keyword nor field is NAME, accepted or not."""
    token = tokens[at]
    if token.kind != "WORD":
        if token.kind == "QUOTED":
            return "FIELD" if "FIELD" in accepted and names_a_field(tokens, at) else "NAME"
        return token.kind
    word = token.text
    if "FIELD" in accepted and names_a_field(tokens, at):
        return "FIELD"
    readings = _READINGS.get(word)
    if readings is None:
        return word if word in accepted and word.islower() else "NAME"
    for reading, follows in readings:
        if reading in accepted and (follows is None or follows(tokens, at + 1)):
            return reading
    if "NAME" not in accepted:
        for reading in (word, _WITHOUT_NAMES.get(word, word)):
            if reading in accepted:
                return reading
    return "NAME"


def a_date(text: str) -> dt.date | None:
    """The date that is written `2026-01-31`, if there is one."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
