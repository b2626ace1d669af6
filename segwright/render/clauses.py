"""The clauses of an explanation in columns: what was asked, what was seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..runtime.explanation import ClauseSeen, ConditionSeen, Step, Truth, ValueSeen
from .text import Colour, padded, style, width
from .values import distance_text, standing_text, value_text

SIGNS: dict[Truth, tuple[str, Colour]] = {
    "true": ("✓", "green"),
    "false": ("✗", "red"),
    "unknown": ("?", "yellow"),
    "hidden": ("·", "white"),
}
FEW = 3
"""So many failing conditions of a clause are shown unless details are asked for."""
WIDEST_NAME = 32
WIDEST_QUESTION = 56
"""What is wider does not move the next column to the right."""


@dataclass(frozen=True, slots=True)
class Line:
    """A segment's name, a sign, what was asked, what was seen."""

    name: str
    sign: str
    asked: str
    seen: str
    link: str = ""
    """`and` or `or` the line before."""


def laid_out(lines: Sequence[Line], columns: int | None) -> Iterator[str]:
    """Lines in columns. What was seen stands below a question that is very wide, and where a line would be wider than
    `columns`."""
    names = max((width(line.name) for line in lines if width(line.name) <= WIDEST_NAME), default=0)
    questions = max(
        (width(line.asked) for line in lines if line.seen and width(line.asked) <= WIDEST_QUESTION), default=0
    )
    before = 4 + names + (5 if names else 0)
    for line in lines:
        name, blank = line.name, " " * (before - 4)
        if width(name) > WIDEST_NAME:
            yield f"    {name}"
            name = ""
        lead = "    " + (f"{padded(name, names)} {line.link:>3} " if names else blank)
        asked = f"{line.sign} {line.asked}" if line.sign else line.asked
        sign = 2 if line.sign else 0
        text = f"{lead}{padded(asked, questions + sign)}   {style(line.seen, dim=True)}" if line.seen else lead + asked
        too_wide = width(line.asked) > WIDEST_QUESTION or (columns is not None and width(text) > columns)
        if line.seen and too_wide:
            yield lead + asked
            yield " " * (before + sign + 2) + style(line.seen, dim=True)
        else:
            yield text


# -- the clause that won -----------------------------------------------------------------------------------------


def winning_lines(clause: ClauseSeen) -> Iterator[Line]:
    """Every condition of a clause that holds."""
    yield from _steps(clause.when, 0)
    for unless in clause.unless:
        yield Line("", _sign("true"), f"unless {unless.text}", _together(list(_leaves(unless))))
    for consent in clause.consent:
        yield Line("", _sign(consent.truth), consent.text, seen_text(consent))


def _steps(step: Step, depth: int) -> Iterator[Line]:
    if step.condition is not None:
        yield Line("", _sign(step.truth), "  " * depth + step.condition.text, seen_text(step.condition))
        return
    if step.kind == "all" and depth == 0 and step.parts:
        for part in step.parts:
            yield from _steps(part, depth)
        return
    if not step.parts:
        yield Line("", _sign(step.truth), "  " * depth + step.text, "")
        return
    words, parts = _group(step)
    yield Line("", _sign(step.truth), "  " * depth + words, "")
    for part in parts:
        yield from _steps(part, depth + 1)


def _group(step: Step) -> tuple[str, tuple[Step, ...]]:
    """How a formula of several parts is announced, and the parts."""
    if step.kind != "not":
        return {"all": "all of these", "any": "one of these"}[step.kind], step.parts
    (inner,) = step.parts
    return {"all": "not all of these", "any": "none of these"}.get(inner.kind, "not"), inner.parts or step.parts


def _leaves(step: Step) -> Iterator[ConditionSeen]:
    if step.condition is not None:
        yield step.condition
    for part in step.parts:
        yield from _leaves(part)


# -- what kept a row out -----------------------------------------------------------------------------------------


def obstacle_lines(clause: ClauseSeen, name: str, details: bool) -> Iterator[Line]:
    """The conditions that kept a row out of a clause: joined by `or` where any one of them would have been enough."""
    shown = clause.kept_out_by if details else clause.kept_out_by[:FEW]
    for number, obstacle in enumerate(shown):
        link = "" if number == 0 else "or" if clause.alone else "and"
        sign = _sign("unknown" if any(each.truth == "unknown" for each in obstacle.conditions) else "false")
        asked = f"unless {obstacle.text}" if obstacle.part == "unless" else obstacle.text
        yield Line("" if number else name, sign, asked, _together(obstacle.conditions, far=True), link)
    more = len(clause.kept_out_by) - len(shown)
    if more:
        yield Line("", " ", f"{more} more, which `--details` shows", "", "and")


# -- what was seen -----------------------------------------------------------------------------------------------


def _together(conditions: Sequence[ConditionSeen], *, far: bool = False) -> str:
    """What was seen of several conditions that are told on one line."""
    if len(conditions) == 1:
        return seen_text(conditions[0], far=far)
    unknown = [each.because for each in conditions if each.because is not None and not each.missing]
    values = [named_text(value) for each in conditions for value in each.values]
    return ", ".join(dict.fromkeys([*values, *unknown]))


def seen_text(condition: ConditionSeen, *, far: bool = False) -> str:
    """What was seen, in a few words; `far`: with the distance from the cut-off. Nothing where the condition itself is
    what was looked at."""
    if condition.truth == "hidden":
        return "personal, not shown"
    if condition.because is not None:
        return condition.because
    values = list(condition.values)
    if condition.distance is not None and far:
        measured = [value_beside(value, condition.text) for value in values if value.name == condition.distance.of]
        none_at_all = condition.distance.side == "at" and condition.distance.value == 0 == condition.distance.cut_off
        if none_at_all and condition.distance.unit == "integer":  # of a count, `> 0` draws no line that one is near to
            return measured[0]
        return f"{measured[0]}, {distance_text(condition.distance)}"
    seen = ", ".join(value_beside(value, condition.text) for value in values)
    return f"{seen}; {standing_text(condition.standing)}" if condition.standing is not None else seen


def value_beside(value: ValueSeen, text: str) -> str:
    """`is 649` beside a condition that begins with the value's name, else `credit_score is 649`."""
    after = text.removeprefix(value.name)
    begins = after != text and after.startswith(" ") and not after.startswith(" default ")
    return _is(value) if begins else named_text(value)


def named_text(value: ValueSeen) -> str:
    """`credit_score is 649`."""
    return f"{value.name} {_is(value)}"


def _is(value: ValueSeen) -> str:
    if value.hidden and not value.missing:
        return "is personal, not shown"
    inputs = ", ".join(named_text(each) for each in value.inputs)
    return f"is {value_text(value.value, value.kind)}" + (f" ({inputs})" if inputs else "")


def _sign(truth: Truth) -> str:
    sign, colour = SIGNS[truth]
    return style(sign, colour)
