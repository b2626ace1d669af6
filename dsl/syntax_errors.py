"""What to say about words that do not fit, in the terms of who wrote them."""

from __future__ import annotations

from collections.abc import Collection

from .diagnostics import Fix, replace
from .lexer import KEYWORDS
from .mending.habits import is_unfinished
from .parsing import Parsing
from .source import Span

# What can come next, said in one go where all of these terminals can: the first line that applies speaks for those
# of its terminals and for those in the third column.
_NEXT_DECLARATION = "the next declaration"
_COMPARATORS = {
    *("=", "!=", ">=", "<=", ">", "<", "is", "at", "above", "below", "between", "starts", "contains", "includes"),
}
_ARITHMETIC = {"+", "-", "*", "/", ".", "default"}
_VALUES = {
    *("(", "-", "NAME", "STRING", "NUMERAL", "PERCENTAGE", "ISO_DATE", "TRUTH", "UNIT", "any", "no", "count", "sum"),
    *("average", "min", "max", "median", "first", "latest", "distinct", "trend", "net", "decile", "quintile"),
    *("quartile", "percentile", "top", "previous", "return", "loss", "cost", "conversion", "renewal"),
    *("risk-adjusted", "default-adjusted"),
}
_KINDS: tuple[tuple[set[str], str, set[str]], ...] = (
    (
        {"use", "let", "table"},
        _NEXT_DECLARATION,
        {
            *("purposes", "events", "freshness", "parameter", "decision", "scorecard", "segmentation", "measure"),
            *("measures", "target", "policy", "experiment", "guarantee", "test", "$END"),
        },
    ),
    (
        {"segment", "otherwise"},
        "the next `when`, `unless` or `segment`",
        {"when", "unless", "needs", "reason", "reasons", "_FROM_DATE", "until"},
    ),
    (
        {"owner", "review"},
        "a line of its head such as `first match wins`",
        {"first", "overlapping", "purpose", "refresh", "each", "_AT_MOST_EACH"},
    ),
    ({"missing", "known", "one"}, "a value, `missing`, `known` or `one of (…)`", {*_VALUES, "not", *_COMPARATORS}),
    ({"not", "NAME"}, "a condition", _VALUES),
    ({"(", "-", "NAME", "UNIT"}, "a value", _VALUES),
    (
        {"[", "missing", "otherwise", "below"},
        'a cell such as `>= 720`, `"A"`, `missing` or `otherwise`',
        {*_COMPARATORS, *_VALUES, "known", "from", "to", "_ANY_CELL"},
    ),
    (
        {"[", "(", "from", "optional"},
        "what belongs to the field (`optional`, `from 0 to 10`, a title, …)",
        {
            *("to", "in", "as", "written", "missing", "others", "protected", "personal", "consent", "for", ","),
            *("STRING", "_TRUE_WHEN", "_FALSE_WHEN"),
        },
    ),
    ({"NAME", "STRING", "NUMERAL", "PERCENTAGE"}, "a value", _VALUES),
    ({"STRING", "NUMERAL", "PERCENTAGE"}, 'a value such as `720`, `30%` or `"text"`', _VALUES),
    ({"FIELD"}, "a field (its name and its type)", set()),
    (
        {"integer", "text"},
        "a type such as `integer`, `percent` or `text`",
        {*("number", "percent", "money", "boolean", "date", "timestamp", "one", "MONEY_SCALE")},
    ),
    ({">=", "is"}, "a comparison such as `>= 720` or `is known`", {*_COMPARATORS, *_ARITHMETIC}),
    ({"+", "*"}, "arithmetic", _ARITHMETIC),
    ({"and", "or"}, "`and`, `or`", set()),
    ({"in", "ever"}, "a window such as `in last 90 days`, `ever`", {"where"}),
    ({"decile"}, "a name", {"quintile", "quartile", "percentile", "top", "previous", "NAME"}),
    ({"_FROM_DATE"}, "`from` and a date", set()),
    ({"_AT_MOST_EACH"}, "`at most 2 segments each`", set()),
)

_SINGLE = {
    "NAME": "a name",
    "STRING": "a text in double quotes",
    "NUMERAL": "a number",
    "PERCENTAGE": "a percentage such as `30%`",
    "ISO_DATE": "a date such as `2026-01-31`",
    "TRUTH": "`true` or `false`",
    "UNIT": "`days`, `months` or `years`",
    "$END": "the end of the file",
    "[": "a range such as `[0..10)`",
}

