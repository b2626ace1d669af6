"""Edits of programs, as an author would make them, that leave every promise of a program alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from random import Random

from segwright.dsl import program as p
from segwright.dsl.types import Length, Value
from segwright.dsl.walk import rebuilt

Edit = Callable[[p.Program, Random], p.Program]


def edited(program: p.Program, random: Random, edits: int) -> p.Program:
    """The program after so many edits."""
    for _ in range(edits):
        program = random.choice(EDITS)(program, random)
    return program


# -- expressions -------------------------------------------------------------------------------------------------------


def _with_expressions(program: p.Program, change: Callable[[p.Expr, str], p.Expr]) -> p.Program:
    """The program with every whole expression of lets and clauses changed."""

    def clause(of: p.Clause, table: str) -> p.Clause:
        return replace(of, when=change(of.when, table), unless=tuple(change(each, table) for each in of.unless))

    return replace(
        program,
        lets=tuple(replace(let, value=change(let.value, let.table)) for let in program.lets),
        segmentations=tuple(
            replace(
                each,
                segments=tuple(
                    replace(segment, clauses=tuple(clause(of, each.table) for of in segment.clauses))
                    for segment in each.segments
                ),
            )
            for each in program.segmentations
        ),
    )


def _one_part(
    program: p.Program, random: Random, fits: Callable[[p.Expr], bool], change: Callable[[p.Expr], p.Expr]
) -> p.Program:
    """The program with one of the parts that fit changed; as it is where none fits."""
    count = 0

    def counting(part: p.Expr, _table: str) -> p.Expr | None:
        nonlocal count
        count += fits(part)
        return None

    _with_expressions(program, lambda expr, table: rebuilt(expr, table, counting))
    chosen, seen = random.randrange(count) if count else -1, -1

    def changing(part: p.Expr, _table: str) -> p.Expr | None:
        nonlocal seen
        if fits(part):
            seen += 1
            if seen == chosen:
                return change(part)
        return None

    return _with_expressions(program, lambda expr, table: rebuilt(expr, table, changing))


def _compared(part: p.Expr) -> bool:
    return (
        isinstance(part, p.Call)
        and part.overload.split(".")[0] in ("greater", "at_least", "less", "at_most")
        and any(isinstance(each, p.Const) and _other(each.value) != each.value for each in part.operands)
    )


def _other(value: Value) -> Value:
    match value:
        case bool() | str():
            return value
        case int():
            return value + 1
        case float():
            return round(value + 0.25, 9)
        case Decimal():
            return value + 1
        case dt.datetime() | dt.date():
            return value + dt.timedelta(days=1)
        case Length():
            return replace(value, amount=value.amount + 1)


def _cut_off(program: p.Program, random: Random) -> p.Program:
    def change(part: p.Expr) -> p.Expr:
        assert isinstance(part, p.Call)
        operands = (
            replace(each, value=_other(each.value)) if isinstance(each, p.Const) else each for each in part.operands
        )
        return replace(part, operands=tuple(operands))

    return _one_part(program, random, _compared, change)


def _window(program: p.Program, random: Random) -> p.Program:
    def change(part: p.Expr) -> p.Expr:
        assert isinstance(part, p.Aggregate)
        assert part.window is not None
        assert isinstance(part.window.length, Length)
        return replace(part, window=replace(part.window, length=_other(part.window.length)))

    def fits(part: p.Expr) -> bool:
        return isinstance(part, p.Aggregate) and part.window is not None and isinstance(part.window.length, Length)

    return _one_part(program, random, fits, change)


def _fewer_conditions(program: p.Program, random: Random) -> p.Program:
    def change(part: p.Expr) -> p.Expr:
        assert isinstance(part, p.And | p.Or)
        rest = part.operands[1:]
        return rest[0] if len(rest) == 1 else replace(part, operands=rest)

    return _one_part(program, random, lambda part: isinstance(part, p.And | p.Or), change)


def _other_order_of_conditions(program: p.Program, random: Random) -> p.Program:
    def change(part: p.Expr) -> p.Expr:
        assert isinstance(part, p.And | p.Or)
        return replace(part, operands=part.operands[::-1])

    return _one_part(program, random, lambda part: isinstance(part, p.And | p.Or), change)


def _not(program: p.Program, random: Random) -> p.Program:
    def change(part: p.Expr) -> p.Expr:
        assert isinstance(part, p.Not)
        return part.operand

    return _one_part(program, random, lambda part: isinstance(part, p.Not), change)


# -- segmentations -----------------------------------------------------------------------------------------------------


def _segmentation(
    program: p.Program, random: Random, change: Callable[[p.Segmentation, Random], p.Segmentation]
) -> p.Program:
    """The program with one segmentation changed."""
    at = random.randrange(len(program.segmentations))
    changed = numbered(change(program.segmentations[at], random))
    segmentations = program.segmentations
    return replace(program, segmentations=(*segmentations[:at], changed, *segmentations[at + 1 :]))


def numbered(segmentation: p.Segmentation) -> p.Segmentation:
    """With the clauses numbered from 1 through the segmentation."""
    numbers = iter(range(1, 1000))
    return replace(
        segmentation,
        segments=tuple(
            replace(each, clauses=tuple(replace(clause, number=next(numbers)) for clause in each.clauses))
            for each in segmentation.segments
        ),
    )


def _order(of: p.Segmentation, random: Random) -> p.Segmentation:
    return replace(of, segments=tuple(random.sample(of.segments, len(of.segments))))


def _segment(of: p.Segmentation, random: Random, change: Callable[[p.Segment, Random], p.Segment]) -> p.Segmentation:
    at = random.randrange(len(of.segments))
    return replace(of, segments=(*of.segments[:at], change(of.segments[at], random), *of.segments[at + 1 :]))


def _order_of_clauses(of: p.Segment, random: Random) -> p.Segment:
    return replace(of, clauses=tuple(random.sample(of.clauses, len(of.clauses))))


def _fewer_clauses(of: p.Segment, _random: Random) -> p.Segment:
    return replace(of, clauses=of.clauses[1:]) if len(of.clauses) > 1 else of


def _one_more_clause(of: p.Segment, random: Random) -> p.Segment:
    return replace(of, clauses=(*of.clauses, replace(random.choice(of.clauses), unless=())))


def _no_exclusion(of: p.Segment, _random: Random) -> p.Segment:
    return replace(of, clauses=tuple(replace(clause, unless=clause.unless[1:]) for clause in of.clauses))


def _in_force(of: p.Segment, random: Random) -> p.Segment:
    return replace(of, valid_from=random.choice([None, dt.date(2026, 1, 1), dt.date(2026, 7, 1)]))


def _title(of: p.Segment, random: Random) -> p.Segment:
    return replace(of, title=random.choice([None, "A", "B"]))


def _reason(of: p.Segment, _random: Random) -> p.Segment:
    return replace(of, reasons=of.reasons[1:] or (p.Reason("Z9", "another reason"),))


def _no_consent(of: p.Segment, _random: Random) -> p.Segment:
    return replace(of, consent=of.consent[1:])


def _in_one_segment(change: Callable[[p.Segment, Random], p.Segment]) -> Edit:
    return lambda program, random: _segmentation(program, random, lambda of, _: _segment(of, random, change))


# -- everything else ---------------------------------------------------------------------------------------------------


def _parameter(program: p.Program, random: Random) -> p.Program:
    if not program.parameters:
        return program
    at = random.randrange(len(program.parameters))
    found = program.parameters[at]
    changed = replace(found, value=_other(found.value))
    return replace(program, parameters=(*program.parameters[:at], changed, *program.parameters[at + 1 :]))


def _field(program: p.Program, random: Random, change: Callable[[p.Field], p.Field]) -> p.Program:
    at = random.randrange(len(program.tables))
    table = program.tables[at]
    which = random.randrange(len(table.fields))
    fields = (*table.fields[:which], change(table.fields[which]), *table.fields[which + 1 :])
    return replace(program, tables=(*program.tables[:at], replace(table, fields=fields), *program.tables[at + 1 :]))


def _order_of_declarations(program: p.Program, _random: Random) -> p.Program:
    return replace(
        program,
        purposes=program.purposes[::-1],
        tables=tuple(replace(table, fields=table.fields[::-1]) for table in program.tables),
        parameters=program.parameters[::-1],
        targets=program.targets[::-1],
        guarantees=program.guarantees[::-1],
        measures=program.measures[::-1],
    )


def _points(program: p.Program, _random: Random) -> p.Program:
    def value(let: p.Let) -> p.Expr:
        match let.value:
            case p.Score(characteristics=(first, *rest)):
                bin, *bins = first.bins
                more = replace(first, bins=(replace(bin, points=bin.points + 1), *bins))
                return replace(let.value, characteristics=(more, *rest))
            case p.Choice(rows=(first, *rest)) if rest:
                return replace(let.value, rows=(*rest, first))
            case _:
                return let.value

    return replace(program, lets=tuple(replace(let, value=value(let)) for let in program.lets))


def _watched(program: p.Program, random: Random) -> p.Program:
    return random.choice(
        [
            replace(program, targets=program.targets[1:]),
            replace(program, policy=replace(program.policy, hide_below=17)),
            replace(program, experiments=program.experiments[1:]),
            replace(program, guarantees=program.guarantees[1:]),
            replace(program, measures_at=(Length(5, "month"),)),
            replace(program, measures_by=program.measures_by[1:]),
            replace(program, freshness=program.freshness[1:]),
            replace(program, guarantees=tuple(replace(each, title=f"{each.title}!") for each in program.guarantees)),
        ]
    )


EDITS: tuple[Edit, ...] = (
    _cut_off,
    _cut_off,
    _window,
    _fewer_conditions,
    _other_order_of_conditions,
    _not,
    _parameter,
    _points,
    _watched,
    _order_of_declarations,
    lambda program, random: _segmentation(program, random, _order),
    lambda program, random: _segmentation(program, random, lambda of, _: replace(of, minimum_size=7)),
    lambda program, random: _segmentation(program, random, lambda of, _: replace(of, owner="somebody else")),
    *map(
        _in_one_segment,
        (
            _order_of_clauses,
            _fewer_clauses,
            _one_more_clause,
            _no_exclusion,
            _in_force,
            _title,
            _reason,
            _no_consent,
        ),
    ),
    lambda program, random: _field(program, random, lambda of: replace(of, title="Another title")),
    lambda program, random: _field(program, random, lambda of: replace(of, personal=not of.personal)),
)
