"""Going through the expressions of a `Program`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import assert_never

from . import program as p


def children(expr: p.Expr) -> tuple[p.Expr, ...]:
    """The expressions directly inside `expr`, in the order written; those of an aggregate stand over its source. The
    inputs of a decision and of characteristics are inside the tests that look at them."""
    match expr:
        case p.Const() | p.ParameterRef() | p.FieldRef() | p.LetRef():
            return ()
        case p.RowKnown() | p.SegmentIs() | p.SegmentIncludes() | p.Previous():
            return ()
        case p.Call() | p.And() | p.Or():
            return expr.operands
        case p.Not():
            return (expr.operand,)
        case p.Aggregate() | p.GroupAggregate():
            return tuple(part for part in (expr.value, expr.where) if part is not None)
        case p.Relative():
            return (expr.of,) if expr.share is None else (expr.of, expr.share)
        case p.Choice():
            told = [part for row in expr.rows for part in (*row.cells, row.result)]
            return (*told,) if expr.otherwise is None else (*told, expr.otherwise)
        case p.Score():
            return tuple(bin.when for each in expr.characteristics for bin in each.bins)
        case _:
            assert_never(expr)


def walk(expr: p.Expr) -> Iterator[p.Expr]:
    """`expr` and everything inside it, outermost first, without following names."""
    waiting = [expr]
    while waiting:
        found = waiting.pop()
        yield found
        waiting.extend(reversed(children(found)))


def rebuilt(expr: p.Expr, table: str, change: Callable[[p.Expr, str], p.Expr | None]) -> p.Expr:
    """`expr`, which stands over the rows of `table`, with what `change` makes of each part, outermost first; a part of
    which it makes None stays, with its own parts rebuilt. Names are not followed."""
    changed = change(expr, table)
    if changed is not None:
        return changed

    def each(inner: p.Expr) -> p.Expr:
        return rebuilt(inner, table, change)

    def maybe(inner: p.Expr | None, over: str) -> p.Expr | None:
        return None if inner is None else rebuilt(inner, over, change)

    match expr:
        case p.Const() | p.ParameterRef() | p.FieldRef() | p.LetRef():
            return expr
        case p.RowKnown() | p.SegmentIs() | p.SegmentIncludes() | p.Previous():
            return expr
        case p.Call() | p.And() | p.Or():
            return replace(expr, operands=tuple(map(each, expr.operands)))
        case p.Not():
            return replace(expr, operand=each(expr.operand))
        case p.Aggregate(source=source):
            return replace(expr, value=maybe(expr.value, source), where=maybe(expr.where, source))
        case p.GroupAggregate():
            return replace(expr, value=maybe(expr.value, table), where=maybe(expr.where, table))
        case p.Relative(table=of):
            return replace(expr, of=rebuilt(expr.of, of, change))
        case p.Choice(rows=rows, inputs=inputs):
            return replace(
                expr,
                inputs=tuple(map(each, inputs)),
                rows=tuple(replace(row, cells=tuple(map(each, row.cells)), result=each(row.result)) for row in rows),
                otherwise=maybe(expr.otherwise, table),
            )
        case p.Score(characteristics=characteristics):
            return replace(
                expr,
                characteristics=tuple(
                    replace(
                        of,
                        by=maybe(of.by, table),
                        bins=tuple(replace(bin, when=each(bin.when)) for bin in of.bins),
                    )
                    for of in characteristics
                ),
            )
        case _:
            assert_never(expr)


def condition_among(aggregate: p.GroupAggregate) -> p.Expr | None:
    """What a `share_among.rows` asks besides its `where`, which its value repeats; None for other aggregates."""
    if aggregate.overload != "share_among.rows" or not isinstance(aggregate.value, p.And):
        return None
    where = aggregate.where
    said = where.operands if isinstance(where, p.And) else (where,)
    asked = tuple(operand for operand in aggregate.value.operands if operand not in said)
    if len(asked) == 1:
        return asked[0]
    return replace(aggregate.value, operands=asked) if asked else where


def all_expressions(program: p.Program) -> Iterator[p.Expr]:
    """Every expression of a program and everything inside it."""
    for let in program.lets:
        yield from walk(let.value)
    for segmentation in program.segmentations:
        for condition in conditions(segmentation):
            yield from walk(condition)
    for expr in outcome_expressions(program):
        yield from walk(expr)


def outcome_expressions(program: p.Program) -> Iterator[p.Expr]:
    """What measures, their periods, targets and guarantees ask, each whole."""
    yield from (measure.value for measure in program.measures)
    yield from (period.of for period in program.measures_by)
    yield from (target.value for target in program.targets)
    yield from (each.condition for each in program.guarantees if each.condition is not None)


def window_parameters(aggregate: p.Aggregate) -> tuple[p.ParameterRef, ...]:
    """The parameters that say how long an aggregate's window is."""
    if aggregate.window is None:
        return ()
    lengths = (aggregate.window.length, aggregate.window.except_last)
    return tuple(length for length in lengths if isinstance(length, p.ParameterRef))


def conditions(segmentation: p.Segmentation) -> Iterator[p.Expr]:
    """Every condition of a segmentation: each clause's `when`, then its `unless` lines. One that the header states for
    every segment comes once."""
    seen: set[int] = set()
    for segment in segmentation.segments:
        for clause in segment.clauses:
            for condition in (clause.when, *clause.unless):
                if id(condition) not in seen:
                    seen.add(id(condition))
                    yield condition
