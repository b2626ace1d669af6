"""Lines of tables, scorecards, tests and heads as they are typed: `*` for any, `300-600`, `given score = 700`."""

from __future__ import annotations

from ..diagnostics import Edit, Fix, replace
from ..parsing import Parsing
from ..recovery import begins_declaration, begins_part
from ..source import Span
from ..tokens import Token, words_and_signs

VALUES = ("STRING", "NUMERAL", "PERCENTAGE", "ISO_DATE")
"""What makes a list in a cell."""


def mend_any_cell(p: Parsing) -> bool:
    """`| * |`, `| - |`, `| else |` in a decision table."""
    if p.top() == "-" and p.token().kind == "|" and p.accepts("_ANY_CELL", height=len(p.states) - 1):
        span = p.span(-1)
        p.report("SEG018", span, "`-` is written `any` in a cell", fixes=(replace(span, "any"),))
        p.take_back(1)
        p.put(0, Token("WORD", "any", span.start, span.end))
        return True
    sign = p.token()
    if p.token(1).kind != "|" or not p.accepts("_ANY_CELL", "|"):
        return False
    if sign.kind not in ("*", "-") and p.word() not in ("all", "else", "other", "default"):
        return False
    meant = "otherwise" if p.word() in ("else", "other", "default") and p.accepts("otherwise") else "any"
    span = p.span()
    words = p.source.words(span)
    p.report("SEG018", span, f"`{words}` is written `{meant}` in a cell", fixes=(replace(span, meant),))
    p.put(1, Token("WORD", meant, span.start, span.end))
    return True


def mend_two_in_a_cell(p: Parsing) -> bool:
    """`| >= 50%, missing |`: the other case is a row of its own. Not so `| 3 or 4 |`, which is a list."""
    after_comma = p.top() == "," and p.token(-1).kind == ","  # `| 3, missing |`, read as a list so far
    first = -1 if after_comma else 0
    if not (after_comma or p.token().kind == "," or p.word() in ("or", "and")):
        return False
    if after_comma and p.token().kind == "WORD" and p.word() not in ("missing", "known", "is", "at", "from", "above"):
        return False
    height = len(p.states) - after_comma
    if not any(p.top(depth) == "cells" for depth in range(6)) or not p.accepts("|", height=height):
        return False
    at = p.at + first
    begin = next((n for n in range(at, 0, -1) if p.starts_line(n)), 0)
    end = next(n for n in range(at, len(p.tokens)) if p.tokens[n + 1].kind == "$END" or p.starts_line(n + 1))
    bars = [n for n in range(begin, end + 1) if p.tokens[n].kind == "|"]
    left, right = max((n for n in bars if n < at), default=None), min((n for n in bars if n > at), default=None)
    if left is None or right is None or bars[0] != begin or bars[-1] != end or right == at + 1:
        return False
    if p.word() == "or" and all(n % 2 == left % 2 or p.tokens[n].kind in VALUES for n in range(left + 1, right)):
        p.report("SEG018", p.span(), "`or` is written `,` in a cell", fixes=(replace(_with_space_before(p), ","),))
        p.put(1, Token(",", ",", p.token().start, p.token().end))
        return True
    words = p.source.text
    other = words[p.tokens[at + 1].start : p.tokens[right - 1].end]
    row, stop = p.tokens[begin].start, p.tokens[end].end
    copied = f"{words[row : p.tokens[left].end]} {other} {words[p.tokens[right].start : stop]}"
    indent = words[words.rfind("\n", 0, row) + 1 : row]
    joint = Span(p.source.name, p.tokens[at - 1].end, p.tokens[right - 1].end)
    edits = (Edit(joint, ""), Edit(Span(p.source.name, stop, stop), f"\n{indent}{copied}"))
    both = p.word(first) == "and"
    p.report(
        "SEG001",
        Span(p.source.name, p.tokens[left + 1].start, p.tokens[right - 1].end),
        "a comparison stands alone in a cell"
        + ("" if both else f"; let a second row take `{other}`, with the same result"),
        fixes=() if both else (Fix(f"write a row for `{other}`", edits),),
        hints=("what lies between two values is a range: `(3..5]`, `from 3 to 5`",) if both else (),
    )
    if not after_comma:
        return False
    here = p.token()
    p.put(1, Token("UNFIT", here.text, here.start, here.end))  # where a name fits, it would be read on
    return True


