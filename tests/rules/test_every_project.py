"""What holds for every rule project: it checks clean, its data is the same every time, its page is true."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import duckdb
import pytest
from rules.conftest import Made
from rules.copies import NAMES, RULES, generator, opened
from rules.samples import SAMPLE, said, sample

import segwright as sw


def fingerprints(data: Path) -> dict[str, tuple[object, ...]]:
    """Number of rows and a hash of all values for each file, whatever the order of the rows."""
    with duckdb.connect() as db:
        return {
            path.stem: db.execute(f"SELECT count(*), sum(hash(t)) FROM read_parquet('{path}') AS t").fetchall()[0]
            for path in data.glob("*.parquet")
        }


def test_the_list_of_projects_is_not_empty() -> None:
    assert "loan_insurance" in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_rules_check_clean(made: Made, name: str) -> None:
    assert [(problem.code, problem.message) for problem in sw.open(made(name).folder).check()] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_rules_are_laid_out(name: str) -> None:
    said("fmt", "--check", str(RULES / name))


@pytest.mark.parametrize("name", NAMES)
def test_the_tests_of_the_rules_pass(made: Made, name: str) -> None:
    printed = json.loads(said("test", str(made(name).folder), "--format", "json"))
    assert printed["passed"]
    assert printed["tests"] >= 5


@pytest.mark.parametrize("name", NAMES)
def test_every_row_is_in_one_segment_and_every_clause_decides_for_somebody(made: Made, name: str) -> None:
    with opened(made(name)) as db:
        for (table,) in db.execute("SELECT view_name FROM duckdb_views() WHERE view_name LIKE 'assigned%'").fetchall():
            columns = [column for column, *_ in db.execute(f"DESCRIBE {table}").fetchall()]
            ((rows, keys),) = db.execute(f"SELECT count(*), count(DISTINCT {columns[0]}) FROM {table}").fetchall()
            assert rows == keys > 0
            for clause in (column for column in columns if column.endswith("_clause")):
                ((decided, last, none),) = db.execute(
                    f"SELECT count(DISTINCT {clause}), max({clause}), count(*) FILTER ({clause} IS NULL) FROM {table}"
                ).fetchall()
                assert (decided, none) == (last, 0), clause


@pytest.mark.parametrize("name", NAMES)
def test_no_segment_is_empty_and_none_takes_nearly_everybody(made: Made, name: str) -> None:
    printed = json.loads(said("run", str(made(name).folder), "--format", "json"))
    for segmentation, segments in printed["segmentations"].items():
        for segment, size in segments.items():
            assert 0 < size["share"] < 0.95, (segmentation, segment)


@pytest.mark.parametrize("name", NAMES)
def test_the_page_shows_what_the_commands_print(
    made: Made, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where output changed on purpose, `python tests/rules/samples.py` renews the pages."""
    page = (RULES / name / "README.md").read_text(encoding="utf-8")
    samples = SAMPLE.findall(page)
    assert samples
    assert page.count("```text") == len(samples)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules").symlink_to(made(name).folder.parent)
    for words, shown in samples:
        assert shown == sample(words), words


@pytest.mark.parametrize("name", NAMES)
def test_the_same_arguments_give_the_same_data(made: Made, name: str, tmp_path: Path) -> None:
    generator(name).generate(tmp_path / "again")
    assert fingerprints(tmp_path / "again") == fingerprints(made(name).folder / "data")


@pytest.mark.parametrize("name", NAMES)
def test_another_seed_gives_other_data_and_another_date_is_possible(name: str, tmp_path: Path) -> None:
    generator(name).generate(tmp_path / "seven", 300, dt.date(2024, 2, 29), 7)
    generator(name).generate(tmp_path / "eight", 300, dt.date(2024, 2, 29), 8)
    seven, eight = fingerprints(tmp_path / "seven"), fingerprints(tmp_path / "eight")
    assert all(seven[table] != eight[table] for table in seven)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_earlier_data_is_left_alone(name: str, tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("dear all")
    with pytest.raises(ValueError, match="something else than earlier data"):
        generator(name).generate(tmp_path, 50)
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]
    with pytest.raises(ValueError, match="customers must lie between"):
        generator(name).generate(tmp_path / "data", 0)
    assert not (tmp_path / "data").exists()
