"""What people write by habit: `like "NL%"`, `30 percent`, `between 600 - 700`, `90 days ago`, a title first."""

from __future__ import annotations

from ..diagnostics import Edit, Fix, replace
from ..parsing import Parsing
from ..recovery import begins_declaration, begins_part
from ..source import Span
from ..tokens import Token, words_and_signs


def mend_like(p: Parsing) -> bool:
    """`region like "NL%"`, which is `starts with "NL"`; `like "%north%"`, which is `contains "north"`."""
    pattern = p.token(1)
    if p.word() != "like" or pattern.kind != "STRING" or not p.accepts("contains"):
        return False
    text = p.source.words(p.span(1))[1:-1]
    bare = text.strip("%")
    span = p.span(0, 1)
    if "%" in bare or "_" in bare or not bare or text == f"%{bare}":
        p.report(
            "SEG018",
            span,
            "there is no `like`: a text is looked into with `starts with` and `contains`",
            hints=('`region starts with "NL"`, `region contains "north"`',),
        )
        return False
    words = "=" if text == bare else "contains" if text.startswith("%") else "starts with"
    meant = f'{words} "{bare}"'
    p.report("SEG018", span, f"`{p.source.words(span)}` is written `{meant}`", fixes=(replace(span, meant),))
    p.put(2, *words_and_signs(words, span.start, span.start), pattern._replace(text=bare))
    return True


def mend_percent_word(p: Parsing) -> bool:
    """`30 percent`, `30 pct`."""
    number = p.token(-1)
    if p.word() not in ("percent", "percentage", "pct", "procent") or p.top() != "NUMERAL" or p.starts_line(p.at):
        return False
    span = p.span(-1, 0)
    meant = f"{number.text}%"
    p.report("SEG018", span, f"`{p.source.words(span)}` is written `{meant}`", fixes=(replace(span, meant),))
    start = p.take_back(1)
    p.put(1, Token("PERCENTAGE", meant, start, span.end))
    return True


def mend_top_number(p: Parsing) -> bool:
    """`top 10 by income`."""
    if p.token().kind != "NUMERAL" or p.word(1) != "by" or p.word(-1) != "top" or p.top() != "NAME":
        return False
    meant = f"{p.token().text}%"
    p.report("SEG018", p.span(), f"`top` takes a share of everybody: `top {meant}`", fixes=(replace(p.span(), meant),))
    start = p.take_back(1)
    number = p.token()
    p.put(1, Token("WORD", "top", start, p.token(-1).end), Token("PERCENTAGE", meant, number.start, number.end))
    p.put_in_until = max(p.put_in_until, p.at + 2)
    return True


def mend_between_dash(p: Parsing) -> bool:
    """`between 600 - 700`, where `and` is meant."""
    if p.top() not in ("NUMERAL", "PERCENTAGE", "ISO_DATE") or (p.top(1), p.top(3)) != ("-", "between"):
        return False
    dash = Span(p.source.name, p.starts[-2], p.ends[-2])
    last = p.token(-1)
    p.report("SEG018", dash, "the two ends of `between` stand around `and`", fixes=(replace(dash, "and"),))
    p.take_back(2)
    p.put(0, Token("WORD", "and", dash.start, dash.end), last)
    return True


def mend_the(p: Parsing) -> bool:
    """`in the last 90 days`."""
    if p.word() != "the" or not p.reads_on(skip=1, tokens=1):
        return False
    span = Span(p.source.name, p.token().start, p.token(1).start)
    p.report("SEG021", p.span(), "`the` is not needed", fixes=(replace(span, "", "leave `the` out"),))
    p.put(1)
    return True


def mend_yes_or_no(p: Parsing) -> bool:
    """`hardship_plan is no`."""
    follows = p.token().kind in ("WORD", "QUOTED") and not (begins_part(p, p.at) or begins_declaration(p, p.at))
    if p.top() != "no" or p.top(1) != "comparator" or follows:
        return False
    span = p.span(-1)
    p.report("SEG018", span, "`no` is written `false`", fixes=(replace(span, "false"),))
    start = p.take_back(1)
    p.put(0, Token("WORD", "false", start, span.end))
    return True


def mend_ago(p: Parsing) -> bool:
    """`opened_on < 90 days ago`: a date is compared by how long it lies back."""
    if p.word() not in ("day", "days", "month", "months", "year", "years") or p.word(1) != "ago":
        return False
    if p.token(-1).kind != "NUMERAL":
        return False
    unit = p.word().rstrip("s") + "s"
    span = p.span(-1, 1)
    p.report(
        "SEG029",
        span,
        f"how long ago a date lies is a number: `{unit} since opened_on > {p.token(-1).text}`",
        hints=("longer ago is more: a date before then has `>`, one after it `<`",),
    )
    return False


