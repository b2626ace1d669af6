"""Conditions, arithmetic, aggregates."""

from __future__ import annotations

from typing import Literal

from .. import syntax as s
from ..lexer import UNITS
from ..source import Span
from ..tokens import Token
from .context import Action, Build
from .mixing import report_mixed_logic

# -- logic -------------------------------------------------------------------------------------------------------


def condition(b: Build, span: Span, value: s.Expr) -> s.Expr:
    report_mixed_logic(b, value)
    return value


def logic(b: Build, span: Span, left: s.Expr, word: Token, right: s.Expr) -> s.Logic:
    operator: Literal["and", "or"] = "and" if word.text == "and" else "or"
    at = b.span(word)
    if isinstance(left, s.Logic) and left.operator == operator:
        return s.Logic(span, operator, (*left.operands, right), (*left.operator_spans, at))
    return s.Logic(span, operator, (left, right), (at,))


def not_(b: Build, span: Span, operand: s.Expr) -> s.Not:
    return s.Not(span, operand)


# -- comparisons -------------------------------------------------------------------------------------------------

_OPERATORS: dict[str, s.ComparisonOperator] = {
    "=": "=",
    "!=": "!=",
    ">=": ">=",
    "<=": "<=",
    ">": ">",
    "<": "<",
    "is": "=",
    "is not": "!=",
    "at least": ">=",
    "at most": "<=",
    "above": ">",
    "below": "<",
    "is at least": ">=",
    "is at most": "<=",
    "is above": ">",
    "is below": "<",
}

Operator = tuple[s.ComparisonOperator, Span]


def comparator(b: Build, span: Span, *words: Token) -> Operator:
    return _OPERATORS[" ".join(word.text for word in words)], span


def compare(b: Build, span: Span, left: s.Expr, operator: Operator, right: s.Expr) -> s.Comparison:
    return s.Comparison(span, operator[0], left, right, operator[1])


def between(b: Build, span: Span, operand: s.Expr, low: s.Expr, high: s.Expr) -> s.Between:
    return s.Between(span, operand, low, high)


def is_missing(b: Build, span: Span, operand: s.Expr) -> s.IsMissing:
    return s.IsMissing(span, operand, known=False)


def is_known(b: Build, span: Span, operand: s.Expr) -> s.IsMissing:
    return s.IsMissing(span, operand, known=True)


def one_of(b: Build, span: Span, operand: s.Expr, options: list[s.Expr]) -> s.OneOf:
    return s.OneOf(span, operand, tuple(options), negated=False)


def not_one_of(b: Build, span: Span, operand: s.Expr, options: list[s.Expr]) -> s.OneOf:
    return s.OneOf(span, operand, tuple(options), negated=True)


def starts_with(b: Build, span: Span, operand: s.Expr, pattern: s.Expr) -> s.TextTest:
    return s.TextTest(span, "starts with", operand, pattern)


def contains(b: Build, span: Span, operand: s.Expr, pattern: s.Expr) -> s.TextTest:
    return s.TextTest(span, "contains", operand, pattern)


def includes(b: Build, span: Span, segmentation: s.Ref, segment: Token) -> s.Includes:
    return s.Includes(span, segmentation, b.name(segment))


# -- arithmetic --------------------------------------------------------------------------------------------------

LONGEST_CHAIN = 200
"""How many operations may follow each other without parentheses; what reads the tree later goes one level deeper
for each."""

_ARITHMETIC: dict[str, s.ArithmeticOperator] = {"+": "+", "-": "-", "*": "*", "/": "/"}


def arithmetic(b: Build, span: Span, left: s.Expr, sign: Token, right: s.Expr) -> s.Expr:
    length = 0
    inner = left
    while isinstance(inner, s.Arithmetic):
        inner = inner.left
        length += 1
    if length < LONGEST_CHAIN:
        return s.Arithmetic(span, _ARITHMETIC[sign.text], left, right, b.span(sign))
    if b.too_long_at != span.start:
        b.too_long_at = span.start
        message = f"more than {LONGEST_CHAIN} operations in a row; split them into several `let`"
        b.problems.error("SEG026", b.span(sign), message)
    return left


def negative(b: Build, span: Span, operand: s.Expr) -> s.Expr:
    match operand:
        case s.Number(value=value, whole=whole) if not value.is_signed():
            return s.Number(span, -value, whole)
        case s.Percent(points=points) if not points.is_signed():
            return s.Percent(span, -points)
        case _:
            return s.Negative(span, operand)


