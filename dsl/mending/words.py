"""Keywords written otherwise: in capitals, misspelt, or as another language has them."""

from __future__ import annotations

from collections.abc import Iterable

from ..diagnostics import Edit, Fix, replace
from ..lexer import KEYWORDS, READINGS, TYPE_WORDS, UNITS, is_type
from ..parsing import Parsing
from ..recovery import DECLARATIONS, may_begin_declaration
from ..source import Span
from ..tokens import Token, words_and_signs
from .operators import NULLS

# What other languages call a keyword, and what it is called here.
_INSTEAD = {
    "if": ("when", "where"),
    "under": ("below",),
    "where": ("when",),
    "elif": ("when",),
    "elsif": ("when",),
    "elseif": ("when",),
    "else": ("otherwise",),
    "default": ("otherwise",),
    "except": ("unless",),
    "when": ("where",),
    "to": ("and",),
}

_TYPES = {
    "int": "integer",
    "int32": "integer",
    "int64": "integer",
    "bigint": "integer",
    "smallint": "integer",
    "long": "integer",
    "whole": "integer",
    "float": "number",
    "double": "number",
    "real": "number",
    "numeric": "number",
    "float64": "number",
    "decimal": "money",
    "currency": "money",
    "amount": "money",
    "euro": "money",
    "percentage": "percent",
    "pct": "percent",
    "share": "percent",
    "string": "text",
    "str": "text",
    "varchar": "text",
    "char": "text",
    "nvarchar": "text",
    "bool": "boolean",
    "logical": "boolean",
    "flag": "boolean",
    "datetime": "timestamp",
    "timestamptz": "timestamp",
    "time": "timestamp",
    "enum": "one of",
    "category": "one of",
}

_JUNK = {"end", "then", "begin", "endif", "do"}


def _nearest(word: str, words: Iterable[str], least: float = 0.75) -> str | None:
    from difflib import get_close_matches  # rarely needed, and slow to import

    near = get_close_matches(word, words, n=1, cutoff=least)
    return near[0] if near else None


def mend_capitals(p: Parsing) -> bool:
    """`WHEN`, `And`, `TRUE`, `IN LAST`."""
    token = p.token()
    if p.word() == token.text or token.kind != "WORD" or not token.text.isascii():
        return False
    count = 1
    while p.token(count).kind == "WORD" and p.token(count).text.isupper() and p.word(count) in KEYWORDS:
        count += 1
    lowered = [word._replace(text=word.text.lower()) for word in p.tokens[p.at : p.at + count]]
    written = p.tokens[p.at : p.at + count]
    p.tokens[p.at : p.at + count] = lowered
    kind = p.kind()
    p.tokens[p.at : p.at + count] = written
    if kind in ("NAME", "FIELD") or not p.accepts(kind):
        return False
    if p.accepts("NAME") and not token.text.isupper() and not (kind in ("TRUTH", "not") or p.word() in READINGS):
        return False
    if p.word(count) not in NULLS or p.word() != "is":
        words = " ".join(word.text for word in lowered)
        span = p.span(0, count - 1)
        p.report("SEG011", span, f"keywords are written in lower case: `{words}`", fixes=(replace(span, words),))
    p.put(count, *lowered)
    return True


def mend_range(p: Parsing) -> bool:
    """`score from 300 to 850`, where `between` is meant."""
    to = next((ahead for ahead in range(2, 5) if p.word(ahead) == "to"), None)
    if p.word() != "from" or to is None or not p.accepts("between"):
        return False
    first, second = p.span(), p.span(to)
    fix = Fix("write `between … and …`", (Edit(first, "between"), Edit(second, "and")))
    p.report("SEG018", p.span(0, to), "`from … to …` is written `between … and …` here", fixes=(fix,))
    inner = p.tokens[p.at + 1 : p.at + to]
    between, and_ = Token("WORD", "between", *p.token()[2:]), Token("WORD", "and", *p.token(to)[2:])
    p.put(to + 1, between, *inner, and_)
    return True


def mend_other_keyword(p: Parsing) -> bool:
    """`if` for `when`, `else` for `otherwise`, `between 1 to 2`."""
    word = p.word()
    for meant in _INSTEAD.get(word, ()):
        if word == "to" and not (p.top(1) == "between" or p.top(2) == "between"):
            continue
        if meant == "when" and word == "where" and not p.begins_clause():
            continue
        if p.accepts(meant):
            p.report("SEG018", p.span(), f"`{word}` is written `{meant}` here", fixes=(replace(p.span(), meant),))
            p.put(1, *words_and_signs(meant, p.token().start, p.token().end))
            return True
    return False


def mend_case(p: Parsing) -> bool:
    """`case when … then …`: there is nothing that could be read instead."""
    if p.word() not in ("when", "then"):
        return False
    for at in range(p.at - 1, max(0, p.at - 40), -1):
        if p.tokens[at].text.lower() == "case" and p.tokens[at + 1].text.lower() == "when":
            span = Span(p.source.name, p.tokens[at].start, p.tokens[at + 1].end)
            message = "there is no `case`: a segment says `when`, and a value that depends on others is a `decision`"
            p.report("SEG018", span, message)
            p.broken.add(p.tokens[at].text)
            return False
    return False


