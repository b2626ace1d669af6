"""A Program as plain JSON data, and back.

Each node becomes `{"node": class name, field: …}` without its spans; tuples become lists. Values that JSON lacks
carry their kind: `{"money": "12.50"}`, `{"date": "2026-01-31"}`, `{"timestamp": "2026-01-31T10:00:00"}`.
Equal programs give equal data, and `decode(encode(program)) == program`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import fields
from decimal import Decimal, InvalidOperation
from typing import Any

from ..dsl import outcomes as o
from ..dsl import program as p
from ..dsl.types import Length, Type

NODES: dict[str, type] = {
    node.__name__: node
    for node in (
        p.Const,
        p.ParameterRef,
        p.FieldRef,
        p.LetRef,
        p.Call,
        p.And,
        p.Or,
        p.Not,
        p.RowKnown,
        p.Window,
        p.Aggregate,
        p.SegmentIs,
        p.SegmentIncludes,
        p.Relative,
        p.Previous,
        p.GroupAggregate,
        p.Row,
        p.Choice,
        p.Bin,
        p.Characteristic,
        p.Score,
        p.Domain,
        p.Mapping,
        p.Field,
        p.Table,
        p.Freshness,
        p.Parameter,
        p.Let,
        p.Clause,
        p.Consent,
        p.Reason,
        p.Segment,
        p.Segmentation,
        o.Measure,
        o.MeasuresBy,
        o.SegmentName,
        o.Target,
        o.Fairness,
        o.Policy,
        o.Arm,
        o.Experiment,
        o.Guarantee,
        o.GivenRow,
        o.Expectation,
        o.TestCase,
        o.Test,
        p.Program,
        Type,
        Length,
    )
}


class UnreadableProgram(ValueError):
    """The data is not a program that this version writes; the message says what is odd."""


def encode(value: Any) -> Any:
    """Plain JSON data for a program, one of its nodes, or a value in it."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case tuple():
            return [encode(item) for item in value]
        case Decimal():
            return {"money": str(value)}
        case dt.datetime():
            return {"timestamp": value.isoformat()}
        case dt.date():
            return {"date": value.isoformat()}
        case _ if type(value).__name__ in NODES:
            content = {
                field.name: encode(getattr(value, field.name)) for field in fields(value) if field.name != "span"
            }
            return {"node": type(value).__name__, **content}
        case _:
            raise TypeError(f"no JSON form for {type(value).__name__}")


def decode(data: Any) -> Any:
    """The node or value that `encode` made `data` from; raises `UnreadableProgram` on anything else."""
    match data:
        case None | bool() | int() | float() | str():
            return data
        case list():
            return tuple(decode(item) for item in data)
        case {"node": str(name), **content}:
            return _node(name, content)
        case {"money": str(text)} if len(data) == 1:
            return _value(Decimal, text)
        case {"timestamp": str(text)} if len(data) == 1:
            return _value(dt.datetime.fromisoformat, text)
        case {"date": str(text)} if len(data) == 1:
            return _value(dt.date.fromisoformat, text)
        case _:
            raise UnreadableProgram(f"a part of the rule set cannot be read: {str(data)[:80]}")


def _node(name: str, content: Mapping[str, Any]) -> Any:
    if name not in NODES:
        raise UnreadableProgram(f"this version of segwright does not know `{name}`, which the rule set holds")
    wanted = [field.name for field in fields(NODES[name]) if field.name != "span"]
    odd = [f"lacks `{part}`" for part in wanted if part not in content]
    odd += [f"has an unknown part `{part}`" for part in content if part not in wanted]
    if odd:
        raise UnreadableProgram(f"`{name}` in the rule set {' and '.join(odd)}: another version of segwright wrote it")
    return NODES[name](**{part: decode(value) for part, value in content.items()})


def _value(read: Callable[[str], Any], text: str) -> Any:
    try:
        return read(text)
    except (ValueError, InvalidOperation):
        raise UnreadableProgram(f"a value of the rule set cannot be read: {text[:80]}") from None


def decode_program(data: Any) -> p.Program:
    """The program that `data` encodes; raises `UnreadableProgram`."""
    try:
        program = decode(data)
    except RecursionError:
        raise UnreadableProgram("the rule set is nested deeper than any rules are") from None
    if not isinstance(program, p.Program):
        raise UnreadableProgram("the rule set holds no program")
    return program
