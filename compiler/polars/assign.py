"""The lazy frame that puts the rows of a population into segments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from ...dsl.program import FieldRef, Previous, Program
from ..assignment import DEFAULT, Options, column_names, frame_with, measured_columns, qualified_columns, value_columns
from ..inputs import Input
from ..plan import Binding, FeatureRef, Population
from .decisions import Decided, decide, scope_of_decided
from .evidence import evidence_words
from .expressions import term
from .frames import frame_rows
from .keys import only_key
from .labels import segment_name, segments_included
from .rows import Reading
from .table import Tables


def assignment_frame(
    population: Population, binding: Binding, program: Program, tables: Tables, options: Options = DEFAULT
) -> pl.LazyFrame:
    """One row for each row of the population: its key under its declared name; for each exclusive segmentation the
    segment's name (an Enum) and the small integer `<name>_clause`, for each overlapping one a list of segment names in
    order of declaration; then what the options ask for, in their order.

    `tables` has every table that the plan reads. Collecting it stops where arithmetic that the rules read overflows
    (`is_overflow`); ties are looked for by `tie_frame`."""
    reading = Reading(program, binding, tables)
    population = replace(population, frame=frame_with(population, options))
    rows = frame_rows(reading, population.frame, only_key(program, population, options.key))
    decided = decide(reading, population, rows, conditions=options.evidence or options.conditions)
    key = rows.fields[population.table, population.frame.key or ""]
    terms = [pl.col(key)]
    for decision in population.decisions:
        if not decision.exclusive:
            included = decided.included[decision.segmentation]
            terms.append(segments_included(decision, included, options.codes_only))
            continue
        clause = pl.col(decided.clause[decision.segmentation])
        terms += [clause] if options.codes_only else [segment_name(decision, clause), clause]
    if options.evidence:
        terms += evidence_words(population, decided.conditions)
    if options.conditions:
        terms += [pl.col(decided.conditions[each.number]) for each in population.conditions]
    qualified = qualified_columns(population, options)
    terms += [_count(decided.qualifies[name]) for name in qualified]
    values = value_columns(population, program, options)
    terms += [_value(decided, each) for each in values.values()]
    measured = measured_columns(population, program, options)
    terms += [term(scope_of_decided(reading, population, decided), each) for each in measured]
    names = [*column_names(population, options)[0], *qualified.values(), *values, *measured.values()]
    assigned = decided.rows.frame.select(term.alias(name) for term, name in zip(terms, names, strict=True))
    return assigned.sort(names[0]) if options.sorted else assigned


def _count(qualifies: Mapping[str, str]) -> pl.Expr:
    """How many of the columns are true."""
    return pl.sum_horizontal(pl.col(each).cast(pl.UInt16) for each in qualifies.values()).cast(pl.UInt16)


def _value(decided: Decided, input: Input) -> pl.Expr:
    match input:
        case FieldRef(table, field):
            return pl.col(decided.rows.fields[table, field])
        case FeatureRef(name):
            return pl.col(decided.rows.features[name])
        case Previous(segmentation):
            return pl.col(decided.rows.previous[segmentation])
