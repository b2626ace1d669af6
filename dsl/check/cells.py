"""Cells of decision tables and bins of scorecards: tests of one input, typed by the rules of comparisons."""

from __future__ import annotations

from dataclasses import dataclass

from .. import program as p
from .. import syntax as s
from ..diagnostics import Edit, Fix
from ..source import Span
from ..types import BOOLEAN
from ..wording import wording
from .always import warn_of_constant_test, warn_of_end_never_met
from .comparisons import comparison, one_of
from .functions import missing_test
from .literals import literal_of
from .names import Scope
from .operands import Operand, unified
from .ranges import is_empty
from .references import reference


@dataclass(frozen=True, slots=True)
class Input:
    """What the cells of a column, or the bins of a characteristic, look at: as written, and typed."""

    written: s.Expr
    value: p.Expr


def cell_test(cell: s.Cell, asked: Input, scope: Scope) -> p.Expr | None:
    """The condition that a cell is; None where it is wrong, which has been reported. `any` and `otherwise` are true."""
    match cell.kind:
        case "any" | "otherwise":
            return p.Const(True, BOOLEAN, cell.span)
        case "missing" | "known":
            node = s.IsMissing(cell.span, asked.written, known=cell.kind == "known")
            return missing_test(node, asked.value, scope)
        case "compare":
            (value,) = cell.values
            return _compared(cell, cell.operator or "=", value, asked, scope)
        case "values":
            first = cell.values[0]
            if len(cell.values) == 1:
                return _compared(cell, "=", first, asked, scope)
            return _listed(cell, asked, scope)
        case "range":
            return None if cell.range is None else _ranged(cell, cell.range, asked, scope)


def _compared(cell: s.Cell, operator: s.ComparisonOperator, value: s.Expr, asked: Input, scope: Scope) -> p.Expr | None:
    operand = _value(value, asked, scope)
    if operand is None:
        return None
    start = cell.span.start if cell.kind == "compare" else value.span.start
    sign = Span(cell.span.file, start, value.span.start)
    node = s.Comparison(cell.span, operator, asked.written, value, sign)
    return comparison(node, (asked.value, operand), scope)


def _listed(cell: s.Cell, asked: Input, scope: Scope) -> p.Expr | None:
    operands = [_value(value, asked, scope) for value in cell.values]
    known = [operand for operand in operands if operand is not None]
    if len(known) < len(operands):
        return None
    if asked.value.type.kind == "boolean":
        words = wording(asked.value, scope.table)
        scope.names.problems.error(
            "SEG207", cell.span, f"`{words}` is true or false: write `true`, `false` or, for both, `known`"
        )
        return None
    node = s.OneOf(cell.span, asked.written, cell.values, negated=False)
    return one_of(node, (asked.value, *known), scope)


def _ranged(cell: s.Cell, range: s.Range, asked: Input, scope: Scope) -> p.Expr | None:
    written = [end for end in (range.low, range.high) if end is not None]
    if not written:
        problem = "this range has no end: `known` is every value that is there"
        scope.names.problems.error("SEG810", cell.span, problem)
        return None
    operands = [_value(end, asked, scope) for end in written]
    known = [operand for operand in operands if operand is not None]
    if len(known) < len(operands):
        return None
    if asked.value.type.kind == "boolean":
        words = wording(asked.value, scope.table)
        scope.names.problems.error("SEG207", cell.span, f"`{words}` is true or false, and nothing lies between the two")
        return None
    same = unified((asked.value, *known), scope)
    if same is None:
        return None
    return _range_test(cell, range, same, scope)


def _range_test(cell: s.Cell, range: s.Range, same: tuple[p.Expr, ...], scope: Scope) -> p.Expr:
    """The test of a range; `same` are the input and the ends that it has, in one type."""
    subject, *ends = same
    kind, span = subject.type.kind, cell.span
    if len(ends) == 2 and _reported_empty(cell, range, ends[0], ends[1], scope):
        return p.Call(f"between.{kind}", same, BOOLEAN, span)
    if len(ends) == 2 and range.low_included and range.high_included:
        test = p.Call(f"between.{kind}", same, BOOLEAN, span)
        warn_of_constant_test(test, scope)
        return test
    tests: list[p.Call] = []
    if range.low is not None:
        above = "at_least" if range.low_included else "greater"
        tests.append(p.Call(f"{above}.{kind}", (subject, ends[0]), BOOLEAN, span))
    if range.high is not None:
        below = "at_most" if range.high_included else "less"
        tests.append(p.Call(f"{below}.{kind}", (subject, ends[-1]), BOOLEAN, span))
    for test in tests:
        warn_of_end_never_met(test, scope)
    return tests[0] if len(tests) == 1 else p.And(tuple(tests), BOOLEAN, span)


def _reported_empty(cell: s.Cell, range: s.Range, low: p.Expr, high: p.Expr, scope: Scope) -> bool:
    if not isinstance(low, p.Const) or not isinstance(high, p.Const) or range.low is None or range.high is None:
        return False
    if not is_empty(p.Domain(low.value, high.value, range.low_included, range.high_included)):
        return False
    least, most = (wording(end, scope.table) for end in (high, low))
    fixes: list[Fix] = []
    if not is_empty(p.Domain(high.value, low.value, range.low_included, range.high_included)):
        edits = (Edit(range.low.span, least), Edit(range.high.span, most))
        fixes.append(Fix(f"from `{least}` to `{most}`", edits))
    problem = "no value lies in this range: its start is not below its end"
    scope.names.problems.error("SEG811", cell.span, problem, fixes=fixes)
    return True


def _value(expr: s.Expr, asked: Input, scope: Scope) -> Operand | None:
    """A literal or parameter that a cell compares with; anything else is reported."""
    literal = literal_of(expr)
    if literal is not None:
        return literal
    if not isinstance(expr, s.Ref):
        return None
    found = reference(expr, scope, asked.value)
    if found is None or isinstance(found, p.ParameterRef):
        return found
    words, subject = wording(found, scope.table), wording(asked.value, scope.table)
    scope.names.problems.error(
        "SEG812",
        expr.span,
        f"`{words}` differs from row to row, and a cell compares with fixed values and parameters",
        hints=[f"a column `{subject} >= {words}`, with `true` and `false` in its cells, compares the two"],
    )
    return None
