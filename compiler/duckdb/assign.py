"""The query that puts the rows of a population into segments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp

from ...dsl.program import FieldRef, Previous, Program
from ...dsl.types import Value
from ..inputs import Input, inputs_of_conditions, inputs_of_frame, name_of_input
from ..plan import Binding, FeatureRef, Population
from .decisions import Decided, decide
from .evidence import evidence_words, words_of
from .frames import frame_rows
from .keys import only_key
from .labels import segment_name, segments_included, segments_named
from .query import Names, Query, column, from_table, named
from .relation import Relation


@dataclass(frozen=True, slots=True)
class Options:
    """What an assignment query gives besides the key and the decisions.

    `evidence`: the words `evidence_true_0, …` and `evidence_known_0, …`; bits of personal conditions stay 0.
    `conditions`: the truth of each condition, `condition_<number>`, personal ones too, which must not be shown.
    `values`: what the conditions look at, and `features`: every field and feature of the row, named by
    `value_columns`; nothing personal. `key`: only the row with that key. `sorted`: in order of the key.
    `codes_only`: no names of segments: clause numbers, and lists of the numbers (from 1) of included segments.
    `plain`: for people to read, at the cost of speed."""

    evidence: bool = False
    conditions: bool = False
    values: bool = False
    features: bool = False
    key: Value | None = None
    sorted: bool = False
    codes_only: bool = False
    plain: bool = False


DEFAULT = Options()


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
    values = value_columns(population, program, options)
    terms += [_value(decided, each) for each in values.values()]
    names = [*_names(population, options)[0], *values]
    select = from_table(decided.rows.table, [named(*each) for each in zip(terms, names, strict=True)])
    return select.order_by(key, copy=False) if options.sorted else select


def value_columns(population: Population, program: Program, options: Options) -> dict[str, Input]:
    """The columns that `values` and `features` add: the name of each (`name_of_input`) and what it holds; where that is
    the name of another column, `(value)` follows."""
    inputs = inputs_of_conditions(population, program) if options.values else ()
    if options.features:
        inputs = tuple(dict.fromkeys([*inputs, *inputs_of_frame(population, program)]))
    names, found = _names(population, options)[1], dict[str, Input]()
    for each in inputs:
        name = name_of_input(each, population.frame, program)
        found[names.fresh(name, f"{name} (value)")] = each
    return found


def _names(population: Population, options: Options) -> tuple[list[str], Names]:
    """The names of the columns before the values."""
    wanted = [population.frame.key or ""]
    for decision in population.decisions:
        name = decision.segmentation
        if not (decision.exclusive and options.codes_only):
            wanted.append(name)
        if decision.exclusive:
            wanted.append(f"{name}_clause")
    if options.evidence:
        wanted += [f"evidence_{kind}_{word}" for kind in ("true", "known") for word in words_of(population)]
    if options.conditions:
        wanted += [f"condition_{each.number}" for each in population.conditions]
    names = Names()
    return [names.fresh(name) for name in wanted], names


def _value(decided: Decided, input: Input) -> exp.Expr:
    match input:
        case FieldRef(table, field):
            return column(decided.rows.fields[table, field])
        case FeatureRef(name):
            return column(decided.rows.features[name])
        case Previous(segmentation):
            return column(decided.rows.previous[segmentation])
