"""An explanation as text that a board member follows, and as JSON."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from ..runtime.explanation import Counted, Definition, Explanation, SegmentationSeen, SegmentSeen
from .clauses import Line, laid_out, named_text, obstacle_lines, winning_lines
from .decided import decided_blocks, reasons_given, titled
from .text import plural, style, visible
from .values import value_text

INDENT = "  "
MANY = 20
"""So many segments that a row is not in are shown unless details are asked for."""
FEW = 3
"""So many rows of an aggregate are shown unless details are asked for."""


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


def as_text(explanation: Explanation, *, details: bool = False, columns: int | None = None) -> str:
    """One screen for one row, with colours (`text.style`); `details` adds every definition, every condition that failed
    and the rows behind every aggregate. What is wider than `columns` goes onto a line of its own."""
    lines = [style(_heading(explanation), bold=True)]
    for segmentation in explanation.segmentations:
        lines += ["", *_segmentation(segmentation, details, columns)]
    decided, defined = _named_above(explanation, lines, details, columns)
    for block in decided:
        lines += ["", *block]
    if defined:
        name_width = max(len(definition.name) for definition in defined)
        lines += ["", "names used above"]
        lines += [
            f"{INDENT}{definition.name:<{name_width}}  {_definition(definition, details)}" for definition in defined
        ]
    decisive = " ".join(_decisive(explanation))
    for counted in explanation.counted:
        if details or (counted.total and _names(counted.name, decisive)):
            lines += ["", *_counted(counted, details)]
    if explanation.notes:
        lines += ["", *(f"{style('note', 'cyan')}: {note}" for note in explanation.notes)]
    return "\n".join(lines) + "\n"


def _heading(explanation: Explanation) -> str:
    who = "row with a personal key" if explanation.key is None else _key_text(explanation.key)
    origin = f", in run {explanation.run}" if explanation.run else ""
    return f"{explanation.table} {who}, as of {explanation.as_of}{origin}"


def _key_text(key: Any) -> str:
    return visible(key) if isinstance(key, str) else value_text(key)


# -- segmentations -----------------------------------------------------------------------------------------------


def _segmentation(seen: SegmentationSeen, details: bool, columns: int | None) -> Iterator[str]:
    titles = {segment.name: segment.title for segment in seen.segments}
    landed = ", ".join(titled(name, titles[name]) for name in seen.assigned) or "no segment"
    clause = f", clause {seen.clause}" if seen.clause is not None else ""
    limit = f" (at most {plural(seen.cap, 'segment')} each)" if seen.cap is not None else ""
    yield f"{style(titled(seen.name, seen.title), bold=True)}: {style(landed, 'green', bold=True)}{clause}{limit}"
    for segment in seen.segments:
        if segment.outcome == "assigned":
            if len(seen.assigned) > 1:
                yield f"{INDENT}{segment.title or segment.name}"
            yield from laid_out(_winner(segment, seen.exclusive), columns)
    losers = [segment for segment in seen.segments if segment.outcome not in ("assigned", "not reached")]
    if losers:
        told = losers if details else _nearest(losers)
        yield f"{INDENT}{'tried before' if seen.exclusive else 'not in'}, and what kept the row out"
        yield from laid_out([line for segment in told for line in _loser(segment, seen, details)], columns)
        if len(told) < len(losers):
            yield f"    … and {plural(len(losers) - len(told), 'more segment')}, which `--details` shows"


def _nearest(losers: list[SegmentSeen]) -> list[SegmentSeen]:
    """Where there are many, those that one condition alone, or a limit, kept the row out of."""
    if len(losers) <= MANY:
        return losers
    near = [
        segment
        for segment in losers
        if segment.outcome == "over the limit" or any(clause.alone for clause in segment.clauses)
    ]
    return (near or losers)[:MANY]


def _winner(segment: SegmentSeen, exclusive: bool) -> list[Line]:
    held = [clause for clause in segment.clauses if clause.holds]
    lines: list[Line] = []
    if not segment.clauses:
        lines.append(Line("", "", "no segment before it applies", ""))
    elif not held:
        lines.append(Line("", "", "by a clause that asks for personal data, which is not shown", ""))
    for clause in held[:1] if exclusive else held:
        lines += winning_lines(clause)
    lines += [Line("", "", f"reason {code}: {text}", "") for code, text in segment.reasons]
    if segment.hidden_reasons:
        lines.append(Line("", "", "reasons that tell about personal data are not shown", ""))
    return lines


def _loser(segment: SegmentSeen, seen: SegmentationSeen, details: bool) -> Iterator[Line]:
    name = segment.title or segment.name
    if segment.outcome == "over the limit":
        titles = {each.name: each.title or each.name for each in seen.segments}
        before = f"{plural(len(seen.assigned), 'segment')} of higher priority"
        kept = " and ".join(titles[each] for each in seen.assigned)
        yield Line(name, "", f"qualifies, but is already in {before}: {kept}", "")
        return
    if segment.outcome == "not in force":
        since = f" from {segment.valid_from}" if segment.valid_from else ""
        until = f" until {segment.valid_until}" if segment.valid_until else ""
        yield Line(name, "", f"in force only{since}{until}", "")
        return
    for clause in segment.clauses:
        called = name if len(segment.clauses) == 1 else f"{name}, clause {clause.number}"
        if clause.holds is None:
            yield Line(called, "", "asks for personal data: not shown", "")
        else:
            yield from obstacle_lines(clause, called, details)


# -- what the names mean -----------------------------------------------------------------------------------------


def _named_above(
    explanation: Explanation, lines: list[str], details: bool, columns: int | None
) -> tuple[list[list[str]], list[Definition]]:
    """The decisions and scorecards, and the definitions, of names that were shown, of names in these, and so on; the
    scorecards that gave reasons. A parameter that a condition or cell names stands there with its value."""
    blocks = decided_blocks(explanation, columns)
    shown, before = "\n".join(lines), ""
    in_sight = shown
    decided, defined = set[str](), set[str]()
    gave = set(reasons_given(explanation))
    while shown != before:
        before = shown
        for name, block in blocks.items():
            if name not in decided and (details or name in gave or _names(name, shown)):
                decided.add(name)
                shown, in_sight = "\n".join([shown, *block]), "\n".join([in_sight, *block])
        for definition in explanation.definitions:
            if definition.name not in defined and (details or _names(definition.name, shown)):
                defined.add(definition.name)
                shown += "\n" + definition.text
    kept = [
        each
        for each in explanation.definitions
        if each.name in defined and (details or each.kind != "parameter" or not _names(each.name, in_sight))
    ]
    return [block for name, block in blocks.items() if name in decided], kept


def _definition(definition: Definition, details: bool) -> str:
    if definition.kind == "field" and definition.title is not None and not details:
        return definition.title
    text = f"{definition.title}: {definition.text}" if definition.title else definition.text
    values = ", ".join(named_text(value) for value in definition.values)
    return f"{text} ({values})" if details and values else text


def _names(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _decisive(explanation: Explanation) -> Iterator[str]:
    """The words of the conditions that put the row where it is."""
    for segmentation in explanation.segmentations:
        for segment in segmentation.segments:
            for clause in segment.clauses:
                if clause.holds:
                    yield from (step.text for step in (clause.when, *clause.unless))


def _counted(counted: Counted, details: bool) -> Iterator[str]:
    rows = counted.rows if details else counted.rows[:FEW]
    more = f", {len(rows)} of them" if counted.total > len(rows) else ""
    yield f"{counted.name}: {plural(counted.total, 'row')} of {counted.source}{more}"
    for row in rows:
        yield INDENT + ", ".join(f"{name} {value_text(value, counted.kinds[name])}" for name, value in row.items())
