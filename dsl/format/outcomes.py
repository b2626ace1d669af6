"""Measures' company: targets, policies, experiments, guarantees and tests."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from .. import syntax as s
from .decisions import Cells, drawn
from .expressions import clause, expression
from .lines import LIMIT, Line, common_column, filled, prefixed, separated, statement, suffixed
from .words import Words, padded, width


def targets(w: Words, declarations: Sequence[s.Target]) -> list[list[Line]]:
    """Targets one below the other: segments in a column, what is asked of them in another."""
    heads = [w.line(w.first(each), w.after(each.segment)) for each in declarations]
    tails = [w.line(w.after(each.segment), w.after(each)) for each in declarations]
    column, aligned = common_column([width(head) for head in heads], [width(tail) for tail in tails], 2)
    found: list[list[Line]] = []
    for number, each in enumerate(declarations):
        first = w.first(each)
        if number in aligned:
            found.append([Line(first, 0, padded(heads[number], column) + tails[number], 0)])
            continue
        lines = [Line(first, 0, heads[number], 0)]
        for item in each.items:
            after = w.after(item) + (item is not each.items[-1])
            lines += filled(w, w.first(item), after, indent=2, hang=6, base=0)
        found.append(lines)
    return found


def policy(w: Words, declaration: s.Policy) -> list[Line]:
    """A policy with a line for each of its statements."""
    first = w.first(declaration)
    lines = [Line(first, 0, w.said(first), 0)]
    for number, item in enumerate(declaration.items):
        said = w.node(item)
        if isinstance(item, s.Fairness) and 2 + width(said) > LIMIT:
            found = _fairness(w, item)
        else:
            found = statement(w, w.first(item), w.after(item), indent=2)
        lines += separated(found, "kept" if number else "never")
    return lines


def _fairness(w: Words, item: s.Fairness) -> list[Line]:
    """A long statement about fairness: each of its parts on its own line."""
    refs = (*item.across, *item.favourable, *item.unfavourable)
    begins = {w.first(ref) - 1 for ref in refs if w.said(w.first(ref) - 1) != ","}
    if item.ratio is not None:
        begins.add(w.first(item.ratio) - len(("ratio", "at", "least")))
    if item.reference is not None:
        begins.add(w.first(item.reference) - 1)
    first, after = w.first(item), w.after(item)
    _, *others = sorted(begins)
    edges = [first, *others, after]
    lines: list[Line] = []
    for begin, end in pairwise(edges):
        lines += filled(w, begin, end, indent=4 if lines else 2, hang=6, base=2)
    return lines


def experiment(w: Words, declaration: s.Experiment) -> list[Line]:
    """An experiment: whom it is on, its arms and its measures of success on a line each."""
    arms = w.first(declaration.arms[0]) - 1
    arms_end = w.after(declaration.arms[-1])
    lines = statement(w, w.first(declaration), arms)
    lines += statement(w, arms, arms_end, indent=2)
    if declaration.success:
        lines += separated(statement(w, arms_end, w.after(declaration), indent=2), "kept")
    return lines


def guarantee(w: Words, declaration: s.Guarantee) -> list[Line]:
    """A guarantee: what it is called, and below it what it says."""
    title = w.after(declaration.title)
    lines = statement(w, w.first(declaration), title)
    condition, after = declaration.condition, w.after(declaration)
    if condition is None:
        return [*lines, *statement(w, title, after, indent=2)]
    said = w.line(title, after, w.signs(condition))
    if 2 + width(said) <= LIMIT:
        return [*lines, Line(title, 2, said, 2)]
    where = w.first(condition) - 1
    return [*lines, *statement(w, title, where, indent=2), *clause(w, condition, 4, 2, stacked=False)]


# -- tests -------------------------------------------------------------------------------------------------------


def test(w: Words, declaration: s.Test) -> list[Line]:
    """A test: what is given, filling lines but for rows, which have their own; each expectation on its line."""
    items = sorted((*declaration.given, *declaration.expect), key=lambda item: item.span.start)
    table = declaration.table
    ends = w.first(items[0]) - 1 if items else w.after(declaration) if table is None else w.first(table)
    lines = statement(w, w.first(declaration), ends)
    for number, item in enumerate(items):
        before, following = w.first(item) - 1, w.after(item)
        comma = following < len(w.tokens) and w.said(following) == ","
        column = 2 + width("expect " if isinstance(item, s.Expectation) else "given ")
        found = _expectation(w, item, column) if isinstance(item, s.Expectation) else _given(w, item, column)
        found = suffixed(found, ",") if comma else found
        if w.said(before) != ",":
            found = separated(prefixed(found, w.said(before) + " ", before), "kept" if number else "never")
        elif isinstance(item, s.GivenValue) and isinstance(items[number - 1], s.GivenValue):
            joined = f"{lines[-1].text} {found[0].text}"
            if len(found) == 1 and lines[-1].indent + width(joined) <= LIMIT:
                lines[-1:] = suffixed(lines[-1:], f" {found[0].text}")
                continue
        lines += found
    return lines if table is None else [*lines, *_table(w, table)]


def _given(w: Words, item: s.Given, column: int) -> list[Line]:
    first, after = w.first(item), w.after(item)
    if isinstance(item, s.GivenRow):
        opening = w.line(first, first + 2)
        return filled(w, first, after, indent=column, hang=column + width(opening), base=2, room=1)
    target = item.target.of if isinstance(item.target, s.Relative) else None
    return filled(w, first, after, indent=column, hang=column + 2, base=2, binary=w.signs(target), room=1)


def _expectation(w: Words, item: s.Expectation, column: int) -> list[Line]:
    first, after = w.first(item), w.after(item)
    if item.because is None:
        return filled(w, first, after, indent=column, hang=column + 2, base=2, room=1)
    because, outcome = w.first(item.because) - 1, w.after(item.because)
    said = w.line(outcome, after)
    lines = filled(w, first, because, indent=column, hang=column + 2, base=2)
    reason = expression(w, item.because, 4 + len("because "), 2, width(said) + 2)
    return [*lines, *suffixed(prefixed(reason, "because ", because), f" {said}")]


def _table(w: Words, table: s.TestTable) -> list[Line]:
    """Cases in a table, with the cells in columns; every row has as many bars as its cells need."""
    columns = len(table.given) + len(table.expected)
    signs = w.signs(*(target.of for target in table.given if isinstance(target, s.Relative)))
    bars = [at for at in range(w.first(table), w.after(table)) if w.tokens[at].kind == "|"]
    rows: list[Cells] = []
    for row in range(0, len(bars), columns + 1):
        edges = bars[row : row + columns + 1]
        rows.append((edges[0], [w.line(bar + 1, following, signs) for bar, following in pairwise(edges)]))
    return drawn(rows)
