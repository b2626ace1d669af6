"""Commas: one too many, one between fields, one inside a number."""

from __future__ import annotations

import re

from ..diagnostics import replace
from ..lexer import names_a_field
from ..parsing import Parsing
from ..recovery import begins_declaration, begins_part
from ..tokens import Token

_CONTINENTAL = re.compile(r"[1-9]\d{0,2}(\.\d{3})+,\d+")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(,\d{3})+(\.\d+)?")


def mend_comma(p: Parsing) -> bool:
    """A comma that separates nothing: between fields, doubled, or before the end of a list."""
    token = p.token()
    if token.kind == ",":
        between_fields = p.accepts("FIELD") and (
            names_a_field(p.tokens, p.at + 1) or begins_declaration(p, p.at + 1) or p.token(1).kind == "$END"
        )
        before_part = begins_declaration(p, p.at + 1) or begins_part(p, p.at + 1) or p.token(1).kind == "$END"
        if not between_fields and p.top() != "," and (not before_part or p.accepts(",")):
            return False
        message = "no comma stands between fields" if between_fields else "this comma is one too many"
        p.report("SEG023", p.span(), message, fixes=(replace(p.span(), "", "leave the comma out"),))
        p.put(1)
        return True
    if p.top() != "," or p.token(-1).kind != ",":
        return False
    height = len(p.states) - 1
    if token.kind == "WORD" and not (begins_declaration(p, p.at) or begins_part(p, p.at)):
        return False
    kind = token.kind if token.kind != "WORD" else p.word()
    if not p.accepts(kind, height=height):
        return False
    span = p.span(-1)
    p.report("SEG023", span, "this comma is one too many", fixes=(replace(span, "", "leave the comma out"),))
    p.take_back(1)
    p.put(0)
    return True


def mend_comma_in_number(p: Parsing) -> bool:
    """`0,5` and `1,000`, where no list can be meant."""
    token = p.token()
    if token.kind not in ("NUMERAL", "PERCENTAGE") or p.token(1).kind != "," or p.accepts(token.kind, ","):
        return False
    last = 0
    while p.token(last + 1).kind == "," and p.token(last + 2).kind in ("NUMERAL", "PERCENTAGE"):
        if not (p.adjacent(last) and p.adjacent(last + 1)):
            break
        last += 2
    if last == 0:
        return False
    span = p.span(0, last)
    words = p.source.words(span)
    percent = "%" if words.endswith("%") else ""
    digits = words.rstrip("% \t")
    if _THOUSANDS.fullmatch(digits):
        meant, message = digits.replace(",", "_"), "thousands are set apart by `_`, not by a comma"
    elif _CONTINENTAL.fullmatch(digits):
        meant, message = digits.replace(".", "_").replace(",", "."), "decimals follow a point, thousands a `_`"
    elif digits.count(",") == 1 and "." not in digits and "%" not in digits:
        meant, message = digits.replace(",", "."), "decimals follow a point, not a comma"
    else:
        return False
    p.report("SEG006", span, f"{message}: `{meant}{percent}`", fixes=(replace(span, meant + percent),))
    p.put(last + 1, Token("PERCENTAGE" if percent else "NUMERAL", meant + percent, span.start, span.end))
    return True
