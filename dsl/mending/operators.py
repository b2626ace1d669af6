"""Comparisons as other languages, and other people, write them."""

from __future__ import annotations

from ..diagnostics import Edit, Fix, Label, replace
from ..parsing import Parsing
from ..source import Span
from ..tokens import Token, words_and_signs

# Signs that stand next to each other, with or without a blank, and what is meant.
_PAIRS = {
    ("<", ">"): "!=",
    (">", "="): ">=",
    ("<", "="): "<=",
    ("=", ">"): ">=",
    ("=", "<"): "<=",
    ("=", "="): "=",
}

# Words for comparisons, the longest first.
_PHRASES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("greater", "than", "or", "equal", "to"), ">="),
    (("more", "than", "or", "equal", "to"), ">="),
    (("less", "than", "or", "equal", "to"), "<="),
    (("greater", "than"), ">"),
    (("more", "than"), ">"),
    (("larger", "than"), ">"),
    (("higher", "than"), ">"),
    (("less", "than"), "<"),
    (("fewer", "than"), "<"),
    (("smaller", "than"), "<"),
    (("lower", "than"), "<"),
    (("equal", "to"), "="),
    (("not", "equal", "to"), "!="),
    (("exceeds",), ">"),
    (("equals",), "="),
    (("over",), ">"),
    (("under",), "<"),
)

NULLS = {"null", "nil", "nan"}


def mend_sign(p: Parsing) -> bool:
    """`||`, `=>` and signs pulled apart."""
    kind = p.token().kind
    if kind == "|" and p.token(1).kind == "|" and p.adjacent() and p.accepts("or"):
        _write(p, 2, "SEG015", p.span(0, 1), "or")
        return True
    if kind == "|" and p.accepts("or"):
        _write(p, 1, "SEG015", p.span(), "or")
        return True
    if kind == "=>" and p.accepts(">=") and not p.accepts("|", "=>"):
        _write(p, 1, "SEG015", p.span(), ">=")
        return True
    if p.word() == "not" and p.token(1).kind == "=" and p.accepts("!="):
        _write(p, 2, "SEG015", p.span(0, 1), "!=")
        return True
    meant = _PAIRS.get((p.top(), kind))
    if meant is None:
        return False
    start, end = p.take_back(1), p.token().end
    _write(p, 1, "SEG015", Span(p.source.name, start, end), meant)
    return True


def mend_phrase(p: Parsing) -> bool:
    """`is greater than`, `equals`, …"""
    for words, meant in _PHRASES:
        if tuple(p.word(ahead) for ahead in range(len(words))) != words:
            continue
        behind = 1 if p.top() == "is" else 0
        if p.top() == "not" and p.top(1) == "is" and meant == "=":
            behind, meant = 2, "!="
        height = len(p.states) - behind
        if not p.accepts(meant, height=height):
            continue
        start, end = p.token().start, p.token(len(words) - 1).end
        if behind:
            start = p.take_back(behind)
        _write(p, len(words), "SEG015", Span(p.source.name, start, end), meant)
        return True
    return False


def mend_null(p: Parsing) -> bool:
    """`is null`, `= null`, `is None`, `is not missing`, `= missing`."""
    word = p.word()
    null = word in NULLS or p.token().text == "None"
    if not null and (word not in ("missing", "known") or p.token().kind != "WORD"):
        return False
    if p.top() in ("=", "!="):
        behind = 1
    elif p.top() == "not" and p.top(1) == "is":
        behind = 2
    elif p.top() == "is" and null:
        behind = 1
    else:
        return False
    negated = p.top() in ("not", "!=")
    meant = "is known" if negated != (word == "known") else "is missing"
    start, end = p.take_back(behind), p.token().end
    _write(p, 1, "SEG016", Span(p.source.name, start, end), meant)
    return True


def _write(p: Parsing, count: int, code: str, span: Span, meant: str) -> None:
    """Report words with what is written instead, and put that in the place of the next tokens."""
    p.report(code, span, f"`{p.source.words(span)}` is written `{meant}`", fixes=(replace(span, meant),))
    p.put(count, *words_and_signs(meant, span.start, span.end))


def mend_in_list(p: Parsing) -> bool:
    """`in (…)`, `not in (…)`, `is in (…)`."""
    ahead = 2 if p.word() == "not" and p.word(1) == "in" else 1
    if p.word(ahead - 1) != "in" or p.token(ahead).kind not in ("(", "["):
        return False
    negated, behind = ahead == 2, 0
    if p.top() == "not" and p.top(1) == "is":
        behind, negated = 2, True
    elif p.top() == "is":
        behind = 1
    if not p.accepts("is", "one", height=len(p.states) - behind):
        return False
    end = p.token(ahead - 1).end
    start = p.take_back(behind) if behind else p.token().start
    _write(p, ahead, "SEG017", Span(p.source.name, start, end), "is not one of" if negated else "is one of")
    return True


