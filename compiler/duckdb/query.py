"""A query while it is built: what it is built from, its common table expressions, its names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from ...dsl.program import Program
from ..names import Names
from ..plan import Binding
from .relation import Relation


@dataclass(slots=True)
class Query:
    """The tables of the query so far, by name, in the order in which they may read each other.

    `cut_points` are the terms of cut-points by key, where the query finds them itself; all others are the binding's.
    `remarks` are comments, by segmentation and the number of a clause, by overlapping segmentation and segment, and by
    table and feature."""

    program: Program
    binding: Binding
    relations: Mapping[str, Relation]
    names: Names = field(default_factory=Names)
    tables: list[tuple[str, exp.Select]] = field(default_factory=list)
    cut_points: dict[str, tuple[exp.Expr, ...]] = field(default_factory=dict)
    remarks: Mapping[tuple[str, int | str], str] = field(default_factory=dict)

    def add(self, wanted: str, select: exp.Select) -> str:
        """Adds a common table expression and gives its name, which no source reads."""
        sources = [relation.source.casefold() for relation in self.relations.values()]
        name = self.names.fresh(wanted)
        while any(name.casefold() in source for source in sources):
            name = self.names.fresh(wanted)
        self.tables.append((name, select))
        return name

    def remarked(self, what: tuple[str, int | str], term: exp.Expr) -> exp.Expr:
        """The term with the remark on what it stands for, where there is one."""
        if what in self.remarks:
            term.add_comments([self.remarks[what]])
        return term

    def finish(self, select: exp.Query) -> str:
        """The text of the whole query, which ends in `select`."""
        for name, table in self.tables:
            select = select.with_(quote(name), table, copy=False, dialect="duckdb")
        return select.sql(dialect="duckdb", pretty=True, copy=False)


def quote(name: str) -> exp.Identifier:
    """A name in quotation marks."""
    return exp.to_identifier(name, quoted=True)


def column(name: str, table: str | None = None) -> exp.Expr:
    """A column by its name."""
    return exp.column(quote(name), None if table is None else quote(table), copy=False)


def named(term: exp.Expr, name: str) -> exp.Expr:
    """`term AS name`; a column of that name stays as it is."""
    return term if isinstance(term, exp.Column) and term.name == name else exp.Alias(this=term, alias=quote(name))


def from_table(name: str, terms: Iterable[exp.Expr]) -> exp.Select:
    """SELECT terms FROM a table of the query."""
    return exp.Select().select(*terms, copy=False).from_(exp.Table(this=quote(name)), copy=False)


def from_source(relation: Relation, terms: Iterable[exp.Expr]) -> exp.Select:
    """SELECT terms FROM the rows behind a declared table."""
    return exp.Select().select(*terms, copy=False).from_(exp.Table(this=exp.Var(this=relation.source)), copy=False)
