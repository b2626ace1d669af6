"""The measures of a population in the Plan: what is read of each row, aggregated over a group, reckoned from that."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..dsl.labels import Lineage
from ..dsl.outcomes import Measure
from ..dsl.program import Call, Const, Expr, GroupAggregate, ParameterRef
from ..dsl.reporting import looks_ahead, reported_for
from ..dsl.walk import walk
from .frame_from_program import FrameBuilder, frame_of, plan_expression, population_builder
from .plan import FeatureRef, Figure, GroupTerm, Measuring, PlanExpr, as_operands

_Asked = tuple[str, PlanExpr | None, PlanExpr | None]


@dataclass(slots=True)
class _Groups:
    """The group terms while they are found, each once, over the rows of a frame that grows."""

    rows: FrameBuilder
    terms: dict[_Asked, GroupTerm] = field(default_factory=dict)


def measuring_from_program(population: FrameBuilder, lineage: Lineage) -> Measuring | None:
    """What is measured of the rows of a population; None where nothing is. Measures with an outcome window, or reported
    for no segmentation, are left out. Relative values and the run before, where measures ask for
    them, join those of the population."""
    program, table = population.program, population.table
    reported = {measure: reported_for(measure, lineage) for measure in program.measures if measure.table == table.name}
    wanted = [measure for measure, names in reported.items() if names and not looks_ahead(measure)]
    if not wanted:
        return None
    rows = population_builder(program, table)
    rows.relatives = population.relatives
    groups = _Groups(rows)
    figures = tuple(_figure(groups, measure, reported[measure]) for measure in wanted)
    population.previous |= rows.previous
    return Measuring(frame_of(rows), tuple(groups.terms.values()), figures)


def _figure(groups: _Groups, measure: Measure, segmentations: tuple[str, ...]) -> Figure:
    value = _planned(groups, measure.value)
    asked = (_term(groups, part) for part in walk(measure.value) if isinstance(part, GroupAggregate))
    values = dict.fromkeys(part for term in asked for part in (term.value, term.where) if part is not None)
    return Figure(measure.name, value, tuple(values), measure.value.type, segmentations)


def _planned(groups: _Groups, expr: Expr) -> PlanExpr:
    match expr:
        case Const() | ParameterRef():
            return expr
        case Call(overload, operands, type):
            return Call(overload, as_operands(_planned(groups, operand) for operand in operands), type)
        case GroupAggregate(type=type):
            return FeatureRef(_term(groups, expr).name, type)
        case _:
            raise ValueError("a measure is arithmetic on aggregates over its group")


def _term(groups: _Groups, expr: GroupAggregate) -> GroupTerm:
    value = None if expr.value is None else plan_expression(groups.rows, expr.value)
    where = None if expr.where is None else plan_expression(groups.rows, expr.where)
    asked = (expr.overload, value, where)
    if asked not in groups.terms:
        groups.terms[asked] = GroupTerm(f"#{len(groups.terms)}", *asked, expr.type)
    return groups.terms[asked]
