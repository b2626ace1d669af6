"""The targets of a run: what segments are held to, their intervals taken into account."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from ...compiler.plan import Binding
from ...dsl.outcomes import Target
from ...dsl.program import Call, Const, Expr, ParameterRef, Program
from ...dsl.types import Kind, Type, Value
from ...dsl.wording import wording, written
from ..statistics.figures import Interval, Unstated, counted
from ..statistics.targets import holds, meets
from .records import FigureRecord, MeasureRecord, TargetRecord, Verdict

Counts = Mapping[str, Mapping[str, int | None]]
"""Rows by segmentation and segment; None where they are hidden."""

SAID = {
    "equal": "is",
    "not_equal": "is not",
    "less": "below",
    "at_most": "at most",
    "greater": "above",
    "at_least": "at least",
}
"""How rules say a comparison."""


def target_records(
    program: Program,
    binding: Binding,
    table: str,
    counts: Counts,
    rows: int | None,
    measures: Mapping[str, MeasureRecord],
) -> list[TargetRecord]:
    """The targets of the segments of `table`, in the order of the rules; `rows` are those of the table, None where they
    are hidden.

    A size is counted and never unclear. A figure that has no interval because nothing is estimated (a count, a sum, a
    least value) is what it is; one that has none because none can be stated is unclear, and so is a missing one."""
    return [
        _of_size(target, binding, table, counts[target.of.segmentation][target.of.segment], rows)
        if target.measure is None
        else _of_measure(target, binding, table, measures[target.measure])
        for target in program.targets
        if program.segmentation(target.of.segmentation).table == table
    ]


def _of_size(target: Target, binding: Binding, table: str, count: int | None, rows: int | None) -> TargetRecord:
    limit = _limit(target.value, binding)
    if count is None or rows is None:
        return _record(target, table, limit, None, "hidden")
    if target.value.type.kind == "integer":
        return _record(target, table, limit, count, _compared(count, target, limit))
    if rows == 0:
        return _record(target, table, limit, None, "unclear")
    share = count / rows
    return _record(target, table, limit, share, _compared(share, target, limit))


def _of_measure(target: Target, binding: Binding, table: str, measure: MeasureRecord) -> TargetRecord:
    limit = _limit(target.value, binding)
    figure = measure.segmentations[target.of.segmentation][target.of.segment]
    return _record(target, table, limit, figure.value, _verdict(target, figure, measure.type, limit))


def _verdict(target: Target, figure: FigureRecord, kind: Kind, limit: Value) -> Verdict:
    match figure.status:
        case "hidden" | "not yet observable":
            return figure.status
        case "missing":
            return "unclear"
        case "known":
            value = _value(figure.value, kind)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        number = float(limit) if isinstance(limit, int | float | Decimal) else float("nan")
        return meets(value, _around(figure, float(value)), target.comparison, number)
    return _compared(value, target, limit)


def _around(figure: FigureRecord, value: float) -> Interval | Unstated:
    if figure.low is not None and figure.high is not None:
        return Interval(figure.low, figure.high, "counted")  # by whatever method; only its ends are asked
    return counted(value) if figure.no_interval is None else Unstated("no known value")


def _compared(value: Value, target: Target, limit: Value) -> Verdict:
    """Whether what is known and not estimated compares as asked. Text goes by code point, dates by the calendar: what
    is compared is the order of the two."""
    match value, limit:
        case int() | float() | Decimal(), int() | float() | Decimal():
            met = holds(value, target.comparison, limit)
        case str(), str():
            met = holds((value > limit) - (value < limit), target.comparison, 0)
        case dt.datetime(), dt.datetime():
            met = holds((value > limit) - (value < limit), target.comparison, 0)
        case dt.date(), dt.date():
            met = holds((value > limit) - (value < limit), target.comparison, 0)
        case _:
            raise ValueError("a target is checked to be of the type of its measure")
    return "met" if met else "missed"


def _record(
    target: Target, table: str, limit: Value, value: int | float | str | None, verdict: Verdict
) -> TargetRecord:
    name = "size" if target.measure is None else written(target.measure)
    return TargetRecord(
        segmentation=target.of.segmentation,
        segment=target.of.segment,
        measure=target.measure,
        said=f"{name} {SAID[target.comparison]} {wording(target.value, table)}",
        limit=_plain(limit),
        value=value,
        verdict=verdict,
    )


# -- values ----------------------------------------------------------------------------------------------------------


def _limit(value: Expr, binding: Binding) -> Value:
    """The value of a target in the type that it is compared in."""
    match value:
        case Const(constant):
            return constant
        case ParameterRef(name):
            return binding.parameters[name]
        case Call(operands=(operand,), type=type):
            return _converted(_limit(operand, binding), type)
        case _:
            raise ValueError("a target is a constant or a parameter")


def _converted(value: Value, type: Type) -> Value:
    match value, type.kind:
        case int() | Decimal(), "money":
            return Decimal(value).quantize(Decimal(1).scaleb(-(type.scale or 0)))
        case int() | float() | Decimal(), "number":
            return float(value)
        case dt.datetime(), "date":
            return value.date()
        case _:
            return value


def _value(value: int | float | str | None, kind: Kind) -> Value:
    """The value of a figure, which records keep as JSON can."""
    match value, kind:
        case None, _:
            raise ValueError("a known figure has a value")
        case str(), "money":
            return Decimal(value)
        case str(), "date":
            return dt.date.fromisoformat(value)
        case str(), "timestamp":
            return dt.datetime.fromisoformat(value)
        case _:
            return value


def _plain(value: Value) -> int | float | str:
    match value:
        case Decimal():
            return format(value, "f")
        case dt.date():
            return value.isoformat()
        case int() | float() | str():
            return value
        case _:
            raise ValueError("no target is a duration")
