"""A run as a file for other programs: what is in it, and what is refused."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path
from typing import Any

import duckdb
import pytest

import segwright as sw
from segwright.runtime.errors import EngineError, SettingsError
from segwright.runtime.exporting import exports

RULES = """\
table customers key customer_id
  customer_id text
  points      integer
  income      money
segmentation value of customers
  first match wins
  segment top when points > 10
  otherwise rest
segmentation mail of customers
  overlapping
  segment many when points > 1
  segment rich when income > 100
measure usual = average of income
measure worth = sum of income
"""
ROWS = "('=1+1', 20, 100.00), ('b', 2, 300.00), ('ü;,\"', 1, 50.00)"


@pytest.fixture
def run(tmp_path: Path) -> sw.Run:
    with duckdb.connect() as con:
        typed = "customer_id, points::BIGINT AS points, income::DECIMAL(18,2) AS income"
        data = f"SELECT {typed} FROM (VALUES {ROWS}) AS t(customer_id, points, income)"
        con.execute(f"COPY ({data}) TO '{tmp_path / 'customers.parquet'}' (FORMAT parquet)")
    (tmp_path / "rules.seg").write_text(RULES, encoding="utf-8")
    settings = '[project]\nname = "small"\n[data]\ncustomers = "customers.parquet"\n[run]\nas_of = 2026-09-01\n'
    (tmp_path / "segwright.toml").write_text(settings, encoding="utf-8")
    return sw.open(tmp_path).run(sorted=True)


WRITTEN = [
    {"customer_id": "=1+1", "value": "top", "value_clause": 1, "mail": "many"},
    {"customer_id": "b", "value": "rest", "value_clause": 2, "mail": "many;rich"},
    {"customer_id": 'ü;,"', "value": "rest", "value_clause": 2, "mail": ""},
]
LISTED = [{**row, "mail": [each for each in str(row["mail"]).split(";") if each]} for row in WRITTEN]


def test_csv_has_lists_as_text(run: sw.Run, tmp_path: Path) -> None:
    run.export(tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        assert [*csv.DictReader(file)] == [{name: str(value) for name, value in row.items()} for row in WRITTEN]


def test_json_and_json_lines_keep_lists(run: sw.Run, tmp_path: Path) -> None:
    run.export(tmp_path / "a.json")
    run.export(tmp_path / "a.jsonl")
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8")) == LISTED
    lines = (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == LISTED


def rows_of(con: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    return con.execute(query).fetchall()


def test_parquet_and_a_database(run: sw.Run, tmp_path: Path) -> None:
    run.export(tmp_path / "a.parquet")
    run.export(tmp_path / "a.duckdb")
    with duckdb.connect(tmp_path / "a.duckdb") as con:
        query = "SELECT customer_id, value, value_clause, mail FROM"
        assert rows_of(con, f"{query} assignments") == [tuple(row.values()) for row in LISTED]
        assert rows_of(con, f"{query} '{tmp_path / 'a.parquet'}'") == [tuple(row.values()) for row in LISTED]
        sizes = rows_of(con, "SELECT segmentation, segment, rows FROM sizes ORDER BY ALL")
        assert sizes == [("mail", "many", 2), ("mail", "rich", 1), ("value", "rest", 2), ("value", "top", 1)]
        figures = "SELECT value, text, n FROM figures WHERE measure = '{}' AND segment IS NULL"
        assert rows_of(con, figures.format("usual")) == [(150.0, None, 3)]
        assert rows_of(con, figures.format("worth")) == [(None, "450.00", 3)]


def test_a_workbook_has_every_table_and_no_formula(run: sw.Run, tmp_path: Path) -> None:
    run.export(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        listed = book.read("xl/workbook.xml").decode()
        assert [name for name in ("assignments", "sizes", "figures") if f'name="{name}"' in listed] == [
            "assignments",
            "sizes",
            "figures",
        ]
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "=1+1" in sheet
    assert sheet.count("<row ") == 1 + len(WRITTEN)


def test_one_table(run: sw.Run, tmp_path: Path) -> None:
    run.export(tmp_path / "f.csv", table="sizes")
    with (tmp_path / "f.csv").open(encoding="utf-8", newline="") as file:
        assert [row["segment"] for row in csv.DictReader(file)] == ["top", "rest", "many", "rich"]


@pytest.mark.parametrize(
    "name, table, message",
    [
        ("a.ods", None, "`a.ods` has no format to export to: end it with one of .csv, .parquet"),
        ("a.csv", "figure", "there is no table `figure` in this run; did you mean `figures`?"),
        ("a.csv", "targets", "there is no table `targets` in this run"),
    ],
)
def test_what_cannot_be_exported(run: sw.Run, tmp_path: Path, name: str, table: str | None, message: str) -> None:
    with pytest.raises(SettingsError) as stopped:
        run.export(tmp_path / name, table=table)
    assert message in stopped.value.message
    assert not (tmp_path / name).exists()


def test_a_sheet_that_would_be_too_long(run: sw.Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST_ROWS", 2)
    (tmp_path / "a.xlsx").write_text("mine", encoding="utf-8")
    with pytest.raises(SettingsError) as stopped:
        run.export(tmp_path / "a.xlsx")
    assert "`assignments` has 3 rows, more than a sheet of Excel holds (2)" in stopped.value.message
    assert (tmp_path / "a.xlsx").read_text(encoding="utf-8") == "mine"


def test_a_folder_that_is_not_there(run: sw.Run, tmp_path: Path) -> None:
    with pytest.raises(EngineError) as stopped:
        run.export(tmp_path / "nowhere" / "a.csv")
    assert "`a.csv` cannot be written: No such file or directory" in stopped.value.message
