"""Named expressions and segmentations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from .. import syntax as s
from .expressions import clause, expression
from .lines import LIMIT, Blank, Line, common_column, filled, prefixed, separated, statement
from .words import Words, padded, width

# -- named expressions -------------------------------------------------------------------------------------------


def named(w: Words, declarations: Sequence[s.Let | s.Measure]) -> list[list[Line]]:
    """Named expressions one below the other: titles in a column, and `=` in a column for as many as it can be.

    What does not fit on one line goes on with `=` on the next."""
    heads = _heads(w, declarations)
    equals = [w.first(each.value) - 1 for each in declarations]
    said = [f"= {w.expr(each.value)}" for each in declarations]
    column, aligned = common_column([width(head) for head in heads], [width(tail) for tail in said], 1)
    found: list[list[Line]] = []
    for number, (each, head, at) in enumerate(zip(declarations, heads, equals, strict=True)):
        first = w.first(each)
        if number in aligned:
            found.append([Line(first, 0, f"{padded(head, column)}{said[number]}", 0)])
        elif width(head) + 1 + width(said[number]) <= LIMIT:
            found.append([Line(first, 0, f"{head} {said[number]}", 0)])
        else:
            lines = [Line(first, 0, head, 0)] if width(head) <= LIMIT else statement(w, first, at)
            found.append([*lines, *prefixed(expression(w, each.value, 4, 0), "= ", at)])
    return found


def _heads(w: Words, declarations: Sequence[s.Let | s.Measure]) -> list[str]:
    """What stands before `=`, with the titles in one column."""
    names = [w.line(w.first(each), w.after(each.name)) for each in declarations]
    rest = [w.line(w.after(each.name), w.first(each.value) - 1) for each in declarations]
    column = max(map(width, names)) + 1
    return [
        padded(name, column) + more if each.title and column + width(more) <= LIMIT else f"{name} {more}".rstrip()
        for each, name, more in zip(declarations, names, rest, strict=True)
    ]


# -- segmentations -----------------------------------------------------------------------------------------------


def segmentation(w: Words, declaration: s.Segmentation) -> list[Line]:
    """A segmentation: its header, then segments with a line for each of their parts, or, where each has nothing but one
    `when`, each on one line."""
    items = [*declaration.header, *declaration.segments]
    lines = statement(w, w.first(declaration), w.first(items[0]) if items else w.after(declaration))
    keyword = _header_column(w, declaration.header)
    for number, item in enumerate(declaration.header):
        lines += separated(_header_item(w, item, keyword), "kept" if number else "never")
    short = _in_columns(w, declaration.segments)
    if short is not None:
        for number, line in enumerate(short):
            lines += separated([line], "kept" if number or declaration.header else "never")
        return lines
    for segment in declaration.segments:
        lines += separated(_segment(w, segment), "always")
    return lines


def _header_column(w: Words, header: Sequence[s.HeaderItem]) -> int:
    """How wide the keywords are before what stands in a column."""
    return max((width(w.said(w.first(item))) for item in header if _is_in_column(item)), default=0)


def _is_in_column(item: s.HeaderItem) -> bool:
    return isinstance(item, s.Purpose | s.Owner | s.Refresh | s.Review)


def _header_item(w: Words, item: s.HeaderItem, keyword: int) -> list[Line]:
    first, after = w.first(item), w.after(item)
    if isinstance(item, s.Unless):
        return clause(w, item.condition, 2, 2, stacked=True)
    if not _is_in_column(item):
        return statement(w, first, after, indent=2)
    said = padded(w.said(first), keyword) + " "
    column = 2 + width(said)
    return prefixed(filled(w, first + 1, after, indent=column, hang=column, base=2), said, first)


def _in_columns(w: Words, segments: Sequence[s.Segment]) -> list[Line] | None:
    """Segments on a line each, None where one of them has more than a `when` or would get too long."""
    whens: list[s.When] = []
    for segment in segments:
        match segment:
            case s.Segment(otherwise=True, items=()):
                continue
            case s.Segment(otherwise=False, items=(s.When() as when,)):
                whens.append(when)
            case _:
                return None
    if not whens:
        return None
    named = [segment for segment in segments if not segment.otherwise]
    names = [w.line(w.first(each), w.after(each.name)) for each in named]
    titles = ["" if each.title is None else w.node(each.title) for each in named]
    heads = [
        f"{padded(name, max(map(width, names)))} {title}".rstrip() for name, title in zip(names, titles, strict=True)
    ]
    column = max(map(width, heads)) + 1
    texts = iter(
        padded(head, column) + w.line(w.first(when), w.after(when), w.signs(when.condition))
        for head, when in zip(heads, whens, strict=True)
    )
    lines = [Line(w.first(each), 2, w.node(each) if each.otherwise else next(texts), 2) for each in segments]
    return lines if all(line.end <= LIMIT for line in lines) else None


def _segment(w: Words, segment: s.Segment) -> list[Line]:
    items = segment.items
    lines = statement(w, w.first(segment), w.first(items[0]) if items else w.after(segment), indent=2)
    for number, item in enumerate(items):
        blank: Blank = "kept" if number else "never"
        lines += separated(_segment_item(w, item), blank)
    return lines


def _segment_item(w: Words, item: s.SegmentItem) -> list[Line]:
    match item:
        case s.When(condition=condition) | s.Unless(condition=condition):
            return clause(w, condition, 4, 4, stacked=True)
        case s.NeedsConsent() | s.Reason() | s.ReasonsFrom() | s.InForceFrom() | s.InForceUntil():
            return statement(w, w.first(item), w.after(item), indent=4)
        case _:
            assert_never(item)
