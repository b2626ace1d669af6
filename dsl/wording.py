"""The one wording of expressions: rebuilt from what was checked, not from what was typed.

Explanations, reports and messages use it. What it says can be read again: parsed and checked over the same table it
gives an equal expression (but for what built-in measures are made of, `sum of gain where cost is known`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import assert_never

from .builtins import BY_NAME, BY_OVERLOAD
from .program import (
    Aggregate,
    And,
    Call,
    Choice,
    Const,
    Expr,
    FieldRef,
    GroupAggregate,
    LetRef,
    Not,
    Or,
    ParameterRef,
    Previous,
    Relative,
    RowKnown,
    Score,
    SegmentIncludes,
    SegmentIs,
    Window,
)
from .types import Length, Type, Value
from .walk import condition_among

# How tightly the words hold together; what is looser than its place asks for goes into parentheses.
_OR, _AND, _NOT, _COMPARE, _ADD, _MULTIPLY, _NAME = range(7)

_KEYWORDS = frozenset(
    {"above", "and", "any", "at", "average", "because", "below", "between", "by", "contains", "count", "days", "decile"}
    | {"default", "distinct", "ever", "except", "fails", "false", "first", "from", "holds", "in", "includes", "is"}
    | {"known", "last", "latest", "least", "max", "median", "min", "missing", "months", "most", "net", "next", "no"}
    | {"none", "not", "one", "or", "per", "percentile", "previous", "quartile", "quintile", "share", "since", "starts"}
    | {"sum", "then", "top", "trend", "true", "unknown", "unless", "when", "where", "with", "years"}
)
"""Words that mean something else in some place of an expression; as names they are put in backquotes."""

_ARITHMETIC: dict[str, tuple[int, tuple[int, ...]]] = {
    "add": (_ADD, (_ADD, _MULTIPLY)),
    "subtract": (_ADD, (_ADD, _MULTIPLY)),
    "multiply": (_MULTIPLY, (_MULTIPLY, _NAME)),
    "divide": (_MULTIPLY, (_MULTIPLY, _NAME)),
    "negate": (_ADD, (_NAME,)),
}
"""How tightly the result holds, and what each operand needs."""

_IS = {"equal": "is", "not_equal": "is not"}


def wording(expr: Expr, table: str) -> str:
    """How `expr`, standing over the rows of `table`, reads: `utilisation < 30%`, `crm.do_not_call`."""
    return _worded(expr, table)[0]


def written(name: str) -> str:
    """How a name is written in an expression: in backquotes where it would be read as something else."""
    return name if name.isidentifier() and name not in _KEYWORDS else f"`{name}`"


def value_wording(value: Value, type: Type) -> str:
    """A value as a rule file writes it: `30%`, `1250.00`, `"app"`, `2026-01-31`, `90 days`."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | Decimal():
            return format(value, "f") if isinstance(value, Decimal) else str(value)
        case float():
            return percent_wording(value) if type.kind == "percent" else number_wording(value)
        case str():
            return text_wording(value)
        case dt.datetime():
            return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
        case dt.date():
            return value.isoformat()
        case Length():
            return str(value)
        case _:
            assert_never(value)


