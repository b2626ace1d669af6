"""The expressions of a plan as Python source, over the rows of one frame."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import assert_never

from ...dsl.builtins import BY_OVERLOAD
from ...dsl.program import (
    And,
    Call,
    Const,
    FieldRef,
    Not,
    Or,
    ParameterRef,
    Previous,
    Relative,
    RowKnown,
    SegmentIncludes,
    SegmentIs,
)
from ...dsl.types import PERCENT
from ...dsl.wording import wording
from ..plan import Band, Choose, Feature, FeatureRef, Frame, PlanExpr, operands_of
from .lower import LOWER, RowCall
from .needs import ByName
from .places import Given, Place, place_of
from .terms import Code, Term, Truth, conjunction, disjunction, known_truth, negation, truth_of, value_of
from .writer import Writer


@dataclass(slots=True)
class Scope:
    """Where expressions over the rows of a frame find their values. `instead` is what may be given in place of the rows
    of a table; `waiting` are the features that are needed and not yet reckoned."""

    frame: Frame
    place: Place
    parent: Scope | None
    features: dict[str, Term] = field(default_factory=dict)
    instead: dict[str, ByName] = field(default_factory=dict)
    waiting: tuple[Feature, ...] = ()


def value(writer: Writer, scope: Scope, expr: PlanExpr) -> Term:
    """The source of a value; None in it is missing."""
    return value_of(code(writer, scope, expr))


def truth(writer: Writer, scope: Scope, expr: PlanExpr) -> Truth:
    """The source of a condition."""
    return truth_of(code(writer, scope, expr))


def code(writer: Writer, scope: Scope, expr: PlanExpr) -> Code:
    """The source of any expression."""
    match expr:
        case Const(constant):
            return Term(writer.literal(constant), plain=True)
        case ParameterRef(name):
            return Term(parameter(writer, name), plain=True)
        case FieldRef():
            return field_value(writer, scope.place, expr)
        case FeatureRef(name):
            return _feature(scope, name)
        case Call():
            return _call(writer, scope, expr)
        case And():
            return conjunction([truth(writer, scope, each) for each in operands_of(expr)])
        case Or():
            return disjunction([truth(writer, scope, each) for each in operands_of(expr)])
        case Not():
            return negation(truth(writer, scope, operands_of(expr)[0]))
        case RowKnown(table):
            found = _attached(writer, scope.place, table)
            return known_truth(f"({found.row} is not None)", f"({found.row} is None)")
        case SegmentIs(segmentation, segments):
            return _segment_is(writer, segmentation, segments)
        case SegmentIncludes(segmentation, segment):
            return _segment_includes(writer, segmentation, segment)
        case Previous(segmentation):
            return _previous(writer, scope.place, segmentation)
        case Choose():
            return _choose(writer, scope, expr)
        case Band():
            return _band(writer, scope, expr)
        case _:
            assert_never(expr)


def parameter(writer: Writer, name: str) -> str:
    """The variable of a parameter."""
    return writer.parameters.setdefault(name, writer.fresh(name))


# -- rows ----------------------------------------------------------------------------------------------------------


def owner(writer: Writer, place: Place, table: str) -> Place:
    """The place, this one or one further up, that is of `table` or has a row of it attached."""
    found = writer.program.table(table)
    if place.table.name == table:
        return place
    if found.role == "attached" and found.parent == place.table.name:
        return _attached(writer, place, table)
    return owner(writer, above(writer, place), table)


def above(writer: Writer, place: Place) -> Place:
    """The place of the parent: nested in a row that stands alone."""
    if place.above is None:
        parent = writer.program.table(place.table.parent or "")
        place.above = place_of(writer.program, parent, "parent", writer.fresh(parent.name))
    return place.above


def _attached(writer: Writer, place: Place, table: str) -> Place:
    found = writer.program.table(table)
    if found.parent != place.table.name:
        return _attached(writer, above(writer, place), table)
    if table not in place.attached:
        place.attached[table] = place_of(writer.program, found, "attached", writer.fresh(table), place)
    return place.attached[table]


def field_value(writer: Writer, place: Place, ref: FieldRef) -> Term:
    """The variable of a field."""
    found = owner(writer, place, ref.table)
    nullable = found.how == "attached" or found.table.field_named(ref.field).optional
    return Term(field_variable(writer, found, ref.field), nullable, plain=True)


def field_variable(writer: Writer, place: Place, name: str) -> str:
    """The variable of a field of a place."""
    if name not in place.fields:
        place.fields[name] = writer.fresh(name)
    return place.fields[name]


def _feature(scope: Scope, name: str) -> Term:
    at: Scope | None = scope
    while at is not None:
        if name in at.features:
            return at.features[name]
        at = at.parent
    raise KeyError(name)


# -- calls ---------------------------------------------------------------------------------------------------------


def _call(writer: Writer, scope: Scope, expr: Call) -> Code:
    operands = tuple(value(writer, scope, each) for each in operands_of(expr))
    if BY_OVERLOAD[expr.overload][0].group == "time":
        writer.of_time = True
    if expr.overload == "add.integer" and isinstance(expr.operands[1], Choose):
        return _points(writer, operands)
    types = tuple(each.type for each in expr.operands)
    return LOWER[expr.overload](RowCall(operands, types, expr.type, writer.fresh))


def _points(writer: Writer, operands: tuple[Term, ...]) -> Code:
    """Points are constants, and their sum cannot overflow."""
    guards: list[str] = []
    names: list[str] = []
    for each in operands:
        name = writer.fresh() if each.nullable else each.code
        guards += [f"({name} := {each.code}) is not None"] if each.nullable else []
        names.append(name)
    total = " + ".join(names)
    return Term(f"({total} if {' and '.join(guards)} else None)" if guards else f"({total})", nullable=bool(guards))


def _choose(writer: Writer, scope: Scope, expr: Choose) -> Term:
    results = [value(writer, scope, arm.then) for arm in expr.arms]
    otherwise = Term("None", nullable=True) if expr.otherwise is None else value(writer, scope, expr.otherwise)
    said = otherwise.code
    for arm, result in zip(reversed(expr.arms), reversed(results), strict=True):
        said = f"{result.code} if {truth(writer, scope, arm.when).holds} else {said}"
    return Term(f"({said})", nullable=otherwise.nullable or any(each.nullable for each in results))


# -- segmentations -------------------------------------------------------------------------------------------------


def _segment_is(writer: Writer, segmentation: str, segments: tuple[str, ...]) -> Truth:
    decision = next(each for each in writer.population.decisions if each.segmentation == segmentation)
    numbers = [clause.number for clause in decision.clauses if clause.segment in segments]
    if decision.otherwise in segments and decision.otherwise_clause is not None:
        numbers.append(decision.otherwise_clause)
    variable = writer.answers[segmentation].code
    if not numbers:
        return known_truth("False")
    if numbers == list(range(numbers[0], numbers[-1] + 1)):
        first, last = numbers[0], numbers[-1]
        return known_truth(f"({variable} == {first})" if first == last else f"({first} <= {variable} <= {last})")
    return known_truth(f"({variable} in {tuple(numbers)!r})", f"({variable} not in {tuple(numbers)!r})")


def _segment_includes(writer: Writer, segmentation: str, segment: str) -> Truth:
    decision = next(each for each in writer.population.decisions if each.segmentation == segmentation)
    bit = 1 << decision.segments.index(segment)
    return known_truth(f"(({writer.answers[segmentation].code} & {bit}) != 0)")


def _previous(writer: Writer, place: Place, segmentation: str) -> Term:
    found = owner(writer, place, writer.program.segmentation(segmentation).table)
    variable = found.previous.setdefault(segmentation, "")
    if not variable:
        variable = found.previous[segmentation] = writer.fresh(segmentation)
    return Term(variable, nullable=True, plain=True)


# -- relative values -----------------------------------------------------------------------------------------------


def is_given(writer: Writer, band: Band) -> bool:
    """Whether a relative value has to be given, because no run has found its cut-points."""
    return band.key not in writer.cut_points


def relative_of(writer: Writer, band: Band) -> Relative:
    """The relative value of a band, as the program has it."""
    ranking = writer.population.ranking
    assert ranking is not None
    return dict(zip(ranking.keys, ranking.written, strict=True))[band.key]


def given_name(relative: Relative) -> str:
    """How a relative value is called where it is given: `decile of clv_12m`. Of a percentile it is the percentile."""
    share = None if relative.function == "percentile" else relative.share
    return wording(replace(relative, operator=None, share=share), relative.table)


def _band(writer: Writer, scope: Scope, band: Band) -> Code:
    return _band_given(writer, scope, band) if is_given(writer, band) else _band_by_cuts(writer, scope, band)


def _band_given(writer: Writer, scope: Scope, band: Band) -> Code:
    relative = relative_of(writer, band)
    place, name = owner(writer, scope.place, relative.table), given_name(relative)
    percentile = band.function == "percentile"
    type = PERCENT if percentile else band.type
    if name not in place.given:
        place.given[name] = Given(writer.fresh(band.function), type, nullable=True)
    found = Term(place.given[name].variable, place.given[name].nullable, plain=True)
    if not percentile:
        return found
    assert relative.share is not None
    share = value(writer, scope, relative.share)
    call = RowCall((found, share), (PERCENT, PERCENT), band.type, writer.fresh)
    return LOWER[f"{band.operator}.percent"](call)


def _band_by_cuts(writer: Writer, scope: Scope, band: Band) -> Code:
    cuts = writer.cut_points[band.key]
    known = [cut for cut in cuts if cut is not None]
    operand = value(writer, scope, band.operand)
    x = operand.code if operand.plain else writer.fresh()
    guard = f"{x} is not None" if operand.plain else f"({x} := {operand.code}) is not None"
    if band.function in ("decile", "quintile", "quartile"):
        # The cut-points that nobody reaches come last.
        said = f"1 + bisect_right({writer.constant(known, 'cuts')}, {x})"
        return Term(f"({said} if {guard} else None)", nullable=True)
    reached = [f"{x} >= {writer.literal(cut)}" if cut is not None else "False" for cut in cuts]
    holds = _reached(band.operator, reached)
    return Truth(f"({guard} and {holds})", f"({guard} and not {holds})", False)


def _reached(operator: str | None, reached: list[str]) -> str:
    match operator:
        case "at_least" | None:
            return f"({reached[0]})"
        case "greater":
            return f"({reached[1]})"
        case "less":
            return f"(not {reached[0]})"
        case "at_most":
            return f"(not {reached[1]})"
        case "equal":
            return f"({reached[0]} and not {reached[1]})"
        case _:
            return f"(not {reached[0]} or {reached[1]})"
