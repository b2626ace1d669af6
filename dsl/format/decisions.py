"""Decision tables and scorecards, and tables drawn with bars in general."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from .. import syntax as s
from .expressions import clause
from .lines import LIMIT, Line, separated, statement
from .words import Words, padded, width

Cells = tuple[int, list[str]]
"""A row between bars: the number of its first bar, and what its cells say."""

# -- tables drawn with bars --------------------------------------------------------------------------------------


def drawn(rows: Sequence[Cells]) -> list[Line]:
    """The rows of a table, the first being its head. In a row of two cells the first one fills all columns but the
    last."""
    count = len(rows[0][1])
    widths = [max(width(cells[at]) for _, cells in rows if len(cells) == count) for at in range(count - 1)]
    result = max(width(cells[-1]) for _, cells in rows)
    short = [width(cells[0]) for _, cells in rows if len(cells) < count]
    if short:
        widths[-1] += max(0, max(short) - (sum(widths) + 3 * (len(widths) - 1)))
    whole = sum(widths) + 3 * (len(widths) - 1)
    lines: list[Line] = []
    for number, (first, cells) in enumerate(rows):
        columns = widths if len(cells) == count else [whole]
        said = [padded(cell, column) for cell, column in zip(cells, [*columns, result], strict=True)]
        lines.append(Line(first, 2, f"| {' | '.join(said)} |", 2, "kept" if number else "never"))
    return lines


def decision(w: Words, declaration: s.DecisionTable) -> list[Line]:
    """A decision: its head, then its table with the cells in columns."""
    first, after = w.first(declaration), w.after(declaration)
    if declaration.result is None:
        return statement(w, first, after)
    bar = w.first(declaration.inputs[0]) - 1
    named = w.after(declaration.result)
    head = [*(w.expr(each) for each in declaration.inputs), f"=> {w.node(declaration.result)}"]
    rows: list[Cells] = [(bar, head)]
    at = named + 1
    while at < after:
        ends = _row_ends(w, at, after)
        rows.append((at, cells_between(w, at, ends)))
        at = ends + 1
    return [*statement(w, first, bar), *drawn(rows)]


def _row_ends(w: Words, at: int, after: int) -> int:
    """The last bar of a row that begins at a bar: the next thing is another bar, or nothing."""
    ends = at + 1
    while not (w.said(ends) == "|" and (ends + 1 == after or w.said(ends + 1) == "|")):
        ends += 1
    return ends


def cells_between(w: Words, first: int, last: int) -> list[str]:
    """What the cells say between two bars."""
    bars = [at for at in range(first, last + 1) if w.tokens[at].kind == "|"]
    return [w.line(bar + 1, following) for bar, following in pairwise(bars)]


# -- scorecards --------------------------------------------------------------------------------------------------


def scorecard(w: Words, declaration: s.Scorecard) -> list[Line]:
    """A scorecard: its head, then each characteristic with its bins in columns."""
    items = declaration.items
    lines = statement(w, w.first(declaration), w.first(items[0]) if items else w.after(declaration))
    for number, item in enumerate(items):
        found = _characteristic(w, item) if isinstance(item, s.Characteristic) else _when(w, item)
        lines += separated(found, "kept" if number else "never")
    return lines


def _characteristic(w: Words, item: s.Characteristic) -> list[Line]:
    bins = item.bins
    ends = w.first(bins[0]) if bins else w.after(item)
    lines = statement(w, w.first(item), ends, indent=2, binary=w.signs(item.by))
    conditions = [w.line(w.first(each), w.first(each.points)) for each in bins]
    points = [w.node(each.points) for each in bins]
    column, most = max(map(width, conditions), default=0), max(map(len, points), default=0)
    for number, (each, condition) in enumerate(zip(bins, conditions, strict=True)):
        text = f"{padded(condition, column)}   {points[number].rjust(most)}"
        found = [Line(w.first(each), 4, text, 4)]
        lines += separated(_with_reason(w, found, each.reason), "kept" if number else "never")
    return lines


def _with_reason(w: Words, lines: list[Line], reason: s.Reason | None) -> list[Line]:
    """A reason behind what it is for, or below where that would be too long."""
    if reason is None:
        return lines
    *others, last = lines
    said = w.node(reason)
    if last.end + 3 + width(said) <= LIMIT:
        return [*others, Line(last.first, last.indent, f"{last.text}   {said}", last.base)]
    return [*lines, *statement(w, w.first(reason), w.after(reason), indent=last.base + 4)]


def _when(w: Words, item: s.ScoreWhen) -> list[Line]:
    first, then, points = w.first(item), w.after(item.condition), w.after(item.points)
    whole = w.line(first, points, w.signs(item.condition))
    if 2 + width(whole) <= LIMIT:
        return _with_reason(w, [Line(first, 2, whole, 2)], item.reason)
    lines = clause(w, item.condition, 2, 2, stacked=True)
    return [*lines, *_with_reason(w, [Line(then, 2, w.line(then, points), 2)], item.reason)]