def mend_doubled(p: Parsing) -> bool:
    """A word or sign that stands twice in a row."""
    token, before = p.token(), p.token(-1)
    if p.at == 0 or (token.kind, token.text) != (before.kind, before.text) or token.kind in ("|", "=", ","):
        return False
    span = p.before().to(p.span())
    fix = replace(Span(span.file, before.end, token.end), "", "leave one out")
    if p.top() == "NAME" and p.reads_on(height=len(p.states) - 1):
        p.take_back(1)
    elif p.reads_on(skip=1):
        p.put(1)
    else:
        return False
    p.report("SEG021", span, f"`{p.source.words(p.span(-1))}` stands here twice", fixes=(fix,))
    return True


def mend_junk(p: Parsing) -> bool:
    """`end`, `then` and the like, which close nothing here."""
    if p.word() not in _JUNK or not p.reads_on(skip=1, tokens=1):
        return False
    p.report("SEG021", p.span(), f"`{p.word()}` is not needed", fixes=(_leave_out(p),))
    p.put(1)
    return True


def _leave_out(p: Parsing) -> Fix:
    return replace(p.span(), "", f"leave `{p.source.words(p.span())}` out")


def mend_type(p: Parsing) -> bool:
    """`name varchar`: a type as other systems call it, or misspelt."""
    if not p.accepts("FIELD") or p.token().kind not in ("WORD", "QUOTED"):
        return False
    written = p.word(1)
    if not written or is_type(p.tokens, p.at + 1) or may_begin_declaration(p, p.at):
        return False
    if written == "one" and p.token(2).kind == "STRING":
        at = Span(p.source.name, p.token(1).end, p.token(1).end)
        p.report("SEG037", p.span(1), "after `one` comes `of`", fixes=(Fix("write `of` here", (Edit(at, " of"),)),))
        p.put(2, p.token(), p.token(1), Token("WORD", "of", at.start, at.end))
        return True
    meant = _TYPES.get(written)
    if meant is None:
        meant = _nearest(written, TYPE_WORDS, least=0.7)
    span = p.span(1)
    word = p.source.words(span)
    if meant is None:
        if p.starts_line(p.at) and not p.starts_line(p.at + 1) and written not in KEYWORDS:
            types = "integer, number, percent, money, text, boolean, date, timestamp and one of"
            p.report("SEG033", span, f"`{word}` is no type; there are {types}")
        return False
    if meant == "one of":
        p.report("SEG033", span, f'there is no type `{word}`: a closed list is written `one of "a", "b"`')
        return False
    p.report("SEG033", span, f"there is no type `{word}`; it is called `{meant}`", fixes=(replace(span, meant),))
    last = 1
    if p.token(2).kind == "(":  # varchar(20), decimal(10, 2)
        while p.token(last).kind not in (")", "$END"):
            last += 1
        if p.token(last).kind == "$END":  # never closed: only the word is another
            last = 1
    p.put(last + 1, p.token(), Token("WORD", meant, span.start, span.end))
    return True


def mend_misspelt(p: Parsing) -> bool:
    """`segmnet`, `optionl`, `wins` for `win`: a word near one that can stand here."""
    token = p.token()
    if token.kind != "WORD" or len(token.text) < 3 or p.word() in KEYWORDS or p.word() in _JUNK:
        return False
    words = [kind for kind in p.accepted() if kind.isalpha() and kind.islower() and len(kind) > 2]
    if p.accepts("UNIT"):
        words += UNITS
    near = _nearest(token.text.lower(), words)
    tokens = 2 if near in DECLARATIONS else 1  # a name fits after each of these
    if near is None or not p.reads_on("UNIT" if near in UNITS else near, skip=1, tokens=tokens):
        return False
    p.report(
        "SEG022",
        p.span(),
        f"`{token.text}` is not a word of the language",
        fixes=(replace(p.span(), near, f"did you mean `{near}`?"),),
    )
    p.put(1, Token("WORD", near, token.start, token.end))
    return True


def mend_duration(p: Parsing) -> bool:
    """`2 weeks`, and `> 30 days` where durations cannot stand."""
    word = p.word()
    if p.top() == "NUMERAL" and p.accepts("UNIT") and word in ("week", "weeks", "quarter", "quarters"):
        times, unit = (7, "days") if word.startswith("week") else (3, "months")
        amount = p.token(-1)
        if not amount.text.isdigit():
            return False
        start, end = p.take_back(1), p.token().end
        meant = f"{int(amount.text) * times} {unit}"
        span = p.span(-1, 0)
        p.report(
            "SEG029",
            span,
            f"durations are counted in days, months or years: `{meant}`",
            fixes=() if p.top() == "," else (replace(span, meant),),  # `3, 6 weeks`: all of the list is in weeks
        )
        numeral, unit_word = meant.split(" ")
        p.put(1, Token("NUMERAL", numeral, start, end), Token("WORD", unit_word, start, end))
        return True
    if (word in UNITS or word in ("week", "weeks")) and p.token(-1).kind == "NUMERAL" and p.word(1) != "since":
        span = p.span(-1, 0)
        p.report(
            "SEG029",
            span,
            f"a duration such as `{p.source.words(span)}` can stand only in windows, `freshness`, `refresh`,"
            " `review` and parameters",
            fixes=(replace(p.span(), "", f"leave `{word}` out"),),
            hints=("`days since d`, `months since d` and `years since d` are numbers: compare them with a number",),
        )
        p.put(1)
        return True
    return False
