"""Decisions as columns: the number of the clause that wins, or whether each segment is included."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sqlglot import exp

from ..plan import Decision, Frame, Population
from ..steps import clauses_of, conditions_of, in_force, late_features, limits, steps_of_decisions
from .cap import is_kept, with_last_kept
from .expressions import Scope, Segments, formula_term, term
from .frames import with_features
from .query import Query, column, from_table, named
from .rows import Rows, scope_of
from .stops import all_reckoned
from .terms import call, cast, is_in

ConditionTerm = Callable[[int], exp.Expr]


@dataclass(frozen=True, slots=True)
class Decided:
    """Rows with their decisions. `clause` is the column of the winning clause's number by exclusive segmentation,
    `included` the boolean column of each segment by overlapping segmentation, `qualifies` the same before its cap,
    `conditions` that of each condition by number, where asked for."""

    rows: Rows
    clause: Mapping[str, str]
    included: Mapping[str, Mapping[str, str]]
    qualifies: Mapping[str, Mapping[str, str]]
    conditions: Mapping[int, str]


def small_integer(highest: int) -> str:
    """The narrowest unsigned type that holds `highest`."""
    return "UTINYINT" if highest < 2**8 else "USMALLINT" if highest < 2**16 else "UINTEGER"


def decide(query: Query, population: Population, rows: Rows, *, conditions: bool = False) -> Decided:
    """Adds the decisions of a population to its rows, those that ask others after them; with `conditions` first a
    column of the truth of each condition (NULL: unknown)."""
    rows = all_reckoned(query, population.frame, rows, population.frame.key or "")
    decided = Decided(rows, {}, {}, {}, {})
    for step in steps_of_decisions(population):
        if conditions:
            decided = _with_conditions(query, population, decided, step)
        decided = _with_decisions(query, population, decided, step)
        decided = _with_caps(query, population, decided, step)
        segments = segments_decided(population, decided)
        decided = replace(decided, rows=with_late_features(query, population.frame, decided.rows, segments))
    return decided


def with_late_features(query: Query, frame: Frame, rows: Rows, segments: Segments) -> Rows:
    """Adds the features that ask only for segments of `segments`, the segmentations that are decided."""
    late = late_features(frame, rows.features, segments)
    if not late:
        return rows
    rows = with_features(query, frame, rows, late, segments)
    return all_reckoned(query, frame, rows, frame.key or "", only={each.name for each in late})


# -- scopes --------------------------------------------------------------------------------------------------------


def scope_of_decided(query: Query, population: Population, decided: Decided) -> Scope:
    """How expressions over the frame name what they read, segments that are decided included."""
    return replace(scope_of(query, decided.rows), segments=segments_decided(population, decided))


def segments_decided(population: Population, decided: Decided) -> Segments:
    """The segmentations that are decided."""
    return {
        decision.segmentation: _asked(decision, decided)
        for decision in population.decisions
        if decision.segmentation in decided.clause or decision.segmentation in decided.included
    }


def _asked(decision: Decision, decided: Decided) -> Callable[[tuple[str, ...]], exp.Expr]:
    def included(segments: tuple[str, ...]) -> exp.Expr:
        (segment,) = segments
        return column(decided.included[decision.segmentation][segment])

    def assigned(segments: tuple[str, ...]) -> exp.Expr:
        type = small_integer(decision.otherwise_clause or 0)
        numbers = [_small(number, type) for number in clauses_of(decision, segments)]
        return is_in(column(decided.clause[decision.segmentation]), numbers)

    return assigned if decision.exclusive else included


def _small(number: int, type: str) -> exp.Expr:
    return cast(exp.Literal.number(number), type)


# -- steps ---------------------------------------------------------------------------------------------------------


def _with_conditions(query: Query, population: Population, decided: Decided, step: list[Decision]) -> Decided:
    scope, columns = scope_of_decided(query, population, decided), dict(decided.conditions)
    terms: list[exp.Expr] = []
    for decision in step:
        for condition in conditions_of(population, decision):
            if condition.number not in columns:
                columns[condition.number] = decided.rows.names.fresh(f"condition_{condition.number}")
                terms.append(named(term(scope, condition.test), columns[condition.number]))
    if not terms:
        return decided
    name = query.add(f"{population.table} with conditions", from_table(decided.rows.table, [exp.Star(), *terms]))
    return replace(decided, rows=replace(decided.rows, table=name), conditions=columns)


def _with_decisions(query: Query, population: Population, decided: Decided, step: list[Decision]) -> Decided:
    scope, names = scope_of_decided(query, population, decided), decided.rows.names

    def condition(number: int) -> exp.Expr:
        if number in decided.conditions:
            return column(decided.conditions[number])
        return term(scope, population.conditions[number].test)

    clause, qualifies, terms = dict(decided.clause), dict(decided.qualifies), list[exp.Expr]()
    for decision in step:
        if decision.exclusive:
            held = names.fresh(f"{decision.segmentation}_clause")
            clause[decision.segmentation] = held
            terms.append(named(winning_clause(query, decision, condition), held))
        else:
            verb = "fits" if limits(decision) else "includes"
            holding = {name: names.fresh(f"{decision.segmentation} {verb} {name}") for name in decision.segments}
            qualifies[decision.segmentation] = holding
            terms += [
                query.remarked((decision.segmentation, name), named(fits(query, decision, name, condition), held))
                for name, held in holding.items()
            ]
    name = query.add(f"{population.table} decided", from_table(decided.rows.table, [exp.Star(), *terms]))
    return replace(decided, rows=replace(decided.rows, table=name), clause=clause, qualifies=qualifies)


def _with_caps(query: Query, population: Population, decided: Decided, step: list[Decision]) -> Decided:
    """Adds who is included: whoever qualifies, where there is no cap."""
    rows, included, terms = decided.rows, dict(decided.included), list[exp.Expr]()
    for decision in step:
        if decision.exclusive:
            continue
        name = decision.segmentation
        included[name] = qualifies = decided.qualifies[name]
        if limits(decision):
            rows, last = with_last_kept(query, population.table, rows, decision, qualifies)
            included[name] = {each: rows.names.fresh(f"{name} includes {each}") for each in decision.segments}
            terms += [named(is_kept(decision, each, qualifies, last), held) for each, held in included[name].items()]
    if terms:
        table = query.add(f"{population.table} within limits", from_table(rows.table, [exp.Star(), *terms]))
        rows = replace(rows, table=table)
    return replace(decided, rows=rows, included=included)


def winning_clause(query: Query, decision: Decision, condition: ConditionTerm) -> exp.Expr:
    """The number of the first clause that holds, else that of `otherwise`: one flat CASE."""
    assert decision.otherwise_clause is not None, "an exclusive segmentation has an `otherwise`"
    type, case = small_integer(decision.otherwise_clause), exp.Case()

    def arm(number: int) -> exp.Expr:
        return query.remarked((decision.segmentation, number), _small(number, type))

    clauses = [clause for clause in decision.clauses if in_force(clause, query.binding.as_of)]
    otherwise = arm(decision.otherwise_clause)
    for clause in clauses:
        case = case.when(formula_term(clause.formula, condition), arm(clause.number), copy=False)
    return case.else_(otherwise, copy=False) if clauses else otherwise


def fits(query: Query, decision: Decision, segment: str, condition: ConditionTerm) -> exp.Expr:
    """Whether a clause of the segment holds; never unknown."""
    formulas = [
        formula_term(clause.formula, condition)
        for clause in decision.clauses
        if clause.segment == segment and in_force(clause, query.binding.as_of)
    ]
    return call("COALESCE", exp.or_(*formulas, copy=False), exp.false()) if formulas else exp.false()
