"""Measures, targets, policy, experiments, guarantees and tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from .. import syntax as s
from ..diagnostics import Edit, Fix
from ..lexer import UNITS
from ..source import Span
from ..tokens import Token
from .context import Action, Build
from .expressions import Operator
from .rows import rows_of_width
from .words import length_of

# -- measures and targets ----------------------------------------------------------------------------------------


def measure(
    b: Build,
    span: Span,
    name: Token,
    title: Token | None,
    table: Token | None,
    better: str | None,
    value: s.Expr,
) -> s.Measure:
    direction = "lower" if better == "lower" else "higher" if better == "higher" else None
    return s.Measure(span, b.name(name), b.text_or_none(title), b.name_or_none(table), direction, value)


_PERIODS: dict[str, Literal["month", "quarter", "year"]] = {"month": "month", "quarter": "quarter", "year": "year"}


def measures_by(b: Build, span: Span, period: str, of: s.Ref) -> s.MeasuresBy:
    return s.MeasuresBy(span, _PERIODS[period], of)


Horizon = tuple[Span, Token, Token | None]
"""Where it stands, how many, and of which unit, if that stands right behind the number."""


def horizon(b: Build, span: Span, amount: Token, unit: Token | None) -> Horizon:
    return span, amount, unit


def measures_at(b: Build, span: Span, horizons: list[Horizon]) -> s.MeasuresAt:
    """The unit behind a number is that of the numbers without one before it, too."""
    *_, (last, _, last_unit) = horizons
    if last_unit is None:
        end = Span(last.file, last.end, last.end)
        b.problems.error(
            "SEG863",
            last,
            "how long is that? behind the last number stands `days`, `months` or `years`",
            fixes=[Fix(f"add `{word}`", (Edit(end, f" {word}"),)) for word in ("months", "days", "years")],
        )
    unit: s.DurationUnit = "month"
    lengths: list[s.Duration] = []
    for at, amount, word in reversed(horizons):
        unit = unit if word is None else UNITS[word.text]
        lengths.append(length_of(b, at, amount, unit))
    return s.MeasuresAt(span, tuple(reversed(lengths)))


def target_item(b: Build, span: Span, measure: s.Ref, operator: Operator, value: s.Expr) -> s.TargetItem:
    return s.TargetItem(span, measure, operator[0], value)


def target(b: Build, span: Span, segment: s.Ref, items: list[s.TargetItem]) -> s.Target:
    return s.Target(span, segment, tuple(items))


# -- policy ------------------------------------------------------------------------------------------------------


def hide_below(b: Build, span: Span, minimum: Token) -> s.HideBelow:
    return s.HideBelow(span, b.number(minimum))


def across(b: Build, span: Span, refs: list[s.Ref]) -> s.Fairness:
    return s.Fairness(span, tuple(refs), (), (), None, None)


def favourable(b: Build, span: Span, refs: list[s.Ref]) -> s.Fairness:
    return s.Fairness(span, (), tuple(refs), (), None, None)


def unfavourable(b: Build, span: Span, refs: list[s.Ref]) -> s.Fairness:
    return s.Fairness(span, (), (), tuple(refs), None, None)


def ratio(b: Build, span: Span, share: Token) -> s.Fairness:
    return s.Fairness(span, (), (), (), b.percent(share), None)


def reference(b: Build, span: Span, value: s.LiteralNode) -> s.Fairness:
    return s.Fairness(span, (), (), (), None, value)


def fairness(b: Build, span: Span, parts: list[s.Fairness]) -> s.Fairness:
    """One statement from its parts, each of which says one thing; of what is said once only, the first counts."""
    ratios = [part for part in parts if part.ratio is not None]
    references = [part for part in parts if part.reference is not None]
    for again in (*ratios[1:], *references[1:]):
        b.problems.error("SEG888", again.span, "a fairness statement says this once")
    return s.Fairness(
        span,
        across=tuple(ref for part in parts for ref in part.across),
        favourable=tuple(ref for part in parts for ref in part.favourable),
        unfavourable=tuple(ref for part in parts for ref in part.unfavourable),
        ratio=ratios[0].ratio if ratios else None,
        reference=references[0].reference if references else None,
    )


def policy(b: Build, span: Span, items: list[s.HideBelow | s.Fairness]) -> s.Policy:
    return s.Policy(span, tuple(items))


# -- experiments and guarantees ----------------------------------------------------------------------------------


def arm(b: Build, span: Span, name: Token, title: Token | None, share: Token) -> s.Arm:
    return s.Arm(span, b.name(name), b.percent(share), b.text_or_none(title))


def experiment(
    b: Build,
    span: Span,
    name: Token,
    title: Token | None,
    on: list[s.Ref],
    arms: list[s.Arm],
    success: list[s.Ref] | None,
) -> s.Experiment:
    return s.Experiment(span, b.name(name), b.text_or_none(title), tuple(on), tuple(arms), tuple(success or ()))


def guarantee(b: Build, span: Span, title: Token, kind: str, segment: s.Ref, condition: s.Expr | None) -> s.Guarantee:
    return s.Guarantee(span, b.text(title), "no" if kind == "no" else "every", segment, condition)


# -- tests -------------------------------------------------------------------------------------------------------

Target = s.Ref | s.Previous | s.Relative


def given_value(b: Build, span: Span, target: Target, value: s.Expr) -> s.GivenValue:
    return s.GivenValue(span, target, value)


def given_row(b: Build, span: Span, table: Token, values: list[s.GivenValue] | None) -> s.GivenRow:
    return s.GivenRow(span, b.name(table), tuple(values or ()))


Because = tuple[s.Expr, Literal["holds", "fails", "unknown"]]


def because(b: Build, span: Span, condition: s.Expr, outcome: str) -> Because:
    return condition, "holds" if outcome == "holds" else "fails" if outcome == "fails" else "unknown"


def _expectation(
    span: Span,
    segmentation: s.Ref,
    relation: Literal["is", "includes", "none"],
    segments: tuple[s.Name, ...],
    because: Because | None,
) -> s.Expectation:
    condition, outcome = because or (None, None)
    return s.Expectation(span, segmentation, relation, segments, condition, outcome)


def expect_is(b: Build, span: Span, ref: s.Ref, segment: Token, because: Because | None) -> s.Expectation:
    return _expectation(span, ref, "is", (b.name(segment),), because)


def expect_none(b: Build, span: Span, ref: s.Ref, because: Because | None) -> s.Expectation:
    return _expectation(span, ref, "none", (), because)


def expect_includes(b: Build, span: Span, ref: s.Ref, segment: Token, because: Because | None) -> s.Expectation:
    return _expectation(span, ref, "includes", (b.name(segment),), because)


def also_expected(
    b: Build, span: Span, expectations: list[s.Expectation], segment: Token, because: Because | None
) -> list[s.Expectation]:
    """One more segment after `includes a,`."""
    last = expectations[-1]
    if last.relation != "includes" or last.because is not None:
        b.problems.error(
            "SEG024",
            b.span(segment),
            f"`{segment.text}` continues no list: only `includes` takes several segments",
        )
        return expectations
    condition, outcome = because or (None, None)
    expectations[-1] = replace(
        last,
        span=replace(last.span, end=span.end),
        segments=(*last.segments, b.name(segment)),
        because=condition,
        outcome=outcome,
    )
    return expectations


TestItem = s.GivenValue | s.GivenRow | s.Expectation


def test_items(b: Build, span: Span, items: list[TestItem], more: list[TestItem]) -> list[TestItem]:
    return [*items, *more]


def test_table(
    b: Build,
    span: Span,
    given: list[Target],
    expected: list[s.Ref],
    cells: Sequence[Token | s.Expr] | None,
) -> s.TestTable:
    width = len(given) + len(expected)
    rows = rows_of_width(cells or (), width)
    if rows is None and not b.has_problems(span):
        b.problems.error(
            "SEG027",
            span,
            f"the cells of this table do not come out even: its head has {width} columns",
            hints=["every row starts and ends with `|`; a cell may be empty, but its bars may not be left out"],
        )
    return s.TestTable(span, tuple(given), tuple(expected), tuple(_test_row(span, row) for row in rows or ()))


def _test_row(table: Span, cells: list[s.Expr | None]) -> s.TestTableRow:
    filled = [cell.span for cell in cells if cell is not None]
    return s.TestTableRow(filled[0].to(filled[-1]) if filled else table, tuple(cells))


def test(
    b: Build,
    span: Span,
    title: Token,
    as_of: Token | None,
    items: list[TestItem],
    table: s.TestTable | None,
) -> s.Test:
    return s.Test(
        span,
        b.text(title),
        None if as_of is None else b.date(as_of),
        given=tuple(item for item in items if not isinstance(item, s.Expectation)),
        expect=tuple(item for item in items if isinstance(item, s.Expectation)),
        table=table,
        damaged=b.is_damaged(span),
    )


ACTIONS: dict[str, Action] = {
    action.__name__: action
    for action in (
        measure,
        measures_by,
        horizon,
        measures_at,
        target_item,
        target,
        hide_below,
        across,
        favourable,
        unfavourable,
        ratio,
        reference,
        fairness,
        policy,
        arm,
        experiment,
        guarantee,
        given_value,
        given_row,
        because,
        expect_is,
        expect_none,
        expect_includes,
        also_expected,
        test_items,
        test_table,
        test,
    )
}