_NEVER_SAID = {"_IS_UNKNOWN", "_NO_KEY", "_NO_AT", "_NO_WINDOW", "_TRUE_WHEN", "_FALSE_WHEN", "_ANY_CELL", "."}

_DECLARING = {
    *("table", "events", "parameter", "let", "decision", "scorecard", "segmentation", "measure", "experiment"),
    *("segment", "otherwise", "guarantee", "test", "use", "freshness", "target"),
}


def report_unexpected(p: Parsing) -> None:
    """Report the next words, which fit nothing that the parser can accept."""
    if _on_line_of_open_text(p):
        return
    expected = in_words(p.accepted())
    where = _construct(p)
    before = _before(p)
    if p.token().kind == "$END":
        message = f"the file ends in the middle of {where or 'a declaration'}"
        message += f": after {before} comes {expected}" if before else f": {expected} is missing"
        p.report("SEG002", p.before(), message)
        return
    if before and is_unfinished(p):
        inside = f"{where} stops in the middle" if where else "this stops in the middle"
        p.report("SEG038", p.before(), f"{inside}: after {before} comes {expected}")
        return
    found = p.source.words(p.span())
    inside = f"in {where}, " if where else ""
    if p.top() == "declarations" or len(p.states) == 1:
        message = f"`{found}` begins no declaration; a file consists of `table`, `events`, `let`, `segmentation`, …"
    elif before:
        message = f"{inside}after {before} comes {expected}, not `{found}`"
    else:
        message = f"{inside}here comes {expected}, not `{found}`"
    p.report("SEG001", p.span(), message, fixes=_backquotes(p))


def _on_line_of_open_text(p: Parsing) -> bool:
    """Whether a text that is not closed begins or ends on this line: its words explain themselves then."""
    line = p.source.position(p.token().start).line
    return any(
        found.code == "SEG004" and p.source.position(found.span.start).line == line for found in p.build.problems.found
    )


def in_words(accepted: Collection[str]) -> str:
    """What can come next, as an analyst would say it: `a`, `b` or `c`."""
    left = set(accepted) - _NEVER_SAID
    said: list[str] = []
    for needed, words, covered in _KINDS:
        if needed <= left:
            said.append(words)
            left -= needed | covered
    said += [_SINGLE.get(kind, f"`{kind}`") for kind in sorted(left, key=lambda kind: (not kind.isupper(), kind))]
    said.sort(key=lambda words: (words.startswith("the next"), words == _NEXT_DECLARATION))
    if len(said) > 6:
        return ", ".join(said[:5]) + ", …"
    return said[0] if len(said) == 1 else ", ".join(said[:-1]) + " or " + said[-1]


def _before(p: Parsing) -> str:
    """The words before, in backquotes: the last complete part if it is short, else its last word."""
    if len(p.states) == 1 or p.at == 0:
        return ""
    if p.top() == "declarations":
        return ""
    whole = Span(p.source.name, p.starts[-1], p.ends[-1])
    words = p.source.words(whole)
    if not words or len(words) > 30 or "\n" in words or "#" in words or p.top().endswith("s"):
        words = p.source.words(p.before())
    return f"`{words}`"


def _construct(p: Parsing) -> str:
    """The innermost declaration or segment that is being read: `segment prime`."""
    for height in range(len(p.states) - 1, 0, -1):
        keyword = p.tables.symbols[p.states[height]]
        if keyword not in _DECLARING:
            continue
        if keyword == "segment" and p.tables.symbols[p.states[height - 1]] not in ("segments", "header"):
            continue
        if height + 1 < len(p.states) and p.tables.symbols[p.states[height + 1]] in ("NAME", "STRING"):
            return f"`{keyword} {p.source.text[p.starts[height + 1] : p.ends[height + 1]]}`"
        return f"`{keyword}`"
    return ""


def _backquotes(p: Parsing) -> tuple[Fix, ...]:
    """Where the word before was read as a keyword and would fit as a name: that name in backquotes."""
    before = p.token(-1)
    if p.at == 0 or before.kind != "WORD" or p.top() in ("NAME", "FIELD") or p.ends[-1] != before.end:
        return ()
    if before.text.lower() not in KEYWORDS or not p.accepts("NAME", p.kind(), height=len(p.states) - 1):
        return ()
    return (replace(p.span(-1), f"`{before.text}`", f"if it is a name, write it in backquotes: `{before.text}`"),)
