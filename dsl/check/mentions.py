"""The names that a written expression mentions, before anything is known about them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from .. import syntax as s


def mentioned(expr: s.Expr) -> Iterator[str]:
    """The last part of every name in `expr`, wherever it stands."""
    waiting = [expr]
    while waiting:
        found = waiting.pop()
        if isinstance(found, s.Ref):
            yield found.parts[-1].text
        waiting.extend(parts(found))


def parts(expr: s.Expr) -> tuple[s.Expr, ...]:
    """The expressions directly inside `expr`, in the order written."""
    match expr:
        case s.Text() | s.Number() | s.Percent() | s.Boolean() | s.Date() | s.Duration() | s.Ref():
            return ()
        case s.Includes() | s.Previous():
            return ()
        case s.Paren(inner=inner):
            return (inner,)
        case s.Negative(operand=operand) | s.Not(operand=operand) | s.IsMissing(operand=operand):
            return (operand,)
        case s.Since(operand=operand) | s.Relative(of=operand):
            return (operand,)
        case s.Arithmetic(left=left, right=right) | s.Comparison(left=left, right=right):
            return (left, right)
        case s.Between(operand=operand, low=low, high=high):
            return (operand, low, high)
        case s.OneOf(operand=operand, options=options):
            return (operand, *options)
        case s.TextTest(operand=operand, pattern=second) | s.Default(operand=operand, value=second):
            return (operand, second)
        case s.Logic(operands=operands):
            return operands
        case s.BuiltinMeasure(arguments=arguments):
            return tuple(argument.value for argument in arguments)
        case s.Aggregate(value=value, where=where):
            return tuple(part for part in (value, where) if part is not None)
        case _:
            assert_never(expr)