def mend_list_without_parentheses(p: Parsing) -> bool:
    """`is one of "a", "b"` and `is one of ["a", "b"]`."""
    if p.top() != "of" or p.top(1) != "one" or not p.accepts("(") or p.starts_line(p.at):
        return False
    last = 0
    bracket = p.token().kind == "["
    if bracket:
        while p.token(last).kind not in ("]", "$END"):
            last += 1
        inner = p.tokens[p.at + 1 : p.at + last]
    else:
        while p.token(last + 1).kind == ",":
            last += 2
        inner = p.tokens[p.at : p.at + last + 1]
    if not inner or last > 1000:
        return False
    opening, closing = p.token(), p.token(last)
    edges = [Edit(Span(p.source.name, opening.start, opening.end if bracket else opening.start), "(")]
    closed = p.token(last + 1).kind == ")" and "(" not in map(p.top, range(len(p.states)))
    if not closed:
        edges.append(Edit(Span(p.source.name, closing.start if bracket else closing.end, closing.end), ")"))
    p.report(
        "SEG017",
        p.span(0, last),
        "the list after `one of` stands in parentheses",
        fixes=(Fix("put the list in parentheses", tuple(edges)),),
    )
    left, right = Token("(", "(", opening.start, opening.start), Token(")", ")", closing.end, closing.end)
    p.put(last + 1, left, *inner, *([] if closed else [right]))
    return True


def mend_one_of(p: Parsing) -> bool:
    """`is one ("a", "b")`, `is of ("a", "b")`."""
    if p.token().kind != "(" or p.top() != "NAME" or p.top(1) != "comparator" or p.word(-1) not in ("one", "of"):
        return False
    comparator = p.source.text[p.starts[-2] : p.ends[-2]]
    if comparator.split() not in (["is"], ["is", "not"]):
        return False
    span = p.span(-1)
    start = p.take_back(2)
    p.report("SEG037", span, "it is written `one of`", fixes=(replace(span, "one of"),))
    p.put(0, *words_and_signs(f"{comparator} one of", start, span.end))
    return True


_WORD_COMPARISONS = {"at": ("least", "most"), "is": None, "above": None, "below": None, "between": None}


def _begins_comparison(p: Parsing) -> bool:
    if p.token().kind in ("=", "!=", ">=", "<=", ">", "<"):
        return True
    word = p.token().text if p.token().kind == "WORD" else ""
    if word not in _WORD_COMPARISONS or p.token(1).kind in ("=", "!=", ">=", "<=", ">", "<"):
        return False
    second = _WORD_COMPARISONS[word]
    if second is not None:
        return p.word(1) in second
    return p.token(1).kind in ("NUMERAL", "PERCENTAGE", "ISO_DATE", "STRING", "-") or word == "is"


def mend_missing_left_side(p: Parsing) -> bool:
    """`utilisation >= 30% and <= 40%`: what is compared is left out the second time."""
    if p.top() not in ("and", "or") or not _begins_comparison(p):
        return False
    left = _left_of_comparison(p)
    if left is None:
        return False
    start, end = left
    tokens = [token for token in p.tokens if token.start >= start and token.end <= end]
    at = p.token().start
    words = p.source.text[start:end]
    p.report(
        "SEG014",
        p.span(),
        f"after `{p.top()}` it is left open what is compared",
        fixes=(Fix(f"compare `{words}` again", (Edit(Span(p.source.name, at, at), f"{words} "),)),),
    )
    p.put(0, *(token._replace(start=at, end=at) for token in tokens))
    return True


def _left_of_comparison(p: Parsing) -> tuple[int, int] | None:
    """Where the left side of the last comparison before `and` stands."""
    from .. import syntax as s

    value = p.values[-2]
    if isinstance(value, s.Logic):
        value = value.operands[-1]
    if isinstance(value, s.Not):
        value = value.operand
    match value:
        case s.Comparison(left=left):
            return left.span.start, left.span.end
        case s.Between(operand=operand) | s.OneOf(operand=operand) | s.IsMissing(operand=operand):
            return operand.span.start, operand.span.end
        case s.TextTest(operand=operand):
            return operand.span.start, operand.span.end
        case _:
            return None


def mend_chained_comparison(p: Parsing) -> bool:
    """`300 < credit_score < 850`."""
    if not _begins_comparison(p) or not p.accepts("and"):
        return False
    depth = 0
    while depth < len(p.states) and p.top(depth) != "comparator":
        if p.top(depth) in ("and", "or", "(", "where", "when"):
            return False
        depth += 1
    if depth in (0, len(p.states)):
        return False
    start, end = p.starts[-depth], p.ends[-1]
    middle = p.source.text[start:end]
    at = p.token().start
    first = Span(p.source.name, p.starts[-depth - 2], end)
    p.report(
        "SEG013",
        p.span(),
        "comparisons cannot be chained",
        fixes=(Fix(f"compare `{middle}` twice", (Edit(Span(p.source.name, at, at), f"and {middle} "),)),),
        labels=(Label(first, "this is a comparison already"),),
        hints=(f"`{middle} between … and …` has both ends in",),
    )
    tokens = [token for token in p.tokens if token.start >= start and token.end <= end]
    p.put(0, Token("WORD", "and", at, at), *(token._replace(start=at, end=at) for token in tokens))
    return True
