"""What to say about words that do not fit, in the terms of who wrote them."""

from __future__ import annotations

from collections.abc import Collection

from .diagnostics import Fix, replace
from .parsing import Parsing
from .source import Span

# What can come next, said in one go where all of these terminals can: the first line that applies speaks for those
# of its terminals and for those in the third column.
_KINDS: tuple[tuple[set[str], str, set[str]], ...] = (
    (
        {"use", "let", "table"},
        "the next declaration",
        {
            *("use", "purposes", "table", "events", "freshness", "parameter", "let", "decision", "scorecard"),
            *("segmentation", "measure", "measures", "target", "policy", "experiment", "guarantee", "test", "$END"),
        },
    ),
    (
        {"not", "NAME"},
        "a condition",
        {
            *("(", "-", "STRING", "NUMERAL", "PERCENTAGE", "ISO_DATE", "TRUTH", "UNIT", "any", "no", "count", "sum"),
            *("average", "min", "max", "median", "first", "latest", "distinct", "trend", "net", "decile", "quintile"),
            *("quartile", "percentile", "top", "previous"),
        },
    ),
    (
        {"(", "-", "NAME", "UNIT"},
        "a value",
        {
            *("STRING", "NUMERAL", "PERCENTAGE", "ISO_DATE", "TRUTH", "any", "no", "count", "sum"),
            *("average", "min", "max", "median", "first", "latest", "distinct", "trend", "net", "decile", "quintile"),
            *("quartile", "percentile", "top", "previous"),
        },
    ),
    (
        {"[", "missing", "otherwise", "below"},
        'a cell such as `>= 720`, `"A"`, `missing` or `otherwise`',
        {
            *("(", "-", "=", "!=", ">=", "<=", ">", "<", "is", "at", "above", "between", "known", "from", "to", "NAME"),
            *("STRING", "NUMERAL", "PERCENTAGE", "ISO_DATE", "TRUTH", "_ANY_CELL"),
        },
    ),
    (
        {"[", "(", "from", "optional"},
        "what belongs to the field (`optional`, `from 0 to 10`, a title, …)",
        {
            *(
                "to",
                "in",
                "as",
                "written",
                "missing",
                "others",
                "protected",
                "personal",
                "consent",
                "for",
                ",",
                "STRING",
            ),
            *("_TRUE_WHEN", "_FALSE_WHEN"),
        },
    ),
    ({"FIELD"}, "a field (its name and its type)", set()),
    ({"NAME", "STRING", "NUMERAL", "PERCENTAGE"}, "a value", {"-", "ISO_DATE", "TRUTH"}),
    ({"STRING", "NUMERAL", "PERCENTAGE"}, 'a value such as `720`, `30%` or `"text"`', {"-", "ISO_DATE", "TRUTH"}),
    (
        {"integer", "text"},
        "a type such as `integer`, `percent` or `text`",
        {
            *("number", "percent", "money", "boolean", "date", "timestamp", "one", "MONEY_SCALE"),
        },
    ),
    (
        {">=", "is"},
        "a comparison such as `>= 720` or `is known`",
        {
            *("=", "!=", "<=", ">", "<", "at", "above", "below", "between", "starts", "contains", "includes"),
            *("+", "-", "*", "/", ".", "default"),
        },
    ),
    ({"+", "*"}, "arithmetic", {"-", "/", ".", "default"}),
    ({"and", "or"}, "`and` or `or`", set()),
    ({"in", "ever"}, "a window such as `in last 90 days`, or `ever`", {"where"}),
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
    expected = in_words(p.accepted())
    where = _construct(p)
    before = _before(p)
    if p.token().kind == "$END":
        message = f"the file ends in the middle of {where or 'a declaration'}"
        message += f": after {before} comes {expected}" if before else f": {expected} is missing"
        p.report("SEG002", p.span(-1), message)
        return
    found = p.source.words(p.span())
    inside = f"in {where}, " if where else ""
    if before:
        message = f"{inside}after {before} comes {expected}, not `{found}`"
    else:
        message = f"`{found}` begins no declaration: a file holds {expected}" if not where else f"{inside}{expected} …"
    p.report("SEG001", p.span(), message, fixes=_backquotes(p))


def in_words(accepted: Collection[str]) -> str:
    """What can come next, as an analyst would say it: `a`, `b` or `c`."""
    left = set(accepted) - _NEVER_SAID
    said: list[str] = []
    last: list[str] = []
    for needed, words, covered in _KINDS:
        if needed <= left:
            (last if words == "the next declaration" else said).append(words)
            left -= needed | covered
    said += [_SINGLE.get(kind, f"`{kind}`") for kind in sorted(left, key=lambda kind: (not kind.isupper(), kind))]
    if len(said) > 7:
        said = [*said[:6], "…"]
    said += last
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
        words = p.source.words(p.span(-1))
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
    """Where a keyword stands in the place of a name: the name in backquotes."""
    token = p.token()
    if token.kind == "WORD" and token.text.isalpha() and p.accepts("NAME") and p.kind() != "NAME":
        return (replace(p.span(), f"`{token.text}`", f"if it is a name, write it in backquotes: `{token.text}`"),)
    return ()
