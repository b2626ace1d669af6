"""Decision tables, scorecards and segmentations."""

from __future__ import annotations

from .. import syntax as s
from ..source import Span
from ..tokens import Token
from .context import Action, Build
from .expressions import Operator
from .rows import rows_between_bars

# -- cells -------------------------------------------------------------------------------------------------------


def values_cell(b: Build, span: Span, values: list[s.Expr]) -> s.Cell:
    return s.Cell(span, "values", tuple(values))


def compare_cell(b: Build, span: Span, operator: Operator, value: s.Expr) -> s.Cell:
    return s.Cell(span, "compare", (value,), operator[0])


def range_cell(b: Build, span: Span, range_: s.Range) -> s.Cell:
    return s.Cell(span, "range", range=range_)


def between_cell(b: Build, span: Span, low: s.Expr, high: s.Expr) -> s.Cell:
    return s.Cell(span, "range", range=s.Range(span, low, high, True, True))


def missing_cell(b: Build, span: Span) -> s.Cell:
    return s.Cell(span, "missing")


def known_cell(b: Build, span: Span) -> s.Cell:
    return s.Cell(span, "known")


def any_cell(b: Build, span: Span) -> s.Cell:
    return s.Cell(span, "any")


def otherwise_cell(b: Build, span: Span) -> s.Cell:
    return s.Cell(span, "otherwise")


# -- decisions ---------------------------------------------------------------------------------------------------


def decision(
    b: Build,
    span: Span,
    name: Token,
    title: Token | None,
    table: Token | None,
    policy: str | None,
    inputs: list[s.Expr],
    result: Token,
    cells: list[Token | s.Cell] | None,
) -> s.DecisionTable:
    width = len(inputs) + 1
    rows = rows_between_bars(cells or [])
    rows = [row for row in rows if _fits(row, width)] if b.has_problems(span) else _whole_rows(b, rows, width)
    kept = tuple(row for cells in rows if (row := _decision_row(b, cells)) is not None)
    return s.DecisionTable(
        span,
        name=b.name(name),
        title=b.text_or_none(title),
        table=b.name_or_none(table),
        policy="first" if policy == "first" else "unique" if policy == "unique" else None,
        inputs=tuple(inputs),
        result=b.name(result),
        rows=kept,
        damaged=b.has_problems(span),
    )


def _whole_rows(b: Build, rows: list[list[s.Cell]], width: int) -> list[list[s.Cell]]:
    """The rows that have a cell for each column; the others are reported."""
    whole: list[list[s.Cell]] = []
    at = 0
    while at < len(rows):
        row = rows[at]
        at += 1
        if _fits(row, width):
            whole.append(row)
            continue
        cells, empty_at = [*row], None
        while at < len(rows) and b.same_line(cells[-1].span, rows[at][0].span) and not _fits(rows[at], width):
            empty_at = empty_at or Span(b.file, cells[-1].span.end, rows[at][0].span.start)
            cells += rows[at]
            at += 1
        if empty_at is not None:
            b.problems.error("SEG027", empty_at, "this cell is empty; write `any` where everything fits")
            continue
        count = f"{len(row)} cell" + ("s" if len(row) != 1 else "")
        b.problems.error(
            "SEG027",
            row[0].span.to(row[-1].span),
            f"this row has {count}, and the head of the table {width}",
            hints=["a row has a cell for each column and one for the result; `any` fits everything"],
        )
    return whole


def _fits(row: list[s.Cell], width: int) -> bool:
    return len(row) == (2 if row[0].kind == "otherwise" else width)


def _decision_row(b: Build, cells: list[s.Cell]) -> s.DecisionRow | None:
    result = cells[-1]
    if result.kind != "values" or len(result.values) != 1:
        b.problems.error("SEG027", result.span, "the last cell of a row is its result: one value")
        return None
    return s.DecisionRow(cells[0].span.to(result.span), tuple(cells[:-1]), result.values[0])


# -- scorecards --------------------------------------------------------------------------------------------------


def points(b: Build, span: Span, *parts: Token) -> s.Number:
    number = b.number(parts[-1])
    return s.Number(span, -number.value if parts[0].kind == "-" else number.value, number.whole)


def reason(b: Build, span: Span, code: Token, text: Token) -> s.Reason:
    return s.Reason(span, b.name(code), b.text(text))


def bin_(b: Build, span: Span, cell: s.Cell, points: s.Number, reason: s.Reason | None) -> s.Bin:
    return s.Bin(span, cell, points, reason)


