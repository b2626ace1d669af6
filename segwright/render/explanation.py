"""An explanation as text that a board member follows, and as JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from typer import style

from ..runtime.explanation import (
    ClauseSeen,
    ConditionSeen,
    Counted,
    Explanation,
    SegmentationSeen,
    SegmentSeen,
    Step,
    Truth,
    ValueSeen,
)
from .values import distance_text, value_text

SIGNS: dict[Truth, tuple[str, str]] = {
    "true": ("✓", "green"),
    "false": ("✗", "red"),
    "unknown": ("?", "yellow"),
    "hidden": ("·", "white"),
}
INDENT = "  "


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


def as_text(explanation: Explanation) -> str:
    """One screen for one customer; ANSI colours, which `typer.echo` takes out where the output is no terminal."""
    who = "the row asked for" if explanation.key is None else value_text(explanation.key).strip('"').replace(",", "")
    origin = f", in run {explanation.run}" if explanation.run else ""
    lines = [style(f"{explanation.table} {who}, as of {explanation.as_of}{origin}", bold=True)]
    for segmentation in explanation.segmentations:
        lines += ["", *_segmentation(segmentation)]
    if explanation.definitions:
        lines += ["", "Where"]
        width = max(len(definition.name) for definition in explanation.definitions)
        for definition in explanation.definitions:
            title = f"   {definition.title}" if definition.title else ""
            lines.append(f"{INDENT}{definition.name:<{width}}  is {definition.text}{style(title, dim=True)}")
    for counted in explanation.counted:
        lines += ["", *_counted(counted)]
    lines += ["", *(f"note: {note}" for note in explanation.notes)] if explanation.notes else []
    return "\n".join(lines) + "\n"


def _titled(name: str, title: str | None) -> str:
    return f"{title} ({name})" if title and title != name else name


def _segmentation(seen: SegmentationSeen) -> Iterator[str]:
    titles = {segment.name: segment.title for segment in seen.segments}
    landed = ", ".join(_titled(name, titles.get(name)) for name in seen.assigned) or "in no segment"
    clause = f", clause {seen.clause}" if seen.clause is not None else ""
    yield style(_titled(seen.name, seen.title), bold=True) + ": " + style(landed, fg="green", bold=True) + clause
    winners = [segment for segment in seen.segments if segment.outcome == "assigned"]
    for segment in winners:
        if not seen.exclusive:
            yield f"{INDENT}{_titled(segment.name, segment.title)}"
        yield from _winner(segment, seen)
    losers = [segment for segment in seen.segments if segment.outcome in ("not assigned", "not in force", "not shown")]
    if losers:
        yield f"{INDENT}{'Tried before' if seen.exclusive else 'Not in'}"
        for segment in losers:
            yield from _loser(segment)


def _winner(segment: SegmentSeen, seen: SegmentationSeen) -> Iterator[str]:
    held = [clause for clause in segment.clauses if clause.holds]
    if not segment.clauses:
        yield f"{INDENT * 2}no earlier segment applies"
    elif not held:
        yield f"{INDENT * 2}by a clause on personal data, which is not shown"
    for clause in held[:1] if seen.exclusive else held:
        yield from _clause(clause)
    for code, text in segment.reasons:
        yield f"{INDENT * 2}reason {code}: {text}"


def _clause(clause: ClauseSeen) -> Iterator[str]:
    yield from _steps(clause.when, 2)
    for unless in clause.unless:
        yield from _steps(unless, 2, "unless ")
    for consent in clause.consent:
        yield _condition(consent, 2)


def _loser(segment: SegmentSeen) -> Iterator[str]:
    name = _titled(segment.name, segment.title)
    if segment.outcome == "not in force":
        since = f" from {segment.valid_from}" if segment.valid_from else ""
        until = f" until {segment.valid_until}" if segment.valid_until else ""
        yield f"{INDENT * 2}{name}: in force only{since}{until}"
        return
    if segment.outcome == "not shown":
        yield f"{INDENT * 2}{name}: asks for personal data, so the outcome is not shown"
        return
    yield f"{INDENT * 2}{name}"
    for clause in segment.clauses:
        many = f"clause {clause.number}: " if len(segment.clauses) > 1 else ""
        if clause.holds is None:
            yield f"{INDENT * 3}{many}asks for personal data, so the outcome is not shown"
        elif clause.blocked_by is not None:
            yield f"{INDENT * 3}{many}kept out by one condition alone"
            yield _condition(clause.blocked_by, 3)
        else:
            yield f"{INDENT * 3}{many}{_missed(clause)}"


def _missed(clause: ClauseSeen) -> str:
    failing = list(_failing(clause))
    named = "; ".join(f"{condition.text} ({_short(condition)})" for condition in failing[:3])
    more = f"; and {len(failing) - 3} more" if len(failing) > 3 else ""
    return f"{named}{more}" if named else "its conditions do not hold together"


def _failing(clause: ClauseSeen) -> Iterator[ConditionSeen]:
    for step in _leaves(clause.when):
        if step.truth in ("false", "unknown"):
            yield step
    for unless in clause.unless:
        if unless.truth == "true":
            yield from (leaf for leaf in _leaves(unless) if leaf.truth == "true")
    yield from (consent for consent in clause.consent if consent.truth != "true")


def _leaves(step: Step) -> Iterator[ConditionSeen]:
    if step.condition is not None:
        yield step.condition
    for part in step.parts:
        yield from _leaves(part)


def _steps(step: Step, depth: int, prefix: str = "") -> Iterator[str]:
    if step.condition is not None:
        yield _condition(step.condition, depth, prefix)
        return
    if step.kind == "all" and not prefix:
        for part in step.parts:
            yield from _steps(part, depth)
        return
    words = {"all": "all of", "any": "any of", "not": "not"}[step.kind]
    sign, colour = SIGNS[step.truth]
    yield f"{INDENT * depth}{style(sign, fg=colour)} {prefix}{words}"
    for part in step.parts:
        yield from _steps(part, depth + 1)


def _condition(condition: ConditionSeen, depth: int, prefix: str = "") -> str:
    sign, colour = SIGNS[condition.truth]
    return f"{INDENT * depth}{style(sign, fg=colour)} {prefix}{condition.text:<34} {style(_short(condition), dim=True)}"


def _short(condition: ConditionSeen) -> str:
    """What was seen, in a few words."""
    if condition.truth == "hidden":
        return "personal, not shown"
    if condition.because is not None:
        return condition.because
    values = ", ".join(_value(value) for value in condition.values)
    if condition.distance is None or condition.truth == "true":
        return values
    by = distance_text(condition.distance.by, condition.distance.unit)
    return f"{values}: {by} from the cut-off" if condition.distance.by else f"{values}: exactly at the cut-off"


def _value(value: ValueSeen) -> str:
    if value.hidden:
        return f"{value.name} is personal"
    return f"{value.name} is {_with_unit(value)}"


def _with_unit(value: ValueSeen) -> str:
    return value_text(value.value, value.kind)


def _counted(counted: Counted) -> Iterator[str]:
    shown = f", the latest {len(counted.rows)} of {counted.total}" if counted.total > len(counted.rows) else ""
    yield f"{counted.name}: {counted.total} row{'' if counted.total == 1 else 's'} of {counted.source}{shown}"
    for row in counted.rows:
        yield INDENT + ", ".join(f"{name} {value_text(value)}" for name, value in row.values.items())
