"""Values and stretches of a column in the words of the rules."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence

from ...types import Type
from ...wording import value_wording, wording
from .columns import Column
from .line import Place, Stretch, after, before, less, value_at, whole_line

_STEPS = {
    "percent": tuple(10**digits for digits in range(7, -1, -1)),
    "timestamp": (86_400_000_000, 3_600_000_000, 60_000_000, 1_000_000, 1),
}
"""Between values that people would rather name, coarse ones first; others are apart by 1."""


def example(column: Column, piece: int, table: str) -> str:
    """A value of a piece: "`credit_score` 720", "`utilisation` missing"."""
    return f"`{wording(column.asked, table)}` {_value(column, column.pieces[piece])}"


def _value(column: Column, stretch: Stretch | None) -> str:
    if stretch is None:
        return "missing"
    type = column.asked.type
    if type.kind == "text" and _between_mentioned(stretch):
        named = [_said(start, type) for start in _mentioned(column)]
        return f"other than {_listed(named)}" if named else "of any text"
    return _said(_nice(stretch, type), type)


def _mentioned(column: Column) -> list[Place]:
    return [each[0] for each in column.pieces if each is not None and not _between_mentioned(each)]


def _between_mentioned(stretch: Stretch) -> bool:
    """Whether a stretch of texts is no single one."""
    return after(stretch[0]) != stretch[1]


def _listed(words: Sequence[str]) -> str:
    shown = [*words[:3], *(["the others"] if len(words) > 3 else [])]
    return _and(shown)


def _said(at: Place, type: Type) -> str:
    return value_wording(value_at(at, type), type)


def _nice(stretch: Stretch, type: Type) -> Place:
    """A value of a stretch that is short to write, near its start unless that is the start of everything."""
    start, end = stretch
    first, last = whole_line(type)
    if isinstance(start, int) and isinstance(end, int):
        return _nice_whole(start, end, start == first, end == last, type)
    if isinstance(start, float) and isinstance(end, float):
        return _nice_number(start, end, start == first, end == last)
    return start


def _nice_whole(start: int, end: int, from_first: bool, to_last: bool, type: Type) -> int:
    if from_first and to_last:
        return dt.date(2000, 1, 1).toordinal() if type.kind == "date" else 0
    steps = (10 ** (type.scale or 0), 1) if type.kind == "money" else _STEPS.get(type.kind, (1,))
    for step in steps:
        near = (end - 1) // step * step if from_first else -(-start // step) * step
        if start <= near < end:
            return near
    return start


def _nice_number(start: float, end: float, from_first: bool, to_last: bool) -> float:
    if from_first and to_last:
        return 0.0
    for digits in range(18):
        grid = 10.0**digits
        if abs(end if from_first else start) * grid > 1e15:
            break
        near = (math.ceil(end * grid) - 1) / grid if from_first else math.ceil(start * grid) / grid
        if start <= near < end:
            return near
    return start


# -- cells -----------------------------------------------------------------------------------------------------------


def widest_cell(column: Column, fitting: Sequence[bool], piece: int, *, bin: bool) -> tuple[str, list[bool]] | None:
    """A cell that holds on `piece` and otherwise only on pieces that are `fitting`: its words, and on which pieces it
    holds. None where no single cell says it. `bin`: as the bin of a scorecard, in words."""
    known = [at for at, each in enumerate(column.pieces) if each is not None]
    if all(fitting) and not bin:
        return "any", [True] * len(fitting)
    if column.pieces[piece] is None:
        return "missing", [each is None for each in column.pieces]
    if all(fitting[at] for at in known):
        return ("known" if column.can_be_missing or bin else "any"), [each is not None for each in column.pieces]
    runs = _runs(column, fitting)
    singles = [run for run in runs if _single(column, run)]
    type = column.asked.type
    if type.kind == "text":
        left_out = [at for at in known if not fitting[at]]
        if any(piece in run for run in singles):
            chosen = [at for run in singles for at in run]
            texts = [str(_start(column, at)) for at in chosen]
            listed = sorted(texts, key=type.choices.index) if type.choices else texts
            return ", ".join(_said(each, type) for each in listed), _on(column, chosen)
        if len(left_out) == 1 and _single(column, left_out):
            return f"!= {_said(_start(column, left_out[0]), type)}", _on(column, [at for at in known if fitting[at]])
        return None
    run = next(run for run in runs if piece in run)
    if len(singles) == len(runs) > 1:
        chosen = [at for each in runs for at in each]
        return ", ".join(_said(_start(column, at), type) for at in chosen), _on(column, chosen)
    return _range(column, run, bin), _on(column, run)


def _on(column: Column, chosen: Sequence[int]) -> list[bool]:
    on = frozenset(chosen)
    return [at in on for at in range(len(column.pieces))]


def _start(column: Column, at: int) -> Place:
    stretch = column.pieces[at]
    assert stretch is not None
    return stretch[0]


def _end(column: Column, at: int) -> Place:
    stretch = column.pieces[at]
    assert stretch is not None
    return stretch[1]


def _single(column: Column, run: Sequence[int]) -> bool:
    return len(run) == 1 and after(_start(column, run[0])) == _end(column, run[0])


def _runs(column: Column, fitting: Sequence[bool]) -> list[list[int]]:
    """The fitting pieces, each with those that follow it without a break."""
    runs: list[list[int]] = []
    for at, stretch in enumerate(column.pieces):
        if stretch is None or not fitting[at]:
            continue
        if runs and runs[-1][-1] == at - 1 and not less(_end(column, at - 1), stretch[0]):
            runs[-1].append(at)
        else:
            runs.append([at])
    return runs


def _range(column: Column, run: Sequence[int], bin: bool) -> str:
    type = column.asked.type
    start, end = _start(column, run[0]), _end(column, run[-1])
    if after(start) == end:
        return _said(start, type)
    from_first = not less(column.stretches[0][0], start)
    to_last = not less(end, column.stretches[-1][1])
    low, low_included = _rounder(start, before(start), type)
    high, high_excluded = _rounder(end, before(end), type)
    if from_first:
        sign = ("below " if high_excluded else "at most ") if bin else "< " if high_excluded else "<= "
        return sign + high
    if to_last:
        sign = ("at least " if low_included else "above ") if bin else ">= " if low_included else "> "
        return sign + low
    if low_included and not high_excluded:
        return f"from {low} to {high}"
    return f"{'[' if low_included else '('}{low}..{high}{')' if high_excluded else ']'}"


def _rounder(at: Place, just_before: Place | None, type: Type) -> tuple[str, bool]:
    """The rounder of two values, and whether it is the first one: the rules most likely name that one already."""
    first, last = whole_line(type)
    one = _said(at, type) if less(at, last) else ""
    other = "" if just_before is None or less(just_before, first) else _said(just_before, type)
    return (one, True) if one and (not other or _digits(one) <= _digits(other)) else (other, False)


def _digits(words: str) -> int:
    """How many digits a value has before the zeros at its end."""
    return len("".join(filter(str.isdigit, words)).strip("0"))


def rows_listed(rows: Sequence[int]) -> str:
    """ "row 2", "rows 1 and 2", from rows counted from 0."""
    numbers = [str(row + 1) for row in rows]
    if len(numbers) == 1:
        return f"row {numbers[0]}"
    return f"rows {', '.join(numbers[:-1])} and {numbers[-1]}"


def examples(columns: Sequence[Column], pieces: Sequence[int], shown: Sequence[bool], table: str) -> str:
    """A combination of values in words, of the columns that are to be shown."""
    said = [example(column, piece, table) for column, piece, show in zip(columns, pieces, shown, strict=True) if show]
    return _and(said) if said else "everything"


def _and(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