def _with_space_before(p: Parsing) -> Span:
    return Span(p.source.name, p.token(-1).end, p.token().end)


def mend_dash_range(p: Parsing) -> bool:
    """`300-600` and `0% - 30%` as a cell or bin."""
    low, high = p.token(-1), p.token(1)
    kinds = ("NUMERAL", "PERCENTAGE", "ISO_DATE")
    if p.token().kind != "-" or low.kind not in kinds or high.kind != low.kind or p.top() != low.kind:
        return False
    if not p.accepts("from", low.kind, "to", high.kind, height=len(p.states) - 1) or p.accepts("+", "NAME"):
        return False
    span = p.span(-1, 1)
    meant = f"from {p.source.words(p.span(-1))} to {p.source.words(p.span(1))}"
    p.report("SEG018", span, f"`{p.source.words(span)}` is written `{meant}`", fixes=(replace(span, meant),))
    p.take_back(1)
    between = [Token("WORD", "from", low.start, low.start), low, Token("WORD", "to", low.end, low.end)]
    p.put(2, *between, high)
    return True


def mend_dash_range_of_bin(p: Parsing) -> bool:
    """`300 - 600 +10` and `0% - 30% +40` as bins, where `- 600` would be the points."""
    behind = 1 if p.top() == "-" and p.token().kind == "PERCENTAGE" else 2
    if behind == 2 and (p.top(), p.top(1)) != ("NUMERAL", "-"):
        return False
    if p.top(behind) != "cell" or (behind == 2 and p.token().kind not in ("NUMERAL", "+", "-")):
        return False
    height = len(p.states) - behind - 1
    inner = [token for token in p.tokens[: p.at] if p.starts[height] <= token.start < p.ends[height]]
    high = p.token(0) if behind == 1 else p.token(-1)
    if len(inner) != 1 or inner[0].kind not in ("NUMERAL", "PERCENTAGE"):
        return False
    low = inner[0]
    span = Span(p.source.name, low.start, high.end)
    ends = [p.source.text[token.start : token.end] for token in (low, high)]
    meant = f"from {ends[0]} to {ends[1]}"
    p.report("SEG018", span, f"`{p.source.words(span)}` is written `{meant}`", fixes=(replace(span, meant),))
    del p.states[height:], p.values[height:], p.starts[height:], p.ends[height:]
    words = [Token("WORD", "from", low.start, low.start), low, Token("WORD", "to", low.end, low.end), high]
    p.put(1 if behind == 1 else 0, *words)
    return True


def mend_points(p: Parsing) -> bool:
    """`below 30% = 40`, `below 30% -> 40`: points need no sign before them."""
    if p.top() == "-" and p.token().kind == ">" and p.accepts("+", height=len(p.states) - 1):
        span = p.span(-1, 0)
        p.report("SEG021", span, "the points stand right behind their bin", fixes=(replace(span, "", "leave it out"),))
        p.take_back(1)
        p.put(1)
        return True
    arrow = p.token().kind == "-" and p.token(1).kind == ">"
    count = 2 if arrow else 1
    if not (arrow or p.token().kind in ("=", "=>", ":")) or not p.accepts("+", "NUMERAL") or p.accepts("NAME"):
        return False
    if p.token(count).kind not in ("NUMERAL", "+", "-") or p.accepts("*"):
        return False
    span = p.span(0, count - 1)
    p.report("SEG021", span, "the points stand right behind their bin", fixes=(replace(span, "", "leave it out"),))
    p.put(count)
    return True


