"""Overlaps, gaps and rows that are never reached: what the sweep over pieces says is what looking at every combination
of values with the reference interpreter says."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segwright.dsl.check import check
from segwright.dsl.check.coverage.columns import column
from segwright.dsl.check.coverage.rows import check_rows
from segwright.dsl.check.coverage.sweep import TooMany, Work, gap, gap_beside_disjoint, hidden, overlaps
from segwright.dsl.check.names import names_of
from segwright.dsl.diagnostics import Problems
from segwright.dsl.parse import parse
from segwright.dsl.program import Choice, Let, Program
from segwright.dsl.source import Source
from segwright.dsl.types import Value
from segwright.runtime.reference.interpreter import World
from segwright.runtime.reference.rows import rows_of

AS_OF = dt.date(2026, 1, 1)


@dataclass(frozen=True)
class Kind:
    """A field: its declaration, how its values may be written in cells, and a value for every piece of its line that
    cells made of these can tell apart."""

    type: str
    written: tuple[str, ...]
    values: tuple[Value, ...]
    ordered: bool = True


def around(*values: float) -> tuple[float, ...]:
    """The values, and of each the doubles next to it."""
    return tuple(sorted({each for at in values for each in (math.nextafter(at, -9), at, math.nextafter(at, 9))}))


DAYS = [dt.date(2025, 12, 30) + dt.timedelta(days) for days in range(5)]
KINDS = (
    Kind("integer from 0 to 5", ("0", "1", "3", "5", "whole", "dense"), (0, 1, 2, 3, 4, 5)),
    Kind(
        "money from 0 to 0.04",
        ("0", "0.01", "0.03", "0.04", "dense"),
        tuple(Decimal(cents).scaleb(-2) for cents in range(5)),
    ),
    Kind(
        "percent from 0% to 0.0000004%",
        ("0%", "0.0000001%", "0.0000003%", "share"),
        tuple(billionths / 10**9 for billionths in range(5)),
    ),
    Kind("number", ("0.0", "0.5", "1.5", "dense"), around(0.0, 0.5, 0.501, 1.5)),
    Kind("date from 2025-12-30 to 2026-01-03", ("2025-12-31", "2026-01-02", "2026-01-03"), tuple(DAYS)),
    Kind(
        "timestamp",
        ("2025-12-31", "2026-01-02"),
        tuple(
            dt.datetime.combine(day, dt.time()) + dt.timedelta(microseconds=moment)
            for day in DAYS
            for moment in (-1, 0)
        ),
    ),
    Kind('one of "a", "b", "c"', ('"a"', '"b"', '"c"'), ("a", "b", "c"), ordered=False),
    Kind("text", ('"a"', '"b"'), ("", "a", "a\0", "ab", "b", "b\0", "c")),
    Kind("boolean", ("true", "false"), (True, False), ordered=False),
)
PARAMETERS = "parameter whole = 2 from 0 to 4\nparameter dense = 0.501\nparameter share = 0.0000002%\n"


@dataclass(frozen=True)
class Table:
    """A table of two or three columns: their fields, which of these may be missing, and the cells of its rows."""

    kinds: tuple[Kind, ...]
    optional: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]

    def text(self, policy: str, *more: str) -> str:
        """The rules, with more rows."""
        fields = [
            f"  f{at} {kind.type}{' optional' if optional else ''}\n"
            for at, (kind, optional) in enumerate(zip(self.kinds, self.optional, strict=True))
        ]
        heads = " | ".join(f"f{at}" for at in range(len(self.kinds)))
        rows = [f"  | {' | '.join(row)} | {number} |\n" for number, row in enumerate(self.rows, start=1)]
        table = f"decision band {policy}\n  | {heads} | => band |\n{''.join(rows)}{''.join(more)}"
        return f"table t key k\n  k integer\n{''.join(fields)}{PARAMETERS}{table}"


@st.composite
def cells(draw: st.DrawFn, kind: Kind) -> str:
    """A cell that asks something of a field."""
    value = st.sampled_from(kind.written)
    form = draw(st.sampled_from(("any", "any", "value", "missing", "known", *(("sign", "range", "list") * 2))))
    match form:
        case "sign" if kind.ordered:
            return f"{draw(st.sampled_from(('<', '<=', '>', '>=', '!=')))} {draw(value)}"
        case "range" if kind.ordered:
            low, high = draw(value), draw(value)
            opening, closing = draw(st.sampled_from("[(")), draw(st.sampled_from("])"))
            one = draw(st.sampled_from(("both", "low", "high")))
            return f"{opening}{'' if one == 'high' else low}..{'' if one == 'low' else high}{closing}"
        case "list" if kind.type != "boolean":
            return ", ".join(draw(st.lists(value, min_size=2, max_size=3, unique=True)))
        case "value" | "sign" | "range" | "list":
            return draw(value)
        case form:
            return form


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """A table of two or three columns and some rows."""
    kinds = tuple(draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=3)))
    optional = tuple(draw(st.booleans()) for _ in kinds)
    row = st.tuples(*(cells(kind) for kind in kinds))
    return Table(kinds, optional, tuple(draw(st.lists(row, min_size=1, max_size=6))))


def checked(text: str) -> tuple[Program | None, list[str], list[str]]:
    """The program, the codes of errors, and the hints."""
    document, problems = parse(Source("rules.seg", text))
    found = [*problems, *check([document]).diagnostics]
    errors = [each for each in found if each.severity == "error"]
    hints = [hint for each in errors for hint in each.hints]
    return check([document]).program, [each.code for each in errors], hints


def decided(table: Table) -> tuple[Program, Let, Choice] | None:
    """The table as it is typed; None where a cell is wrong in itself (an empty range)."""
    program, _, _ = checked(table.text("first", "  | otherwise | 0 |\n"))
    if program is None:
        return None
    let = program.lets[0]
    assert isinstance(let.value, Choice)
    return program, let, replace(let.value, otherwise=None)


def holding(table: Table, program: Program, choice: Choice) -> list[list[int]]:
    """For every combination of values the rows that hold, by the reference interpreter."""
    columns = zip(table.kinds, table.optional, strict=True)
    values = [[*kind.values, *([None] if optional else [])] for kind, optional in columns]
    rows = [
        {"k": number, **{f"f{at}": value for at, value in enumerate(combination)}}
        for number, combination in enumerate(product(*values))
    ]
    data: Mapping[str, list[dict[str, Any]]] = {"t": rows}
    parameters = {each.name: each.value for each in program.parameters}
    found = rows_of(program, dict(data), AS_OF)
    world = World(program, AS_OF, parameters, found, {})
    return [
        [at for at, each in enumerate(choice.rows) if all(world.value(cell, row) is True for cell in each.cells)]
        for row in found["t"]
    ]


@given(tables())
def test_the_sweep_says_what_every_combination_says(table: Table) -> None:
    found = decided(table)
    if found is None:
        return
    program, _, choice = found
    rows = holding(table, program, choice)
    names = names_of(program)
    parameters = {each.name: each.value for each in program.parameters}
    masks = [
        column(asked, [row.cells[at] for row in choice.rows], names, parameters).masks
        for at, asked in enumerate(choice.inputs)
    ]
    count = len(choice.rows)
    pairs = {(early, late) for held in rows for at, late in enumerate(held) for early in held[:at]}
    firsts = {late: min(early for early, other in pairs if other == late) for _, late in pairs}
    assert {late: early for early, late in overlaps(masks, count)} == firsts
    uncovered = any(not held for held in rows)
    assert (gap(masks, (1 << count) - 1, Work()) is not None) == uncovered
    if not pairs:
        assert (gap_beside_disjoint(masks, count) is not None) == uncovered
    for row in range(count):
        if any(row in held for held in rows):
            assert hidden(masks, row, Work()) == all(held[0] != row for held in rows if row in held)


@given(tables())
def test_the_rows_that_are_offered_close_the_gaps_and_nothing_else(table: Table) -> None:
    found = decided(table)
    if found is None:
        return
    program, let, choice = found
    rows = holding(table, program, choice)
    more: list[str] = []
    while True:
        codes, hints = problems_of(let, choice, program)
        assert ("SEG821" in codes) == any(not held for held in rows)
        offered = re.search(r"would fit it: `\| (.*?) \| … \|`", " ".join(hints))
        if offered is None:
            return
        more.append(f"  | {offered[1]} | 0 |\n")
        after = decided(replace(table, rows=(*table.rows, *(tuple(row.split(" | ")[:-1]) for row in stripped(more)))))
        assert after is not None, more
        program, let, choice = after
        before, rows = rows, holding(table, program, choice)
        new = len(choice.rows) - 1
        assert any(new in held for held in rows)
        assert all(held == [new] for held, earlier in zip(rows, before, strict=True) if held != earlier)


def stripped(rows: list[str]) -> list[str]:
    return [row.strip().strip("|").strip() for row in rows]


def problems_of(let: Let, choice: Choice, program: Program) -> tuple[list[str], list[str]]:
    problems = Problems()
    parameters = {each.name: each.value for each in program.parameters}
    check_rows(let, choice, names_of(program), parameters, problems)
    return [each.code for each in problems.found], [hint for each in problems.found for hint in each.hints]


def test_a_search_gives_up_and_says_so() -> None:
    """Nine pigeons and eight holes: either one has no hole or two share one, which takes long to find out."""
    pigeons, holes = 9, 8
    inputs = [(pigeon, hole) for pigeon in range(pigeons) for hole in range(holes)]
    homeless = [{(pigeon, hole): False for hole in range(holes)} for pigeon in range(pigeons)]
    crowded = [
        {(one, hole): True, (other, hole): True}
        for hole in range(holes)
        for one in range(pigeons)
        for other in range(one)
    ]
    rows = [*homeless, *crowded]
    masks = [
        [sum(1 << at for at, row in enumerate(rows) if row.get(each, value) == value) for value in (False, True)]
        for each in inputs
    ]
    with pytest.raises(TooMany):
        gap(masks, (1 << len(rows)) - 1, Work())
