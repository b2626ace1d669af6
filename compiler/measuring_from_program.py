"""The measures of a population in the Plan: what is read of each row, aggregated over a group, reckoned from that."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ..dsl.labels import Lineage
from ..dsl.outcomes import Fairness, Measure
from ..dsl.program import Call, Const, Expr, FieldRef, GroupAggregate, ParameterRef, Program, Table
from ..dsl.reporting import at_horizon, has_horizons, outcome_windows, reported_for
from ..dsl.walk import walk
from .frame_from_program import FrameBuilder, frame_of, plan_expression
from .plan import Ahead, FeatureRef, Figure, GroupTerm, Measuring, PlanExpr, Vintage, as_operands

_Asked = tuple[str, PlanExpr | None, PlanExpr | None]


@dataclass(slots=True)
class _Groups:
    """The group terms while they are found, each once, over the rows of a frame that grows."""

    rows: FrameBuilder
    terms: dict[_Asked, GroupTerm] = field(default_factory=dict)


def measuring_from_program(population: FrameBuilder, rows: FrameBuilder, lineage: Lineage) -> Measuring | None:
    """What is measured of the rows of a population; None where nothing is. `rows` is another frame of the population,
    in which its decisions were planned; it grows by what is measured.

    Measures that are reported for no segmentation are left out. Relative values and the run before, where measures ask
    for them, join those of the population."""
    program, table = population.program, population.table
    reported = {measure: reported_for(measure, lineage) for measure in program.measures if measure.table == table.name}
    wanted = {measure: names for measure, names in reported.items() if names}
    fields = dict.fromkeys(of for each in program.policy.fairness for of in _across(each, program, table))
    if not wanted and not fields:
        return None
    groups = _Groups(rows)
    figures = [_figure(groups, measure, names) for measure, names in wanted.items()]
    figures += [
        replace(_figure(groups, at_horizon(measure, length), names), horizon=length)
        for measure, names in wanted.items()
        if has_horizons(measure)
        for length in program.measures_at
    ]
    vintages = [
        Vintage(each.period, plan_expression(rows, each.of)) for each in program.measures_by if each.table == table.name
    ]
    for of in fields:
        plan_expression(rows, of)
    population.previous |= rows.previous
    population.relatives |= rows.relatives
    return Measuring(
        frame_of(rows), tuple(groups.terms.values()), tuple(figures), tuple(vintages) if figures else (), tuple(fields)
    )


def _across(fairness: Fairness, program: Program, table: Table) -> tuple[FieldRef, ...]:
    """The protected fields that a fairness statement looks across, where it is about segments of the table."""
    named = (*fairness.favourable, *fairness.unfavourable)
    return fairness.across if any(program.segmentation(each.segmentation).table == table.name for each in named) else ()


def _figure(groups: _Groups, measure: Measure, segmentations: tuple[str, ...]) -> Figure:
    value = _planned(groups, measure.value)
    asked = (_term(groups, part) for part in walk(measure.value) if isinstance(part, GroupAggregate))
    values = dict.fromkeys(part for term in asked for part in (term.value, term.where) if part is not None)
    windows = [(each.source, each.window) for each in outcome_windows(measure)]
    ahead = tuple(dict.fromkeys(Ahead(table, window.length) for table, window in windows if window and window.length))
    return Figure(measure.name, value, tuple(values), measure.value.type, segmentations, ahead)


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
