"""Where the names of an expression are declared, for the labels of a diagnostic."""

from __future__ import annotations

from .. import program as p
from .. import syntax as s
from ..diagnostics import Label
from .names import Scope


def field_of(ref: p.FieldRef, scope: Scope) -> p.Field:
    """The declaration of a field."""
    return scope.names.tables[ref.table].field_named(ref.field)


def declaration_labels(expr: p.Expr, scope: Scope, said: str = "declared here") -> list[Label]:
    """The place where a field, let or parameter is declared; nothing for other expressions."""
    match expr:
        case p.FieldRef():
            return [Label(field_of(expr, scope).span, said)]
        case p.ParameterRef(name=name):
            return [Label(scope.names.parameters[name].span, said)]
        case p.LetRef(table=table, name=name, span=span):
            let = scope.names.let(table, s.Name(span, name))
            return [] if let is None else [Label(let.span, said)]
        case _:
            return []
