"""Names in expressions: what `income`, `crm.do_not_call` and `prime_score` stand for."""

from __future__ import annotations

from collections.abc import Iterator

from .. import program as p
from .. import syntax as s
from ..diagnostics import Label
from ..source import Span
from .beyond import ASKS_OF_EVERYBODY, first_beyond
from .names import Scope
from .unknown_names import declares, report_unknown, report_unknown_field, report_unknown_table, report_unreachable


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
    own = table is not None and declares(table, name, scope.names)
    return own or name in scope.names.parameters


def reachable(scope: Scope) -> Iterator[p.Table]:
    """The tables whose fields an expression reads by `table.field`: what belongs at most once to the row at hand.

    Its own table, its parent, that one's parent and so on, and the tables attached to these."""
    owner = scope.names.tables.get(scope.table)
    seen: set[str] = set()
    while owner is not None and owner.name not in seen:
        seen.add(owner.name)
        yield owner
        for table in scope.names.tables.values():
            if table.role == "attached" and table.parent == owner.name:
                yield table
        owner = scope.names.tables.get(owner.parent) if owner.parent is not None else None


def is_reachable(table: p.Table, scope: Scope) -> bool:
    """Whether the fields of `table` can be read over the rows at hand."""
    return any(table.name == each.name for each in reachable(scope))


def named_table(ref: s.Expr, scope: Scope) -> p.Table | None:
    """The table that a bare name is (`crm` in `crm is known`); None for anything else."""
    match ref:
        case s.Paren(inner=inner):
            return named_table(inner, scope)
        case s.Ref(parts=(name,)) if not is_declared_here(name.text, scope):
            return scope.names.tables.get(name.text)
        case _:
            return None


def _bare(name: s.Name, scope: Scope, beside: p.Expr | None) -> p.Expr | None:
    names = scope.names
    table = names.tables.get(scope.table)
    if table is not None and declares(table, name.text, names):
        return _of_table(table, name, name.span, scope)
    parameter = names.parameters.get(name.text)
    if parameter is None:
        report_unknown(name, scope, list(reachable(scope)), beside)
        return None
    if parameter.type.kind == "duration":
        names.problems.error(
            "SEG216",
            name.span,
            f"`{name.text}` is a duration, which only says how long a window is: `in last {name.text}`",
            labels=[Label(parameter.span, "declared here")],
        )
        return None
    return p.ParameterRef(parameter.name, parameter.type, name.span)


def _dotted(owner: s.Name, name: s.Name, span: Span, scope: Scope) -> p.Expr | None:
    table = scope.names.tables.get(owner.text)
    if table is None:
        report_unknown_table(owner, scope, list(reachable(scope)))
        return None
    if not is_reachable(table, scope):
        report_unreachable(table, name, span, scope)
        return None
    if not declares(table, name.text, scope.names):
        report_unknown_field(table, name, scope)
        return None
    return _of_table(table, name, span, scope)


def _of_table(table: p.Table, name: s.Name, span: Span, scope: Scope) -> p.Expr | None:
    """The field or let `name` of a table that can be read here and declares it."""
    for field in table.fields:
        if field.name == name.text:
            return p.FieldRef(table.name, field.name, field.type, span)
    let = scope.names.let(table.name, name)
    if let is None:
        return None
    beyond = _looks_beyond(let, scope)
    if beyond is not None:
        _report_beyond(let, beyond, span, scope)
        return None
    return p.LetRef(table.name, let.name, let.value.type, span)


def _looks_beyond(let: p.Let, scope: Scope) -> p.Expr | None:
    """The part of a let that cannot be had here: over the rows of a child whatever looks beyond the parent's own row,
    and over the rows that an aggregate goes through what everybody has to be looked at for."""
    if let.table != scope.table:
        return first_beyond(let.value, (p.Aggregate, *ASKS_OF_EVERYBODY), scope.names)
    inside = scope.place in ("where", "value")
    return first_beyond(let.value, ASKS_OF_EVERYBODY, scope.names) if inside else None


def _report_beyond(let: p.Let, beyond: p.Expr, span: Span, scope: Scope) -> None:
    match beyond:
        case p.Aggregate(source=source):
            what = f"looks at the rows of `{source}`"
        case p.SegmentIs(segmentation=asked) | p.SegmentIncludes(segmentation=asked):
            what = f"asks for a segment of `{asked}`"
        case p.Previous(segmentation=asked):
            what = f"asks for `previous {asked}`"
        case _:
            what = f"stands for a place among all rows of `{let.table}`"
    if let.table != scope.table:
        message = (
            f"`{let.name}` {what}, and the rows of `{scope.table}` read of their row of `{let.table}` only what stands "
            "in that row itself"
        )
        example = f"`{let.table}.{_any_field(let, scope)}`"
        hint = f"its fields are read, as in {example}; what needs `{let.name}` is decided over `{let.table}`"
    else:
        message = (
            f"`{let.name}` {what}, and what an aggregate goes through is only asked for what stands in its own row"
        )
        hint = f"fields of `{scope.table}` can stand here, and every `let` that reads only these"
    scope.names.problems.error(
        "SEG440", span, message, labels=[Label(let.span, f"`{let.name}` is declared here")], hints=[hint]
    )


def _any_field(let: p.Let, scope: Scope) -> str:
    table = scope.names.tables[let.table]
    return next((field.name for field in table.fields if field.name not in (table.key, table.by)), table.fields[0].name)
