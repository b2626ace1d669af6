"""What docs/outcomes.md lists is what there is: no field, column, guard, measure or gate more or less."""

from __future__ import annotations

import csv
import re
import tomllib
from pathlib import Path
from typing import get_args

import duckdb
import pytest
from pydantic import BaseModel

import segwright as sw
from segwright.dsl.builtin_measures import BUILTIN_MEASURES
from segwright.runtime.exporting.tables import TABLES
from segwright.runtime.outcomes import records
from segwright.runtime.settings import GATES
from segwright.runtime.statistics.figures import Interval
from segwright.runtime.statistics.shares import wilson
from segwright.runtime.statistics.targets import meets

PAGE = Path(__file__).parents[1] / "docs" / "outcomes.md"
WRITTEN = PAGE.read_text(encoding="utf-8")


SETTINGS = """
[data]
customers = "customers.parquet"
payments = "payments.parquet"
[run]
as_of = 2026-09-01
"""
CUSTOMERS = """
SELECT i::BIGINT AS customer_id, 550 + 2 * i AS credit_score, 'app' AS channel, DATE '2025-01-01' AS opened_on,
  100.00::DECIMAL(18, 2) AS acquisition_cost, 900.00::DECIMAL(18, 2) AS clv_12m, i % 3 AS products, 0.02 AS pd_12m,
  i % 11 AS nps_answer, if(i % 2 = 0, 'F', 'M') AS gender, true AS marketing_consent
FROM range(100) AS t(i)"""
PAYMENTS = """
SELECT i::BIGINT AS customer_id, DATE '2027-08-31' AS paid_on, 100 * (i % 2) AS days_late FROM range(100) AS t(i)"""


def table_of(heading: str) -> dict[str, list[str]]:
    """The table below a heading: the other cells of each row by the first, without backquotes."""
    (section,) = re.findall(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", WRITTEN, re.MULTILINE | re.DOTALL)
    rows = [re.split(r" \| ", line.strip("| ")) for line in section.splitlines() if line.startswith("|")]
    return {first.strip("`"): rest for first, *rest in rows[2:]}


def names(cell: str) -> list[str]:
    """The names in backquotes of a cell."""
    return re.findall(r"`([^`]+)`", cell)


RECORDS: dict[str, tuple[type[BaseModel], ...]] = {
    "the whole": (records.Outcomes,),
    "a table": (records.TableOutcomes,),
    "a measure": (records.MeasureRecord,),
    "a figure": (records.FigureRecord,),
    "a difference": (records.DifferenceRecord,),
    "a target": (records.TargetRecord,),
    "a guard": (records.GuardRecord,),
    "fairness": (records.FairnessRecord,),
    "a group": (records.GroupRecord,),
    "a driver": (records.DriverRecord,),
    "a proxy": (records.ProxyRecord,),
    "a sentence": (records.Said,),
    "contact pressure": (records.ContactRecord,),
}
SAID = {
    *get_args(records.Status),
    *("lower", "higher", "favourable", "unfavourable", "12 months"),
}
"""Values that the table of fields names beside the fields."""


def test_every_field_is_listed_and_no_other() -> None:
    listed = table_of("`outcomes.json`")
    assert set(listed) == set(RECORDS)
    for where, models in RECORDS.items():
        fields = {name for model in models for name, field in model.model_fields.items() if not field.exclude}
        named = set(names(listed[where][0]))
        assert fields <= named, (where, fields - named)
        assert named - fields <= SAID, (where, named - fields)


def test_every_record_is_listed() -> None:
    written = {each for each in vars(records).values() if isinstance(each, type) and issubclass(each, BaseModel)}
    listed = {model for models in RECORDS.values() for model in models}
    assert {each.__name__ for each in written - listed} == {"BaseModel", "_Record", "Figures"}


def test_verdicts_and_guards_are_those_of_a_run() -> None:
    assert set(table_of("Targets")) - {""} == set(get_args(records.Verdict))
    assert set(table_of("Guards")) == set(get_args(records.GuardKind))


def test_built_in_measures_are_listed_with_their_definition_and_source() -> None:
    listed = table_of("Measures")
    assert listed == {
        each.name: [
            ", ".join(f"`{argument.name}`" for argument in each.arguments),
            each.formula,
            each.source,
        ]
        for each in BUILTIN_MEASURES
    }


def test_exports_are_listed() -> None:
    listed = table_of("Exports")
    assert set(listed) == {"assignments", *TABLES}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> sw.Run:
    """A run of the page's data, targets and policy over a hundred customers."""
    folder = tmp_path_factory.mktemp("page")
    blocks = re.findall(r"^```seg(?: data)?\n(.*?)^```", WRITTEN, re.MULTILINE | re.DOTALL)
    data, targets, policy = blocks[0], blocks[3], blocks[4]
    (folder / "rules.seg").write_text("\n".join([data, targets, policy]), encoding="utf-8")
    (folder / "segwright.toml").write_text(SETTINGS, encoding="utf-8")
    with duckdb.connect() as con:
        con.execute(f"COPY ({CUSTOMERS}) TO '{folder / 'customers.parquet'}' (FORMAT parquet)")
        con.execute(f"COPY ({PAYMENTS}) TO '{folder / 'payments.parquet'}' (FORMAT parquet)")
    return sw.open(folder).run()


@pytest.mark.parametrize("name", TABLES)
def test_columns_of_an_export_are_listed(run: sw.Run, name: str, tmp_path: Path) -> None:
    run.export(tmp_path / "table.csv", table=name)
    with (tmp_path / "table.csv").open(encoding="utf-8", newline="") as file:
        assert names(table_of("Exports")[name][0]) == next(csv.reader(file))


def test_all_gates_are_listed() -> None:
    (block,) = re.findall(r"^```toml\n(\[gates\]\n.*?)^```", WRITTEN, re.MULTILINE | re.DOTALL)
    assert tuple(tomllib.loads(block)["gates"]) == GATES


@pytest.mark.parametrize("hits, n, said", [(127, 2944, "3.64% to 5.11%"), (0, 20, "0.00% to 16.11%")])
def test_the_intervals_told_are_those_of_wilson(hits: int, n: int, said: str) -> None:
    around = wilson(hits, n)
    assert isinstance(around, Interval)
    assert f"{around.low:.2%} to {around.high:.2%}" == said
    assert said in WRITTEN


@pytest.mark.parametrize("n, verdict", [(100_000, "met"), (500, "unclear")])
def test_the_interval_decides_as_told(n: int, verdict: str) -> None:
    around = wilson(round(0.028 * n), n)
    assert meets(0.028, around, "at_most", 0.03) == verdict
