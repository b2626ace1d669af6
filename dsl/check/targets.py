"""Targets: what a segment is held to, each a measure or its size against a fixed value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from .. import program as p
from .. import syntax as s
from ..diagnostics import Label
from ..outcomes import Measure, SegmentName, Target
from ..source import Span
from ..types import INTEGER, PERCENT, TEXT, Type, Value
from .literals import literal_of, literal_type, literal_value, type_wording
from .measures import SIZE
from .names import NAMELESS, Names, Scope
from .operands import common_type, converted
from .ranges import is_empty
from .references import reference
from .segment_names import segment_name
from .suggest import did_you_mean

Measures = dict[str, Measure]
_Comparison = Literal["equal", "not_equal", "less", "at_most", "greater", "at_least"]

_COMPARISONS: dict[s.ComparisonOperator, _Comparison] = {
    "=": "equal",
    "!=": "not_equal",
    "<": "less",
    "<=": "at_most",
    ">": "greater",
    ">=": "at_least",
}


@dataclass(frozen=True, slots=True)
class _Written:
    """A target with the words that say it."""

    target: Target
    span: Span
    table: str


def checked_targets(declarations: Sequence[s.Target], measures: Measures, names: Names) -> tuple[Target, ...]:
    """The targets, one for each item, in the order written, as far as they could be checked."""
    found = [each for declaration in declarations for each in _targets(declaration, measures, names)]
    _check_among(found, names)
    return tuple(each.target for each in found)


def known_measure(ref: s.Ref, table: str | None, measures: Measures, names: Names) -> Measure | None:
    """The measure that a name stands for, of `table` where that is known; None where it is none, which has been
    reported."""
    measure = measures.get(ref.text)
    if measure is None:
        if ref.parts[0].text not in names.broken and NAMELESS not in names.broken:
            _report_no_measure(ref, measures, names)
        return None
    if table is not None and measure.table != table:
        names.problems.error(
            "SEG875",
            ref.span,
            f"`{measure.name}` is measured of `{measure.table}`, and the segment is one of `{table}`",
            labels=[Label(measure.span, "declared here")],
        )
        return None
    return measure


def _report_no_measure(ref: s.Ref, measures: Measures, names: Names) -> None:
    name = ref.parts[-1]
    fields = [table for table in names.tables.values() if any(field.name == name.text for field in table.fields)]
    names.problems.error(
        "SEG874",
        ref.span,
        f"no measure is called `{ref.text}`",
        fixes=did_you_mean(name, [*measures, SIZE]) if len(ref.parts) == 1 else [],
        hints=[f"say how the field is measured: `measure {name.text} = average of {name.text}`"] if fields else [],
    )


def _targets(declaration: s.Target, measures: Measures, names: Names) -> Iterator[_Written]:
    of = segment_name(declaration.segment, names)
    table = None if of is None else names.segmentations[of.segmentation].table
    for item in declaration.items:
        is_size = item.measure.text == SIZE
        measure = None if is_size else known_measure(item.measure, table, measures, names)
        if measure is None and not is_size:
            continue
        value = _value(item, measure, names)
        if value is None or of is None or table is None:
            continue
        target = Target(of, None if measure is None else measure.name, _COMPARISONS[item.operator], value, item.span)
        yield _Written(target, item.span, table)


# -- the value -----------------------------------------------------------------------------------------------------


def _value(item: s.TargetItem, measure: Measure | None, names: Names) -> p.Expr | None:
    """A constant in the type of what is measured, or a parameter that compares with it."""
    labels = [] if measure is None else [Label(measure.span, f"{type_wording(measure.value.type)} by what it measures")]
    literal = literal_of(item.value)
    if literal is not None:
        type = _size_type(literal) if measure is None else measure.value.type
        value = literal_value(literal, type, names.problems, item.measure.text, labels)
        if value is None or (measure is None and not _is_size(value, type, literal.span, names)):
            return None
        return p.Const(value, type, literal.span)
    if not isinstance(item.value, s.Ref):
        raise ValueError("the grammar lets a target be a literal or a name")
    parameter = _parameter(item.value, names)
    if parameter is None:
        return None
    if measure is None:
        common = parameter.type if parameter.type in (INTEGER, PERCENT) else None
    else:
        common = common_type(measure.value.type, parameter.type)
    if common is None:
        what = "a percent or a whole number" if measure is None else type_wording(measure.value.type)
        names.problems.error(
            "SEG201",
            item.value.span,
            f"`{item.measure.text}` is {what}, and `{parameter.name}` is {type_wording(parameter.type)}",
            labels=labels,
        )
        return None
    return converted(parameter, common)


def _size_type(literal: s.LiteralNode) -> Type:
    """Of a size: how many, where a whole number says so, else what share."""
    return literal_type(literal) if literal_type(literal) == INTEGER else PERCENT


def _is_size(value: Value, type: Type, span: Span, names: Names) -> bool:
    if isinstance(value, int | float) and value >= 0 and (type == INTEGER or value <= 1):
        return True
    problem = "a segment has 0 rows or more" if type == INTEGER else "a segment has from 0% to 100% of the rows"
    names.problems.error("SEG876", span, problem)
    return False


def _parameter(ref: s.Ref, names: Names) -> p.ParameterRef | None:
    name = ref.parts[0]
    if len(ref.parts) == 1 and name.text in names.parameters:
        found = reference(ref, Scope(names, "", "measure", "target"))
        return found if isinstance(found, p.ParameterRef) else None
    if name.text not in names.broken and NAMELESS not in names.broken:
        names.problems.error(
            "SEG877",
            ref.span,
            f"a target is a fixed value or a parameter, and `{ref.text}` is neither",
            fixes=did_you_mean(name, names.parameters) if len(ref.parts) == 1 else [],
        )
    return None


# -- among targets ---------------------------------------------------------------------------------------------------

_Key = tuple[SegmentName, str | None, Type]
_LOW = ("at_least", "greater")
_HIGH = ("at_most", "less")


def _check_among(found: Sequence[_Written], names: Names) -> None:
    """Report what is said twice, and what cannot be met together."""
    said: dict[tuple[_Key, str], _Written] = {}
    for each in found:
        key = _key(each.target)
        before = said.setdefault((key, _direction(each.target)), each)
        if before is not each:
            names.problems.error(
                "SEG878",
                each.span,
                f"`{each.target.of.segment}` has such a target on `{each.target.measure or SIZE}` already",
                labels=[Label(before.span, "this one")],
            )
            continue
        other = next((said[key, side] for side in ("low", "high", "is") if _against(said.get((key, side)), each)), None)
        if other is not None:
            names.problems.error(
                "SEG879",
                each.span,
                f"`{each.target.measure or SIZE}` of `{each.target.of.segment}` cannot be both this and what another "
                "target asks for",
                labels=[Label(other.span, "the other target")],
            )


def _key(target: Target) -> _Key:
    return target.of, target.measure, target.value.type if target.measure is None else TEXT


def _direction(target: Target) -> str:
    if target.comparison in _LOW:
        return "low"
    return "high" if target.comparison in _HIGH else "is" if target.comparison == "equal" else "is not"


def _against(other: _Written | None, each: _Written) -> bool:
    """Whether two targets with constants leave nothing between them."""
    if other is None or other is each:
        return False
    one, another = _allowed(other.target), _allowed(each.target)
    return is_empty(p.Domain(one.low, another.high, one.low_included, another.high_included)) or is_empty(
        p.Domain(another.low, one.high, another.low_included, one.high_included)
    )


def _allowed(target: Target) -> p.Domain:
    """The values that a target lets pass, as far as that is known."""
    if not isinstance(target.value, p.Const):
        return p.Domain(None, None)
    value = target.value.value
    match target.comparison:
        case "at_least" | "greater":
            return p.Domain(value, None, low_included=target.comparison == "at_least")
        case "at_most" | "less":
            return p.Domain(None, value, high_included=target.comparison == "at_most")
        case "equal":
            return p.Domain(value, value)
        case "not_equal":
            return p.Domain(None, None)
