"""Values and conditions in plain English: `the number of payments in the last 90 days`, `“Bureau score” is below 720`.

A condition has a plain opposite instead of `not`: `not` is turned inwards, which changes nothing, since the opposite of
a comparison is true exactly where its negation is, and both are unknown where a value is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, assert_never

from ...dsl import program as p
from ...dsl.builtins import BY_OVERLOAD
from ...dsl.walk import condition_among
from .names import (
    Speaker,
    parameter_words,
    segment_called,
    segmentation_called,
    titled,
    value_words,
    window_words,
    words_of,
)

SYMBOLS = {"add": "+", "subtract": "−", "multiply": "×", "divide": "/"}
PARTS = {"decile": "tenth", "quintile": "fifth", "quartile": "quarter"}


@dataclass(frozen=True, slots=True)
class Statement:
    """A condition: one sentence, or all or any of some. `text` says the whole of it in one line."""

    kind: Literal["one", "all", "any"]
    text: str
    parts: tuple[Statement, ...] = ()


def statement(expr: p.Expr, speaker: Speaker, truth: bool = True) -> Statement:
    """What is so where a condition is true, or, for `truth` False, where it is false."""
    match expr:
        case p.Not(operand=operand):
            return statement(operand, speaker, not truth)
        case p.And(operands=operands):
            return _joined("all" if truth else "any", operands, speaker, truth)
        case p.Or(operands=operands):
            return _joined("any" if truth else "all", operands, speaker, truth)
        case _:
            return Statement("one", _sentence(expr, speaker, truth))


def all_of(parts: Sequence[Statement]) -> Statement:
    """All of some statements; one of one is itself."""
    return together("all", parts)


def together(kind: Literal["all", "any"], parts: Sequence[Statement]) -> Statement:
    """All or any of some statements; those of the same kind are taken in."""
    flat = [inner for part in parts for inner in (part.parts if part.kind == kind else (part,))]
    if len(flat) == 1:
        return flat[0]
    held = [part.text if part.kind == "one" else f"({part.text})" for part in flat]
    return Statement(kind, (" and " if kind == "all" else " or ").join(held), tuple(flat))


def _joined(kind: Literal["all", "any"], operands: Sequence[p.Expr], speaker: Speaker, truth: bool) -> Statement:
    known = _known_before(operands) if truth and kind == "all" else {}
    left_out = set(known.values())
    parts: list[Statement] = []
    for operand in operands:
        if operand in left_out:
            continue
        said = statement(operand, speaker, truth)
        subject = _compared(operand)
        if subject is not None and known.pop(subject, None) and said.kind == "one":
            name = value_of(subject, speaker)
            predicate = said.text.removeprefix(f"{name} ")
            shorter = predicate.removeprefix("is ") if predicate.startswith(_IS_UNDERSTOOD) else predicate
            said = Statement("one", f"{name} is known and {shorter}")
        parts.append(said)
    return together(kind, parts)


def _known_before(operands: Sequence[p.Expr]) -> dict[p.Expr, p.Expr]:
    """`x is known`, by x, where something after it compares x: the two are said in one breath."""
    asked: dict[p.Expr, p.Expr] = {}
    found: dict[p.Expr, p.Expr] = {}
    for operand in operands:
        match operand:
            case p.Call(overload="known.any", operands=(subject,)):
                asked[subject] = operand
            case _:
                subject = _compared(operand)
                if subject in asked:
                    found[subject] = asked.pop(subject)
    return found


_IS_UNDERSTOOD = ("is at ", "is above ", "is below ", "is from ", "is before ", "is after ", "is one ", "is none ")


def _compared(expr: p.Expr) -> p.Expr | None:
    """What a comparison, or its negation, speaks of."""
    match expr:
        case p.Not(operand=operand):
            return _compared(operand)
        case p.Call(overload=overload, operands=(subject, *_)) if BY_OVERLOAD[overload][0].group == "comparison":
            return subject
        case _:
            return None


# -- one sentence ------------------------------------------------------------------------------------------------------

_OPPOSITE = {
    "equal": "not_equal",
    "not_equal": "equal",
    "less": "at_least",
    "at_most": "greater",
    "greater": "at_most",
    "at_least": "less",
    "missing": "known",
    "known": "missing",
}
COMPARED = {
    "equal": "is {0}",
    "not_equal": "is not {0}",
    "less": "is below {0}",
    "at_most": "is at most {0}",
    "greater": "is above {0}",
    "at_least": "is at least {0}",
    "missing": "is missing",
    "known": "is known",
}
_DATES = {
    "less": "is before {0}",
    "at_most": "is at the latest {0}",
    "greater": "is after {0}",
    "at_least": "is at the earliest {0}",
}


def _sentence(expr: p.Expr, speaker: Speaker, truth: bool) -> str:
    lineage = speaker.lineage
    no = "" if truth else "not "
    match expr:
        case p.Const(value=value):
            return "nothing else is asked" if (value is True) == truth else "it is never so"
        case p.Call(overload="default.any", operands=(operand, p.Const(value=bool() as supplied))):
            either = " or missing" if supplied == truth else ""
            return f"{_sentence(operand, speaker, truth)}{either}"
        case p.Call(overload="default.any"):
            return f"{value_of(expr, speaker)} is {'true' if truth else 'false'}"
        case p.Call(overload=overload) if BY_OVERLOAD[overload][0].group in ("comparison", "test"):
            return " ".join(_predicate(expr, speaker, truth))
        case p.RowKnown(table=table):
            return f"there is {'a' if truth else 'no'} row in {words_of(table)}"
        case p.Aggregate(overload="any.rows" | "no.rows" as overload):
            return f"there are {'' if (overload == 'any.rows') == truth else 'no '}{rows_words(expr, speaker)}"
        case p.SegmentIs(segmentation=asked, segments=segments):
            names = [segment_called(asked, segment, lineage) for segment in segments]
            of = f"of {segmentation_called(asked, lineage)}"
            if len(names) == 1:
                return f"the segment {of} is {no}{names[0]}"
            return f"the segment {of} is {'one' if truth else 'none'} of {', '.join(names)}"
        case p.SegmentIncludes(segmentation=asked, segment=segment):
            segments_of = f"the segments of {segmentation_called(asked, lineage)}"
            return f"{segments_of} {'include' if truth else 'do not include'} {segment_called(asked, segment, lineage)}"
        case p.Relative(function="top", share=share) if share is not None:
            over = speaker.over(expr.table)
            return (
                f"{value_of(expr.of, over)} is {no}among the highest {value_of(share, over)} of all "
                f"{words_of(expr.table)}"
            )
        case p.Relative(operator=operator, share=share) if operator is not None and share is not None:
            over = speaker.over(expr.table)
            predicate = COMPARED[operator if truth else _OPPOSITE[operator]].format(value_of(share, over))
            return f"the share of {words_of(expr.table)} with a lower {value_of(expr.of, over)} {predicate}"
        case _:
            return f"{value_of(expr, speaker)} is {'true' if truth else 'false'}"


def _predicate(call: p.Call, speaker: Speaker, truth: bool) -> tuple[str, str]:
    """What a comparison speaks of, and what it says of it."""
    name = BY_OVERLOAD[call.overload][0].name
    first, *others = call.operands
    if isinstance(first, p.Previous):
        return _of_previous(first, others, name, speaker, truth)
    subject = value_of(first, speaker)
    said = [value_of(other, speaker) for other in others]
    match name:
        case "between":
            low, high = said
            ends = ("from", "to") if truth else ("below", "or above")
            return subject, f"is {ends[0]} {low} {ends[1]} {high}"
        case "one_of" if len(said) == 1:
            return subject, f"is {'' if truth else 'not '}{said[0]}"
        case "one_of":
            return subject, f"is {'one' if truth else 'none'} of {', '.join(said)}"
        case "starts_with":
            return subject, f"{'starts' if truth else 'does not start'} with {said[0]}"
        case "contains":
            return subject, f"{'contains' if truth else 'does not contain'} {said[0]}"
        case _:
            says = name if truth else _OPPOSITE[name]
            pattern = _DATES.get(says) if first.type.kind in ("date", "timestamp") else None
            return subject, (pattern or COMPARED[says]).format(*said)


def _of_previous(
    asked: p.Previous, options: Sequence[p.Expr], name: str, speaker: Speaker, truth: bool
) -> tuple[str, str]:
    """A segment of the run before; text that names one is its name."""
    lineage = speaker.lineage
    subject = f"the segment of {segmentation_called(asked.segmentation, lineage)} in the previous run"
    names = [
        segment_called(asked.segmentation, each.value, lineage)
        if isinstance(each, p.Const) and isinstance(each.value, str)
        else value_of(each, speaker)
        for each in options
    ]
    if name in ("missing", "known"):
        return subject, COMPARED[name if truth else _OPPOSITE[name]]
    is_it = truth == (name != "not_equal")
    if len(names) == 1:
        return subject, f"was {'' if is_it else 'not '}{names[0]}"
    return subject, f"was {'one' if is_it else 'none'} of {', '.join(names)}"


# -- cells of decisions and bins ---------------------------------------------------------------------------------------


def about(expr: p.Expr, subject: p.Expr | None, speaker: Speaker) -> str:
    """What a test says of `subject`, without naming it: `at least 720 and below 800`; in full where it says more."""
    match expr:
        case p.Const(value=True):
            return "any"
        case p.And(operands=operands) | p.Or(operands=operands):
            parts = [about(operand, subject, speaker) for operand in operands]
            return (" and " if isinstance(expr, p.And) else " or ").join(parts)
        case p.Not(operand=p.Call() as call) if call.operands[0] == subject:
            return _predicate(call, speaker, truth=False)[1].removeprefix("is ")
        case p.Call(operands=(first, *_)) if first == subject:
            return _predicate(expr, speaker, truth=True)[1].removeprefix("is ")
        case _ if expr == subject:
            return "true"
        case p.Not(operand=operand) if operand == subject:
            return "false"
        case _:
            return statement(expr, speaker).text


# -- expressions that are values ---------------------------------------------------------------------------------------


def value_of(expr: p.Expr, speaker: Speaker) -> str:
    """What an expression stands for, as the subject or object of a sentence."""
    lineage = speaker.lineage
    match expr:
        case p.Const(value=value, type=type):
            return value_words(value, type)
        case p.ParameterRef(name=name):
            return parameter_words(name, lineage)
        case p.FieldRef(table=table, field=field):
            return _of_table(titled(field, lineage.tables[table].field_named(field).title), table, speaker)
        case p.LetRef(table=table, name=name):
            return _of_table(titled(name, lineage.lets[table, name].title), table, speaker)
        case p.Call(overload=overload) if BY_OVERLOAD[overload][0].group in ("arithmetic", "conversion", "time"):
            return _reckoned(expr, speaker)
        case p.Call(overload="default.any", operands=(operand, otherwise)):
            return f"{value_of(operand, speaker)} ({value_of(otherwise, speaker)} where missing)"
        case p.Aggregate():
            return _aggregate(expr, speaker)
        case p.Relative(function="decile" | "quintile" | "quartile" as function):
            table = words_of(expr.table)
            part = PARTS[function]
            of = value_of(expr.of, speaker.over(expr.table))
            return f"the {function} of {of} among all {table} (1 is the lowest {part})"
        case p.Previous(segmentation=segmentation):
            return f"the segment of {segmentation_called(segmentation, lineage)} in the previous run"
        case p.GroupAggregate():
            return _over_the_group(expr, speaker)
        case p.Choice():
            return "what its table says"
        case p.Score():
            return "a number of points"
        case p.Call() | p.And() | p.Or() | p.Not() | p.RowKnown() | p.SegmentIs() | p.SegmentIncludes() | p.Relative():
            return f"whether {statement(expr, speaker).text}"
        case _:
            assert_never(expr)


def _of_table(words: str, table: str, speaker: Speaker) -> str:
    return words if table == speaker.table else f"{words} in {words_of(table)}"


def _reckoned(call: p.Call, speaker: Speaker) -> str:
    builtin = BY_OVERLOAD[call.overload][0]
    operands = [_part(operand, speaker) for operand in call.operands]
    match builtin.group, builtin.name:
        case "conversion", _:
            return value_of(call.operands[0], speaker)
        case "time", name:
            return f"the number of whole {name.removesuffix('_since')} since {operands[0]}"
        case _, "negate":
            return f"−{operands[0]}"
        case _, name:
            return f"{operands[0]} {SYMBOLS[name]} {operands[1]}"


def _part(expr: p.Expr, speaker: Speaker) -> str:
    """A part of a sum or product: in parentheses where it is one itself."""
    match expr:
        case p.Call(overload=overload, operands=(inner, *_)):
            builtin = BY_OVERLOAD[overload][0]
            if builtin.group == "conversion":
                return _part(inner, speaker)
            held = builtin.group == "arithmetic"
        case _:
            held = isinstance(expr, p.Aggregate | p.GroupAggregate)
    return f"({value_of(expr, speaker)})" if held else value_of(expr, speaker)


# -- aggregates --------------------------------------------------------------------------------------------------------


def rows_words(aggregate: p.Aggregate, speaker: Speaker) -> str:
    """The rows that an aggregate looks at: `payments in the last 90 days where days late is above 30`."""
    words = words_of(aggregate.source)
    if aggregate.window is not None:
        words += f" {window_words(aggregate.window, speaker.lineage)}"
    if aggregate.where is not None:
        words += f" where {statement(aggregate.where, speaker.over(aggregate.source)).text}"
    return words


_FUNCTIONS = {
    "count": "the number of {rows}",
    "sum": "the sum of {of} over {rows}",
    "average": "the average of {of} over {rows}",
    "min": "the lowest {of} of {rows}",
    "max": "the highest {of} of {rows}",
    "median": "the median of {of} over {rows}",
    "first": "the first {of} of {rows}",
    "latest": "the latest {of} of {rows}",
    "distinct_count": "the number of different values of {of} in {rows}",
    "trend_per_month": "the trend per month of {of} over {rows}",
    "any": "whether there are {rows}",
    "no": "whether there are no {rows}",
}


def _aggregate(aggregate: p.Aggregate, speaker: Speaker) -> str:
    function = BY_OVERLOAD[aggregate.overload][0].name
    of = "" if aggregate.value is None else _part(aggregate.value, speaker.over(aggregate.source))
    return _FUNCTIONS[function].format(of=of, rows=rows_words(aggregate, speaker))


def over_nothing(expr: p.Expr) -> str:
    """What an aggregate is where there are no rows, where that is not evident."""
    if isinstance(expr, p.Aggregate):
        function = BY_OVERLOAD[expr.overload][0].name
        if function == "trend_per_month":
            return "missing without two values at different times"
        if function in ("average", "min", "max", "median", "first", "latest"):
            return "missing where there are none"
    return ""


def _over_the_group(aggregate: p.GroupAggregate, speaker: Speaker) -> str:
    function = BY_OVERLOAD[aggregate.overload][0].name
    table = words_of(speaker.table)
    where = "" if aggregate.where is None else f" where {statement(aggregate.where, speaker).text}"
    match function:
        case "share":
            return f"the share of {table}{where}"
        case "share_among":
            asked = condition_among(aggregate)
            of = "" if asked is None else statement(asked, speaker).text
            return f"the share for which {of}, of the {table}{where}"
        case "count":
            return f"the number of {table}{where}"
        case _:
            of = "" if aggregate.value is None else _part(aggregate.value, speaker)
            names = {"min": "lowest", "max": "highest", "net_promoter_score": "net promoter score"}
            return f"the {names.get(function, function)} of {of}{where}"
