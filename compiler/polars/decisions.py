"""Decisions as columns: the number of the clause that wins, or whether each segment is included."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from ..plan import AllOf, AnyOf, Decision, DecisionClause, Formula, Is, Negated, NotTrue, Population
from ..steps import clauses_of, conditions_of, in_force, late_features, limits, steps_of_decisions
from .expressions import Scope, Segments, any_of, formula_term, term
from .frames import with_features
from .rows import Reading, Rows, scope_of
from .stops import all_reckoned

AT_ONCE = 255
"""So many clauses are told apart in eight bits, which is fastest by far."""


@dataclass(frozen=True, slots=True)
class Decided:
    """Rows with their decisions. `clause` is the column of the winning clause's number by exclusive segmentation,
    `included` the boolean column of each segment by overlapping segmentation, `qualifies` the same before its cap,
    `conditions` that of each condition by number, where there is one."""

    rows: Rows
    clause: Mapping[str, str]
    included: Mapping[str, Mapping[str, str]]
    qualifies: Mapping[str, Mapping[str, str]]
    conditions: Mapping[int, str]


def small_integer(highest: int) -> pl.DataType:
    """The narrowest unsigned type that holds `highest`."""
    return pl.UInt8() if highest < 2**8 else pl.UInt16() if highest < 2**16 else pl.UInt32()


def decide(reading: Reading, population: Population, rows: Rows, *, conditions: bool = False) -> Decided:
    """Adds the decisions of a population to its rows, those that ask others after them; with `conditions` a column of
    the truth of each condition (null: unknown)."""
    decided = Decided(all_reckoned(population.frame, rows, population.frame.key or ""), {}, {}, {}, {})
    for step in steps_of_decisions(population):
        decided = _with_conditions(reading, population, decided, step, everything=conditions)
        decided = _with_decisions(reading, population, decided, step)
        decided = _with_caps(decided, step)
        decided = replace(decided, rows=_with_late_features(reading, population, decided))
    return decided


def _with_late_features(reading: Reading, population: Population, decided: Decided) -> Rows:
    """Adds the features that ask only for segments of what is decided."""
    frame, rows, segments = population.frame, decided.rows, _segments(population, decided)
    late = late_features(frame, rows.features, segments)
    if not late:
        return rows
    rows = with_features(reading, rows, late, segments)
    return all_reckoned(frame, rows, frame.key or "", only={each.name for each in late})


# -- scopes --------------------------------------------------------------------------------------------------------


def scope_of_decided(reading: Reading, population: Population, decided: Decided) -> Scope:
    """How expressions over the frame name what they read, segments that are decided included."""
    return replace(scope_of(reading, decided.rows), segments=_segments(population, decided))


def _segments(population: Population, decided: Decided) -> Segments:
    return {
        decision.segmentation: _asked(decision, decided)
        for decision in population.decisions
        if decision.segmentation in decided.clause or decision.segmentation in decided.included
    }


def _asked(decision: Decision, decided: Decided) -> Callable[[tuple[str, ...]], pl.Expr]:
    def included(segments: tuple[str, ...]) -> pl.Expr:
        (segment,) = segments
        return pl.col(decided.included[decision.segmentation][segment])

    def assigned(segments: tuple[str, ...]) -> pl.Expr:
        numbers = pl.Series(clauses_of(decision, segments), dtype=small_integer(decision.otherwise_clause or 0))
        return pl.col(decided.clause[decision.segmentation]).is_in(numbers.implode())

    return assigned if decision.exclusive else included


# -- steps ---------------------------------------------------------------------------------------------------------


def _with_conditions(
    reading: Reading, population: Population, decided: Decided, step: list[Decision], *, everything: bool
) -> Decided:
    """Adds columns of the conditions that a step reads: of those that it reads more than once, or of `everything`."""
    scope, columns, terms = scope_of_decided(reading, population, decided), dict(decided.conditions), list[pl.Expr]()
    read = Counter(
        number
        for decision in step
        for clause in decision.clauses
        if in_force(clause, reading.binding.as_of)
        for number in _read(clause.formula)
    )
    for decision in step:
        for condition in conditions_of(population, decision):
            if condition.number not in columns and (everything or read[condition.number] > 1):
                columns[condition.number] = decided.rows.names.fresh(f"condition_{condition.number}")
                terms.append(term(scope, condition.test).alias(columns[condition.number]))
    rows = replace(decided.rows, frame=decided.rows.frame.with_columns(terms)) if terms else decided.rows
    return replace(decided, rows=rows, conditions=columns)


def _read(formula: Formula) -> list[int]:
    """The numbers of the conditions of a formula, as often as it reads them."""
    match formula:
        case Is(number):
            return [number]
        case AllOf(operands) | AnyOf(operands):
            return [number for operand in operands for number in _read(operand)]
        case Negated(operand) | NotTrue(operand):
            return _read(operand)


def _with_decisions(reading: Reading, population: Population, decided: Decided, step: list[Decision]) -> Decided:
    scope, names = scope_of_decided(reading, population, decided), decided.rows.names

    def holds(clause: DecisionClause) -> pl.Expr:
        return formula_term(clause.formula, condition)

    def condition(number: int) -> pl.Expr:
        if number in decided.conditions:
            return pl.col(decided.conditions[number])
        return term(scope, population.conditions[number].test)

    clause, qualifies, terms = dict(decided.clause), dict(decided.qualifies), list[pl.Expr]()
    for decision in step:
        asked = [each for each in decision.clauses if in_force(each, reading.binding.as_of)]
        if decision.exclusive:
            assert decision.otherwise_clause is not None, "an exclusive segmentation has an `otherwise`"
            clause[decision.segmentation] = names.fresh(f"{decision.segmentation}_clause")
            numbered = [(each.number, holds(each)) for each in asked]
            first = first_that_holds(numbered, decision.otherwise_clause)
            terms.append(first.alias(clause[decision.segmentation]))
            continue
        qualifies[decision.segmentation] = {
            name: names.fresh(f"{decision.segmentation} fits {name}") for name in decision.segments
        }
        for name, held in qualifies[decision.segmentation].items():
            holding = any_of(holds(each) for each in asked if each.segment == name)
            terms.append(holding.fill_null(False).alias(held))
    rows = replace(decided.rows, frame=decided.rows.frame.with_columns(terms))
    return replace(decided, rows=rows, clause=clause, qualifies=qualifies)


def _with_caps(decided: Decided, step: list[Decision]) -> Decided:
    """Adds who is included: whoever qualifies, where there is no cap."""
    rows, included, names = decided.rows, dict(decided.included), decided.rows.names
    for decision in step:
        if decision.exclusive:
            continue
        name = decision.segmentation
        included[name] = qualifies = decided.qualifies[name]
        if limits(decision):
            rows, last = _with_last_kept(rows, decision, list(qualifies.values()))
            included[name] = {each: names.fresh(f"{name} includes {each}") for each in decision.segments}
            kept = [
                (pl.col(qualifies[each]) & (pl.col(last) >= number)).alias(held)
                for number, (each, held) in enumerate(included[name].items(), start=1)
            ]
            rows = replace(rows, frame=rows.frame.with_columns(kept))
    return replace(decided, rows=rows, included=included)


def _with_last_kept(rows: Rows, decision: Decision, qualifies: list[str]) -> tuple[Rows, str]:
    """Adds the number, from 1, of the last segment that a row keeps, and gives its column; a number above all where it
    qualifies for fewer than it may keep. Found as the first segment that it qualifies for, the second and so on."""
    beyond, last = len(qualifies) + 1, ""
    for count in range(decision.cap or 0):
        fitting = [(number, pl.col(held)) for number, held in enumerate(qualifies, start=1) if number > count]
        numbered = [(number, fits & (pl.col(last) < number) if last else fits) for number, fits in fitting]
        last = rows.names.fresh(f"{decision.segmentation} segment {count + 1}")
        rows = replace(rows, frame=rows.frame.with_columns(first_that_holds(numbered, beyond).alias(last)))
    return rows, last


def first_that_holds(numbered: Sequence[tuple[int, pl.Expr]], otherwise: int) -> pl.Expr:
    """The number of the first condition that is true, else `otherwise`, which is the highest; numbers go up.

    By the least number among those that hold, in eight bits and without nulls: Polars is many times slower at a chain
    of branches, at wider numbers and at nulls."""
    wide = small_integer(otherwise)
    if otherwise <= AT_ONCE:
        return pl.min_horizontal(
            *(_if_holds(holds, number, otherwise) for number, holds in numbered), _number(otherwise, wide)
        )
    blocks = [numbered[start : start + AT_ONCE] for start in range(0, len(numbered), AT_ONCE)]
    found = _number(otherwise, wide)
    for block in reversed(blocks):
        places = [_if_holds(holds, place, AT_ONCE) for place, (_, holds) in enumerate(block)]
        place = pl.min_horizontal(*places)
        number = _looked_up([number for number, _ in block], place, wide)
        found = pl.when(place < AT_ONCE).then(number).otherwise(found)
    return found


def _if_holds(holds: pl.Expr, number: int, otherwise: int) -> pl.Expr:
    return pl.when(holds).then(_number(number, pl.UInt8())).otherwise(_number(otherwise, pl.UInt8()))


def _number(number: int, type: pl.DataType) -> pl.Expr:
    return pl.lit(number, dtype=type)


def _looked_up(numbers: list[int], place: pl.Expr, type: pl.DataType) -> pl.Expr:
    if numbers == list(range(numbers[0], numbers[0] + len(numbers))):
        return place.cast(type) + _number(numbers[0], type)
    filled = [*numbers, *[numbers[-1]] * (AT_ONCE + 1 - len(numbers))]
    return pl.lit(pl.Series(filled, dtype=type)).gather(place)
