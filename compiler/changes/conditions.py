"""Conditions taken apart: what they ask, one by one, in the words of rule files.

Two expressions over the rows of one table that read the same ask the same (`dsl/wording.py`), as long as what they name
is declared the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...dsl import program as p
from ...dsl.types import BOOLEAN
from ...dsl.walk import rebuilt
from ...dsl.wording import wording


def asked(condition: p.Expr) -> Iterator[p.Expr]:
    """What a condition asks: the parts that `and` joins, in order, however they are put into parentheses."""
    if isinstance(condition, p.And):
        for operand in condition.operands:
            yield from asked(operand)
    else:
        yield condition


def alternatives(condition: p.Expr) -> Iterator[p.Expr]:
    """The parts that `or` joins, in order."""
    if isinstance(condition, p.Or):
        for operand in condition.operands:
            yield from alternatives(operand)
    else:
        yield condition


def unordered(expr: p.Expr, table: str) -> str:
    """How `expr` reads with all that is asked in any order put into one order: equal for two that hold for the same
    rows because they differ only in the order of `and`, `or` and lists."""
    return wording(_sorted(expr, table), table)


def _sorted(expr: p.Expr, table: str) -> p.Expr:
    def each(part: p.Expr, over: str) -> p.Expr | None:
        match part:
            case p.And() | p.Or():
                parts = asked(part) if isinstance(part, p.And) else alternatives(part)
                found = {wording(of, over): of for of in (_sorted(inner, over) for inner in parts)}
                operands = tuple(found[said] for said in sorted(found))
                return operands[0] if len(operands) == 1 else replace(part, operands=operands)
            case p.SegmentIs(segments=segments):
                return replace(part, segments=tuple(sorted(set(segments))))
            case p.Call(overload, (first, *options)) if overload.startswith("one_of."):
                found = {wording(option, over): option for option in options}
                return replace(part, operands=(_sorted(first, over), *(found[said] for said in sorted(found))))
            case _:
                return None

    return rebuilt(expr, table, each)


def shape(expr: p.Expr, table: str) -> str:
    """How `expr` reads without its values: equal for two that differ in cut-offs and lengths alone."""

    def each(part: p.Expr, _over: str) -> p.Expr | None:
        match part:
            case p.Const():
                return _BLANK
            case p.Aggregate(source=source, window=p.Window() as window):
                bare = replace(window, length=_bare(window.length), except_last=_bare(window.except_last))
                value, where = part.value, part.where
                return replace(
                    part,
                    value=None if value is None else rebuilt(value, source, each),
                    where=None if where is None else rebuilt(where, source, each),
                    window=bare,
                )
            case p.Relative(table=of, share=share):
                return replace(part, of=rebuilt(part.of, of, each), share=None if share is None else _BLANK)
            case _:
                return None

    return wording(rebuilt(expr, table, each), table)


_BLANK = p.ParameterRef("…", BOOLEAN)


def _bare(length: object) -> p.ParameterRef | None:
    return None if length is None else _BLANK