def text_wording(value: str) -> str:
    """Text between quotes."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def number_wording(value: float) -> str:
    """A double with the fewest digits that give it back, never with an exponent; `3` for 3.0."""
    return decimal_wording(Decimal(repr(value)))


def percent_wording(share: float) -> str:
    """A share (1 = 100 %) in points: `30%`, `18.01%`, to the billionth of the share."""
    return decimal_wording(Decimal(round(Decimal(share) * 10**9)).scaleb(-7)) + "%"


def decimal_wording(value: Decimal) -> str:
    """A decimal number without trailing zeros or exponent."""
    plain = format(value, "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain in ("-0", "") else plain


def _worded(expr: Expr, table: str) -> tuple[str, int]:
    """The words and how tightly they hold."""
    match expr:
        case Const(value=value, type=type):
            words = value_wording(value, type)
            return words, _ADD if words.startswith("-") else _NAME
        case ParameterRef(name=name):
            return written(name), _NAME
        case FieldRef(table=owner, field=name) | LetRef(table=owner, name=name):
            return written(name) if owner == table else f"{written(owner)}.{written(name)}", _NAME
        case Call():
            return _call(expr, table)
        case And(operands=operands):
            return " and ".join(_held(operand, table, _NOT) for operand in operands), _AND
        case Or(operands=operands):
            return " or ".join(_held(operand, table, _NOT) for operand in operands), _OR
        case Not(operand=operand):
            return _not(operand, table)
        case RowKnown(table=attached):
            return f"{written(attached)} is known", _COMPARE
        case Aggregate():
            return _aggregate(expr)
        case SegmentIs(segmentation=segmentation, segments=segments):
            return _segment_is(segmentation, "is", segments), _COMPARE
        case SegmentIncludes(segmentation=segmentation, segment=segment):
            return f"{written(segmentation)} includes {written(segment)}", _COMPARE
        case Previous(segmentation=segmentation):
            return f"previous {written(segmentation)}", _NAME
        case Relative():
            return _relative(expr)
        case GroupAggregate():
            return _group_aggregate(expr, table)
        case Choice(inputs=inputs):
            return f"decided by {_listed(inputs, table)}", _OR
        case Score(start=start, characteristics=characteristics):
            by = [each.by or each.bins[0].when for each in characteristics]
            return f"{start} points, and those for {_listed(by, table)}", _OR
        case _:
            assert_never(expr)


def _held(expr: Expr, table: str, needed: int) -> str:
    words, level = _worded(expr, table)
    return words if level >= needed else f"({words})"


def _call(call: Call, table: str) -> tuple[str, int]:
    builtin, _ = BY_OVERLOAD[call.overload]
    match builtin.group:
        case "conversion":
            return _worded(call.operands[0], table)
        case "arithmetic":
            level, needed = _ARITHMETIC[builtin.name]
            words = [_held(operand, table, need) for operand, need in zip(call.operands, needed, strict=True)]
            if builtin.name != "divide" and _needs_point(call.operands):
                words = [_with_point(operand) or said for operand, said in zip(call.operands, words, strict=True)]
            return builtin.wording.format(*words), level
        case "comparison" | "test" if builtin.name == "one_of":
            return _one_of(call, table, "is one of"), _COMPARE
        case "test" if builtin.name == "default":
            first, second = call.operands
            return builtin.wording.format(_named(first, table), _held(second, table, _ADD)), _NAME
        case "comparison" | "test" if builtin.name in _IS and isinstance(call.operands[0], Previous):
            return _of_previous(call, table, _IS[builtin.name]), _COMPARE
        case "comparison" | "test":
            return builtin.wording.format(*(_held(operand, table, _ADD) for operand in call.operands)), _COMPARE
        case "time":
            return builtin.wording.format(_named(call.operands[0], table)), _NAME
        case "aggregate" | "group":
            raise ValueError(f"{call.overload} does not stand in a call")
        case _:
            assert_never(builtin.group)


def _needs_point(operands: tuple[Expr, ...]) -> bool:
    """Whether `2` would be an integer here, and not the number 2.0: beside integers, money and other literals."""
    exact = ("number_from.integer", "number_from.money")
    return all(
        isinstance(operand, Const) or (isinstance(operand, Call) and operand.overload in exact) for operand in operands
    )


def _with_point(operand: Expr) -> str | None:
    """`2.0` for a number without decimals, None for everything else."""
    match operand:
        case Const(value=float() as value, type=Type(kind="number")) if value.is_integer():
            words = number_wording(value) + ".0"
            return f"({words})" if value < 0 else words
        case _:
            return None


def _of_previous(call: Call, table: str, words: str) -> str:
    """`previous value_risk is prime_digital`: segments are names."""
    asked, *options = call.operands
    names = [written(str(each.value)) if isinstance(each, Const) else _held(each, table, _ADD) for each in options]
    listed = f"({', '.join(names)})" if "one of" in words else names[0]
    return f"{_worded(asked, table)[0]} {words} {listed}"


def _one_of(call: Call, table: str, words: str) -> str:
    first, *options = call.operands
    if isinstance(first, Previous):
        return _of_previous(call, table, words)
    listed = ", ".join(_held(option, table, _ADD) for option in options)
    return f"{_held(first, table, _ADD)} {words} ({listed})"


def _named(expr: Expr, table: str) -> str:
    """One name, or parentheses."""
    words, _ = _worded(expr, table)
    match expr:
        case FieldRef() | LetRef() | ParameterRef():
            return words
        case Call(operands=(inner,)) if words == _worded(inner, table)[0]:  # a conversion, which is not written
            return _named(inner, table)
        case _:
            return words if words.startswith("(") and isinstance(expr, Aggregate) else f"({words})"


def _not(operand: Expr, table: str) -> tuple[str, int]:
    match operand:
        case RowKnown(table=attached):
            return f"{written(attached)} is missing", _COMPARE
        case SegmentIs(segmentation=segmentation, segments=segments):
            return _segment_is(segmentation, "is not", segments), _COMPARE
        case Call(overload=overload) if BY_OVERLOAD[overload][0].name == "one_of":
            return _one_of(operand, table, "is not one of"), _COMPARE
        case _:
            return f"not {_held(operand, table, _NAME)}", _NOT


def _segment_is(segmentation: str, verb: str, segments: tuple[str, ...]) -> str:
    match segments:
        case (only,):
            return f"{written(segmentation)} {verb} {written(only)}"
        case _:
            return f"{written(segmentation)} {verb} one of ({', '.join(map(written, segments))})"


def _aggregate(aggregate: Aggregate) -> tuple[str, int]:
    builtin, _ = BY_OVERLOAD[aggregate.overload]
    source = aggregate.source
    function = builtin.name.replace("_", " ")
    if aggregate.value is not None:
        words = f"{function} of {_named(aggregate.value, source)} from {written(source)}"
    elif builtin.name == "count":
        words = f"count of {written(source)}"
    else:
        words = f"{function} {written(source)}"
    if aggregate.where is not None:
        words += f" where {wording(aggregate.where, source)}"
    if aggregate.window is not None:
        words += f" {window_wording(aggregate.window)}"
    elif aggregate.where is not None:
        words = f"({words})"  # nothing else would end the condition
    return words, _NAME


def _relative(relative: Relative) -> tuple[str, int]:
    function, of = relative.function, _named(relative.of, relative.table)
    share = None if relative.share is None else _worded(relative.share, relative.table)[0]
    if function == "top":
        return f"top {share} by {of}", _NAME
    if relative.operator is None or share is None:
        return f"{function} of {of}", _NAME
    return BY_NAME[relative.operator].wording.format(f"{function} of {of}", share), _COMPARE


def _group_aggregate(aggregate: GroupAggregate, table: str) -> tuple[str, int]:
    function = BY_OVERLOAD[aggregate.overload][0].name
    where = "" if aggregate.where is None else f" where {_worded(aggregate.where, table)[0]}"
    match function:
        case "share":
            return f"share{where}", _OR
        case "share_among":
            asked = condition_among(aggregate)
            return f"share where {'' if asked is None else _worded(asked, table)[0]} among those{where}", _OR
        case "count":
            return f"(count of {written(table)}{where})" if where else f"count of {written(table)}", _NAME
        case _:
            words = "" if aggregate.value is None else _named(aggregate.value, table)
            said = f"{function.replace('_', ' ')} of {words}"
            return f"({said}{where})" if where else said, _NAME


def _listed(exprs: Sequence[Expr], table: str) -> str:
    words = list(dict.fromkeys(_worded(expr, table)[0] for expr in exprs))
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def window_wording(window: Window) -> str:
    """`in last 90 days`, `in last 12 months except last 6 months`, `in next 12 months`, `ever`."""
    if window.direction == "ever" or window.length is None:
        return "ever"
    words = f"in {window.direction} {_length(window.length)}"
    return words if window.except_last is None else f"{words} except last {_length(window.except_last)}"


def _length(length: Length | ParameterRef) -> str:
    return written(length.name) if isinstance(length, ParameterRef) else str(length)
