"""An explanation as text that a board member follows, and as JSON."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from typer import style

from ..runtime.explanation import (
    ClauseSeen,
    ConditionSeen,
    Counted,
    Definition,
    Explanation,
    SegmentationSeen,
    SegmentSeen,
    Step,
    Truth,
    ValueSeen,
)
from .diagnostics import width
from .values import distance_text, value_text

SIGNS: dict[Truth, tuple[str, str]] = {
    "true": ("✓", "green"),
    "false": ("✗", "red"),
    "unknown": ("?", "yellow"),
    "hidden": ("·", "white"),
}
INDENT = "  "
WIDEST = 60
"""Columns beyond which what was asked no longer moves what was seen to the right."""


# -- JSON --------------------------------------------------------------------------------------------------------


def as_json(explanation: Explanation) -> dict[str, Any]:
    """The explanation's fields as JSON data; money and dates as text, percents as shares."""
    return _plain(explanation)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    match value:
        case tuple() | list():
            return [_plain(item) for item in value]
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case Decimal():
            return str(value)
        case dt.date():
            return value.isoformat()
        case _:
            return value


# -- text --------------------------------------------------------------------------------------------------------

FEW = 3
"""Rows of an aggregate, and failing conditions of a clause, that are shown unless details are asked for."""


def as_text(explanation: Explanation, details: bool = False) -> str:
    """One screen for one customer; `details` adds every definition and every row that was counted.

    With ANSI colours, which `typer.echo` takes out where the output is no terminal."""
    who = "row with a personal key" if explanation.key is None else value_text(explanation.key).strip('"')
    origin = f", in run {explanation.run}" if explanation.run else ""
    lines = [style(f"{explanation.table} {who}, as of {explanation.as_of}{origin}", bold=True)]
    for segmentation in explanation.segmentations:
        lines += ["", *_segmentation(segmentation, details)]
    defined = _defined(explanation, lines, details)
    if defined:
        width = max(len(definition.name) for definition in defined)
        lines += ["", "where"]
        for definition in defined:
            title = f"   {definition.title}" if definition.title else ""
            lines.append(f"{INDENT}{definition.name:<{width}}  is {definition.text}{style(title, dim=True)}")
    decisive = " ".join(_decisive(explanation))
    for counted in explanation.counted:
        if details or (counted.total and _names(counted.name, decisive)):
            lines += ["", *_counted(counted, details)]
    lines += ["", *(f"note: {note}" for note in explanation.notes)] if explanation.notes else []
    return "\n".join(lines) + "\n"


def _defined(explanation: Explanation, lines: list[str], details: bool) -> list[Definition]:
    """The definitions of names that were shown, and of names in these definitions."""
    shown, kept = " ".join(lines), list[Definition]()
    for definition in explanation.definitions:
        if details or _names(definition.name, shown):
            kept.append(definition)
            shown += " " + definition.text
    return kept


