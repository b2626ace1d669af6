"""Small changes of a program that leave it well-formed, such as a rule change is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from hypothesis import strategies as st

from segwright.dsl import program as p
from segwright.dsl.types import Length
from segwright.dsl.walk import rebuilt

from .draws import Draw, count, pick

Change = Callable[[], p.Program]


@st.composite
def mutated(draw: Draw, program: p.Program) -> p.Program:
    """The program with one to three changes of parameters, lets, clauses, segments and events tables."""
    for _ in range(count(draw, 1, 3)):
        found = [*_changes(program)]
        kinds = [*dict.fromkeys(kind for kind, _ in found)]
        if kinds:
            kind = pick(draw, kinds)
            program = pick(draw, [change for of, change in found if of == kind])()
    return program


def _changes(program: p.Program) -> Iterator[tuple[str, Change]]:
    for at, parameter in enumerate(program.parameters):
        value = parameter.value
        if isinstance(value, int) and not isinstance(value, bool):
            yield "parameter", _with_parameter(program, at, replace(parameter, value=value + 1))
        elif isinstance(value, Length):
            yield (
                "parameter",
                _with_parameter(program, at, replace(parameter, value=Length(value.amount + 1, value.unit))),
            )
    for at, let in enumerate(program.lets):
        if not isinstance(let.value, p.Choice | p.Score):
            for other in _other(let.value, let.table):
                yield "let", _with_let(program, at, replace(let, value=other))
    for at, table in enumerate(program.tables):
        if table.known_at is not None:
            yield "table", _with_table(program, at, replace(table, known_at=None))
    for at, segmentation in enumerate(program.segmentations):
        for kind, other in _of_segmentation(segmentation):
            yield kind, _with_segmentation(program, at, other)


def _with_parameter(program: p.Program, at: int, new: p.Parameter) -> Change:
    return lambda: replace(program, parameters=(*program.parameters[:at], new, *program.parameters[at + 1 :]))


def _with_let(program: p.Program, at: int, new: p.Let) -> Change:
    return lambda: replace(program, lets=(*program.lets[:at], new, *program.lets[at + 1 :]))


def _with_table(program: p.Program, at: int, new: p.Table) -> Change:
    return lambda: replace(program, tables=(*program.tables[:at], new, *program.tables[at + 1 :]))


def _with_segmentation(program: p.Program, at: int, new: p.Segmentation) -> Change:
    return lambda: replace(program, segmentations=(*program.segmentations[:at], new, *program.segmentations[at + 1 :]))


# -- segmentations -----------------------------------------------------------------------------------------------------


def _of_segmentation(segmentation: p.Segmentation) -> Iterator[tuple[str, p.Segmentation]]:
    segments = segmentation.segments
    if segmentation.cap is not None:
        yield "cap", replace(segmentation, cap=segmentation.cap + 1)
    for at in range(len(segments) - 1):
        order = [*segments]
        order[at], order[at + 1] = order[at + 1], order[at]
        yield "order", _numbered(segmentation, order)
    for at, segment in enumerate(segments):
        for number, clause in enumerate(segment.clauses):
            if len(segment.clauses) > 1:
                fewer = (*segment.clauses[:number], *segment.clauses[number + 1 :])
                yield "clause", _changed(segmentation, at, replace(segment, clauses=fewer))
            others = [replace(clause, when=each) for each in _other(clause.when, segmentation.table)]
            others += [replace(clause, unless=clause.unless[1:])] if clause.unless else []
            for other in others:
                clauses = (*segment.clauses[:number], other, *segment.clauses[number + 1 :])
                yield "condition", _changed(segmentation, at, replace(segment, clauses=clauses))
        if segment.consent:
            yield "consent", _changed(segmentation, at, replace(segment, consent=()))
        if segment.valid_from is not None:
            yield "period", _changed(segmentation, at, replace(segment, valid_from=None))


def _changed(segmentation: p.Segmentation, at: int, segment: p.Segment) -> p.Segmentation:
    return _numbered(segmentation, [*segmentation.segments[:at], segment, *segmentation.segments[at + 1 :]])


def _numbered(segmentation: p.Segmentation, segments: list[p.Segment]) -> p.Segmentation:
    number, found = 0, list[p.Segment]()
    for segment in segments:
        clauses: list[p.Clause] = []
        for clause in segment.clauses:
            number += 1
            clauses.append(replace(clause, number=number))
        found.append(replace(segment, clauses=tuple(clauses)))
    return replace(segmentation, segments=tuple(found))


# -- expressions -------------------------------------------------------------------------------------------------------


def _other(expr: p.Expr, table: str) -> Iterator[p.Expr]:
    """The expression with a whole number one higher, an operand of `and` or `or` less, or a window longer; each on its
    own place."""
    for place in range(_places(expr, table)):
        yield _at(expr, table, place)


def _places(expr: p.Expr, table: str) -> int:
    found = 0

    def counted(part: p.Expr, _: str) -> p.Expr | None:
        nonlocal found
        found += _changeable(part) is not None
        return None

    rebuilt(expr, table, counted)
    return found


def _at(expr: p.Expr, table: str, place: int) -> p.Expr:
    seen = -1

    def changed(part: p.Expr, _: str) -> p.Expr | None:
        nonlocal seen
        other = _changeable(part)
        seen += other is not None
        return other if other is not None and seen == place else None

    return rebuilt(expr, table, changed)


def _changeable(part: p.Expr) -> p.Expr | None:
    match part:
        case p.Const(value=int() as value, type=type) if type.kind == "integer" and not isinstance(value, bool):
            return replace(part, value=value + 1)
        case p.And(operands=(first, second)) | p.Or(operands=(first, second)):
            return second if first.type.kind == "boolean" else None
        case p.And(operands=operands) | p.Or(operands=operands):
            return replace(part, operands=operands[1:])
        case p.Aggregate(window=p.Window("last", Length() as length, None) as window):
            return replace(part, window=replace(window, length=Length(length.amount + 1, length.unit)))
        case _:
            return None
