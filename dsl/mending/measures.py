"""Built-in measures by another name, `ROI (…)`, and what they are told, written otherwise; lists of horizons."""

from __future__ import annotations

from ..builtin_measures import BUILTIN_MEASURES
from ..diagnostics import Edit, Fix, replace
from ..parsing import Parsing
from ..source import Span
from ..tokens import Token

_LONGEST = 6
"""How many words and hyphens a name may have."""

_ARGUMENTS = {argument.name for each in BUILTIN_MEASURES for argument in each.arguments}
_FIRST_WORDS = {each.name: each.name.split()[0] for each in BUILTIN_MEASURES}


def _plain(words: str) -> str:
    return words.lower().replace("-", " ")


_CALLED = {
    **{_plain(each.name): each.name for each in BUILTIN_MEASURES},
    **{words: each.name for each in BUILTIN_MEASURES for words in each.also},
}


def mend_measure_name(p: Parsing) -> bool:
    """Words before a parenthesis that nearly are the name of a built-in measure, where a value can stand."""
    ahead = 0
    while ahead < _LONGEST and _is_part(p.token(ahead)):
        ahead += 1
    if p.token(ahead).kind != "(":
        return False
    for back in range(_LONGEST, 0, -1):
        height = len(p.states) - back
        if back > p.at or height < 1 or not all(_is_part(p.token(-at)) for at in range(1, back + 1)):
            continue
        if p.starts[height] != p.token(-back).start:
            continue  # these words have become parts of something else
        words = p.tokens[p.at - back : p.at + ahead]
        meant = _nearest(" ".join(word.text for word in words if word.text != "-"))
        if meant is None or not p.accepts(_FIRST_WORDS[meant], height=height):
            continue
        span = p.span(-back, ahead - 1)
        p.report(
            "SEG897",
            span,
            f"`{p.source.words(span)}` is called `{meant}` here",
            fixes=(replace(span, meant),),
        )
        p.take_back(back)
        p.put(ahead, *(Token("WORD", word, span.start, span.end) for word in meant.split()))
        return True
    return False


def _is_part(token: Token) -> bool:
    return token.kind in ("WORD", "-")


def _nearest(words: str) -> str | None:
    from difflib import get_close_matches  # rarely needed, and slow to import

    plain = _plain(words)
    near = get_close_matches(plain, _CALLED, n=1, cutoff=0.8)
    return _CALLED[near[0]] if near else None


# -- arguments -----------------------------------------------------------------------------------------------------


def mend_argument_sign(p: Parsing) -> bool:
    """`gain = clv_12m`."""
    if p.token().kind != "=" or not _is_argument_name(p, 0) or not p.reads_on(skip=1):
        return False
    fix = replace(p.span(), "", "leave `=` out")
    p.report("SEG021", p.span(), f"no `=` stands after `{p.source.words(p.span(-1))}`", fixes=(fix,))
    p.put(1)
    return True


def mend_missing_comma(p: Parsing) -> bool:
    """`(gain clv_12m cost acquisition_cost)`."""
    follows = p.token(1).kind not in (",", ")", "$END")
    if p.word() not in _ARGUMENTS or not follows or not _is_argument_name(p, 3 if p.top(1) == "." else 1):
        return False
    at = Span(p.source.name, p.before().end, p.before().end)
    words = p.source.words(p.span())
    p.report("SEG037", p.span(), f"`,` is missing before `{words}`", fixes=(Fix("write `,` here", (Edit(at, ","),)),))
    p.put(0, Token(",", ",", at.start, at.end))
    return True


def mend_argument(p: Parsing) -> bool:
    """`converted bought is true`: what is more than one name stands in parentheses."""
    if p.top() not in ("NAME", "NUMERAL", "PERCENTAGE", "TRUTH"):
        return False
    back = 3 if p.top(1) == "." else 1
    if not _is_argument_name(p, back):
        return False
    ahead = depth = 0
    while depth or p.token(ahead).kind not in (",", ")"):
        if p.token(ahead).kind == "$END":
            return False
        depth += {"(": 1, ")": -1}.get(p.token(ahead).kind, 0)
        ahead += 1
    if not ahead:
        return False
    span = p.span(-back, ahead - 1)
    opening, closing = Span(span.file, span.start, span.start), Span(span.file, span.end, span.end)
    p.report(
        "SEG898",
        span,
        f"behind `{p.source.words(p.span(-back - 1))}` stands one name, or something in parentheses",
        fixes=(Fix("put it in parentheses", (Edit(opening, "("), Edit(closing, ")"))),),
    )
    whole = p.tokens[p.at - back : p.at + ahead]
    p.take_back(back)
    p.put(ahead, Token("(", "(", span.start, span.start), *whole, Token(")", ")", span.end, span.end))
    return True


def _is_argument_name(p: Parsing, above: int) -> bool:
    """Whether the symbol so many below the top of the stack is what a built-in measure calls a value."""
    inside = (p.top(above + 1), p.top(above + 2)) in (("(", "measure_name"), (",", "arguments"))
    return inside and p.top(above) == "NAME"


# -- horizons ------------------------------------------------------------------------------------------------------


def mend_and_between_horizons(p: Parsing) -> bool:
    """`measures at 3, 6 and 12 months`."""
    if p.word() != "and" or p.top() != "NUMERAL" or not (p.accepts("UNIT") and p.accepts(",")):
        return False
    before = Span(p.source.name, p.token(-1).end, p.token().end)
    p.report("SEG018", p.span(), "`and` is written `,` here", fixes=(replace(before, ",", "write `,`"),))
    p.put(1, Token(",", ",", p.token().start, p.token().end))
    return True