def mend_and_unless(p: Parsing) -> bool:
    """`when … and unless …`."""
    if p.top() not in ("and", "or") or p.word() != "unless":
        return False
    span = p.span(-1)
    gap = Span(span.file, span.start, p.token().start)
    p.report(
        "SEG021",
        span,
        f"`{p.top()}` is not needed: `unless` takes out by itself",
        fixes=(replace(gap, "", f"leave `{p.top()}` out"),),
    )
    p.take_back(1)
    p.put(0)
    return True


def mend_sum_without_from(p: Parsing) -> bool:
    """`sum of payments.amount in last 6 months`: of which events, it does not say, or says it in the name."""
    if p.word() not in ("in", "ever", "where") or p.top() != "NAME":
        return False
    dotted = p.top(1) == "."
    depth = 3 if dotted else 1
    if p.top(depth) != "of" or not p.top(depth + 1).endswith("function"):
        return False
    function = p.source.text[p.starts[-depth - 2] : p.ends[-depth - 2]]
    field = p.token(-1)
    where = Span(p.source.name, p.starts[-depth], field.end)
    words = p.source.words(where)
    if not dotted:
        p.report(
            "SEG037",
            where,
            f"of which events is missing: `{function} of {words} from payments {p.word()} …`",
        )
        return False
    table = p.token(-3)
    meant = f"{p.source.words(p.span(-1))} from {p.source.words(p.span(-3))}"
    p.report("SEG037", where, f"`{words}` is written `{meant}` here", fixes=(replace(where, meant),))
    p.take_back(3)
    p.put(0, field, Token("WORD", "from", field.end, field.end), table)
    return True


def mend_word_order(p: Parsing) -> bool:
    """`payments count in last 90 days`."""
    if p.word() != "count" or p.top() != "NAME" or p.word(1) not in ("in", "where", "ever"):
        return False
    if not p.accepts("count", "of", "NAME", height=len(p.states) - 1):
        return False
    name, span = p.token(-1), p.span(-1, 0)
    words = p.source.words(p.span(-1))
    meant = f"count of {words}"
    p.report("SEG035", span, f"`{p.source.words(span)}` is written `{meant}`", fixes=(replace(span, meant),))
    p.take_back(1)
    p.put(1, Token("WORD", "count", span.start, span.start), Token("WORD", "of", span.start, span.start), name)
    return True


def mend_and_first(p: Parsing) -> bool:
    """`when and a > 3`."""
    if p.word() not in ("and", "or") or p.top() not in ("when", "unless", "where"):
        return False
    if p.token(1).kind in ("=", "!=", ">=", "<=", ">", "<", "."):
        return False
    span = Span(p.source.name, p.token().start, p.token(1).start)
    p.report("SEG021", p.span(), f"nothing stands before this `{p.word()}`", fixes=(replace(span, "", "leave it out"),))
    p.put(1)
    return True


def mend_count_distinct(p: Parsing) -> bool:
    """`count distinct of a from e`."""
    if p.word() != "distinct" or p.token(-1).text.lower() != "count" or p.word(1) not in ("of", "from"):
        return False
    if p.top() not in ("count", "NAME") or not p.accepts("distinct", "count", height=len(p.states) - 1):
        return False
    span = p.span(-1, 0)
    p.report("SEG035", span, "`count distinct` is written `distinct count`", fixes=(replace(span, "distinct count"),))
    p.take_back(1)
    p.put(1, *words_and_signs("distinct count", span.start, span.end))
    return True


def mend_between_brackets(p: Parsing) -> bool:
    """`between [600, 700]`, `between (600, 700)`."""
    ends = (p.token(1), p.token(3))
    if p.top() != "between" or p.token().kind not in ("[", "(") or p.token(2).kind not in (",", ".."):
        return False
    if p.token(4).kind not in ("]", ")"):
        return False
    span = p.span(0, 4)
    meant = f"{p.source.words(p.span(1))} and {p.source.words(p.span(3))}"
    p.report("SEG018", span, "the two ends of `between` stand around `and`", fixes=(replace(span, meant),))
    p.put(5, ends[0], Token("WORD", "and", ends[0].end, ends[0].end), ends[1])
    return True


def mend_within(p: Parsing) -> bool:
    """`count of payments within 90 days`."""
    if p.word() != "within" or p.token(1).kind != "NUMERAL" or not p.accepts("in", "last", "NUMERAL"):
        return False
    p.report("SEG018", p.span(), "`within` is written `in last`", fixes=(replace(p.span(), "in last"),))
    p.put(1, *words_and_signs("in last", p.token().start, p.token().end))
    return True


