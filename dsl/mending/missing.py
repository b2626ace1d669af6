"""What was left out: `when`, a name, `of`, a parenthesis, a window."""

from __future__ import annotations

from ..diagnostics import Edit, Fix, Label, replace
from ..lexer import KEYWORDS, names_a_field
from ..parsing import Parsing
from ..recovery import begins_declaration, begins_part, may_begin_declaration
from ..source import Span
from ..tokens import Token, words_and_signs

_NAMED = {
    *("table", "events", "parameter", "let", "decision", "scorecard", "segmentation", "measure", "experiment"),
    *("segment", "otherwise", "freshness"),
}

_FUNCTIONS = {"count", "sum", "average", "min", "max", "median", "first", "latest", "decile", "quintile", "quartile"}

_OTHER_FUNCTIONS = {"avg": "average", "mean": "average", "last": "latest", "maximum": "max", "minimum": "min"}

_PAIRED = {"distinct": "count", "trend": "per", "net": "promoter"}


def _insert(p: Parsing, text: str, at: int | None = None) -> Fix:
    where = p.token().start if at is None else at
    return Fix(f"write `{text.strip()}` here", (Edit(Span(p.source.name, where, where), text),))


def _there(p: Parsing, kind: str, text: str = "") -> Token:
    at = p.token().start
    return Token(kind, text, at, at)


def mend_missing_when(p: Parsing) -> bool:
    """`segment prime credit_score >= 720`."""
    if not p.begins_clause():
        return False
    if may_begin_declaration(p, p.at) or begins_part(p, p.at):
        return False
    token = p.token()
    is_name = token.kind in ("WORD", "QUOTED")
    if token.kind == "(" or p.word() == "not" or (is_name and _operator_follows(p)) or _function_follows(p):
        p.report(
            "SEG019", p.span(), f"`when` is missing before `{p.source.words(p.span())}`", fixes=(_insert(p, "when "),)
        )
        p.put(0, _there(p, "WORD", "when"))
        return True
    return False


def _operator_follows(p: Parsing) -> bool:
    following = p.token(1)
    if following.kind in ("=", "!=", ">=", "<=", ">", "<", "+", "*", "/"):
        return True
    if following.kind == "." and p.token(2).kind in ("WORD", "QUOTED"):
        return True
    return p.word(1) in ("is", "at", "above", "below", "between", "starts", "contains", "includes", "and", "or", "in")


def _function_follows(p: Parsing) -> bool:
    return (p.word() in _FUNCTIONS and p.word(1) == "of") or (
        p.word() in ("any", "no", "previous") and p.token(1).kind in ("WORD", "QUOTED")
    )


def mend_missing_text(p: Parsing) -> bool:
    """`reason S01` without its text, which may stand with the same code elsewhere in the file."""
    if (p.top(), p.top(1)) != ("NAME", "reason") or not p.accepts("STRING") or p.token().kind == "STRING":
        return False
    code, end = p.token(-1), p.token(-1).end
    same = (at for at in range(1, len(p.tokens) - 1) if p.tokens[at] != code and p.tokens[at].text == code.text)
    said = [
        p.tokens[at + 1]
        for at in same
        if p.tokens[at - 1].text.lower() == "reason" and p.tokens[at + 1].kind == "STRING"
    ]
    spans = [Span(p.source.name, text.start, text.end) for text in said[:1]]
    p.report(
        "SEG510",
        p.span(-1),
        f"the reason `{code.text}` has no text for the notice to carry",
        fixes=tuple(_insert(p, f" {p.source.words(span)}", end) for span in spans),
        labels=tuple(Label(span, "its text elsewhere") for span in spans),
    )
    p.put(0, Token("STRING", said[0].text if said else "", end, end))
    return True


def mend_missing_name(p: Parsing) -> bool:
    """`segment when …`, `segment "Prime"`, `let = 3`."""
    keyword = p.top()
    if keyword not in _NAMED or (keyword == "segment" and not p.accepts("NAME")):
        return False
    token = p.token()
    if token.kind == "WORD" and not _forgot_name(p, keyword):
        return False
    if token.kind not in ("WORD", "STRING", "=", "|") or not p.accepts("NAME"):
        return False
    slug = "".join(c if c.isalnum() else "_" for c in token.text.lower()) if token.kind == "STRING" else "new_name"
    p.report(
        "SEG020",
        p.span(-1),
        f"the name is missing after `{keyword}`",
        fixes=(_insert(p, f" {slug}", p.token(-1).end),) if token.kind == "STRING" else (),
    )
    p.build.damage.append(token.start)
    p.broken.add("")
    p.put(0, _there(p, "QUOTED", f"the one at {token.start}"))
    return True


