"""Names in expressions: what `income`, `crm.do_not_call` and `prime_score` stand for."""

from __future__ import annotations

from collections.abc import Iterator

from .. import program as p
from .. import syntax as s
from ..diagnostics import Label, replace
from ..source import Span
from ..walk import walk
from ..wording import text_wording, written
from .literals import is_word_for_missing
from .names import Names, Scope
from .not_yet import report_not_yet
from .suggest import did_you_mean


def reference(ref: s.Ref, scope: Scope, beside: p.Expr | None = None) -> p.Expr | None:
    """The field, let or parameter that a name stands for; None where it is none, which has been reported.

    `beside` is what the name is compared with, so that a text without its quotes is recognised."""
    match ref.parts:
        case (name,):
            return _bare(name, scope, beside)
        case (owner, name):
            return _dotted(owner, name, ref.span, scope)
        case _:
            raise ValueError("a name has one or two parts")


def is_declared_here(name: str, scope: Scope) -> bool:
    """Whether a bare name is a field, let or parameter where it stands."""
    table = scope.names.tables.get(scope.table)
    return (
        (table is not None and _field(table, name) is not None)
        or (scope.table, name) in scope.names.let_names
        or name in scope.names.parameters
    )


def reachable(scope: Scope) -> Iterator[p.Table]:
    """The tables whose fields an expression reads by `table.field`: what belongs at most once to the row at hand.

    Its own table, its parent, that one's parent and so on, and the tables attached to these."""
    owner = scope.names.tables.get(scope.table)
    seen: set[str] = set()
    while owner is not None and owner.name not in seen:
        seen.add(owner.name)
        yield owner
        yield from (
            table for table in scope.names.tables.values() if table.role == "attached" and table.parent == owner.name
        )
        owner = scope.names.tables.get(owner.parent) if owner.parent is not None else None


def attached_table(ref: s.Expr, scope: Scope) -> p.Table | None:
    """The table that a bare name is (`crm` in `crm is known`); None for anything else."""
    match ref:
        case s.Paren(inner=inner):
            return attached_table(inner, scope)
        case s.Ref(parts=(name,)) if not is_declared_here(name.text, scope):
            return scope.names.tables.get(name.text)
        case _:
            return None


def _field(table: p.Table, name: str) -> p.Field | None:
    return next((field for field in table.fields if field.name == name), None)


def _bare(name: s.Name, scope: Scope, beside: p.Expr | None) -> p.Expr | None:
    names = scope.names
    table = names.tables.get(scope.table)
    field = _field(table, name.text) if table is not None else None
    if field is not None:
        return p.FieldRef(scope.table, field.name, field.type, name.span)
    if (scope.table, name.text) in names.let_names:
        let = names.let(scope.table, name)
        return None if let is None else p.LetRef(scope.table, let.name, let.value.type, name.span)
    parameter = names.parameters.get(name.text)
    if parameter is not None and parameter.type.kind != "duration":
        return p.ParameterRef(parameter.name, parameter.type, name.span)
    if parameter is not None:
        names.problems.error(
            "SEG216",
            name.span,
            f"`{name.text}` is a duration, which only says how long a window is: `in last {name.text}`",
            labels=[Label(parameter.span, "declared here")],
        )
        return None
    if not _is_excused(name, scope):
        _report_unknown(name, scope, beside)
    return None


def _is_excused(name: s.Name, scope: Scope) -> bool:
    """Whether the declaration of this name has been reported already."""
    names = scope.names
    not_yet = names.not_yet.get(name.text)
    if not_yet is not None and not_yet.what in ("decision table", "scorecard"):
        return True
    return name.text in names.broken or scope.table in names.broken


def _report_unknown(name: s.Name, scope: Scope, beside: p.Expr | None) -> None:
    names = scope.names
    problems = names.problems
    word = name.text
    if _report_unquoted(name, scope, beside) or _report_other_kind(name, scope):
        return
    owners = [table for table in names.tables.values() if _field(table, word) or (table.name, word) in names.let_names]
    near = [table for table in reachable(scope) if table in owners]
    what = {table.name: "a field" if _field(table, word) else "a `let`" for table in owners}
    if near:
        dotted = [f"{written(table.name)}.{written(word)}" for table in near]
        problems.error(
            "SEG151",
            name.span,
            f"`{word}` is {what[near[0].name]} of `{near[0].name}`: write `{dotted[0]}`",
            fixes=[replace(name.span, path) for path in dotted],
        )
        return
    fixes = did_you_mean(name, candidates(scope))
    hints = []
    if owners and not fixes:
        hints.append(_how_to_reach(owners[0], word, what[owners[0].name], scope))
    problems.error(
        "SEG150",
        name.span,
        f"`{word}` is not a field of `{scope.table}`, nor a `let` or parameter",
        fixes=fixes,
        hints=hints,
    )


def candidates(scope: Scope) -> list[str]:
    """The bare names that an expression can read here."""
    names = scope.names
    table = names.tables.get(scope.table)
    fields = [field.name for field in table.fields] if table is not None else []
    lets = [let for owner, let in names.let_names if owner == scope.table]
    return [*fields, *lets, *names.parameters]


def _report_unquoted(name: s.Name, scope: Scope, beside: p.Expr | None) -> bool:
    """`channel = app`, `income = missing`."""
    if beside is None:
        return False
    if is_word_for_missing(name.text):
        scope.names.problems.error(
            "SEG209",
            name.span,
            f"nothing equals `{name.text}`: where there is no value is asked with `is missing`",
        )
        return True
    text = name.text
    choices = beside.type.choices
    fits = beside.type.kind == "text" and (text in choices if choices is not None else not _near(name, scope))
    if fits:
        scope.names.problems.error(
            "SEG217",
            name.span,
            f"`{text}` is no name that is known here; as a text it stands in quotes: `{text_wording(text)}`",
            fixes=[replace(name.span, text_wording(text))],
        )
    return fits