def characteristic(b: Build, span: Span, by: s.Expr, bins: list[s.Bin]) -> s.Characteristic:
    return s.Characteristic(span, by, tuple(bins))


def score_when(b: Build, span: Span, condition: s.Expr, points: s.Number, reason: s.Reason | None) -> s.ScoreWhen:
    return s.ScoreWhen(span, condition, points, reason)


def scorecard(
    b: Build,
    span: Span,
    name: Token,
    title: Token | None,
    table: Token | None,
    start: s.Number | None,
    items: list[s.Characteristic | s.ScoreWhen],
) -> s.Scorecard:
    return s.Scorecard(
        span,
        b.name(name),
        b.text_or_none(title),
        b.name_or_none(table),
        start,
        tuple(items),
        damaged=b.has_problems(span),
    )


# -- segmentations -----------------------------------------------------------------------------------------------


def exclusive(b: Build, span: Span) -> s.Mode:
    return s.Mode(span, exclusive=True)


def overlapping(b: Build, span: Span) -> s.Mode:
    return s.Mode(span, exclusive=False)


def purpose(b: Build, span: Span, names: list[s.Name]) -> s.Purpose:
    return s.Purpose(span, tuple(names))


def owner(b: Build, span: Span, owner: Token) -> s.Owner:
    return s.Owner(span, b.text(owner))


def refresh(b: Build, span: Span, every: s.Duration) -> s.Refresh:
    return s.Refresh(span, every)


def review(b: Build, span: Span, every: s.Duration, reviewed: Token | None = None) -> s.Review:
    return s.Review(span, every, None if reviewed is None else b.date(reviewed))


def each_at_least(b: Build, span: Span, minimum: Token, of: Token | None) -> s.EachAtLeast:
    return s.EachAtLeast(span, b.number(minimum), b.name_or_none(of))


def at_most_each(b: Build, span: Span, maximum: Token) -> s.AtMostEach:
    return s.AtMostEach(span, b.number(maximum))


def needs_consent(b: Build, span: Span, purposes: list[s.Name]) -> s.NeedsConsent:
    return s.NeedsConsent(span, tuple(purposes))


def when(b: Build, span: Span, condition: s.Expr) -> s.When:
    return s.When(span, condition)


def unless(b: Build, span: Span, condition: s.Expr) -> s.Unless:
    return s.Unless(span, condition)


def reasons_from(b: Build, span: Span, scorecard: Token) -> s.ReasonsFrom:
    return s.ReasonsFrom(span, b.name(scorecard))


def in_force_from(b: Build, span: Span, date: Token) -> s.InForceFrom:
    return s.InForceFrom(span, b.date(date))


def in_force_until(b: Build, span: Span, date: Token) -> s.InForceUntil:
    return s.InForceUntil(span, b.date(date))


def segment(b: Build, span: Span, name: Token, title: Token | None, items: list[s.SegmentItem]) -> s.Segment:
    return s.Segment(span, b.name(name), b.text_or_none(title), False, tuple(items), damaged=b.is_damaged(span))


def otherwise(b: Build, span: Span, name: Token, title: Token | None, items: list[s.SegmentItem]) -> s.Segment:
    return s.Segment(span, b.name(name), b.text_or_none(title), True, tuple(items), damaged=b.is_damaged(span))


def segmentation(
    b: Build,
    span: Span,
    name: Token,
    title: Token | None,
    table: Token | None,
    header: list[s.HeaderItem],
    segments: list[s.Segment],
) -> s.Segmentation:
    return s.Segmentation(
        span,
        b.name(name),
        b.text_or_none(title),
        b.name_or_none(table),
        tuple(header),
        tuple(segments),
        damaged=b.is_damaged(span),
    )


ACTIONS: dict[str, Action] = {
    "bin": bin_,
    **{
        action.__name__: action
        for action in (
            values_cell,
            compare_cell,
            range_cell,
            between_cell,
            missing_cell,
            known_cell,
            any_cell,
            otherwise_cell,
            decision,
            points,
            reason,
            characteristic,
            score_when,
            scorecard,
            exclusive,
            overlapping,
            purpose,
            owner,
            refresh,
            review,
            each_at_least,
            at_most_each,
            needs_consent,
            when,
            unless,
            reasons_from,
            in_force_from,
            in_force_until,
            segment,
            otherwise,
            segmentation,
        )
    },
}
