"""The SQL that people read gives what a run's own gives, whatever is said in its comments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import duckdb
import pytest
from generators.cases import checked
from generators.datasets import datasets, runs_before
from generators.programs import programs
from hypothesis import HealthCheck, given, note, seed, settings
from hypothesis import strategies as st

from segwright.compiler.duckdb.readable import Remarks, readable_query
from segwright.compiler.duckdb.relation import Relation, previous_relation
from segwright.compiler.plan import Binding, Population
from segwright.compiler.plan_from_program import plan_from_program
from segwright.compiler.plan_walk import all_features, looks_at_time
from segwright.dsl.program import Program

from .duckdb_engine import answers, connected, duckdb_type
from .engine import Stopped

SAID = "*/ /* '\n\" -- ;"


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with connected() as con:
        yield con


def remarks_on(population: Population) -> Remarks:
    """Something dangerous to say beside everything that can have a remark."""
    keys: list[tuple[str, int | str]] = []
    for decision in population.decisions:
        keys += [(decision.segmentation, clause.number) for clause in decision.clauses]
        keys += [(decision.segmentation, name) for name in decision.segments]
        keys += [(decision.segmentation, decision.otherwise_clause or 0)]
    tables = [population.table, *(each.frame.source.table for each in population.frame.passes)]
    keys += [(table, feature.name) for table in tables for feature in all_features(population.frame)]
    return dict.fromkeys(keys, SAID)


def relations_of(program: Program, population: Population) -> dict[str, Relation]:
    """What `answers` has stored."""
    found = {
        table.name: Relation(f'"{table.name} kept"', {field.column: duckdb_type(field.type) for field in table.fields})
        for table in program.tables
    }
    if population.frame.previous:
        key = program.table(population.table).field_named(population.frame.key or "")
        columns = {key.name: duckdb_type(key.type), **dict.fromkeys(population.frame.previous, "VARCHAR")}
        found[previous_relation(population.table)] = Relation(f'"{population.table} before"', columns)
    return found


@pytest.mark.parametrize("start", range(5))
def test_generated_rules_and_rows(con: duckdb.DuckDBPyConnection, start: int) -> None:
    @seed(start)
    @settings(
        max_examples=10,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )
    @given(st.data())
    def ten(data: st.DataObject) -> None:
        compare(con, data)

    ten()


def compare(con: duckdb.DuckDBPyConnection, data: st.DataObject) -> None:
    generated = data.draw(programs())
    program, _ = checked(generated)
    rows = data.draw(datasets(program, generated.as_of))
    before = data.draw(runs_before(program, rows))
    note(f"as of {generated.as_of}\n{generated.text}")
    try:
        expected = answers(con, program, rows, generated.as_of, evidence=False, before=before)
    except Stopped:
        return
    binding = Binding(generated.as_of, {parameter.name: parameter.value for parameter in program.parameters})
    for population in plan_from_program(program).populations:
        relations = relations_of(program, population)
        query = readable_query(population, binding, program, relations, remarks_on(population))
        result = con.execute(query.text)
        columns = [column[0] for column in result.description or ()]
        found = {row[0]: dict(zip(columns, row, strict=True)) for row in result.fetchall()}
        told = {
            key: {
                decision.segmentation: (row[decision.segmentation], row[f"{decision.segmentation}_clause"])
                if decision.exclusive
                else row[decision.segmentation]
                for decision in population.decisions
            }
            for key, row in found.items()
        }
        assert told == expected.answers[population.table]
        assert all(query.tables.values())
        if not looks_at_time(population):
            later = replace(binding, as_of=binding.as_of + dt.timedelta(days=3_333))
            again = readable_query(population, later, program, relations, remarks_on(population))
            assert again.text == query.text
