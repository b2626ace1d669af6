"""What is said of a name that an expression cannot read."""

from __future__ import annotations

from collections.abc import Sequence

from .. import program as p
from .. import syntax as s
from ..diagnostics import Fix, Label, replace
from ..source import Span
from ..wording import text_wording, written
from .names import NAMELESS, Names, Scope
from .suggest import did_you_mean, suggestion_at
from .words_for_missing import is_word_for_missing

MOST_NAMED = 5
"""So many tables are named where none is spelled nearly so."""
_WORDS_FOR_TODAY = ("today", "now", "current_date", "current_timestamp", "sysdate")


def declares(table: p.Table, name: str, names: Names) -> bool:
    """Whether a table has a field or let of that name."""
    return any(field.name == name for field in table.fields) or (table.name, name) in names.let_names


def report_unknown(name: s.Name, scope: Scope, readable: Sequence[p.Table], beside: p.Expr | None) -> None:
    """Report a bare name that is no field, let or parameter here, unless its declaration has been reported.

    `readable` are the tables whose fields can be read here; `beside` is what the name is compared with."""
    names, word = scope.names, name.text
    if NAMELESS in names.broken or word in names.broken or scope.table in names.broken:
        return
    if _reported_unquoted(name, scope, beside) or _reported_other_kind(name, scope, readable):
        return
    owners = [table for table in names.tables.values() if declares(table, word, names)]
    near = [table for table in readable if table in owners]
    if near:
        dotted = [f"{written(table.name)}.{written(word)}" for table in near]
        names.problems.error(
            "SEG151",
            name.span,
            f"`{word}` is {_what(near[0], word)} of `{near[0].name}`: write `{dotted[0]}`",
            fixes=[replace(name.span, path) for path in dotted],
        )
        return
    fixes = did_you_mean(name, _readable_names(scope))
    hints: list[str] = []
    if word.lower() in _WORDS_FOR_TODAY and not fixes:
        hints.append("every run has an as-of date: `days since` a date and `in last 90 days` count from it")
    if owners and not fixes:
        owner = owners[0]
        hints.append(f"`{word}` is {_what(owner, word)} of `{owner.name}`, {_how_to_reach(owner, word, scope)}")
    names.problems.error(
        "SEG150",
        name.span,
        f"`{word}` is not a field of `{scope.table}`, nor a `let` or parameter",
        fixes=fixes,
        hints=hints,
    )


def report_unknown_table(owner: s.Name, scope: Scope, readable: Sequence[p.Table]) -> None:
    """Report the first part of a dotted name that is no table."""
    names = scope.names
    if owner.text in names.broken:
        return
    segmentation = names.segmentations.get(owner.text)
    if segmentation is not None:
        verb = "is" if segmentation.exclusive else "includes"
        names.problems.error(
            "SEG153",
            owner.span,
            f"`{owner.text}` is a segmentation, which is asked for a segment with `{verb}`",
            labels=[Label(segmentation.span, "declared here")],
        )
        return
    fixes = did_you_mean(owner, [table.name for table in readable])
    known = [f"`{table.name}`" for table in readable]
    few = 0 < len(known) <= MOST_NAMED
    hints = [f"what can be read here is of {', '.join(known)}"] if few and not fixes else []
    names.problems.error("SEG150", owner.span, f"there is no table `{owner.text}`", fixes=fixes, hints=hints)


def report_unknown_field(table: p.Table, name: s.Name, scope: Scope) -> None:
    """Report the second part of a dotted name that is no field of its table."""
    names = scope.names
    if name.text in names.broken or table.name in names.broken:
        return
    lets = [let for owner, let in names.let_names if owner == table.name]
    names.problems.error(
        "SEG150",
        name.span,
        f"`{table.name}` has no field `{name.text}`",
        labels=[Label(table.span, "declared here")],
        fixes=did_you_mean(name, [*(field.name for field in table.fields), *lets]),
    )


