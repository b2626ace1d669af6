"""How a column is kept: `in points`, `written`, `true when`, `missing when`, `others missing`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import assert_never

from .. import program as p
from .. import syntax as s
from ..diagnostics import Label, Problems
from ..types import Type, Value
from .literals import literal_wording, type_wording
from .patterns import fault_of_pattern


def checked_mapping(
    written: s.FieldDecl,
    modifiers: Sequence[s.Modifier],
    type: Type,
    problems: Problems,
) -> p.Mapping:
    """The mapping that a field's modifiers make, after reporting those that its type cannot have."""
    in_points = False
    pattern: str | None = None
    others_missing = False
    truths: dict[bool, s.TruthWhen] = {}
    missing: s.MissingWhen | None = None
    for modifier in modifiers:
        match modifier:
            case s.InPoints():
                in_points = _fits(modifier, "in points", ("percent",), "a percent", written, type, problems)
            case s.Written(pattern=text):
                if _fits(modifier, "written", ("date", "timestamp"), "a date or timestamp", written, type, problems):
                    pattern = text.value
                    _check_pattern(text, type, problems)
            case s.TruthWhen(truth=truth):
                words = "true when" if truth else "false when"
                if _fits(modifier, words, ("boolean",), "a boolean", written, type, problems):
                    truths[truth] = modifier
            case s.OthersMissing():
                others_missing = True
                # A range that was reported says which values are no others all the same.
                says_which = any(isinstance(other, s.Domain | s.TruthWhen) for other in modifiers)
                if type.choices is None and not says_which:
                    problems.error(
                        "SEG314",
                        modifier.span,
                        f"`others missing` needs to know which values are no others: give "
                        f"`{written.name.text}` a range (`from … to …`), a list (`one of …`) or codes (`true when …`)",
                    )
            case s.MissingWhen():
                missing = modifier
            case _:
                pass
    _check_truths(written, truths, problems)
    _check_apart([*truths.values(), *([missing] if missing else [])], problems)
    by_truth = {truth: _codes(modifier.values, in_points) for truth, modifier in truths.items()}
    if missing is not None:
        _check_missing_codes(missing, written, type, truths, pattern, in_points, problems)
    return p.Mapping(
        in_points=in_points,
        written=pattern,
        true_codes=by_truth.get(True, ()),
        false_codes=by_truth.get(False, ()),
        missing_codes=_codes(missing.values, in_points) if missing else (),
        others_missing=others_missing,
    )


def _fits(
    modifier: s.Modifier,
    words: str,
    kinds: tuple[str, ...],
    wanted: str,
    written: s.FieldDecl,
    type: Type,
    problems: Problems,
) -> bool:
    if type.kind in kinds:
        return True
    problems.error(
        "SEG311",
        modifier.span,
        f"`{words}` belongs to {wanted}, and `{written.name.text}` is {type_wording(type)}",
    )
    return False


def _check_pattern(text: s.Text, type: Type, problems: Problems) -> None:
    fault = fault_of_pattern(text.value, with_time=type.kind == "timestamp")
    if fault is not None:
        problems.error(
            "SEG319",
            text.span,
            fault,
            hints=["`%Y` is the year, `%m` the month, `%b` its short name, `%d` the day: Mar-2018 is `%b-%Y`"],
        )


def _check_truths(written: s.FieldDecl, truths: dict[bool, s.TruthWhen], problems: Problems) -> None:
    """Both or none, and codes of one kind."""
    if len(truths) == 1:
        given, absent = ("true", "false") if True in truths else ("false", "true")
        (modifier,) = truths.values()
        problems.error(
            "SEG312",
            modifier.span,
            f"`{written.name.text}` says when it is {given} and not when it is {absent}: write `{absent} when` as well",
        )
    values = [value for modifier in truths.values() for value in modifier.values]
    for value in values:
        if isinstance(value, s.Percent | s.Duration) or type(value) is not type(values[0]):
            problems.error(
                "SEG320",
                value.span,
                f"a column holds codes of one kind, text or numbers, and `{literal_wording(value)}` is none of them"
                if isinstance(value, s.Percent | s.Duration)
                else f"a column holds codes of one kind, and `{literal_wording(value)}` is of another than "
                f"`{literal_wording(values[0])}`",
            )


def _check_apart(modifiers: Iterable[s.TruthWhen | s.MissingWhen], problems: Problems) -> None:
    """No code means two things, or stands twice."""
    first: dict[Value, s.LiteralNode] = {}
    for modifier in modifiers:
        for value in modifier.values:
            code = _code(value, in_points=False)
            if code is None:
                continue
            if code in first and type(first[code]) is type(value):
                problems.error(
                    "SEG313",
                    value.span,
                    f"the code `{literal_wording(value)}` stands twice",
                    labels=[Label(first[code].span, "here already")],
                )
            first.setdefault(code, value)


def _check_missing_codes(
    missing: s.MissingWhen,
    written: s.FieldDecl,
    type_: Type,
    truths: dict[bool, s.TruthWhen],
    pattern: str | None,
    in_points: bool,
    problems: Problems,
) -> None:
    """Codes for *missing* are what the column can hold: text is always possible, since untidy columns are text."""
    kinds = _raw_kinds(type_, truths, pattern)
    for value in missing.values:
        if isinstance(value, kinds) and not (in_points and isinstance(value, s.Percent)):
            continue
        if isinstance(value, s.Text) and not _reads_as_number(value.value):
            continue
        problems.error(
            "SEG320",
            value.span,
            f"the column of `{written.name.text}` cannot hold `{literal_wording(value)}`: "
            f"`missing when` names codes as the column has them"
            + (", in points" if in_points and isinstance(value, s.Percent) else ""),
        )


def _raw_kinds(type_: Type, truths: dict[bool, s.TruthWhen], pattern: str | None) -> tuple[type[s.LiteralNode], ...]:
    if pattern is not None:
        return (s.Text,)
    match type_.kind:
        case "integer" | "number" | "money":
            return (s.Number,)
        case "percent":
            return (s.Number, s.Percent)
        case "text":
            return (s.Text,)
        case "boolean":
            codes = tuple({type(value) for modifier in truths.values() for value in modifier.values})
            return codes or (s.Boolean,)
        case "date" | "timestamp":
            return (s.Date,)
        case "duration":
            return ()
        case _:
            assert_never(type_.kind)


def _reads_as_number(text: str) -> bool:
    digits = text.strip().removeprefix("-").replace(".", "", 1)
    return digits.isascii() and digits.isdigit()


def _codes(values: Iterable[s.LiteralNode], in_points: bool) -> tuple[Value, ...]:
    codes = (_code(value, in_points) for value in values)
    return tuple(code for code in codes if code is not None)


def _code(value: s.LiteralNode, in_points: bool) -> Value | None:
    """A literal as the raw column holds it; a percent as the share, or as points where the column is in points."""
    match value:
        case s.Text(value=text):
            return text
        case s.Number(value=number, whole=whole):
            return int(number) if whole else number
        case s.Percent(points=points):
            return points if in_points else points / Decimal(100)
        case s.Boolean(value=truth):
            return truth
        case s.Date(value=date):
            return date
        case s.Duration():
            return None
        case _:
            assert_never(value)
