"""A Program as plain JSON data, and back.

Each node becomes `{"node": class name, field: …}` without its spans; tuples become lists. Values that JSON lacks
carry their kind: `{"money": "12.50"}`, `{"date": "2026-01-31"}`, `{"timestamp": "2026-01-31T10:00:00"}`.
Equal programs give equal data, and `decode(encode(program)) == program`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import fields
from decimal import Decimal
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
        case {"node": str(name), **content} if name in NODES:
            try:
                return NODES[name](**{field: decode(value) for field, value in content.items()})
            except TypeError:
                raise UnreadableProgram(f"`{name}` has unknown or missing parts: {', '.join(content)}") from None
        case {"money": str(text)}:
            return Decimal(text)
        case {"timestamp": str(text)}:
            return dt.datetime.fromisoformat(text)
        case {"date": str(text)}:
            return dt.date.fromisoformat(text)
        case _:
            raise UnreadableProgram(f"a part of the rule set cannot be read: {str(data)[:80]}")


def decode_program(data: Any) -> p.Program:
    """The program that `data` encodes; raises `UnreadableProgram`."""
    program = decode(data)
    if not isinstance(program, p.Program):
        raise UnreadableProgram("the rule set holds no program")
    return program