def report_unreachable(table: p.Table, name: s.Name, span: Span, scope: Scope) -> None:
    """Report a dotted name whose table has no single row for the row at hand."""
    scope.names.problems.error(
        "SEG152",
        span,
        f"`{table.name}.{name.text}` is read from `{table.name}`, {_how_to_reach(table, name.text, scope)}",
        labels=[Label(table.span, "declared here")],
    )


def _what(table: p.Table, name: str) -> str:
    return "a field" if any(field.name == name for field in table.fields) else "a `let`"


def _readable_names(scope: Scope) -> list[str]:
    names = scope.names
    table = names.tables.get(scope.table)
    fields = [field.name for field in table.fields] if table is not None else []
    return [*fields, *(let for owner, let in names.let_names if owner == scope.table), *names.parameters]


def _reported_unquoted(name: s.Name, scope: Scope, beside: p.Expr | None) -> bool:
    """`channel = app`; `income = na`."""
    if beside is None:
        return False
    problems = scope.names.problems
    if is_word_for_missing(name.text):
        problems.error(
            "SEG209",
            name.span,
            f"nothing equals `{name.text}`: whether there is no value is asked with `is missing`",
        )
        return True
    if beside.type.kind != "text" or did_you_mean(name, _readable_names(scope)):
        return False
    text, choices = name.text, beside.type.choices
    fixes: list[Fix]
    if choices is None or text in choices:
        fixes = [replace(name.span, text_wording(text))]
    else:
        fixes = suggestion_at(name.span, text, choices, quote=text_wording)
    if fixes:
        problem = f"`{text}` is no name that is known here, and a text stands in quotes"
        problems.error("SEG217", name.span, problem, fixes=fixes)
    return bool(fixes)


def _reported_other_kind(name: s.Name, scope: Scope, readable: Sequence[p.Table]) -> bool:
    """A name that is declared, but is no value: a segmentation, a table, a segment, a measure, a purpose."""
    names, word = scope.names, name.text
    labels: list[Label] = []
    asked = [each for each in names.segmentations.values() if word in each.segments]
    if word in names.segmentations:
        segmentation = names.segmentations[word]
        labels.append(Label(segmentation.span, "declared here"))
        segment = next(iter(segmentation.segments), "…")
        verb = "is" if segmentation.exclusive else "includes"
        message = f"`{word}` is a segmentation, which is asked for a segment: `{word} {verb} {segment}`"
    elif word in names.tables:
        table = names.tables[word]
        labels.append(Label(table.span, "declared here"))
        message = f"`{word}` is a table, not a value: {_how_to_read(table, scope, readable)}"
    elif word in names.unreadable:
        message = f"`{word}` is the name of {names.unreadable[word]}, which an expression cannot read"
    elif asked:
        verb = "is" if asked[0].exclusive else "includes"
        message = f"`{word}` is a segment of `{asked[0].name}`: write `{asked[0].name} {verb} {word}`"
    elif word in names.purposes:
        message = f"`{word}` is a purpose, not a value"
    else:
        return False
    names.problems.error("SEG153", name.span, message, labels=labels)
    return True


def _how_to_read(table: p.Table, scope: Scope, readable: Sequence[p.Table]) -> str:
    if table in readable:
        field = next((field.name for field in table.fields if field.name not in (table.by, table.key)), "…")
        return f"its fields are read as `{table.name}.{field}`"
    if table.parent == scope.table:
        return f"ask for its rows with `count of {table.name} …` or `any {table.name} …`"
    return f"it has no row of its own for each row of `{scope.table}`"


def _how_to_reach(owner: p.Table, word: str, scope: Scope) -> str:
    """Continues "… of `owner`, …"."""
    if owner.role in ("events", "child") and owner.parent == scope.table:
        window = " in last 12 months" if owner.role == "events" else ""
        return (
            f"which has many rows for each row of `{scope.table}`: aggregate them, as in "
            f"`max of {written(word)} from {written(owner.name)}{window}`"
        )
    return f"which cannot be read over the rows of `{scope.table}`"