def mend_older(p: Parsing) -> bool:
    """`opened_on older than 90 days`."""
    if p.word() not in ("older", "newer", "longer", "earlier", "later") or p.word(1) != "than" or p.top() != "NAME":
        return False
    more = p.word() in ("older", "longer", "earlier")
    unit = p.word(3).rstrip("s") + "s" if p.word(3).rstrip("s") in ("day", "month", "year") else "days"
    amount = p.token(2).text if p.token(2).kind == "NUMERAL" else "90"
    date = p.source.words(p.span(-1))
    p.report(
        "SEG029",
        p.span(0, 1),
        f"how old a date is is a number: `{unit} since {date} {'>' if more else '<'} {amount}`",
    )
    return False


_AFTER_A_TITLE = {
    *("key", "of", "at", "when", "unless", "needs", "reason", "reasons", "from", "until", "first", "unique"),
    *("overlapping", "starts", "by", "lower", "higher", "on"),
}


def mend_title_first(p: Parsing) -> bool:
    """`segmentation "Value and risk" value_risk`."""
    name = p.token(1)
    if p.token().kind != "STRING" or not p.accepts("NAME", "STRING") or name.kind not in ("WORD", "QUOTED"):
        return False
    if p.starts_line(p.at + 1) or (name.kind == "WORD" and name.text in _AFTER_A_TITLE):
        return False
    title, written = p.span(), p.span(1)
    edits = (Edit(title, p.source.words(written)), Edit(written, p.source.words(title)))
    fix = Fix(f"write `{p.source.words(written)} {p.source.words(title)}`", edits)
    p.report("SEG020", title.to(written), "the name comes before its title", fixes=(fix,))
    p.put(2, name, p.token())
    return True


def mend_title_late(p: Parsing) -> bool:
    """`measure nps of customers "NPS" = …`."""
    if p.token().kind != "STRING" or (p.top(), p.top(1), p.top(2)) != ("NAME", "of", "NAME"):
        return False
    name = Span(p.source.name, p.ends[-3], p.ends[-3])
    title = Span(p.source.name, p.ends[-1], p.token().end)
    words = p.source.words(p.span())
    fix = Fix(f"write {words} before `of`", (Edit(name, f" {words}"), Edit(title, "")))
    p.report("SEG020", p.span(), "the title stands right behind the name, before `of`", fixes=(fix,))
    p.put(1)
    return True


_HEAD = ("first", "overlapping", "purpose", "owner", "refresh", "review", "each")
_OF_A_SEGMENTATION = (*_HEAD, "segment", "otherwise", "when", "unless", "needs", "reason", "reasons", "until")


def mend_out_of_place(p: Parsing) -> bool:
    """A line of the head after the segments, or a declaration in the middle of a segmentation: reported, not mended."""
    from dataclasses import replace as changed

    from .. import syntax as s

    word = p.word()
    if word not in _OF_A_SEGMENTATION or not begins_part(p, p.at):
        return False
    inside = any(p.top(depth) == "segments" for depth in range(len(p.states)))
    last_word = {"first": 2}.get(word, 0)
    if inside and word in _HEAD:
        p.report(
            "SEG039",
            p.span(0, last_word),
            f"`{p.source.words(p.span(0, last_word))}` belongs to the head of the segmentation, before its segments",
        )
        return False
    # What was read last is complete, and the segmentation before it was ended by it.
    if inside or not p.accepts("let"):
        return False
    height = next((at for at in range(len(p.states)) if p.tables.symbols[p.states[at]] == "declarations"), None)
    before = p.values[height] if height is not None else None
    if height is None or not before or not isinstance(before[-1], s.Segmentation) or height + 1 >= len(p.states):
        return False
    words = p.source.text[p.starts[height + 1] : p.ends[height + 1]].split()
    if not words:  # a keyword that was put in
        return False
    ended, keyword = before[-1], words[0]
    before[-1] = changed(ended, damaged=True)
    first = Span(p.source.name, p.starts[height + 1], p.ends[height + 1])
    p.report(
        "SEG039",
        Span(first.file, first.start, first.start + len(keyword)),
        f"this `{keyword}` stands in the middle of `segmentation {ended.name.text}`: move it before or after it",
    )
    return False


_OPEN_AFTER = {
    *("and", "or", "not", "comparator", "between", "is", "one", "of", "where", "when", "unless", "with", "contains"),
    *("=", "!=", ">=", "<=", ">", "<", "above", "below", "at", "least", "most", "(", "+", "-", "*", "/", "default"),
    *("by", "since", "from", "in", "last", "next"),
}


def is_unfinished(p: Parsing) -> bool:
    """Whether something else begins on a new line where what came before still asks for a value or condition."""
    if p.top() not in _OPEN_AFTER or not (p.starts_line(p.at) or p.token().kind == "$END"):
        return False
    return p.token().kind == "$END" or begins_part(p, p.at) or begins_declaration(p, p.at)
