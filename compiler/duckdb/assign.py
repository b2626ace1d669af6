"""The query that puts the rows of a population into segments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp

from ...dsl.program import Program
from ...dsl.types import Value
from ..plan import Binding, Population
from .decisions import Decided, decide, label, names_included, truth_bit
from .frames import Restriction, frame_rows
from .query import Names, Query, column, from_table, named
from .relation import Relation
from .terms import cast, is_known, literal


@dataclass(frozen=True, slots=True)
class Options:
    """What an assignment query gives besides the key and the decisions.

    `evidence`: the words `evidence_true_i` and `evidence_known_i`; bits of personal conditions stay 0. `values`: what
    the conditions look at, nothing personal. `conditions`: `condition_<n>`, the truth of each condition. `features`:
    every field and feature of the row, nothing personal. `key`: only the row with that key. `sorted`: in order of the
    key. `codes_only`: no labels, only clause numbers and lists of segment numbers from 1."""

    evidence: bool = False
    values: bool = False
    conditions: bool = False
    features: bool = False
    key: Value | None = None
    sorted: bool = False
    codes_only: bool = False


def assignment_query(
    population: Population,
    binding: Binding,
    program: Program,
    relations: Mapping[str, Relation],
    options: Options = Options(),
) -> str:
    """A query for one row for each row of the population: its key under its declared name; for each exclusive
    segmentation the segment's name and `<name>_clause`, for each overlapping one a list of names."""
    query = Query(program, binding, relations)
    rows = frame_rows(query, population.frame, _with_key(program, population, options.key))
    decided = decide(query, population, rows, conditions=options.evidence or options.conditions)
    terms, names = _assignments(population, decided, options)
    if options.evidence:
        terms += evidence(population, decided)
    if options.conditions:
        terms += [
            named(column(held), names.fresh(f"condition_{number}")) for number, held in decided.conditions.items()
        ]
    select = from_table(decided.rows.table, terms)
    if options.sorted:
        select = select.order_by(column(_key(population, decided)), copy=False)
    return query.finish(select)


def _key(population: Population, decided: Decided) -> str:
    return decided.rows.fields[population.table, population.frame.key or ""]


def _with_key(program: Program, population: Population, key: Value | None) -> Restriction | None:
    if key is None:
        return None
    type = program.table(population.table).field_named(population.frame.key or "").type
    return lambda term: exp.EQ(this=term.copy(), expression=literal(key, type))


def _assignments(population: Population, decided: Decided, options: Options) -> tuple[list[exp.Expr], Names]:
    names = Names()
    terms = [named(column(_key(population, decided)), names.fresh(population.frame.key or ""))]
    for decision in population.decisions:
        name = decision.segmentation
        if decision.exclusive:
            clause = column(decided.clause[name])
            if not options.codes_only:
                terms.append(named(label(decision, clause.copy()), names.fresh(name)))
            terms.append(named(clause, names.fresh(f"{name}_clause")))
        else:
            terms.append(named(names_included(decision, decided.included[name]), names.fresh(name)))
    return terms, names


def evidence(population: Population, decided: Decided) -> list[exp.Expr]:
    """The words `evidence_true_0, …` and `evidence_known_0, …`: condition i is bit i mod 64 of word i div 64."""
    shown = [condition.number for condition in population.conditions if not condition.personal]
    words = range((len(population.conditions) + 63) // 64)
    terms: list[exp.Expr] = []
    for kind in ("true", "known"):
        for word in words:
            bits = [
                truth_bit(held if kind == "true" else is_known(held), number % 64)
                for number in shown
                if number // 64 == word
                for held in [column(decided.conditions[number])]
            ]
            total = cast(exp.Literal.number(0), "UBIGINT")
            for bit in bits:
                total = exp.BitwiseOr(this=total, expression=bit)
            terms.append(named(total, f"evidence_{kind}_{word}"))
    return terms
