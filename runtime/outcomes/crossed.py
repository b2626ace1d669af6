"""Rows by the groups of a protected field: how many are in which segments, and how many pass which conditions.

A group is a value of the field, or, of a whole number with more than ten different values (an age), a quarter of the
rows; declared domains part nobody, since they say nothing about how many are where.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ...compiler.assignment import decision_columns
from ...compiler.plan import Decision, Population
from ...dsl.outcomes import Fairness, SegmentName
from ...dsl.program import FieldRef, Program
from ..connection import quoted, text
from .groups import Groups, groups_in_bands, groups_of_values
from .measures import Measured
from .passing import Asked, asked_by, passes_term

MOST_GROUPS = 20
"""Beyond so many values of a text field, those with the fewest rows are one group."""

MOST_NUMBERS = 10
"""A whole number with more different values is put into bands."""

BANDS = 4
Direction = Literal["favourable", "unfavourable"]


@dataclass(frozen=True, slots=True)
class Crossed:
    """A protected field against a segmentation, in rows: `groups` by value, and `pairs` by segment and value."""

    field: str
    segmentation: str
    groups: Mapping[str, int]
    pairs: Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Statement:
    """A fairness statement as far as it is about one direction and segmentation."""

    fairness: Fairness
    direction: Direction
    decision: Decision
    segments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """The rows of each group of a field, in order: how many, how many in each segment and in those of each statement,
    and how many pass each condition."""

    groups: Groups
    n: dict[str, int]
    pairs: dict[str, dict[tuple[str, str], int]]
    selected: list[dict[str, int]]
    passing: dict[Asked, dict[str, int]]


def statements_of(program: Program, population: Population) -> list[Statement]:
    """The statements about segments of the population, by direction and segmentation."""
    found: list[Statement] = []
    for fairness in program.policy.fairness:
        sides: tuple[tuple[Direction, tuple[SegmentName, ...]], ...] = (
            ("favourable", fairness.favourable),
            ("unfavourable", fairness.unfavourable),
        )
        for direction, named in sides:
            for decision in population.decisions:
                segments = tuple(each.segment for each in named if each.segmentation == decision.segmentation)
                if segments:
                    found.append(Statement(fairness, direction, decision, segments))
    return found


# -- counting --------------------------------------------------------------------------------------------------------


def counted_by_group(
    measured: Measured,
    program: Program,
    population: Population,
    column: str,
    ref: FieldRef,
    statements: Sequence[Statement],
) -> Counted:
    """Everything about one field in one pass over the rows."""
    groups = protected_groups(measured, column, ref)
    columns = {name: column for name, (column, _) in decision_columns(population, measured.options).items()}
    decisions = list({each.decision.segmentation: each.decision for each in statements}.values())
    asked = [
        each
        for statement in statements
        for each in asked_by(
            statement.decision, program.segmentation(statement.decision.segmentation), statement.segments
        )
        if not population.conditions[each.number].personal
    ]
    conditions = list(dict.fromkeys(asked))
    segments = [(decision, name) for decision in decisions for name in _all_segments(decision)]
    terms = [
        *(_within(decision, columns[decision.segmentation], (name,)) for decision, name in segments),
        *(_within(each.decision, columns[each.decision.segmentation], each.segments) for each in statements),
        *(passes_term(each, population, measured.options) for each in conditions),
    ]
    counts = ", ".join(f"count(*) FILTER (WHERE {term})" for term in terms)
    query = (
        f"SELECT {groups.term} AS grouped, count(*), {counts} FROM {measured.relation.source} GROUP BY ALL ORDER BY 1"
    )
    rows = {groups.labels[number]: numbers for number, *numbers in measured.con.execute(query).fetchall()}

    def each_group(place: int) -> dict[str, int]:
        return {label: numbers[place] for label, numbers in rows.items()}

    pairs: dict[str, dict[tuple[str, str], int]] = {each.segmentation: {} for each in decisions}
    for place, (decision, name) in enumerate(segments, start=1):
        pairs[decision.segmentation] |= {(name, label): count for label, count in each_group(place).items()}
    after = 1 + len(segments)
    return Counted(
        groups,
        each_group(0),
        pairs,
        [each_group(after + number) for number in range(len(statements))],
        {each: each_group(after + len(statements) + number) for number, each in enumerate(conditions)},
    )


def protected_groups(measured: Measured, column: str, ref: FieldRef) -> Groups:
    """The groups that fairness looks at: values, or quarters of a number with many."""
    con, relation = measured.con, measured.relation
    if ref.type.kind != "integer":
        return groups_of_values(con, relation, column, ref.type, MOST_GROUPS)
    ((different,),) = con.execute(f"SELECT count(DISTINCT {quoted(column)}) FROM {relation.source}").fetchall()
    if different <= MOST_NUMBERS:
        return groups_of_values(con, relation, column, ref.type, MOST_NUMBERS)
    return groups_in_bands(con, relation, column, ref.type, BANDS)


def _within(decision: Decision, column: str, segments: Sequence[str]) -> str:
    listed = ", ".join(text(each) for each in segments)
    if decision.exclusive:
        return f"CAST({quoted(column)} AS VARCHAR) IN ({listed})"
    return f"list_has_any({quoted(column)}, [{listed}])"


def _all_segments(decision: Decision) -> tuple[str, ...]:
    return decision.segments if decision.otherwise is None else (*decision.segments, decision.otherwise)
