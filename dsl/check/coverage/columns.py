"""The columns of a decision table, and the bins of a characteristic, cut into pieces on which nothing changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ... import program as p
from ... import syntax as s
from ...builtins import BY_OVERLOAD
from ...types import BOOLEAN
from ..missing import can_be_missing
from ..names import Names
from .line import Place, Stretch, after, less, merged, place, whole_line
from .truth import Truth, Values, truth_of

ANY = p.Const(True, BOOLEAN)
_PARTS = {"decile": 10, "quintile": 5, "quartile": 4}


@dataclass(frozen=True, slots=True)
class Column:
    """What one input is asked. `pieces` are stretches of its line, in order, and last None for *missing* where that can
    be; of each of them `masks` has the rows (the first being the lowest bit) whose cell holds there. `stretches` are
    the values that the input can have."""

    asked: p.Expr
    cells: tuple[p.Expr, ...]
    pieces: tuple[Stretch | None, ...]
    masks: tuple[int, ...]
    stretches: tuple[Stretch, ...]

    @property
    def can_be_missing(self) -> bool:
        """Whether *missing* is one of the pieces."""
        return None in self.pieces


def column(asked: p.Expr, cells: Sequence[p.Expr], names: Names, values: Values) -> Column:
    """The column of an input with its cells from the first row on; `values` are those of the parameters."""
    rows: dict[p.Expr, int] = {}
    for row, cell in enumerate(cells):
        rows[cell] = rows.get(cell, 0) | 1 << row
    truths = [(truth_of(cell, asked, values), mask) for cell, mask in rows.items()]
    stretches = possible(asked, names, values)
    pieces, masks = _cut(stretches, truths)
    if can_be_missing(asked, names):
        pieces.append(None)
        masks.append(sum(mask for truth, mask in truths if truth.missing))
    return Column(asked, tuple(cells), tuple(pieces), tuple(masks), stretches)


def _cut(stretches: tuple[Stretch, ...], truths: Sequence[tuple[Truth, int]]) -> tuple[list[Stretch | None], list[int]]:
    """The pieces, and the rows that hold on each: going up the line, a row comes in and goes out at the ends of its
    stretches."""
    turns: dict[Place, int] = {}
    for truth, mask in truths:
        for stretch in truth.stretches:
            for end in stretch:
                turns[end] = turns.get(end, 0) ^ mask
    cuts = sorted({*turns, *(end for stretch in stretches for end in stretch)})
    pieces: list[Stretch | None] = []
    masks: list[int] = []
    holding, at = 0, 0
    for start, end in pairwise(cuts):
        holding ^= turns.get(start, 0)
        while at < len(stretches) and not less(start, stretches[at][1]):
            at += 1
        if at < len(stretches) and not less(start, stretches[at][0]):
            pieces.append((start, end))
            masks.append(holding)
    return pieces, masks


# -- which values an input can have ----------------------------------------------------------------------------------


def possible(expr: p.Expr, names: Names, values: Values) -> tuple[Stretch, ...]:
    """The values that an expression can have as far as declarations say, in order; *missing* not among them."""
    while isinstance(expr, p.LetRef):
        let = names.let(expr.table, s.Name(expr.span, expr.name))
        if let is None:
            return (whole_line(expr.type),)
        expr = let.value
    match expr:
        case p.FieldRef(table=table, field=field):
            return _of_field(names.tables[table].field_named(field))
        case p.Aggregate(overload=overload) if BY_OVERLOAD[overload][0].name in ("count", "distinct_count"):
            return ((0, whole_line(expr.type)[1]),)
        case p.Aggregate(overload=overload, value=value) if value is not None and _keeps_values(overload):
            return possible(value, names, values)
        case p.Relative(function=function) if function in _PARTS:
            return ((1, _PARTS[function] + 1),)
        case p.Call(overload="default.any", operands=(value, other)):
            return merged([*possible(value, names, values), *possible(other, names, values)])
        case p.Const(value=value):
            return _points([place(value, expr.type)])
        case p.ParameterRef(name=name):
            return _points([place(values[name], expr.type)])
        case p.Choice():
            results = [*(row.result for row in expr.rows), *([] if expr.otherwise is None else [expr.otherwise])]
            return merged(stretch for result in results for stretch in possible(result, names, values))
        case p.Score():
            least, most = limits(expr)
            return ((least, most + 1),)
        case _:
            return (whole_line(expr.type),)


def _keeps_values(overload: str) -> bool:
    """Whether an aggregate is one of the values that it goes over."""
    return BY_OVERLOAD[overload][0].name in ("min", "max", "first", "latest")


def _of_field(field: p.Field) -> tuple[Stretch, ...]:
    if field.type.choices is not None:
        return _points(field.type.choices)
    start, end = whole_line(field.type)
    domain = field.domain
    if domain is not None and domain.low is not None:
        low = place(domain.low, field.type)
        start = low if domain.low_included else after(low)
    if domain is not None and domain.high is not None:
        high = place(domain.high, field.type)
        end = after(high) if domain.high_included else high
    return ((start, end),)


def _points(places: Sequence[Place]) -> tuple[Stretch, ...]:
    return merged((each, after(each)) for each in places)


def limits(score: p.Score) -> tuple[int, int]:
    """The lowest and the highest that a score can be."""
    each = [[bin.points for bin in part.bins] + ([] if part.by else [0]) for part in score.characteristics]
    return score.start + sum(map(min, each)), score.start + sum(map(max, each))
