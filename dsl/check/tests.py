"""Tests: every given value typed, every expectation resolved. What a test reaches is looked at in `tested.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .. import syntax as s
from ..outcomes import Expectation, Test, TestCase
from ..source import Span
from .expectations import expectation, expectation_of_cell, expected_segmentation, row_table
from .given_rows import give_row, settled_rows
from .givens import Givens, Key, Target, give, key_of, report_twice, target_of
from .names import Names, Scope, SegmentationHead


@dataclass(frozen=True, slots=True)
class Written:
    """A test with the words that name what it gives: by field, previous segment, relative value, or table of a row."""

    test: Test
    places: dict[Key, Span]


def checked_tests(declarations: Sequence[s.Test], names: Names) -> tuple[Written, ...]:
    """The tests that could be typed, in the order written."""
    found = (_test(declaration, names) for declaration in declarations)
    return tuple(each for each in found if each is not None)


def _test(node: s.Test, names: Names) -> Written | None:
    expected = [(each.segmentation, expected_segmentation(each.segmentation, names)) for each in node.expect]
    columns = [] if node.table is None else [(ref, expected_segmentation(ref, names)) for ref in node.table.expected]
    refs = [(ref, head) for ref, head in (*expected, *columns) if head is not None]
    if not expected and not columns and not node.damaged:
        message = "this test expects nothing: say what it expects, as in `expect value_risk is standard`"
        names.problems.error("SEG910", node.title.span, message)
    if len(refs) < len(expected) + len(columns) or not refs:
        return None
    table = row_table(refs, names)
    if table is None:
        return None
    scope = Scope(names, table, "when", node.title.value)
    common = _common(node, scope)
    expectations = [
        expectation(each, head, scope)
        for each, (_, head) in zip(node.expect, expected, strict=True)
        if head is not None
    ]
    sure = tuple(each for each in expectations if each is not None)
    as_of = None if node.as_of is None else node.as_of.value
    if node.table is None:
        cases = (_case(common, sure, node.title.span, scope),)
        places = common.places
    else:
        heads = [head for _, head in columns if head is not None]
        cases, places = _cases(node.table, heads, common, sure, scope)
    return Written(Test(node.title.value, as_of, cases, node.title.span), places)


def _common(node: s.Test, scope: Scope) -> Givens:
    """What is given outside the table: for every row of it, where there is one."""
    givens = Givens()
    for each in node.given:
        if isinstance(each, s.GivenRow):
            give_row(givens, each, scope)
            givens.places.setdefault(("rows", each.table.text, ""), each.table.span)
            continue
        target = target_of(each.target, scope)
        if target is not None:
            give(givens, target, each.value, scope)
    return givens


def _case(givens: Givens, expect: tuple[Expectation, ...], span: Span, scope: Scope) -> TestCase:
    tables = scope.names.tables
    return TestCase(
        table=scope.table,
        values=tuple(
            (table, field, value) for (table, field), value in givens.values.items() if tables[table].role != "attached"
        ),
        rows=settled_rows(givens, scope),
        previous=tuple(givens.previous.items()),
        relatives=tuple(givens.relatives.items()),
        expect=expect,
        span=span,
    )


def _cases(
    node: s.TestTable,
    heads: Sequence[SegmentationHead],
    common: Givens,
    expect: tuple[Expectation, ...],
    scope: Scope,
) -> tuple[tuple[TestCase, ...], dict[Key, Span]]:
    targets = _distinct([target_of(each, scope) for each in node.given], common, scope)
    cases: list[TestCase] = []
    places = dict(common.places)
    for row in node.rows:
        givens = common.copied()
        cells = row.cells[: len(node.given)]
        for target, cell in zip(targets, cells, strict=True):
            if target is not None and cell is not None:
                give(givens, target, cell, scope)
        expected = [
            expectation_of_cell(cell, ref, head, row.span, scope)
            for cell, ref, head in zip(row.cells[len(node.given) :], node.expected, heads, strict=True)
        ]
        sure = tuple(each for each in expected if each is not None)
        cases.append(_case(givens, (*expect, *sure), row.span, scope))
        places |= givens.places
    return tuple(cases), places


def _distinct(targets: Sequence[Target | None], common: Givens, scope: Scope) -> list[Target | None]:
    """The columns, after reporting those that are given before or stand twice in the head."""
    seen = dict(common.places)
    found: list[Target | None] = []
    for target in targets:
        if target is not None and key_of(target) in seen:
            report_twice(target.span, seen[key_of(target)], scope)
            target = None
        if target is not None:
            seen[key_of(target)] = target.span
        found.append(target)
    return found
