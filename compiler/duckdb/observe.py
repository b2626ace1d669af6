"""The query behind an explanation: the plan's own decisions for one key, with what they looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlglot import exp

from ...dsl.program import Program
from ...dsl.types import Value
from ..plan import Binding, PlanExpr, Population
from .decisions import decide, scope_of_decided
from .expressions import term
from .frames import frame_rows
from .keys import only_key
from .query import Query, column, from_table, named
from .relation import Relation


def observation_query(
    population: Population,
    binding: Binding,
    program: Program,
    relations: Mapping[str, Relation],
    key: Value,
    observed: Iterable[PlanExpr],
) -> str:
    """A query for the rows with that key (one, where the data keeps its contract): `clause_<segmentation>`, the number
    of the winning clause, or `included_<segmentation>`, one truth for each segment; `condition_<number>` for each
    condition that is not personal; `observed_<i>`, the value of the i-th of `observed`."""
    query = Query(program, binding, relations)
    rows = frame_rows(query, population.frame, only_key(program, population, key))
    decided = decide(query, population, rows, conditions=True)
    scope = scope_of_decided(query, population, decided)
    terms: list[exp.Expr] = []
    for name, held in decided.clause.items():
        terms.append(named(column(held), f"clause_{name}"))
    for name, segments in decided.included.items():
        included = exp.Array(expressions=[column(held) for held in segments.values()])
        terms.append(named(included, f"included_{name}"))
    terms += [
        named(column(decided.conditions[condition.number]), f"condition_{condition.number}")
        for condition in population.conditions
        if not condition.personal
    ]
    terms += [named(term(scope, expr), f"observed_{number}") for number, expr in enumerate(observed)]
    return query.finish(from_table(decided.rows.table, terms))
