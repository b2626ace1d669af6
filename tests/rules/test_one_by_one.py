"""A decision about a row, from the rule set of a run alone, is what the run assigned to it.

pytest -m scale tests/rules/test_one_by_one.py      # every row of every project at its default size
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import pytest
from conformance.decide_engine import answer_of, as_given
from rules.conftest import Made
from rules.copies import EARLIER, NAMES, Copy
from sqlglot import exp

import segwright as sw
from segwright.compiler.duckdb.columns import column_value
from segwright.compiler.plan_from_program import plan_from_program
from segwright.dsl.program import Program, Table
from segwright.ruleset import RuleSet
from segwright.runtime.deciding.decision import Decision
from segwright.runtime.reference.rows import Data, rows_of


@pytest.mark.parametrize("name", NAMES)
def test_one_row_in_forty_is_decided_as_in_the_run(made: Made, name: str) -> None:
    _compare(made(name), one_in=40)


def test_one_row_in_four_of_a_small_portfolio_is_decided_as_in_the_run(made: Made) -> None:
    """As many borrowers as one in forty of the portfolio at its default size, which takes long to make."""
    _compare(made("personal_loans", 20_000), one_in=4)


@pytest.mark.scale
@pytest.mark.parametrize("name", [*NAMES, "personal_loans"])
def test_every_row_is_decided_as_in_the_run(made: Made, name: str) -> None:
    _compare(made(name), one_in=1)


def _compare(copy: Copy, one_in: int) -> None:
    project = sw.open(copy.folder)
    run = project.open_run(copy.run)
    rules, as_of = sw.load(copy.run / "ruleset.json"), dt.date.fromisoformat(str(run.manifest.as_of))
    data = _data(rules.program, copy.folder, one_in)
    rows = rows_of(rules.program, data, as_of)
    before = _before(copy, rules.program)
    parameters = {str(name): str(value) for name, value in run.manifest.parameters.items()}
    compared = 0
    for population in plan_from_program(rules.program).populations:
        table = population.table
        names = [decision.segmentation for decision in population.decisions]
        key = rules.program.table(table).key or ""
        decide = rules.decider(as_of=as_of, parameters=parameters, table=table)
        trusting = rules.decider(as_of=as_of, parameters=parameters, table=table, trusted=True)
        assigned = _assigned(run.assignments_of(table), key)
        for row in rows[table]:
            asked = as_given(rules.program, row, before)
            decided: Decision = decide(asked)
            assert decided == trusting(asked)
            wanted = assigned[row.key]
            for name in names:
                answer = answer_of(decided, [name])[name]
                said = (wanted[name], wanted[f"{name}_clause"]) if isinstance(answer, tuple) else wanted[name]
                assert answer == said, (row.key, name)
            compared += 1
    assert compared > 50


def _assigned(relation: Any, key: str) -> dict[Any, dict[str, Any]]:
    return {row[key]: row for row in relation.arrow().read_all().to_pylist()}


def _data(program: Program, folder: Path, one_in: int) -> Data:
    """The canonical rows of one root row in so many, and of all that belongs to them."""
    places = sw.open(folder).settings.data
    with duckdb.connect() as db:
        db.execute("SET TimeZone = 'UTC'")
        for table in program.tables:
            _view(db, table, folder, str(places[table.name].path))
        data: Data = {}
        for table in program.tables:
            where = _sampled(program, table, one_in)
            found = db.execute(f'SELECT * FROM "{table.name}" WHERE {where}')
            columns = [column[0] for column in found.description or ()]
            data[table.name] = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
        return data


def _view(db: duckdb.DuckDBPyConnection, table: Table, folder: Path, place: str) -> None:
    source = f"'{folder / place}'"
    types = {row[0]: row[1] for row in db.execute(f"DESCRIBE FROM {source}").fetchall()}
    values = [
        f"{column_value(field, types[field.column], exp.column(field.column, quoted=True)).sql('duckdb')} "
        f'AS "{field.name}"'
        for field in table.fields
        if field.column in types
    ]
    db.execute(f'CREATE VIEW "{table.name}" AS SELECT {", ".join(values)} FROM {source}')


def _sampled(program: Program, table: Table, one_in: int) -> str:
    if table.parent is None:
        return f'hash("{table.key}") % {one_in} = 0'
    parent = program.table(table.parent)
    return f'"{table.by}" IN (SELECT "{parent.key}" FROM "{parent.name}" WHERE {_sampled(program, parent, one_in)})'


def _before(copy: Copy, program: Program) -> dict[str, dict[Any, str]]:
    """What the run before said, where there was one."""
    if copy.folder.name not in EARLIER:
        return {}
    dates = EARLIER[copy.folder.name]
    (folder,) = (copy.folder / "runs").glob(f"{dates[-1]}*")
    run = sw.open(copy.folder).open_run(folder)
    found: dict[str, dict[Any, str]] = {}
    for segmentation in program.segmentations:
        if segmentation.exclusive:
            key = program.table(segmentation.table).key or ""
            rows = _assigned(run.assignments_of(segmentation.table), key)
            found[segmentation.name] = {each: row[segmentation.name] for each, row in rows.items()}
    return found


def test_a_rule_set_of_a_run_is_loaded_with_its_cut_points(made: Made) -> None:
    rules = sw.load(made("rfm").run / "ruleset.json")
    assert isinstance(rules, RuleSet)
    assert rules.cut_points
