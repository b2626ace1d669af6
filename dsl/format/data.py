"""Data declarations: tables and their fields, parameters, purposes, freshness, other files."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from .. import syntax as s
from .lines import LIMIT, Line, Row, filled, rows_in_columns, separated, statement
from .words import NO_SIGNS, Words, width


def plain(w: Words, declaration: s.Use | s.Purposes | s.MeasuresBy | s.MeasuresAt) -> list[Line]:
    """A declaration of a few words."""
    return statement(w, w.first(declaration), w.after(declaration))


def table(w: Words, declaration: s.TableDecl) -> list[Line]:
    """A table: its head, then its fields in columns."""
    first = w.first(declaration)
    head_ends = w.first(declaration.fields[0]) if declaration.fields else w.after(declaration)
    lines = _head(w, declaration, first, head_ends)
    fields = rows_in_columns([_field(w, field) for field in declaration.fields], indent=2, gap=2)
    for number, field in enumerate(fields):
        lines += separated(field, "kept" if number else "never")
    return lines


def _head(w: Words, declaration: s.TableDecl, first: int, after: int) -> list[Line]:
    """The head on one line, else its name and title on one and the rest below."""
    named = w.after(declaration.title or declaration.name)
    if width(w.line(first, after)) <= LIMIT or named == after:
        return statement(w, first, after)
    return [*statement(w, first, named), *filled(w, named, after, indent=4, hang=4, base=0)]


def _field(w: Words, field: s.FieldDecl) -> Row:
    """A field's name, its type and modifiers without the commas between them, and its title last."""
    first, after = w.first(field), w.after(field)
    begins = {w.first(modifier) for modifier in field.modifiers}
    title = None if field.title is None or _keeps_apart(field) else w.first(field.title)
    commas = {at - 1 for at in (*begins, *_seconds(w, field.modifiers)) if w.said(at - 1) == ","}
    said = [at for at in range(first + 1, after) if at not in commas and at != title]
    pieces: list[list[int]] = [[]]
    for at in said:
        if pieces[-1] and (at in begins or w.said(pieces[-1][-1]) == ","):
            pieces.append([])
        pieces[-1].append(at)
    return Row(
        (first, w.said(first)),
        tuple((piece[0], _joined(w, piece)) for piece in pieces),
        None if title is None else (title, w.said(title)),
    )


def _joined(w: Words, numbers: Sequence[int]) -> str:
    first, *others = numbers
    return w.said(first) + "".join((" " if w.apart(at, NO_SIGNS) else "") + w.said(at) for at in others)


def _seconds(w: Words, modifiers: Sequence[s.Modifier]) -> list[int]:
    """The words `to` of ranges: they may have a comma before them."""
    highs = [each.range.high for each in modifiers if isinstance(each, s.Domain) and each.range.high is not None]
    return [at for high in highs if w.said(at := w.first(high) - 1) == "to"]


def _keeps_apart(field: s.FieldDecl) -> bool:
    """Whether a title keeps a `from` and a `to` apart, which would be one range without it."""
    domains = [modifier.range if isinstance(modifier, s.Domain) else None for modifier in field.modifiers]
    return any(
        one is not None and one.high is None and other is not None and other.low is None
        for one, other in pairwise(domains)
    )


def parameters(w: Words, declarations: Sequence[s.Parameter]) -> list[list[Line]]:
    """Parameters one below the other: names, values and titles in columns."""
    return rows_in_columns([_parameter(w, each) for each in declarations], indent=0, gap=1)


def _parameter(w: Words, declaration: s.Parameter) -> Row:
    first, title = w.first(declaration), declaration.title
    value_ends = w.after(declaration.value)
    equals = w.first(declaration.value) - 1
    pieces = [(equals, w.line(equals, value_ends))]
    if declaration.range is not None:
        pieces.append((value_ends, w.node(declaration.range)))
    name = (first, w.line(first, w.after(declaration.name)))
    return Row(name, tuple(pieces), None if title is None else (w.first(title), w.node(title)))


def freshness(w: Words, declarations: Sequence[s.Freshness]) -> list[list[Line]]:
    """Freshness one below the other: tables and durations in columns."""
    rows: list[Row] = []
    for each in declarations:
        first, named, after = w.first(each), w.after(each.table), w.after(each)
        rows.append(Row((first, w.line(first, named)), ((named, w.line(named, after)),), None))
    return rows_in_columns(rows, indent=0, gap=1)