def mend_missing_table(p: Parsing) -> bool:
    """`segmentation risk of`, and the head goes on."""
    goes_on = begins_part(p, p.at) or may_begin_declaration(p, p.at) or p.token().kind in ("=", "|")
    goes_on = goes_on or (p.word() == "by" and p.token(1).kind == "WORD" and p.word(1) != "by")
    if p.top() != "of" or p.top(1) not in ("NAME", "STRING") or not goes_on:
        return False
    p.report("SEG020", p.before(), "the name of a table is missing after `of`")
    p.broken.add("the table")
    p.put(0, _there(p, "QUOTED", "the table"))
    return True


def mend_missing_keyword_after_cells(p: Parsing) -> bool:
    """`yearly_rate "Yearly rate" unique` behind the rows of a table, whose next cell it would be."""
    behind = p.token(1) if p.token().kind == "STRING" else p.token()
    if p.top() != "NAME" or not p.starts_line(p.at - 1) or behind.text not in ("first", "unique"):
        return False
    if not p.accepts("decision", "NAME", height=len(p.states) - 1):
        return False
    name, span = p.token(-1), p.span(-1)
    words = p.source.words(span)
    p.report("SEG037", span, f"`decision` is missing before `{words}`", fixes=(_insert(p, "decision ", span.start),))
    p.take_back(1)
    p.put(0, Token("WORD", "decision", span.start, span.start), name)
    return True


def mend_missing_keyword(p: Parsing) -> bool:
    """`messages "Messages of care" of customers` and a head; `tenure = months since opened_on`."""
    if not p.starts_line(p.at) or p.token().kind not in ("WORD", "QUOTED"):
        return False
    after = 2 if p.token(1).kind == "STRING" else 1
    missing = ""
    if p.token(after).kind == "=" and p.word() not in KEYWORDS:
        missing = "let"
    elif p.word(after) == "of" and p.word(after + 2) in ("first", "overlapping", "purpose"):
        missing = "segmentation"
    behind = after + 2 if p.word(after) == "of" else after
    if p.word(behind) in ("first", "unique") and p.token(behind + 1).kind == "|":
        missing = "decision"
    elif p.word(behind) == "starts" and p.word(behind + 1) == "at":
        missing = "scorecard"
    if not missing or not p.accepts(missing, "NAME"):
        return False
    p.report(
        "SEG037",
        p.span(),
        f"`{missing}` is missing before `{p.source.words(p.span())}`",
        fixes=(_insert(p, f"{missing} "),),
    )
    p.put(0, _there(p, "WORD", missing))
    return True


_CANNOT_FOLLOW_AS_NAME = {
    "segment": ("when", "unless", "needs", "reason", "segment", "otherwise"),
    "otherwise": ("reason", "segment", "otherwise", "let", "table", "segmentation"),
    "table": ("key", "of"),
    "events": ("of",),
    "segmentation": ("of", "first", "overlapping"),
}


def _forgot_name(p: Parsing, keyword: str) -> bool:
    """Whether the word in the place of a name is the keyword that should come after one."""
    if p.word() not in _CANNOT_FOLLOW_AS_NAME.get(keyword, ()):
        return False
    following = p.token(1)
    if keyword in ("segment", "otherwise"):
        goes_on = begins_part(p, p.at + 1) or begins_declaration(p, p.at + 1)
        return following.kind not in ("STRING", "$END") and not goes_on
    return p.word(1) not in ("key", "of", "first", "overlapping", "purpose") and following.kind != "STRING"


