"""Keywords written otherwise: in capitals, misspelt, or as another language has them."""

from __future__ import annotations

from difflib import get_close_matches

from ..diagnostics import Fix, replace
from ..lexer import TYPE_WORDS, UNITS, is_type
from ..parsing import Parsing
from ..recovery import begins_declaration
from ..tokens import Token, words_and_signs

# What other languages call a keyword, and what it is called here.
_INSTEAD = {
    "if": ("when",),
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


def mend_capitals(p: Parsing) -> bool:
    """`WHEN`, `And`, `TRUE`."""
    token = p.token()
    lower = token.text.lower()
    if token.kind != "WORD" or lower == token.text or not lower.isascii():
        return False
    lowered = Token("WORD", lower, token.start, token.end)
    tokens, p.tokens = p.tokens, [*p.tokens[: p.at], lowered, *_lowered(p)]
    kind = p.kind()
    p.tokens = tokens
    if kind in ("NAME", "FIELD") or not p.accepts(kind):
        return False
    if p.accepts("NAME") and not token.text.isupper() and kind in ("missing", "known", "TRUTH"):
        return False
    p.report("SEG011", p.span(), f"keywords are written in lower case: `{lower}`", fixes=(replace(p.span(), lower),))
    p.put(1, lowered)
    return True


def _lowered(p: Parsing) -> list[Token]:
    """The next few words in lower case, as what a keyword takes is often written in capitals too."""
    following = p.tokens[p.at + 1 : p.at + 4]
    return [t._replace(text=t.text.lower()) if t.kind == "WORD" else t for t in following] + p.tokens[p.at + 4 :]


def mend_other_keyword(p: Parsing) -> bool:
    """`if` for `when`, `else` for `otherwise`, `from 1 to 2` for `between 1 and 2`."""
    word = p.word()
    for meant in _INSTEAD.get(word, ()):
        if word == "to" and not (p.top(1) == "between" or p.top(2) == "between"):
            continue
        if p.accepts(meant):
            p.report("SEG018", p.span(), f"`{word}` is written `{meant}` here", fixes=(replace(p.span(), meant),))
            p.put(1, *words_and_signs(meant, p.token().start, p.token().end))
            return True
    if word == "case" or (word == "when" and p.top() == "NAME" and p.word(-1) == "case"):
        at = p.span(-1 if word == "when" else 0)
        p.report(
            "SEG018",
            at,
            "there is no `case`: a rule says `when`, and a value that depends on others is a `decision`",
        )
        return False
    return False


def mend_junk(p: Parsing) -> bool:
    """`end`, `then` and the like, which close nothing here."""
    if p.word() not in _JUNK or p.top() == "case":
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
    if not written or is_type(p.tokens, p.at + 1) or begins_declaration(p, p.at):
        return False
    meant = _TYPES.get(written)
    if meant is None:
        near = get_close_matches(written, TYPE_WORDS, n=1, cutoff=0.7)
        meant = near[0] if (near and p.token(2).kind != "STRING") or near else None
    if meant is None:
        return False
    span = p.span(1)
    word = p.source.words(span)
    if meant == "one of":
        p.report("SEG033", span, f'there is no type `{word}`: a closed list is written `one of "a", "b"`')
        return False
    p.report("SEG033", span, f"there is no type `{word}`; it is called `{meant}`", fixes=(replace(span, meant),))
    last = 1
    if p.token(2).kind == "(":  # varchar(20), decimal(10, 2)
        while p.token(last).kind not in (")", "$END"):
            last += 1
    p.put(last + 1, p.token(), Token("WORD", meant, span.start, span.end))
    return True


def mend_misspelt(p: Parsing) -> bool:
    """`segmnet`, `optionl`, `wins` for `win`: a word near one that can stand here."""
    token = p.token()
    if token.kind != "WORD" or len(token.text) < 3:
        return False
    words = [kind for kind in p.accepted() if kind.isalpha() and kind.islower() and len(kind) > 2]
    if p.accepts("UNIT"):
        words += UNITS
    near = get_close_matches(token.text.lower(), words, n=1, cutoff=0.75)
    if not near or near[0] == token.text.lower():
        return False
    p.report(
        "SEG022",
        p.span(),
        f"`{token.text}` is not a word of the language",
        fixes=(replace(p.span(), near[0], f"did you mean `{near[0]}`?"),),
    )
    p.put(1, Token("WORD", near[0], token.start, token.end))
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
            fixes=(replace(span, meant),),
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
