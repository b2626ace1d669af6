"""What an explanation shows of the rows that an aggregate counted."""

from __future__ import annotations

from ..dsl.program import FieldRef, Program
from .inputs import Input, name_of_input, not_personal, personal_features
from .names import Names
from .plan import AggregateFeature, AggregatePass, PlanExpr, Population
from .plan_walk import parts


def counted_columns(population: Population, feature: str, program: Program) -> dict[str, PlanExpr]:
    """The columns that tell about a row which an aggregate counted: its time or key, what it gave the aggregate (the
    field, or `value` where that is reckoned), and what `where` looks at. Nothing personal.

    Raises `KeyError` where the population has no aggregate of that name."""
    each, aggregate = aggregate_named(population, feature)
    table = program.table(each.frame.source.table)
    marks = [name for name in (each.at, each.then, table.key) if name is not None]
    inputs: list[PlanExpr] = [FieldRef(table.name, name, table.field_named(name).type) for name in marks]
    if aggregate.value is not None:
        inputs.append(aggregate.value)
    if aggregate.where is not None:
        inputs += [part for part in parts(aggregate.where) if isinstance(part, Input)]
    personal = personal_features(each.frame, program)
    names, found = Names(), dict[str, PlanExpr]()
    for expr in dict.fromkeys(inputs):
        if all(not_personal(part, personal, program) for part in parts(expr) if isinstance(part, Input)):
            found[names.fresh(name_of_input(expr, each.frame, program) if isinstance(expr, Input) else "value")] = expr
    return found


def aggregate_named(population: Population, feature: str) -> tuple[AggregatePass, AggregateFeature]:
    """The aggregate of that name and its pass; `KeyError` where the population has none."""
    for each in population.frame.passes:
        for aggregate in each.aggregates:
            if aggregate.name == feature:
                return each, aggregate
    raise KeyError(feature)