def _near(name: s.Name, scope: Scope) -> bool:
    return bool(did_you_mean(name, candidates(scope)))


def _report_other_kind(name: s.Name, scope: Scope) -> bool:
    """A name that is declared, but is no value: a segmentation, a table, a segment, a measure, a purpose."""
    names, word = scope.names, name.text
    segmentation = names.segmentations.get(word)
    label: list[Label] = []
    if segmentation is not None:
        label = [Label(segmentation.span, "declared here")]
        segment = next(iter(segmentation.segments), "…")
        verb = "is" if segmentation.exclusive else "includes"
        message = f"`{word}` is a segmentation, which is asked for a segment: `{word} {verb} {segment}`"
    elif (table := names.tables.get(word)) is not None:
        label = [Label(table.span, "declared here")]
        message = f"`{word}` is a table, not a value: {_how_to_read(table, scope)}"
    elif word in names.not_yet:
        message = f"`{word}` is the name of a {names.not_yet[word].what}, which an expression cannot read"
    elif asked := [each for each in names.segmentations.values() if word in each.segments]:
        verb = "is" if asked[0].exclusive else "includes"
        message = f"`{word}` is a segment of `{asked[0].name}`: write `{asked[0].name} {verb} {word}`"
    elif word in names.purposes:
        message = f"`{word}` is a purpose, not a value"
    else:
        return False
    names.problems.error("SEG153", name.span, message, labels=label)
    return True


def _how_to_read(table: p.Table, scope: Scope) -> str:
    if table in list(reachable(scope)):
        field = next((field.name for field in table.fields if field.name not in (table.by, table.key)), "…")
        return f"its fields are read as `{table.name}.{field}`"
    if table.parent == scope.table:
        return f"ask for its rows with `count of {table.name} …` or `any {table.name} …`"
    return "it has no row of its own for each row here"


def _how_to_reach(owner: p.Table, word: str, what: str, scope: Scope) -> str:
    if owner.role in ("events", "child") and owner.parent == scope.table:
        window = " in last 12 months" if owner.role == "events" else ""
        return (
            f"`{word}` is {what} of `{owner.name}`, which has many rows for each row of `{scope.table}`: "
            f"aggregate them, as in `max of {word} from {owner.name}{window}`"
        )
    return f"`{word}` is {what} of `{owner.name}`, which cannot be read over the rows of `{scope.table}`"


def _dotted(owner: s.Name, name: s.Name, span: Span, scope: Scope) -> p.Expr | None:
    names = scope.names
    table = names.tables.get(owner.text)
    if table is None:
        _report_unknown_table(owner, scope)
        return None
    if table not in list(reachable(scope)):
        names.problems.error(
            "SEG152",
            span,
            f"`{owner.text}` has no single row for each row of `{scope.table}`, so `{owner.text}.{name.text}` is "
            "not one value",
            hints=[_how_to_reach(table, name.text, "a field", scope)] if _field(table, name.text) else [],
        )
        return None
    field = _field(table, name.text)
    if field is not None:
        return p.FieldRef(table.name, field.name, field.type, span)
    if (table.name, name.text) in names.let_names:
        return _let_of_other(table, name, span, scope)
    if name.text not in names.broken and owner.text not in names.broken:
        fields = [field.name for field in table.fields]
        lets = [let for of, let in names.let_names if of == table.name]
        names.problems.error(
            "SEG150",
            name.span,
            f"`{owner.text}` has no field `{name.text}`",
            fixes=did_you_mean(name, [*fields, *lets]),
        )
    return None


def _report_unknown_table(owner: s.Name, scope: Scope) -> None:
    names = scope.names
    if owner.text in names.broken:
        return
    if owner.text in names.segmentations:
        verb = "is" if names.segmentations[owner.text].exclusive else "includes"
        names.problems.error(
            "SEG153",
            owner.span,
            f"`{owner.text}` is a segmentation, which is asked for a segment with `{verb}`",
        )
        return
    names.problems.error(
        "SEG150",
        owner.span,
        f"there is no table `{owner.text}`",
        fixes=did_you_mean(owner, [table.name for table in reachable(scope)]),
    )


def _let_of_other(table: p.Table, name: s.Name, span: Span, scope: Scope) -> p.Expr | None:
    names = scope.names
    let = names.let(table.name, name)
    if let is None:
        return None
    if table.name == scope.table:
        return p.LetRef(table.name, let.name, let.value.type, span)
    if table.role == "attached":
        report_not_yet(names.problems, span, f"a `let` of the attached table `{table.name}`")
        return None
    if reads_more_than_its_row(let.value, names):
        report_not_yet(
            names.problems,
            span,
            f"`{table.name}.{let.name}`, a `let` of `{table.name}` that reads other rows, over the rows of "
            f"`{scope.table}`",
        )
        return None
    return p.LetRef(table.name, let.name, let.value.type, span)


def reads_more_than_its_row(expr: p.Expr, names: Names) -> bool:
    """Whether an expression reads an aggregate or a segmentation, directly or through a let."""
    return any(
        isinstance(part, p.Aggregate | p.SegmentIs | p.SegmentIncludes) or _let_reads_more(part, names)
        for part in walk(expr)
    )


def _let_reads_more(part: p.Expr, names: Names) -> bool:
    if not isinstance(part, p.LetRef):
        return False
    let = names.let(part.table, s.Name(part.span, part.name))
    return let is not None and reads_more_than_its_row(let.value, names)
