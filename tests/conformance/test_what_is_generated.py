"""The default budget writes every construct of the language, and rows of every kind that engines are known to trip on.

What is generated is counted over exactly the programs that `test_against_reference.py` runs."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, is_dataclass
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest
from cases.format import read_case
from cases.oracle import checked
from generators.cases import Case
from generators.parts import parts
from test_cases import CASES

from segwright.dsl import expr as expressions
from segwright.dsl import program as p
from segwright.dsl.builtins import AGGREGATE_OVERLOADS, BUILTINS, BY_OVERLOAD, EVERY, GROUP_OVERLOADS, PARTIAL_OVERLOADS
from segwright.dsl.types import Length
from segwright.runtime.reference.calendar import back

from .search import STARTS, WITHOUT_SHRINKING, each_case

NEVER_WRITTEN = {
    # Options are literals or parameters, and none of these is a timestamp: beside dates it is compared as a date.
    "one_of.timestamp",
}
DECIDES_NOTHING = {
    # What is reported about a run, and changes no answer: `programs(whole=True)` writes some of it.
    "Freshness",
}
QUESTIONS = (p.SegmentIs, p.SegmentIncludes)


@dataclass(slots=True)
class Seen:
    """In how many programs each thing stands."""

    overloads: Counter[str] = field(default_factory=Counter)
    over_groups: Counter[str] = field(default_factory=Counter)
    nodes: Counter[str] = field(default_factory=Counter)
    ways: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)


@pytest.fixture(scope="module")
def seen() -> Seen:
    found = Seen()
    for start in range(STARTS):
        each_case(start, lambda case: _look(case, found), WITHOUT_SHRINKING)
    return found


def _look(case: Case, seen: Seen) -> None:
    program = case.program
    inside = parts((program.tables, program.parameters, program.lets, program.segmentations, program.measures))
    seen.nodes.update({"Program", *(type(part).__name__ for part in inside)})
    seen.overloads.update({part.overload for part in inside if isinstance(part, p.Call | p.Aggregate)})
    seen.over_groups.update({part.overload for part in inside if isinstance(part, p.GroupAggregate)})
    seen.ways.update({way for part in inside for way in _ways(part)} | set(_late(program)))
    seen.rows.update(set(_rows(case)))


def _ways(part: object) -> Iterator[str]:
    """How a construct is used, where it can be used in several ways."""
    match part:
        case p.Relative(function=function, operator=operator, share=share):
            yield f"{function} {operator or ''}".strip()
            if isinstance(share, p.ParameterRef):
                yield "a share of a parameter"
        case p.Window(direction="next"):
            yield "in next"
        case p.Window(length=length, except_last=shorter):
            yield "ever" if length is None else f"in last {_written(length)}"
            if shorter is not None:
                yield f"except last {_written(shorter)}"
        case p.Choice(unique=unique, otherwise=otherwise):
            yield "unique" if unique else "first"
            yield "a whole table" if otherwise is None else "a table with otherwise"
        case p.Characteristic(by=by):
            yield "a `when`" if by is None else "bins"
        case p.Segmentation(exclusive=exclusive):
            yield "first match wins" if exclusive else "overlapping"
        case p.Segment() as segment:
            yield from (name for name in ("consent", "reasons", "reasons_from") if getattr(segment, name))
            yield from (name for name in ("valid_from", "valid_until") if getattr(segment, name) is not None)
        case p.Table() as table:
            yield f"{table.role} of snapshots" if table.role == "root" and table.at else table.role
            yield from (f"events with {name}" for name in ("known_at", "then") if getattr(table, name) is not None)
        case p.Field(personal=True):
            yield "personal"
        case _:
            pass


def _written(length: Length | p.ParameterRef) -> str:
    return f"{length.unit}s" if isinstance(length, Length) else "of a parameter"


def _late(program: p.Program) -> Iterator[str]:
    """Decisions, scorecards and lets that ask for segments, and who reads these in turn."""
    late: set[tuple[str, str]] = set()
    for let in program.lets:
        inside = parts(let.value)
        kind = {"Choice": "decision", "Score": "scorecard"}.get(type(let.value).__name__, "let")
        questions = [part for part in inside if isinstance(part, QUESTIONS)]
        reads = _reads(inside, late)
        yield from (f"a {kind} asks {type(question).__name__}" for question in questions)
        if reads:
            yield f"a {kind} reads what asks"
        if questions or reads:
            late.add((let.table, let.name))
            if any(isinstance(part, p.Call) and part.overload in PARTIAL_OVERLOADS for part in inside):
                yield "what asks may overflow"
            if any(isinstance(part, p.Aggregate) for part in inside):
                yield "what asks aggregates"
    for segmentation in program.segmentations:
        inside = parts(segmentation)
        if not segmentation.name.startswith("watched") and _reads(inside, late):
            yield "a segmentation reads what asks"


def _reads(inside: list[object], names: Collection[tuple[str, str]]) -> bool:
    return any(isinstance(part, p.LetRef) and (part.table, part.name) in names for part in inside)


# -- constructs ------------------------------------------------------------------------------------------------------


def test_every_overload(seen: Seen) -> None:
    wanted = {id for id in BY_OVERLOAD if id not in NEVER_WRITTEN}
    wanted -= set(GROUP_OVERLOADS) - set(AGGREGATE_OVERLOADS)
    assert {id for id in wanted if not seen.overloads[id]} == set()
    assert {id for id in GROUP_OVERLOADS if not seen.over_groups[id]} == set()


def test_what_is_never_written_is_not(seen: Seen) -> None:
    assert {id for id in NEVER_WRITTEN if seen.overloads[id]} == set()


def test_every_function_has_a_case() -> None:
    """Each is worked out by hand somewhere in `tests/cases`."""
    programs = [program for path in CASES if (program := checked(read_case(path))[0]) is not None]
    inside = [part for each in programs for part in parts((each.lets, each.segmentations, each.measures))]
    found = {part.overload for part in inside if isinstance(part, p.Call | p.Aggregate | p.GroupAggregate)}
    assert {each.name for each in BUILTINS if not found & {overload.id for overload in each.overloads}} == set()


@pytest.mark.parametrize("module", [expressions, p], ids=["expressions", "programs"])
def test_every_node(seen: Seen, module: ModuleType) -> None:
    declared = {
        name for name, each in vars(module).items() if is_dataclass(each) and each.__module__ == module.__name__
    }
    assert {name for name in declared - DECIDES_NOTHING if not seen.nodes[name]} == set()


WAYS = {
    *("decile", "quintile", "quartile", "top", "a share of a parameter"),
    *(f"percentile {name}" for name in ("equal", "not_equal", "less", "at_most", "greater", "at_least")),
    *("ever", "in next", "in last days", "in last months", "in last years", "in last of a parameter"),
    *("except last days", "except last months", "except last years", "except last of a parameter"),
    *("unique", "first", "a whole table", "a table with otherwise", "a `when`", "bins"),
    *("first match wins", "overlapping", "consent", "reasons", "reasons_from", "valid_from", "valid_until"),
    *("root", "root of snapshots", "attached", "child", "events", "events with known_at", "events with then"),
    "personal",
    *(f"a {kind} asks {each.__name__}" for kind in ("let", "decision", "scorecard") for each in QUESTIONS),
    *(f"a {kind} reads what asks" for kind in ("let", "decision", "scorecard")),
    *("a segmentation reads what asks", "what asks may overflow", "what asks aggregates"),
}


@pytest.mark.parametrize("way", sorted(WAYS))
def test_every_way_to_use_it(seen: Seen, way: str) -> None:
    assert seen.ways[way]


# -- rows ------------------------------------------------------------------------------------------------------------

TEXTS: dict[str, Callable[[str], bool]] = {
    "empty": lambda text: text == "",
    "composed": lambda text: "é" in text,
    "decomposed": lambda text: "e\u0301" in text,
    "beyond 16 bits": lambda text: any(ord(each) > 0xFFFF for each in text),
    "wildcards": lambda text: "%" in text,
    "quotes": lambda text: '"' in text,
}
DAYS: dict[str, Callable[[dt.date], bool]] = {
    "leap day": lambda day: (day.month, day.day) == (2, 29),
    "end of a month": lambda day: (day + dt.timedelta(days=1)).day == 1,
    "first of a month": lambda day: day.day == 1,
    "before 1970": lambda day: day.year < 1970,
}
TIMES: dict[str, Callable[[dt.datetime], bool]] = {
    "midnight": lambda moment: moment.time() == dt.time(),
    "last of a day": lambda moment: moment.time() == dt.time(23, 59, 59, 999_999),
}
NUMBERS: dict[str, Callable[[Any], bool]] = {
    "beyond what a double tells apart": lambda value: isinstance(value, int) and abs(value) > 2**53,
    "the largest": lambda value: value in (2**63 - 1, 1.7e308),
    "the least": lambda value: value in (-(2**63), -1.7e308),
    "next to nothing": lambda value: value == 5e-324,
    "half a billionth": lambda value: value == 0.5e-9,
    "minus zero": lambda value: repr(value) == "-0.0",
}
MONEY: dict[str, Callable[[Decimal], bool]] = {
    "beyond what a double tells apart": lambda value: len(value.as_tuple().digits) > 16,
    "18 digits": lambda value: len(value.as_tuple().digits) == 18,
}
KINDS: dict[str, Mapping[str, Callable[[Any], bool]]] = {
    "text": TEXTS,
    "date": DAYS,
    "timestamp": DAYS | TIMES,
    "integer": {name: NUMBERS[name] for name in ("beyond what a double tells apart", "the largest", "the least")},
    "number": {name: NUMBERS[name] for name in list(NUMBERS)[1:]},
    "money": MONEY,
    "percent": {},
    "boolean": {},
}


def _rows(case: Case) -> Iterator[str]:
    """What there is among the rows of a case."""
    cut_offs = _cut_offs(case.program)
    for table in case.program.tables:
        rows = case.rows[table.name]
        for each in table.fields:
            values = [row[each.name] for row in rows]
            yield from _of_field(each.type.kind, values, cut_offs.get((table.name, each.name), ()))
        if table.parent is not None and table.by is not None:
            yield from _of_parents(case, table, table.parent, table.by)
        if table.role == "events":
            yield from _of_events(case, table)
        if not rows:
            yield f"{table.role}: no rows"


def _of_field(kind: str, values: list[Any], cut_offs: Collection[Any]) -> Iterator[str]:
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        yield f"{kind}: missing"
    if len(known) > len({str(value) for value in known}):
        yield f"{kind}: equal values"
    for value in known:
        yield from (f"{kind}: {name}" for name, holds in KINDS[kind].items() if holds(value))
        if value in cut_offs:
            yield f"{kind}: on a cut-off"
        if kind in ("integer", "money") and any(0 < abs(value - each) <= 1 for each in cut_offs):
            yield f"{kind}: beside a cut-off"


def _cut_offs(program: p.Program) -> dict[tuple[str, str], list[Any]]:
    """What each field is compared with."""
    found: dict[tuple[str, str], list[Any]] = {}
    for part in parts((program.lets, program.segmentations)):
        match part:
            case p.Call(operands=(p.FieldRef(table, name), *others)):
                found.setdefault((table, name), []).extend(each.value for each in others if isinstance(each, p.Const))
            case _:
                pass
    return found


def _of_parents(case: Case, table: p.Table, parent: str, by: str) -> Iterator[str]:
    keys = {row[case.program.table(parent).key or ""] for row in case.rows[parent]}
    of = [row[by] for row in case.rows[table.name]]
    if keys - {*of}:
        yield f"{table.role}: nothing for somebody"
    if {*of} - keys - {None}:
        yield f"{table.role}: rows of nobody"
    if None in of:
        yield f"{table.role}: rows that do not say whose"
    if table.role != "attached" and len(of) > len({*of}):
        yield f"{table.role}: several for one"


def _of_events(case: Case, table: p.Table) -> Iterator[str]:
    rows = case.rows[table.name]
    times: dict[tuple[Any, Any], list[Any]] = {}
    for row in rows:
        at = row[table.at or ""]
        day = _day(at)
        yield from _on_the_edge(case, day)
        times.setdefault((row[table.by or ""], at), []).append(row)
        if table.known_at is not None and _day(row[table.known_at]) > case.as_of >= day:
            yield "events: known later"
    for same in times.values():
        if len(same) > 1:
            yield "events: at one time, " + ("and equal" if all(row == same[0] for row in same) else "and different")


def _day(at: dt.date) -> dt.date:
    return at.date() if isinstance(at, dt.datetime) else at


def _on_the_edge(case: Case, day: dt.date) -> Iterator[str]:
    if day == case.as_of:
        yield "events: on the as-of date"
    if day == case.as_of + dt.timedelta(days=1):
        yield "events: the day after"
    for part in parts((case.program.lets, case.program.segmentations)):
        if isinstance(part, p.Window) and isinstance(part.length, Length):
            start = back(case.as_of, part.length)
            if start is not None and day in (start, start + dt.timedelta(days=1)):
                yield "events: the day before a window" if day == start else "events: the first day of a window"


ROWS = {
    *(f"{kind}: missing" for kind in EVERY),
    *(f"{kind}: {name}" for kind, names in KINDS.items() for name in names),
    *(f"{kind}: on a cut-off" for kind in ("integer", "number", "percent", "money", "text", "boolean")),
    *("integer: beside a cut-off", "money: beside a cut-off"),
    *(f"{kind}: equal values" for kind in EVERY),
    *(f"{role}: no rows" for role in ("root", "attached", "child", "events")),
    *(f"{role}: nothing for somebody" for role in ("attached", "child", "events")),
    *(f"{role}: rows of nobody" for role in ("attached", "child", "events")),
    *("child: rows that do not say whose", "events: rows that do not say whose"),
    *("child: several for one", "events: several for one", "events: known later"),
    *("events: at one time, and equal", "events: at one time, and different"),
    *("events: on the as-of date", "events: the day after"),
    *("events: the day before a window", "events: the first day of a window"),
}


@pytest.mark.parametrize("kind_of_rows", sorted(ROWS))
def test_every_kind_of_rows(seen: Seen, kind_of_rows: str) -> None:
    assert seen.rows[kind_of_rows]