def paren(b: Build, span: Span, inner: s.Expr) -> s.Paren:
    return s.Paren(span, inner)


def default(b: Build, span: Span, operand: s.Expr, value: s.Expr) -> s.Default:
    return s.Default(span, operand, value)


# -- time, rank, history -----------------------------------------------------------------------------------------


def since(b: Build, span: Span, unit: Token, operand: s.Expr) -> s.Since:
    return s.Since(span, UNITS[unit.text], operand)


_RANKS: dict[str, Literal["decile", "quintile", "quartile", "percentile"]] = {
    "decile": "decile",
    "quintile": "quintile",
    "quartile": "quartile",
    "percentile": "percentile",
}


def relative(b: Build, span: Span, function: Token, _of: Token, of: s.Expr) -> s.Relative:
    return s.Relative(span, _RANKS[function.text], of, share=None)


def top(b: Build, span: Span, _top: Token, share: Token, _by: Token, of: s.Expr) -> s.Relative:
    return s.Relative(span, "top", of, b.percent(share))


def previous(b: Build, span: Span, segmentation: s.Ref) -> s.Previous:
    return s.Previous(span, segmentation)


# -- aggregates --------------------------------------------------------------------------------------------------

_FUNCTIONS: dict[str, s.AggregateFunction] = {
    "count": "count",
    "sum": "sum",
    "average": "average",
    "min": "min",
    "max": "max",
    "median": "median",
    "first": "first",
    "latest": "latest",
    "distinct count": "distinct count",
    "trend per month": "trend per month",
    "any": "any",
    "no": "no",
    "share": "share",
    "net promoter score": "net promoter score",
}

Function = tuple[s.AggregateFunction, Span]
Head = tuple[Function, s.Expr | None, s.Name]


def function(b: Build, span: Span, *words: Token) -> Function:
    return _FUNCTIONS[" ".join(word.text for word in words)], span


def count_head(b: Build, span: Span, function: Function, source: Token) -> Head:
    return function, None, b.name(source)


def function_head(b: Build, span: Span, function: Function, value: s.Expr, source: Token) -> Head:
    return function, value, b.name(source)


def aggregate(
    b: Build, span: Span, head: Head, where: s.Expr | None = None, window: s.Window | None = None
) -> s.Aggregate:
    (name, at), value, source = head
    return s.Aggregate(span, name, value, source, where, window, at)


def windowed(b: Build, span: Span, head: Head, window: s.Window) -> s.Aggregate:
    return aggregate(b, span, head, None, window)


def group_aggregate(b: Build, span: Span, function: Function, value: s.Expr) -> s.Aggregate:
    return s.Aggregate(span, function[0], value, None, None, None, function[1])


def share(b: Build, span: Span, function: Function, where: s.Expr) -> s.Aggregate:
    return s.Aggregate(span, function[0], None, None, where, None, function[1])


def measure_name(b: Build, span: Span, *words: Token) -> tuple[str, Span]:
    return " ".join(word.text for word in words), span


def argument(b: Build, span: Span, name: Token, value: s.Expr) -> s.Argument:
    return s.Argument(span, b.name(name), value)


def builtin_measure(
    b: Build, span: Span, name: tuple[str, Span], arguments: list[s.Argument] | None
) -> s.BuiltinMeasure:
    return s.BuiltinMeasure(span, name[0], tuple(arguments or ()), name[1])


def last_window(b: Build, span: Span, length: s.WindowLength, except_last: s.WindowLength | None) -> s.Window:
    return s.Window(span, "last", length, except_last)


def next_window(b: Build, span: Span, length: s.WindowLength) -> s.Window:
    return s.Window(span, "next", length, None)


def ever(b: Build, span: Span) -> s.Window:
    return s.Window(span, "ever", None, None)


ACTIONS: dict[str, Action] = {
    **dict.fromkeys(("count", "group_function", "quantifier", "share_word"), function),
    "filtered": aggregate,
    "open_aggregate": aggregate,
    **{
        action.__name__: action
        for action in (
            condition,
            logic,
            not_,
            comparator,
            compare,
            between,
            is_missing,
            is_known,
            one_of,
            not_one_of,
            starts_with,
            contains,
            includes,
            arithmetic,
            negative,
            paren,
            default,
            since,
            relative,
            top,
            previous,
            function,
            count_head,
            function_head,
            aggregate,
            windowed,
            group_aggregate,
            share,
            measure_name,
            argument,
            builtin_measure,
            last_window,
            next_window,
            ever,
        )
    },
}
