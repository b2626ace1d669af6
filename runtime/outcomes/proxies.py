"""Proxies: fields that decide, and how well they tell the group of a protected field.

Of each field, let, decision or earlier segment that conditions look at, against each protected field of a fairness
statement: Cramér's V over the rows whose group is known. Numbers and dates are put into deciles, of text the 50 values
with the most rows are told apart, and what is missing is a value of its own, since it tells too. What is personal is
not looked at.

Shown are at most ten for each protected field, those that tell most, of which p, allowing for how many were looked at
(Holm), is below 5 % and V is 0.1 or more: where either of the two has two values that is a small effect (Cohen,
Statistical Power Analysis for the Behavioral Sciences, 2nd ed. 1988, ch. 7), and less than that explains no difference.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from ...compiler.assignment import measured_columns, value_columns
from ...compiler.inputs import name_of_input
from ...compiler.plan import Population
from ...dsl.program import Program
from ...dsl.wording import wording
from ..connection import engine_error
from ..statistics.association import Association, cramers_v
from ..statistics.differences import holm
from ..statistics.figures import SIGNIFICANCE
from .crossed import protected_groups
from .groups import Groups, banded, groups_of_values, quantiles
from .measures import Measured
from .records import ProxyRecord

LEAST_ASSOCIATION = 0.1
MOST_PROXIES = 10
BANDS = 10
MOST_VALUES = 50


def proxy_records(measured: Measured, program: Program, population: Population) -> list[ProxyRecord]:
    """The proxies of each protected field that fairness looks across, the strongest first. `measured` was written with
    values. `n` are the rows whose group is known: those of the table but for the group `missing`."""
    across = () if population.measuring is None else population.measuring.across
    if not across:
        return []
    asked = measured_columns(population, program, measured.options)
    try:
        deciding = _deciding(measured, program, population)
        return [
            record
            for ref in across
            for record in _of_field(
                measured,
                wording(ref, population.table),
                protected_groups(measured, asked[ref], ref),
                {name: groups for input, (name, groups) in deciding.items() if input != ref},
            )
        ]
    except duckdb.Error as problem:
        raise engine_error(problem, "looking for proxies of protected fields") from problem


def _deciding(measured: Measured, program: Program, population: Population) -> dict[object, tuple[str, Groups]]:
    """What conditions look at, by name and in groups."""
    columns = value_columns(population, program, measured.options)
    in_bands = [column for column, input in columns.items() if input.type.kind not in ("text", "boolean")]
    cuts = quantiles(measured.con, measured.relation, in_bands, BANDS)
    return {
        input: (
            name_of_input(input, population.frame, program),
            banded(measured.relation, column, input.type, cuts[column])
            if column in cuts
            else groups_of_values(measured.con, measured.relation, column, input.type, MOST_VALUES),
        )
        for column, input in columns.items()
    }


def _of_field(measured: Measured, protected: str, groups: Groups, deciding: dict[str, Groups]) -> list[ProxyRecord]:
    found = {
        name: association
        for name, table in zip(deciding, _tables(measured, groups, list(deciding.values())), strict=True)
        if isinstance(association := cramers_v(table), Association)
    }
    adjusted = dict(zip(found, holm([each.p_value for each in found.values()]), strict=True))
    records = [
        ProxyRecord(protected=protected, field=name, association=each.v, p=adjusted[name], n=each.n)
        for name, each in found.items()
        if each.v >= LEAST_ASSOCIATION and adjusted[name] < SIGNIFICANCE
    ]
    return sorted(records, key=lambda record: -record.association)[:MOST_PROXIES]


def _tables(measured: Measured, protected: Groups, deciding: Sequence[Groups]) -> list[list[list[int]]]:
    """For each deciding field the rows by known group (a line) and by its own groups."""
    tables = [[[0] * len(each.labels) for _ in range(protected.missing)] for each in deciding]
    if not deciding:
        return tables
    terms = ", ".join(f"{each.term} AS d{number}" for number, each in enumerate(deciding))
    names = [f"d{number}" for number in range(len(deciding))]
    sets = ", ".join(f"(g, {name})" for name in names)
    which = " ".join(f"WHEN grouping({name}) = 0 THEN {number}" for number, name in enumerate(names))
    query = (
        f"SELECT g, CASE {which} END, coalesce({', '.join(names)}), count(*) "
        f"FROM (SELECT {protected.term} AS g, {terms} FROM {measured.relation.source}) "
        f"WHERE g <> {protected.missing} GROUP BY GROUPING SETS ({sets})"
    )
    for group, number, value, count in measured.con.execute(query).fetchall():
        tables[number][group][value] = count
    return tables