def mend_name_of_several_words(p: Parsing) -> bool:
    """`segment Prime Digital`, `let credit-score`."""
    if p.top() != "NAME" or p.top(1) not in _NAMED or p.accepts(".") or _function_follows(p):
        return False
    if not p.starts_line(p.at) and not begins_part(p, p.at) and not may_begin_declaration(p, p.at):
        last = 0
        token = p.token()
        if token.kind not in ("WORD", "-", ".") or p.word() in KEYWORDS:
            return False
        while p.token(last + 1).kind in ("WORD", "NUMERAL", "-", ".") and not p.starts_line(p.at + last + 1):
            if p.word(last + 1) in KEYWORDS and p.token(last).kind != "-":
                break
            last += 1
        if not p.reads_on(skip=last + 1, tokens=1):
            return False
        first = p.token(-1)
        words = [first.text, *(p.token(ahead).text for ahead in range(last + 1))]
        joined = "_".join(word for word in words if word[0].isalnum() or word[0] == "_")
        whole = Span(p.source.name, first.start, p.token(last).end)
        p.report(
            "SEG030",
            whole,
            "a name is one word of letters, digits and `_`",
            fixes=(replace(whole, joined), replace(whole, f"`{p.source.words(whole)}`")),
        )
        p.take_back(1)
        p.put(last + 1, Token("QUOTED", joined, whole.start, whole.end))
        return True
    return False


def mend_function(p: Parsing) -> bool:
    """`count payments`, `sum(amount)`, `avg of x`."""
    before = p.token(-1)
    name = before.text.lower() if before.kind == "WORD" else ""
    if p.top() != "NAME" or p.at == 0:
        return False
    meant = _OTHER_FUNCTIONS.get(name, name if name in _FUNCTIONS else None)
    if meant is None:
        return _no_such_function(p)
    if p.token().kind == "(":
        end = 0
        while p.token(end).kind not in (")", "$END") and end < 50:
            end += 1
        span = p.span(-1, end)
        written = "count of payments" if meant == "count" else f"{meant} of amount from payments"
        p.report(
            "SEG035", span, f"functions are not called with parentheses: it is written `{written} in last 90 days`"
        )
        return False
    start = p.token(-1).start
    if p.word() == "of" and meant != name:
        p.take_back(1)
        p.report("SEG022", p.span(-1), f"`{before.text}` is called `{meant}`", fixes=(replace(p.span(-1), meant),))
        p.put(0, Token("WORD", meant, start, before.end))
        return True
    if p.token().kind in ("WORD", "QUOTED") and meant == name and not begins_part(p, p.at):
        height = len(p.states) - 1
        if not p.accepts(meant, "of", "NAME", height=height):
            return False
        p.report("SEG037", p.span(-1), f"after `{meant}` comes `of`", fixes=(_insert(p, "of "),))
        p.take_back(1)
        p.put(0, Token("WORD", meant, start, before.end), _there(p, "WORD", "of"))
        return True
    return False


def _no_such_function(p: Parsing) -> bool:
    """`months_since(opened_on)`, `datediff(…)`: reported, and not read on."""
    if p.token().kind != "(" or not p.adjacent(-1):
        return False
    called = p.span(-1)
    unit, _, since = p.word(-1).partition("_")
    if since == "since" and unit in ("days", "months", "years") and p.token(2).kind == ")":
        span = p.span(-1, 2)
        meant = f"{unit} since {p.source.words(p.span(1))}"
        p.report("SEG035", span, f"`{p.source.words(span)}` is written `{meant}`", fixes=(replace(span, meant),))
        return False
    p.report(
        "SEG035",
        called,
        f"there is no function `{p.source.words(called)}`, and functions are not called with parentheses",
        hints=("there are `count of`, `sum of`, `average of`, `min of`, `max of`, `latest of`, `months since`, …",),
    )
    return False


def mend_parenthesis(p: Parsing) -> bool:
    """A parenthesis that nothing closes, or that closes nothing."""
    if p.top() == "declarations" or len(p.states) == 1:
        return False
    if p.token().kind == ")" and p.reads_on(skip=1, tokens=1) and "(" not in map(p.top, range(len(p.states))):
        p.report("SEG032", p.span(), "this parenthesis closes nothing", fixes=(replace(p.span(), "", "leave it out"),))
        p.put(1)
        return True
    if not p.accepts(")") or p.token().kind in (")", ","):
        return False
    if not p.reads_on(")"):
        return False
    depth = next((depth for depth in range(len(p.states)) if p.top(depth) == "("), None)
    if depth is None:
        return False
    opening = Span(p.source.name, p.starts[-1 - depth], p.ends[-1 - depth])
    p.report("SEG032", opening, "this parenthesis is never closed", fixes=(_insert(p, ")", p.token(-1).end),))
    p.put(0, _there(p, ")", ")"))
    return True


