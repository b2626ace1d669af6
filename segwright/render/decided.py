"""Decision tables and scorecards of an explanation: the row that held, the points of every characteristic."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..runtime.explanation import CellSeen, DecisionSeen, Explanation, PointsSeen, ScoreSeen
from .clauses import SIGNS, named_text, value_beside
from .text import padded, style, width
from .values import value_text

WIDEST = 120
"""What is wider than this, or than the terminal, is told line by line."""
INDENT = "    "


def titled(name: str, title: str | None) -> str:
    """`Price band (price_band)`, or the name alone."""
    return f"{title} ({name})" if title and title != name else name


def decided_blocks(explanation: Explanation, columns: int | None) -> dict[str, list[str]]:
    """The lines for each decision and scorecard by its name; each after those that read it."""
    decisions = {each.name: list(_decision(each, columns)) for each in reversed(explanation.decisions)}
    return decisions | {each.name: list(_score(each, columns)) for each in reversed(explanation.scores)}


def reasons_given(explanation: Explanation) -> Iterator[str]:
    """The names of the scorecards that gave reasons."""
    segments = [segment for each in explanation.segmentations for segment in each.segments]
    given = {reason for segment in segments if segment.outcome == "assigned" for reason in segment.reasons}
    for score in explanation.scores:
        if any(each.reason in given for each in score.characteristics):
            yield score.name


# -- decision tables ---------------------------------------------------------------------------------------------


def _decision(seen: DecisionSeen, columns: int | None) -> Iterator[str]:
    name = style(titled(seen.name, seen.title), bold=True)
    if seen.hidden:
        yield f"{name} is personal, not shown"
        return
    head = f"{name} is {value_text(seen.value, seen.kind)}: {_held(seen)}"
    cells = [_cell(cell) for cell in seen.cells]
    together = f"{head} – {', '.join(f'{what} {asked}'.rstrip() for what, asked in cells)}"
    if width(together) <= min(columns or WIDEST, WIDEST):
        yield together
        return
    yield head
    widest = max(width(what) for what, _ in cells)
    for what, asked in cells:
        line = f"{INDENT}{padded(what, widest)}   {style(asked.strip('()'), dim=True)}" if asked else INDENT + what
        yield line


def _held(seen: DecisionSeen) -> str:
    if seen.row is not None:
        return f"row {seen.row} of {seen.rows} held"
    return "otherwise held" if seen.otherwise else "no row held"


def _cell(cell: CellSeen) -> tuple[str, str]:
    """What was looked at, and what was asked of it: `credit_score is 655`, `(640 up to below 720)`."""
    own = [value for value in cell.values if value.name == cell.input]
    others = [named_text(value) for value in cell.values if value.name != cell.input]
    what = named_text(own[0]) if own else cell.input
    if cell.text in ("", "any"):
        return (what, "") if own and not cell.text else (cell.input, cell.text)
    if own and not others and cell.text == value_text(own[0].value, own[0].kind):
        return what, ""
    return what, f"({', '.join([cell.text, *others])})"


# -- scorecards --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Line:
    """What was looked at, what was seen, the points, and what became of the best attainable."""

    what: str
    seen: str
    points: str
    lost: str


def _score(seen: ScoreSeen, columns: int | None) -> Iterator[str]:
    total = "personal, not shown" if seen.hidden else value_text(seen.total)
    yield f"{style(titled(seen.name, seen.title), bold=True)} is {total}"
    lines = [_Line("to start with", "", str(seen.start), ""), *map(_points, seen.characteristics)]
    yield from _laid_out(lines, columns)


def _points(seen: PointsSeen) -> _Line:
    if seen.hidden:
        return _Line(seen.by, "personal, not shown", "", "")
    reason = f", {seen.reason[0]}" if seen.reason is not None else ""
    lost = f"{seen.lost} below the best{reason}" if seen.lost else ""
    points = "" if seen.points is None else f"{seen.points:+}" if seen.points else "0"
    if seen.truth is not None:
        sign, colour = SIGNS[seen.truth]
        values = seen.because or ", ".join(value_beside(value, seen.by) for value in seen.values)
        return _Line(f"{style(sign, colour)} {seen.by}", values, points, lost)
    values = [named_text(value) for value in seen.values]
    return _Line(", ".join(values) or seen.by, seen.bin or "no bin", points, lost)


def _laid_out(lines: Sequence[_Line], columns: int | None) -> Iterator[str]:
    """In columns; on a narrow terminal the points stand first, and what was seen below what was looked at."""
    whats, seens = max(width(line.what) for line in lines), max(width(line.seen) for line in lines)
    points = max(len(line.points) for line in lines)
    widest = len(INDENT) + whats + 3 + seens + 3 + points + 3 + max(len(line.lost) for line in lines)
    narrow = widest > (columns or WIDEST)
    for line in lines:
        earned = f"{line.points:>{points}}   "
        if not narrow:
            told = f"{padded(line.what, whats)}   {padded(style(line.seen, dim=True), seens)}   {earned}"
            yield (INDENT + told + style(line.lost, dim=True)).rstrip()
            continue
        yield f"{INDENT}{earned}{line.what}"
        under = ", ".join(part for part in (line.seen, line.lost) if part)
        if under:
            yield f"{INDENT}{' ' * len(earned)}{style(under, dim=True)}"
