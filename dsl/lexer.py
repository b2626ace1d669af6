"""Text into tokens, and words into keywords or names.

`scan` finds words, literals and signs with their places. Whether a word is a keyword is decided later, by
`terminal`, with what the parser can accept at that point: a word is a keyword only where the keyword can stand and
is followed by what it takes. Everything else is a name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from .diagnostics import Edit, Fix, Label, Problems, replace
from .odd_text import ODD_DATE, ODD_TEXT, is_date, read_impossible_date, read_odd
from .source import Source, Span
from .syntax import Comment, DurationUnit
from .tables import load_tables
from .tokens import Token

TYPE_WORDS = frozenset(["integer", "number", "percent", "money", "text", "boolean", "date", "timestamp"])

UNITS: dict[str, DurationUnit] = {
    "day": "day",
    "days": "day",
    "month": "month",
    "months": "month",
    "year": "year",
    "years": "year",
}

# -- text into tokens --------------------------------------------------------------------------------------------

_SIGNS = ["=>", ">=", "<=", "!=", "..", "|", "=", "<", ">", "(", ")", "[", "]", ",", ".", "+", "-", "*", "/"]

_TOKEN = r"""
    (?P<SPACE>[\s\0]+)
  | (?P<WORD>@HYPHENATED@|[^\W\d][\w@MARKS@]*)
  | (?P<COMMENT>\#[^\n]*)
  | (?P<STRING>"(?:[^"\\\r\n]|\\[^\r\n])*")
  | (?P<ISO_DATE>[0-9]{4}-[0-9]{2}-[0-9]{2}(?!\w|\x20[0-9]{2}:))
  | @ODD_DATE@
  | (?P<NUMERAL>[0-9]+(?:_[0-9]+)*(?:\.[0-9]+(?:_[0-9]+)*)?(?!\w|\.[0-9]|(?:[.,][0-9]+){0,6}\s?[$€£¥]))
    (?P<PERCENTAGE>\s*%)?
  | (?P<QUOTED>`[^`\r\n]+`)
  | @ODD_TEXT@
  | (?P<SIGN>@SIGNS@)
  | (?P<rubbish>(?P<one>.)(?P=one)*)
"""

# The one hyphen inside a word: elsewhere `risk-adjusted` is a difference. No difference has two names and `(` after it.
_HYPHENATED = r"(?:risk|default)\s*-\s*adjusted(?=@GAP@+(?i:return|clv)@GAP@*\()"
_GAP = r"(?:\s|\#[^\n]*\n)"

_ESCAPE = re.compile(r'\\(["\\]?)')

_TURNS_TEXT = re.compile("[\u202a-\u202e\u2066-\u2069]")


@cache
def _token_pattern(ascii_only: bool) -> re.Pattern[str]:
    """The pattern of one token. Marks that combine with letters are looked up only for texts that may have some."""
    combining = () if ascii_only else (c for c in map(chr, range(0x300, 0x10000)) if unicodedata.category(c)[0] == "M")
    parts = {
        "@HYPHENATED@": _HYPHENATED.replace("@GAP@", _GAP),
        "@MARKS@": "".join(combining),
        "@ODD_DATE@": ODD_DATE,
        "@ODD_TEXT@": ODD_TEXT,
        "@SIGNS@": "|".join(re.escape(sign) for sign in _SIGNS),
    }
    pattern = _TOKEN
    for name, part in parts.items():
        pattern = pattern.replace(name, part)
    return re.compile(pattern, re.VERBOSE | re.DOTALL)


def scan(source: Source, problems: Problems) -> tuple[list[Token], list[Comment]]:
    """All tokens of a text, a $END last, and its comments. What is no token is reported."""
    text = source.text
    tokens: list[Token] = []
    comments: list[Comment] = []
    add = tokens.append
    line_has_token = False
    skip_to = 1 if text.startswith("\ufeff") else 0
    for match in _token_pattern(text.isascii()).finditer(text, skip_to):
        kind = match.lastgroup
        start, end = match.span()
        if start < skip_to:
            continue
        words = match.group()
        match kind:
            case "SPACE":
                line_has_token = line_has_token and "\n" not in words
                continue
            case "WORD" if "-" in words:
                add(Token("WORD", re.sub(r"\s", "", words), start, end))
            case "WORD":
                add(Token("WORD", words if words.isascii() else unicodedata.normalize("NFC", words), start, end))
            case "SIGN":
                add(Token(words, words, start, end))
            case "NUMERAL" | "PERCENTAGE":
                add(Token(kind, words, start, end))
            case "STRING":
                text_said = words[1:-1] if "\\" not in words else _unescaped(words, start, source, problems)
                add(Token("STRING", text_said, start, end))
            case "QUOTED":
                add(Token("QUOTED", unicodedata.normalize("NFC", words[1:-1]), start, end))
            case "ISO_DATE" if is_date(words):
                add(Token("ISO_DATE", words, start, end))
            case "ISO_DATE":
                tokens += read_impossible_date(words, Span(source.name, start, end), problems)
            case "COMMENT":
                words = words.rstrip()
                comments.append(Comment(Span(source.name, start, start + len(words)), words, not line_has_token))
                continue
            case "odd_conflict":
                skip_to = _after_conflict(words, start, source, problems)
                continue
            case _:
                tokens += read_odd(kind or "", words, Span(source.name, start, end), problems)
        line_has_token = True
    if "\0" in text:
        at = text.index("\0")
        message = "the file holds NUL characters, as a file that is not saved as UTF-8 does"
        problems.error("SEG003", Span(source.name, at, at + 1), message)
    if not text.isascii():
        _report_turned_text(source, problems)
    add(Token("$END", "", len(text), len(text)))
    return tokens, comments


def _unescaped(words: str, start: int, source: Source, problems: Problems) -> str:
    for escape in _ESCAPE.finditer(words, 1, len(words) - 1):
        if not escape[1]:
            span = Span(source.name, start + escape.start(), start + escape.end())
            message = 'a backslash in a text stands only before `"` or another backslash'
            problems.error("SEG028", span, message, fixes=[replace(span, "\\\\")])
    return _ESCAPE.sub(lambda escape: escape[1] or "\\", words[1:-1])


def _after_conflict(words: str, start: int, source: Source, problems: Problems) -> int:
    """Report a merge conflict at its first marker; where to read on, so that the first of its two sides is read."""
    text = source.text
    here = start + len(words)
    if words[0] == ">":
        return here
    if words[0] != "<":
        close = text.find("\n>>>>>>>", here)
        return len(text) if close < 0 else close + 1
    close = text.find("\n>>>>>>>", here)
    labels = [] if close < 0 else [Label(Span(source.name, close + 1, close + 8), "to here")]
    problems.error(
        "SEG009",
        Span(source.name, start, start + 7),
        "this file holds an unresolved merge conflict: keep one side and delete the marker lines",
        labels=labels,
    )
    return here


def _report_turned_text(source: Source, problems: Problems) -> None:
    """Characters that make a text read otherwise than it is written, in texts and comments too."""
    for turn in _TURNS_TEXT.finditer(source.text):
        span = Span(source.name, turn.start(), turn.end())
        if not any(known.span.start <= span.start < known.span.end for known in problems.found):
            message = "an invisible character turns the direction of the text around"
            problems.error("SEG003", span, message, fixes=[Fix("leave it out", (Edit(span, ""),))])


# -- which words are keywords ------------------------------------------------------------------------------------

# Words that go between or after operands: a function word before one of them is a name (`any is missing`).
AFTER_OPERANDS = {
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
    return following.kind == "QUOTED" or (following.kind == "WORD" and following.text not in AFTER_OPERANDS)


def _to_serve(tokens: Sequence[Token], at: int) -> bool:
    return len(tokens) > at + 1 and _word("to")(tokens, at) and _word("serve")(tokens, at + 1)


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
READINGS: Mapping[str, Sequence[tuple[str, Follows | None]]] = {
    **{word: [(word, _word("of"))] for word in ("count", "sum", "average", "min", "max", "median", "latest")},
    **{word: [(word, _word("of"))] for word in ("decile", "quintile", "quartile", "percentile")},
    "distinct": [("distinct", _word("count"))],
    "trend": [("trend", _word("per"))],
    "net": [("net", _word("promoter"))],
    "share": [("share", _word("where"))],
    "return": [("return", _word("on"))],
    "loss": [("loss", _word("ratio"))],
    "cost": [("cost", _to_serve)],
    "conversion": [("conversion", _kind("("))],
    "renewal": [("renewal", _kind("("))],
    "top": [("top", _kind("PERCENTAGE"))],
    "first": [("first", _word("of", "match"))],
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


KEYWORDS = frozenset(kind for row in load_tables().actions for kind in row if kind.isalpha() and kind.islower())
"""Every word that is a keyword somewhere."""


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
    readings = READINGS.get(word)
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
