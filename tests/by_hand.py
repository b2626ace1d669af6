"""Programs with decisions and scorecards that are built by hand, where a test says what their cells are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from segwright.dsl.program import (
    And,
    Bin,
    Call,
    Characteristic,
    Choice,
    Const,
    Expr,
    FieldRef,
    Program,
    Reason,
    Row,
    Score,
    Segmentation,
)
from segwright.dsl.types import BOOLEAN, INTEGER, TEXT, Type

ANY = Const(True, BOOLEAN)


def compared(name: str, of: Expr, *values: Any) -> Expr:
    """`compared("at_least", income, 3)`: an overload on operands of the type of `of`."""
    kind = "any" if name in ("missing", "known") else of.type.kind
    operands = tuple(value if isinstance(value, Expr) else Const(value, of.type) for value in values)
    return Call(f"{name}.{kind}", (of, *operands), BOOLEAN)


def half_open(of: Expr, low: Any, high: Any) -> Expr:
    """`[low..high)`"""
    return And((compared("at_least", of, low), compared("less", of, high)), BOOLEAN)


def field(program: Program, name: str, table: str = "customers") -> FieldRef:
    """A field as an expression."""
    return FieldRef(table, name, program.table(table).field_named(name).type)


def let_ref(program: Program, name: str, table: str = "customers") -> Expr:
    """A let as an expression."""
    from segwright.dsl.program import LetRef

    return LetRef(table, name, program.let(table, name).value.type)


def decision(inputs: tuple[Expr, ...], *rows: tuple[tuple[Expr, ...], Any], otherwise: Any = None) -> Choice:
    """A `first` decision table of text or boolean results."""
    type: Type = BOOLEAN if isinstance(rows[0][1], bool) else TEXT
    held = tuple(Row(cells, Const(result, type)) for cells, result in rows)
    return Choice(False, inputs, held, None if otherwise is None else Const(otherwise, type), type)


def by(of: Expr, *bins: tuple[Expr, int, str | None]) -> Characteristic:
    """A characteristic; a bin is its test, its points and the code of its reason, where it has one."""
    return Characteristic(of, tuple(_bin(*each) for each in bins))


def when(condition: Expr, points: int, code: str | None = None) -> Characteristic:
    """`when condition then points`."""
    return Characteristic(None, (_bin(condition, points, code),))


def _bin(test: Expr, points: int, code: str | None) -> Bin:
    return Bin(test, points, None if code is None else Reason(code, f"text of {code}"))


def scorecard(start: int, *characteristics: Characteristic) -> Score:
    """A scorecard."""
    return Score(start, characteristics, INTEGER)


def with_lets(program: Program, values: Mapping[str, Expr]) -> Program:
    """The program with other values for some of its lets, which stand where they stood."""
    assert values.keys() <= {let.name for let in program.lets}
    lets = tuple(replace(let, value=values.get(let.name, let.value)) for let in program.lets)
    return replace(program, lets=lets)


def with_reasons_from(program: Program, segment: str, *scorecards: str) -> Program:
    """The program in which a segment takes its reasons from scorecards."""

    def changed(each: Segmentation) -> Segmentation:
        segments = tuple(
            replace(found, reasons_from=scorecards) if found.name == segment else found for found in each.segments
        )
        otherwise = each.otherwise
        if otherwise is not None and otherwise.name == segment:
            otherwise = replace(otherwise, reasons_from=scorecards)
        return replace(each, segments=segments, otherwise=otherwise)

    return replace(program, segmentations=tuple(map(changed, program.segmentations)))