def _names(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _decisive(explanation: Explanation) -> Iterator[str]:
    """The conditions that put the row where it is."""
    for segmentation in explanation.segmentations:
        for segment in segmentation.segments:
            if segment.outcome == "assigned":
                for clause in segment.clauses:
                    if clause.holds:
                        yield from (leaf.text for leaf in _leaves(clause.when))


def _titled(name: str, title: str | None) -> str:
    return f"{title} ({name})" if title and title != name else name


# -- segmentations -----------------------------------------------------------------------------------------------

Line = tuple[int, str, str, str]
"""Depth, sign with colour, what was asked, what was seen; aligned in one go by `_aligned`."""


def _segmentation(seen: SegmentationSeen, details: bool) -> Iterator[str]:
    titles = {segment.name: segment.title for segment in seen.segments}
    landed = ", ".join(_titled(name, titles.get(name)) for name in seen.assigned) or "in no segment"
    clause = f", clause {seen.clause}" if seen.clause is not None else ""
    yield f"{style(_titled(seen.name, seen.title), bold=True)}: {style(landed, fg='green', bold=True)}{clause}"
    lines: list[Line | str] = []
    for segment in seen.segments:
        if segment.outcome == "assigned":
            if not seen.exclusive:
                lines.append(f"{INDENT}{_titled(segment.name, segment.title)}")
            lines += _winner(segment, seen.exclusive)
    losers = [segment for segment in seen.segments if segment.outcome in ("not assigned", "not in force", "not shown")]
    if losers:
        lines.append(f"{INDENT}{'tried before' if seen.exclusive else 'not in'}")
        for segment in losers:
            lines += _loser(segment, details)
    yield from _aligned(lines)


def _aligned(lines: list[Line | str]) -> Iterator[str]:
    lengths = [depth * len(INDENT) + width(asked) for depth, _, asked, _ in (x for x in lines if isinstance(x, tuple))]
    column = max((length for length in lengths if length <= WIDEST), default=0)
    for line in lines:
        if isinstance(line, str):
            yield line
        else:
            depth, sign, asked, seen = line
            gap = " " * max(0, column - depth * len(INDENT) - width(asked))
            yield f"{INDENT * depth}{sign} {asked}" + (f"{gap}   {style(seen, dim=True)}" if seen else "")


def _winner(segment: SegmentSeen, exclusive: bool) -> Iterator[Line | str]:
    held = [clause for clause in segment.clauses if clause.holds]
    if not segment.clauses:
        yield f"{INDENT * 2}no earlier segment applies"
    elif not held:
        yield f"{INDENT * 2}by a clause that asks for personal data, which is not shown"
    for clause in held[:1] if exclusive else held:
        yield from _clause(clause)
    for code, text in segment.reasons:
        yield f"{INDENT * 2}reason {code}: {text}"


def _clause(clause: ClauseSeen) -> Iterator[Line]:
    yield from _steps(clause.when, 2)
    for unless in clause.unless:
        yield from _unless(unless)
    for consent in clause.consent:
        yield (2, _sign(consent.truth), "consent", _short(consent))


def _unless(unless: Step) -> Iterator[Line]:
    """What did not take the row out: told as the reader needs it, with a sign for the clause, not for the words."""
    excluded = unless.truth == "true"
    for leaf in _leaves(unless):
        yield (2, _sign("false" if excluded else "true"), f"not excluded by {leaf.text}", _short(leaf))


def _loser(segment: SegmentSeen, details: bool) -> Iterator[Line | str]:
    name = _titled(segment.name, segment.title)
    if segment.outcome == "not in force":
        since = f" from {segment.valid_from}" if segment.valid_from else ""
        until = f" until {segment.valid_until}" if segment.valid_until else ""
        yield f"{INDENT * 2}{name}: in force only{since}{until}"
        return
    if segment.outcome == "not shown":
        yield f"{INDENT * 2}{name}: asks for personal data, so the outcome is not shown"
        return
    many = len(segment.clauses) > 1
    if many:
        yield f"{INDENT * 2}{name}"
    for clause in segment.clauses:
        head = f"{INDENT * 3}clause {clause.number}" if many else f"{INDENT * 2}{name}"
        depth = 4 if many else 3
        if clause.holds is None:
            yield f"{head}: asks for personal data, so the outcome is not shown"
        elif clause.blocked_by is not None:
            yield f"{head}: kept out by one condition alone"
            yield _blocking(clause.blocked_by, depth)
        else:
            failing = list(dict.fromkeys(_failing(clause)))
            shown = failing if details else failing[:FEW]
            more = f", {FEW} of them" if len(shown) < len(failing) else ""
            yield f"{head}: kept out by {len(failing)} conditions{more}"
            yield from (_blocking(condition, depth) for condition in shown)


def _blocking(condition: ConditionSeen, depth: int) -> Line:
    """A condition that kept the row out; one that is true did so by an `unless`."""
    if condition.truth == "true":
        return (depth, _sign("false"), f"excluded by {condition.text}", _short(condition))
    return _condition(condition, depth)


def _failing(clause: ClauseSeen) -> Iterator[ConditionSeen]:
    for leaf in _leaves(clause.when):
        if leaf.truth in ("false", "unknown"):
            yield leaf
    for unless in clause.unless:
        if unless.truth == "true":
            yield from (leaf for leaf in _leaves(unless) if leaf.truth == "true")
    yield from (consent for consent in clause.consent if consent.truth != "true")


def _leaves(step: Step) -> Iterator[ConditionSeen]:
    if step.condition is not None:
        yield step.condition
    for part in step.parts:
        yield from _leaves(part)


def _steps(step: Step, depth: int) -> Iterator[Line]:
    if step.condition is not None:
        yield _condition(step.condition, depth)
        return
    if step.kind == "all" and depth == 2:
        for part in step.parts:
            yield from _steps(part, depth)
        return
    words = {"all": "all of these hold", "any": "one of these holds", "not": "not so"}[step.kind]
    yield (depth, _sign(step.truth), words, "")
    for part in step.parts:
        yield from _steps(part, depth + 1)


def _condition(condition: ConditionSeen, depth: int) -> Line:
    return (depth, _sign(condition.truth), condition.text, _short(condition))


def _sign(truth: Truth) -> str:
    sign, colour = SIGNS[truth]
    return style(sign, fg=colour)


def _short(condition: ConditionSeen) -> str:
    """What was seen, in a few words; nothing where the condition itself is what was looked at."""
    if condition.truth == "hidden":
        return "personal, not shown"
    if condition.because is not None:
        return condition.because
    seen = [value for value in condition.values if value.name not in (condition.text, condition.opposite)]
    values = ", ".join(_value(value) for value in seen)
    if condition.distance is None or condition.truth == "true":
        return values
    by = distance_text(condition.distance.by, condition.distance.unit)
    return f"{values}: {by} from the cut-off" if condition.distance.by else f"{values}: exactly at the cut-off"


def _value(value: ValueSeen) -> str:
    if value.hidden:
        return f"{value.name} is personal"
    return f"{value.name} is {value_text(value.value, value.kind)}"


def _counted(counted: Counted, details: bool) -> Iterator[str]:
    rows = counted.rows if details else counted.rows[:FEW]
    shown = f", here the latest {len(rows)}" if counted.total > len(rows) else ""
    yield f"{counted.name}: {counted.total} row{'' if counted.total == 1 else 's'} of {counted.source}{shown}"
    for row in rows:
        yield INDENT + ", ".join(f"{name} {value_text(value)}" for name, value in row.values.items())
