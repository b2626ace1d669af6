"""The query that puts the rows of a population into segments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlglot import exp

from ...dsl.program import FieldRef, Previous, Program
from ..assignment import DEFAULT, Options, column_names, frame_with, measured_columns, qualified_columns, value_columns
from ..inputs import Input
from ..plan import Binding, FeatureRef, Population
from .decisions import Decided, decide, scope_of_decided
from .evidence import evidence_words
from .expressions import term
from .frames import frame_rows
from .keys import only_key
from .labels import segment_name, segments_included, segments_named
from .query import Query, column, from_table, named
from .relation import Relation
from .terms import cast, whole

__all__ = ["DEFAULT", "Options", "assignment", "assignment_query", "value_columns"]


def assignment_query(
    population: Population,
    binding: Binding,
    program: Program,
    relations: Mapping[str, Relation],
    options: Options = DEFAULT,
) -> str:
    """A query for one row for each row of the population: its key under its declared name; for each exclusive
    segmentation the segment's name (an ENUM) and the small integer `<name>_clause`, for each overlapping one a list of
    segment names in order of declaration; then what the options ask for, in their order.

    `relations` has every table that the plan reads. The query stops where arithmetic that the rules read overflows
    (`is_overflow`); ties are looked for by `tie_query`."""
    query = Query(program, binding, relations)
    return query.finish(assignment(query, population, options))


def assignment(query: Query, population: Population, options: Options = DEFAULT) -> exp.Select:
    """The end of an assignment query, whose tables it adds to `query`."""
    program = query.program
    population = replace(population, frame=frame_with(population, options))
    rows = frame_rows(query, population.frame, only_key(program, population, options.key))
    decided = decide(query, population, rows, conditions=options.evidence or options.conditions)
    key = column(rows.fields[population.table, population.frame.key or ""])
    terms = [key.copy()]
    for decision in population.decisions:
        if not decision.exclusive:
            included = decided.included[decision.segmentation]
            plain = segments_named(decision, included) if options.plain else None
            terms.append(plain or segments_included(decision, included, options.codes_only))
            continue
        clause = column(decided.clause[decision.segmentation])
        terms += [clause] if options.codes_only else [segment_name(decision, clause), clause.copy()]
    if options.evidence:
        terms += evidence_words(population, decided.conditions)
    if options.conditions:
        terms += [column(decided.conditions[each.number]) for each in population.conditions]
    qualified = qualified_columns(population, options)
    terms += [_count(decided.qualifies[name]) for name in qualified]
    values = value_columns(population, program, options)
    terms += [_value(decided, each) for each in values.values()]
    measured = measured_columns(population, program, options)
    terms += [term(scope_of_decided(query, population, decided), each) for each in measured]
    names = [*column_names(population, options)[0], *qualified.values(), *values, *measured.values()]
    select = from_table(decided.rows.table, [named(*each) for each in zip(terms, names, strict=True)])
    return select.order_by(key, copy=False) if options.sorted else select


def _count(qualifies: Mapping[str, str]) -> exp.Expr:
    """How many of the columns are true."""
    total = whole(0)
    for each in qualifies.values():
        total = exp.Add(this=total, expression=cast(column(each), "USMALLINT"))
    return cast(total, "USMALLINT")


def _value(decided: Decided, input: Input) -> exp.Expr:
    match input:
        case FieldRef(table, field):
            return column(decided.rows.fields[table, field])
        case FeatureRef(name):
            return column(decided.rows.features[name])
        case Previous(segmentation):
            return column(decided.rows.previous[segmentation])
