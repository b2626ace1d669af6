"""A protected column is no other one by being declared again in a table that lies in the same place."""

import os
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from runtime.projects import Project

from segwright.runtime.errors import SettingsError

RULES = """
purposes marketing
table customers key customer_id
  customer_id integer
  gender      text optional protected
  agreed      boolean consent for marketing
table shadow of customers by customer_id
  customer_id integer
  {field}
segmentation s of customers
  overlapping
  segment a when shadow is known
"""
SAID = "`customers.gender` and `shadow.{}` are one column, `{}` of one set of data, and must carry the same labels"


@pytest.fixture
def people(project: Project) -> Project:
    project.table("customers", "(1, 'F', true), (2, 'M', false)", "customer_id, gender, agreed")
    return project


def refused(project: Project, field: str, **options: Any) -> str:
    project.rules(RULES.format(field=field))
    with pytest.raises(SettingsError) as caught:
        project.run(**options)
    assert not project.out.exists()
    return caught.value.message


def test_one_file_under_two_tables(people: Project) -> None:
    people.data["shadow"] = people.data["customers"]
    assert SAID.format("sex", "gender") in refused(people, 'sex text optional as "gender"')
    assert SAID.format("sex", "GENDER") in refused(people, 'sex text optional as "GENDER"')
    assert "`shadow.wants`" in refused(people, 'wants boolean as "agreed"')
    assert "`shadow.wants`" in refused(people, 'wants boolean as "agreed" consent for marketing personal')


def test_the_same_labels_are_no_disguise(people: Project) -> None:
    people.data["shadow"] = people.data["customers"]
    people.rules(RULES.format(field='sex text optional as "gender" protected'))
    assert people.run().manifest.assignments["customers"].rows == 2


@pytest.mark.parametrize("how", ["symbolic", "hard", "pattern"])
def test_the_file_under_another_name(people: Project, how: str) -> None:
    file = people.folder / "data" / "customers.parquet"
    other = people.folder / "data" / "other.parquet"
    match how:
        case "symbolic":
            other.symlink_to(file)
        case "hard":
            os.link(file, other)
        case _:
            other = people.folder / "data" / "cust*.parquet"
    people.data["shadow"] = f'"data/{other.name}"'
    assert SAID.format("sex", "gender") in refused(people, 'sex text optional as "gender"')


def test_one_table_of_a_database(project: Project) -> None:
    project.query("customers", "SELECT 1 AS customer_id, 'F' AS gender, true AS agreed", "duckdb")
    project.data["shadow"] = project.data["customers"]
    assert SAID.format("sex", "gender") in refused(project, 'sex text optional as "gender"')


def test_other_tables_of_one_database_are_other_data(project: Project) -> None:
    project.query("customers", "SELECT 1 AS customer_id, 'F' AS gender, true AS agreed", "duckdb")
    project.query("shadow", "SELECT 1 AS customer_id, 'x' AS gender", "duckdb")
    project.rules(RULES.format(field="gender text optional"))
    assert project.run().manifest.assignments["customers"].rows == 1


def test_one_frame(tmp_path: Path) -> None:
    import segwright as sw

    frame = pl.DataFrame({"customer_id": [1], "gender": ["F"], "agreed": [True]})
    (tmp_path / "rules.seg").write_text(RULES.format(field='sex text optional as "gender"'), encoding="utf-8")
    (tmp_path / "segwright.toml").write_text("[run]\nas_of = 2026-09-01\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="must carry the same labels"):
        sw.open(tmp_path).run(data={"customers": frame, "shadow": frame})
