"""For which values of its input a cell holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ... import program as p
from ...builtins import BY_OVERLOAD
from ...types import Value
from .line import Place, Stretch, after, common, converted_place, first_from, less, place, whole_line

Values = Mapping[str, Value]
"""The values of parameters, by name."""


@dataclass(frozen=True, slots=True)
class Truth:
    """Where a cell holds: for the values in `stretches` (in order, apart from each other), and perhaps for missing."""

    stretches: tuple[Stretch, ...]
    missing: bool


def truth_of(cell: p.Expr, asked: p.Expr, values: Values) -> Truth:
    """Where `cell`, a test of `asked` as cells of decisions and bins of scorecards have them, is true."""
    line = whole_line(asked.type)
    match cell:
        case p.Const(value=True):
            return Truth((line,), True)
        case p.Call(overload="missing.any"):
            return Truth((), True)
        case p.Call(overload="known.any"):
            return Truth((line,), False)
        case p.And(operands=operands):
            found: tuple[Stretch, ...] = (line,)
            for operand in operands:
                found = common(found, truth_of(operand, asked, values).stretches)
            return Truth(found, False)
        case p.Call(overload=overload, operands=(subject, *others)):
            ends = [_ends(other, subject, asked, values) for other in others]
            return Truth(_stretches(BY_OVERLOAD[overload][0].name, ends, line), False)
        case _:
            raise ValueError("a cell is a test of its input")


def _ends(other: p.Expr, subject: p.Expr, asked: p.Expr, values: Values) -> Stretch:
    """The stretch of the input's line that is equal to `other`."""
    sought = _place(other, values)
    if subject.type.kind == asked.type.kind and subject.type.scale == asked.type.scale:
        return sought, after(sought)
    line, convert = whole_line(asked.type), converted_place(asked.type, subject.type)
    return first_from(sought, line, convert), first_from(after(sought), line, convert)


def _place(expr: p.Expr, values: Values) -> Place:
    match expr:
        case p.Const(value=value, type=type):
            return place(value, type)
        case p.ParameterRef(name=name, type=type):
            return place(values[name], type)
        case p.Call(operands=(inner,), type=type):  # a conversion
            return converted_place(inner.type, type)(_place(inner, values))
        case _:
            raise ValueError("a cell compares with fixed values and parameters")


def _stretches(name: str, ends: list[Stretch], line: Stretch) -> tuple[Stretch, ...]:
    """Where a comparison holds; `ends` are the stretches that are equal to what it compares with."""
    (first, past), last_past = ends[0], ends[-1][1]
    start, end = line
    match name:
        case "equal":
            found = [(first, past)]
        case "not_equal":
            found = [(start, first), (past, end)]
        case "less":
            found = [(start, first)]
        case "at_most":
            found = [(start, past)]
        case "greater":
            found = [(past, end)]
        case "at_least":
            found = [(first, end)]
        case "between":
            found = [(first, last_past)]
        case "one_of":
            found = sorted(set(ends), key=lambda each: each[0])
        case _:
            raise ValueError(f"a cell has no {name}")
    return tuple(each for each in common(found, (line,)) if less(*each))
