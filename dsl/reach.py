"""What segmentations look at, through lets, decisions, scorecards and each other, when they are decided for one row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from . import program as p
from .walk import children, conditions

TIME_TESTS = ("days_since", "months_since", "years_since")


@dataclass(slots=True)
class Reach:
    """What is looked at. `segmentations` in the order of the program; `fields` by table and name; `tables` whose rows
    are looked for (aggregated, attached); `relatives` and `previous` in place of what they are found from.

    `looks_at_time` is the first that does: an aggregate with a window, a function, a comparison of dates, or a segment
    that is in force from or until a date."""

    segmentations: tuple[str, ...] = ()
    fields: set[tuple[str, str]] = field(default_factory=set)
    tables: set[str] = field(default_factory=set)
    relatives: dict[p.Relative, None] = field(default_factory=dict)
    previous: set[str] = field(default_factory=set)
    looks_at_time: p.Expr | p.Segment | None = None


def reach_of(program: p.Program, segmentations: Iterable[str]) -> Reach:
    """What these segmentations, and those that they ask, look at."""
    reach, found = Reach(), set[str]()
    waiting = list(segmentations)
    seen: set[tuple[str, str]] = set()
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        segmentation = program.segmentation(name)
        for segment in segmentation.all_segments:
            if segment.valid_from is not None or segment.valid_until is not None:
                reach.looks_at_time = reach.looks_at_time or segment
        for expr in _read_by(segmentation):
            for part in _parts(program, expr, seen):
                if isinstance(part, p.SegmentIs | p.SegmentIncludes):
                    waiting.append(part.segmentation)
                _take(program, part, reach)
    reach.segmentations = tuple(each.name for each in program.segmentations if each.name in found)
    return reach


def _read_by(segmentation: p.Segmentation) -> Iterator[p.Expr]:
    yield from conditions(segmentation)
    for segment in segmentation.segments:
        for consent in segment.consent:
            yield from consent.fields


def _parts(program: p.Program, expr: p.Expr, seen: set[tuple[str, str]]) -> Iterator[p.Expr]:
    """The expression and everything inside it, lets included, each let once; nothing that a relative value is found
    from."""
    waiting = [expr]
    while waiting:
        part = waiting.pop()
        yield part
        match part:
            case p.LetRef(table, name):
                if (table, name) not in seen:
                    seen.add((table, name))
                    waiting.append(program.let(table, name).value)
            case p.Relative():
                pass
            case _:
                waiting.extend(reversed(children(part)))


def _take(program: p.Program, part: p.Expr, reach: Reach) -> None:
    if reach.looks_at_time is None and _looks_at_time(part):
        reach.looks_at_time = part
    match part:
        case p.FieldRef(table, name):
            reach.fields.add((table, name))
            if program.table(table).role == "attached":
                reach.tables.add(table)
        case p.RowKnown(table):
            reach.tables.add(table)
        case p.Aggregate(source=source):
            reach.tables.add(source)
            table = program.table(source)
            reach.fields |= {(source, time) for time in (table.at, table.known_at, table.then) if time is not None}
        case p.Relative():
            reach.relatives[part] = None
        case p.Previous(segmentation):
            reach.previous.add(segmentation)
        case _:
            pass


def _looks_at_time(part: p.Expr) -> bool:
    match part:
        case p.Aggregate(window=window):
            return window is not None
        case p.Call(overload, operands):
            dated = any(operand.type.kind in ("date", "timestamp") for operand in operands)
            compared = dated and part.type.kind == "boolean" and not overload.startswith(("missing.", "known."))
            return compared or overload.partition(".")[0] in TIME_TESTS
        case _:
            return False


def asked_conditions(program: p.Program, segmentation: p.Segmentation) -> tuple[p.Expr, ...]:
    """Every condition that a segmentation asks of its rows, and every part of one, also inside its lets; each once, in
    the order of the rules. What an aggregate asks of its own rows is none of them."""
    found: dict[p.Expr, None] = {}
    waiting = list(reversed(tuple(conditions(segmentation))))
    seen: set[tuple[str, str]] = set()
    while waiting:
        part = waiting.pop()
        if part.type.kind == "boolean" and not isinstance(part, p.Const):
            found.setdefault(part)
        match part:
            case p.LetRef(table, name):
                if (table, name) not in seen:
                    seen.add((table, name))
                    waiting.append(program.let(table, name).value)
            case p.Aggregate() | p.Relative():
                pass
            case _:
                waiting.extend(reversed(children(part)))
    return tuple(found)


def same_standing(one: p.Relative, other: p.Relative) -> bool:
    """Whether two relative values are told by the same given value: all percentiles of one x are."""
    share = one.function == "percentile" or one.share == other.share
    return share and (one.function, one.table, one.of) == (other.function, other.table, other.of)