def mend_missing_window(p: Parsing) -> bool:
    """An aggregate with `where` and no window, outside parentheses."""
    if not p.accepts("_NO_WINDOW", p.kind()):
        return False
    depth = next(depth for depth in range(len(p.states)) if p.top(depth) == "where")
    start, end = p.starts[-2 - depth], p.ends[-1]
    span = Span(p.source.name, start, end)
    edges = (Edit(Span(p.source.name, start, start), "("), Edit(Span(p.source.name, end, end), ")"))
    at_end = Span(p.source.name, end, end)
    p.report(
        "SEG034",
        span,
        "over events this needs a window or `ever`; over a table without time it stands in parentheses",
        fixes=(
            Fix("over events: add a window, such as `in last 90 days`", (Edit(at_end, " in last 90 days"),)),
            Fix("over events: take all of them, with `ever`", (Edit(at_end, " ever"),)),
            Fix("over a table without time: put it in parentheses", edges),
        ),
    )
    p.put(0, _there(p, "_NO_WINDOW"))
    return True


def mend_incomplete_table(p: Parsing) -> bool:
    """`table customers` without `key` or `of`, `events` without `at`."""
    for kind, message in (
        (
            "_NO_KEY",
            "a table says what its rows are told apart by, `key customer_id`, or whose rows it adds to, `of … by …`",
        ),
        ("_NO_AT", "events say when they happened: `at`, and the field with the date"),
    ):
        if p.accepts(kind, "FIELD") and (p.kind() == "$END" or may_begin_declaration(p, p.at) or _is_field(p)):
            name = next(
                Span(p.source.name, p.starts[-depth], p.ends[-depth])
                for depth in range(1, len(p.states))
                if p.top(depth) in ("table", "events")
            )
            p.report("SEG036", name, message)
            p.put(0, _there(p, kind))
            return True
    return False


def _is_field(p: Parsing) -> bool:
    return names_a_field(p.tokens, p.at)


# Small words that are easily left out, and what tells that they were.
_SMALL = ("of", "from", "then", "at", "per", "as", "where")


def mend_small_word(p: Parsing) -> bool:
    """`let tenure months since …`, `any payments … last 90 days`."""
    if p.at < p.put_in_until + 2:
        return False
    missing = _missing(p)
    if missing is None:
        return False
    p.report(
        "SEG037",
        p.span(),
        f"`{missing}` is missing before `{p.source.words(p.span())}`",
        fixes=(_insert(p, f"{missing} "),),
    )
    if any(p.top(depth) in ("table", "events") for depth in range(1, 12)):
        p.build.damage.append(p.token().start)
    p.put(0, *words_and_signs(missing, p.token().start, p.token().start))
    return True


def _missing(p: Parsing) -> str | None:
    """The one small word that makes the next two tokens fit."""
    if p.token().kind == "$END":
        return None
    if p.word() in ("last", "next") and p.accepts("in", p.word()):
        return "in"
    if p.word() in ("missing", "known", "one") and p.reads_on("is"):
        return "is"
    if p.accepts("|", "=>") and p.token().kind == "=>":
        return "|"
    if (
        not p.accepts("!=")
        and p.reads_on("=")
        and (not p.accepts("of") or _function_follows(p) or not p.reads_on("of"))
    ):
        return "="
    if p.top() == "NAME" and p.reads_on("by"):
        return "by"
    fitting = [small for small in _SMALL if p.reads_on(small)]
    if not fitting and p.token().kind in ("WORD", "QUOTED") and p.reads_on("and", tokens=3):
        return "and"
    return fitting[0] if len(fitting) == 1 else None


def mend_unquoted_path(p: Parsing) -> bool:
    """`use customer_data.seg` without quotes."""
    if p.top() != "use" or p.token().kind == "STRING":
        return False
    last = 0
    while p.adjacent(last) and p.token(last + 1).kind != "$END":
        last += 1
    span = p.span(0, last)
    path = p.source.words(span)
    if last == 0:
        return False
    p.report("SEG005", span, "a file's name stands in double quotes", fixes=(replace(span, f'"{path}"'),))
    p.put(last + 1, Token("STRING", path, span.start, span.end))
    return True