def mend_given(p: Parsing) -> bool:
    """`given credit_score = 700 and channel is "app"`."""
    span = p.span()
    if "given" not in map(p.top, range(len(p.states))):
        return False
    if p.top() == "NAME" and p.word(-1) == "is" and p.reads_on(tokens=1, height=len(p.states) - 1):
        before = p.span(-1)
        fix = replace(Span(before.file, before.start, p.token().start), "", "leave `is` out")
        p.report("SEG021", before, "`is` is not needed: a value stands right behind what is given", fixes=(fix,))
        p.take_back(1)
        p.put(0)
        return True
    if (p.token().kind in ("=", "=>", ":") or p.word() == "is") and p.reads_on(skip=1, tokens=1):
        p.report(
            "SEG021",
            span,
            f"`{p.source.words(span)}` is not needed: a value stands right behind its field",
            fixes=(replace(span, "", f"leave `{p.source.words(span)}` out"),),
        )
        p.put(1)
        return True
    if p.word() == "and" and p.reads_on(",", skip=1, tokens=2):
        p.report("SEG018", span, "`and` is written `,` here", fixes=(replace(span, ","),))
        p.put(1, Token(",", ",", span.start, span.end))
        return True
    return False


def mend_comma_for_and(p: Parsing) -> bool:
    """`when a > 3, b > 4`."""
    if p.token().kind != "," or p.accepts(",") or not p.reads_on("and", skip=1, tokens=3):
        return False
    span = p.span()
    p.report("SEG018", span, "`,` is written `and` between conditions", fixes=(replace(span, " and"),))
    p.put(1, Token("WORD", "and", span.start, span.end))
    return True


def mend_segment_sign(p: Parsing) -> bool:
    """`segment prime = a > 3`."""
    if p.token().kind != "=" or not p.begins_clause():
        return False
    span = p.span()
    p.report("SEG018", span, "`=` is written `when` here", fixes=(replace(span, "when"),))
    p.put(1, Token("WORD", "when", span.start, span.end))
    return True


def mend_segment_word(p: Parsing) -> bool:
    """`prime when a > 3`, and `first match` without `wins`."""
    at = p.token().start
    if p.top() == "match" and p.accepts("wins") and begins_part(p, p.at):
        end = Span(p.source.name, p.token(-1).end, p.token(-1).end)
        p.report(
            "SEG037", p.span(-1), "after `match` comes `wins`", fixes=(Fix("write `wins`", (Edit(end, " wins"),)),)
        )
        p.put(0, Token("WORD", "wins", end.start, end.end))
        return True
    name = p.token().kind in ("WORD", "QUOTED") and not (begins_part(p, p.at) or begins_declaration(p, p.at))
    if not name or not p.starts_line(p.at) or p.word(1) != "when" or not p.accepts("segment"):
        return False
    here = Span(p.source.name, at, at)
    words = p.source.words(p.span())
    p.report(
        "SEG037",
        p.span(),
        f"`segment` is missing before `{words}`",
        fixes=(Fix("write `segment` here", (Edit(here, "segment "),)),),
    )
    p.put(0, *words_and_signs("segment", at, at))
    return True


def mend_line_mark(p: Parsing) -> bool:
    """`>` and `-` at the begin of lines, out of an e-mail or a list."""
    if p.token().kind not in (">", "-", "*") or not p.starts_line(p.at):
        return False
    if not (begins_part(p, p.at + 1) or begins_declaration(p, p.at + 1) or p.accepts("FIELD")):
        return False
    message = f"a line begins with its keyword, without `{p.token().kind}`"
    if all(found.message != message for found in p.build.problems.found):
        span = Span(p.source.name, p.token().start, p.token(1).start)
        p.report("SEG021", p.span(), message, fixes=(replace(span, "", "leave it out"),), hints=("in all lines",))
    p.put(1)
    return True
