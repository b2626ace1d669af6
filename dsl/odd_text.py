"""Text that is no token of the language, wherever it stands: other quotes, numbers, dates, comments, rubbish.

The patterns join the lexer's; `read_odd` reports what matched and gives the tokens that were meant, so that the rest
of the file is read as if they stood there.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping

from .diagnostics import Fix, Problems, replace
from .source import Span
from .tokens import Token, words_and_signs

ODD_DATE = r"""
    (?P<odd_time>[0-9]{4}-[0-9]{2}-[0-9]{2}[T\x20][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?Z?(?!\w))
  | (?P<odd_date>(?:(?:19|20)[0-9]{2}(?P<sep>[-/.])[0-9]{1,2}(?P=sep)[0-9]{1,2}
      | [0-9]{1,2}(?P<sep_>[-/.])[0-9]{1,2}(?P=sep_)(?:19|20)[0-9]{2})(?!\w))
"""
"""Dates written otherwise; tried after the right ones and before numbers."""

ODD_TEXT = r"""
    (?P<odd_currency>[$€£¥]\s?[0-9]+(?:[.,_][0-9]+){0,6}|[0-9]+(?:[.,_][0-9]+){0,6}\s?[$€£¥])
  | (?P<odd_number>[0-9]\w*(?:\.[0-9]\w*)*|(?<![\w)\]])\.[0-9][0-9_]*)
  | (?P<odd_conflict>(?m:^)(?:<{7}|={7}|>{7}|\|{7})(?![<=>|])[^\n]*)
  | (?P<odd_rule>\|(?:[ \t]*:?-{2,}:?[ \t]*\|)+)
  | (?P<odd_comment>//[^\r\n]*|--[^\r\n]*|/\*.*?(?:\*/|\Z))
  | (?P<odd_operator><>|<=>|==+|=<|&&?|:=|=~|!(?!=)|≥|≤|≠|−|–|—|×|·|÷|\*\*|\^)
  | (?P<odd_quotes>'[^'\r\n]*'|[“”„‟][^“”„‟"\r\n]*[“”"]|[‘’‚‛][^‘’‚‛'\r\n]*[‘’']|«[^»\r\n]*»)
  | (?P<odd_open>"[^\r\n]*|`[^`\r\n]*)
  | (?P<odd_mark>[;:{}])
"""
"""Everything else that is recognised; tried before the signs of the language."""

Read = Callable[[str, Span, Problems], list[Token]]
"""Reports the words under a span and gives the tokens that were meant."""


def read_odd(kind: str, words: str, span: Span, problems: Problems) -> list[Token]:
    """Report text that matched one of the patterns (or none: any other kind); the tokens that were meant."""
    return _READ.get(kind, _read_rubbish)(words, span, problems)


# -- dates -------------------------------------------------------------------------------------------------------


def read_impossible_date(words: str, span: Span, problems: Problems) -> list[Token]:
    """`2026-02-30`: the last day before it stands in for it."""
    near = _nearest_date(words).isoformat()
    problems.error("SEG008", span, f"there is no day `{words}`", fixes=[replace(span, near)])
    return [Token("ISO_DATE", near, span.start, span.end)]


def _read_time(words: str, span: Span, problems: Problems) -> list[Token]:
    date = words[:10]
    message = f"a rule compares with days, not with times of the day: `{date}`"
    problems.error("SEG008", span, message, fixes=[replace(span, date)])
    return [Token("ISO_DATE", _nearest_date(date).isoformat(), span.start, span.end)]


def _read_date(words: str, span: Span, problems: Problems) -> list[Token]:
    """`31-01-2026`, `2026/1/31`: day first where both readings are dates."""
    parts = re.split(r"[-/.]", words)
    a, b, c = (int(part) for part in parts)
    readings = [(a, b, c)] if len(parts[0]) == 4 else [(c, b, a), (c, a, b)]
    dates = list(dict.fromkeys(date.isoformat() for reading in readings if (date := _date(*reading)) is not None))
    if not dates:
        year, month, day = readings[0]
        return read_impossible_date(f"{year:04}-{month:02}-{day:02}", span, problems)
    message = f"a date is written year, month, day: `{dates[0]}`"
    problems.error("SEG008", span, message, fixes=[replace(span, date) for date in dates])
    return [Token("ISO_DATE", dates[0], span.start, span.end)]


def is_date(words: str) -> bool:
    """Whether there is a day written `yyyy-mm-dd`."""
    return _date(*(int(number) for number in words.split("-"))) is not None


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _nearest_date(words: str) -> dt.date:
    year, month, day = (int(number) for number in words.split("-"))
    year, month, day = max(year, 1), min(max(month, 1), 12), min(max(day, 1), 31)
    return _date(year, month, day) or _nearest_date(f"{year}-{month}-{day - 1}")


# -- numbers -----------------------------------------------------------------------------------------------------


def _read_currency(words: str, span: Span, problems: Problems) -> list[Token]:
    """`$1,000`, `€ 500`, `1.500,50 €`."""
    digits = words.strip("$€£¥ \t\r\n\xa0").rstrip(".,")
    if "," in digits and "." in digits:
        decimal = max(digits.rfind(","), digits.rfind("."))
        meant = re.sub(r"[.,_]", "", digits[:decimal]) + "." + digits[decimal + 1 :]
    elif re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+|[0-9]{1,3}(\.[0-9]{3}){2,}", digits):
        meant = re.sub(r"[.,]", "", digits)
    else:
        meant = digits.replace(",", ".")
    meant = _plain_number(meant)
    problems.error("SEG007", span, f"an amount stands without its currency: `{meant}`", fixes=[replace(span, meant)])
    return [Token("NUMERAL", meant, span.start, span.end)]


_TIMES = {"k": 1_000, "m": 1_000_000, "b": 1_000_000_000, "mln": 1_000_000, "bn": 1_000_000_000}


def _read_number(words: str, span: Span, problems: Problems) -> list[Token]:
    """`1__0`, `.5`, `500k`, `1e6`, `90days`, `3rd_party`."""
    lower = words.lower()
    if unit := re.fullmatch(r"([0-9]+)(days?|months?|years?|weeks?)", lower):
        amount, word = unit.groups()
        message = "a blank stands between a number and its unit"
        problems.error("SEG006", span, message, fixes=[replace(span, f"{amount} {word}")])
        return [Token("NUMERAL", amount, span.start, span.end), Token("WORD", word, span.start, span.end)]
    if re.fullmatch(r"[0-9_]*(\.[0-9_]+)?", lower):
        meant = _plain_number(lower)
        message = f"digits stand on both sides of a point, and of each `_`: `{meant}`"
    elif times := re.fullmatch(r"([0-9]+)(k|m|b|mln|bn)", lower):
        meant = str(int(times[1]) * _TIMES[times[2]])
        message = f"numbers are written out: `{meant}`"
    elif power := re.fullmatch(r"([0-9]+)e([0-9]{1,2})", lower):
        meant = str(int(power[1]) * 10 ** int(power[2]))
        message = f"numbers are written out: `{meant}`"
    elif "." in words:
        meant = "0"
        problems.error("SEG006", span, f"`{words}` is not a number")
        return [Token("NUMERAL", meant, span.start, span.end)]
    else:
        message = "a name begins with a letter or `_`, or stands in backquotes"
        problems.error("SEG030", span, message, fixes=[replace(span, f"`{words}`"), replace(span, f"_{words}")])
        return [Token("QUOTED", unicodedata.normalize("NFC", words), span.start, span.end)]
    problems.error("SEG006", span, message, fixes=[replace(span, meant)])
    return [Token("NUMERAL", meant, span.start, span.end)]


def _plain_number(digits: str) -> str:
    """A number as the language writes it: `_` only between digits, a digit before the point."""
    whole, point, decimals = (re.sub(r"_+", "_", part).strip("_") for part in digits.partition("."))
    return (whole or "0") + (f".{decimals}" if point and decimals else "")


# -- signs and quotes --------------------------------------------------------------------------------------------

_OPERATORS = {
    "<>": "!=",
    "<=>": "=",
    "==": "=",
    "===": "=",
    "=<": "<=",
    "&&": "and",
    "&": "and",
    "!": "not",
    ":=": "=",
    "=~": "contains",
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
    "−": "-",
    "–": "-",
    "—": "-",
    "×": "*",
    "·": "*",
    "÷": "/",
}


def _read_operator(words: str, span: Span, problems: Problems) -> list[Token]:
    meant = _OPERATORS.get(words)
    if meant is None:
        message = "there are no powers; multiply instead" if words in ("**", "^") else f"`{words}` is written `=`"
        problems.error("SEG015", span, message)
        return words_and_signs("*" if words in ("**", "^") else "=", span.start, span.end)
    text = meant + " " if words == "!" else meant
    problems.error("SEG015", span, f"`{words}` is written `{meant}`", fixes=[replace(span, text, f"write `{meant}`")])
    return words_and_signs(meant, span.start, span.end)


def _read_quotes(words: str, span: Span, problems: Problems) -> list[Token]:
    inner = words[1:-1].replace('"', "")
    problems.error("SEG005", span, "text stands in straight double quotes", fixes=[replace(span, f'"{inner}"')])
    return [Token("STRING", inner, span.start, span.end)]


def _read_open(words: str, span: Span, problems: Problems) -> list[Token]:
    """A quote that is not closed in its line: the text goes on to the line's end, a name to the end of its word."""
    if words.startswith("`"):
        name = re.match(r"`\w*", words)
        assert name is not None
        end = span.start + name.end()
        problems.error("SEG004", Span(span.file, span.start, end), "this backquote is not closed in its line")
        return [Token("QUOTED", unicodedata.normalize("NFC", name[0][1:]) or "`", span.start, end)]
    text = words.rstrip()
    whole = Span(span.file, span.start, span.start + len(text))
    closed = text[:-1] if len(text) > 1 and text[-1] in "“”'" else text
    problems.error(
        "SEG004",
        whole,
        "this text is not closed in its line; a text may not hold a line break",
        fixes=[replace(whole, f'{closed}"', "close the text at the end of the line")],
    )
    return [Token("STRING", closed[1:], span.start, span.end)]


# -- what is left out --------------------------------------------------------------------------------------------


def _read_comment(words: str, span: Span, problems: Problems) -> list[Token]:
    if words.startswith("/*"):
        inner = words.removeprefix("/*").removesuffix("*/").strip()
        meant = "\n".join(f"# {line.strip(' *')}" for line in inner.splitlines()) or "#"
    else:
        meant = f"# {words[2:].strip()}"
    fix = replace(Span(span.file, span.start, span.start + len(words.rstrip())), meant, "write `#` instead")
    problems.error("SEG010", Span(span.file, span.start, span.start + 2), "a comment begins with `#`", fixes=[fix])
    return []


def _read_rule(_words: str, span: Span, problems: Problems) -> list[Token]:
    message = "a table needs no line under its head"
    problems.error("SEG031", span, message, fixes=[replace(span, "", "leave the line out")])
    return []


def _read_mark(words: str, span: Span, problems: Problems) -> list[Token]:
    message = f"rules are written without `{words}`: each begins with its keyword"
    problems.error("SEG021", span, message, fixes=[replace(span, "", f"leave `{words}` out")])
    return []


def _read_rubbish(words: str, span: Span, problems: Problems) -> list[Token]:
    character = words[0]
    fixes: list[Fix] = []
    if character.isprintable():
        message = f"`{character}` has no meaning in a rule file"
    else:
        name = unicodedata.name(character, f"U+{ord(character):04X}").lower()
        message = f"an invisible character stands here ({name})"
        fixes = [replace(span, "", "leave it out")]
    problems.error("SEG003", span, message, fixes=fixes)
    return []


_READ: Mapping[str, Read] = {
    "odd_time": _read_time,
    "odd_date": _read_date,
    "odd_currency": _read_currency,
    "odd_number": _read_number,
    "odd_operator": _read_operator,
    "odd_quotes": _read_quotes,
    "odd_open": _read_open,
    "odd_comment": _read_comment,
    "odd_rule": _read_rule,
    "odd_mark": _read_mark,
}
