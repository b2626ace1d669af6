"""`segwright init` as people use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from starting.begun import rows

from segwright.cli import main

PEOPLE = rows("person_id balance", *(f"{at},{at * 10}" for at in range(1, 41)))


def segwright(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """A command's exit code, and what it wrote to standard output and standard error."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    said = capsys.readouterr()
    code = ended.value.code
    assert isinstance(code, int)
    return code, said.out, said.err


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a file of data in it."""
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(folder: Path) -> list[str]:
    """What is in a folder."""
    return sorted(path.name for path in folder.iterdir())


def test_in_the_current_folder(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = segwright(capsys, "init", "--from", "people.csv")
    assert code == 0
    assert names(here) == [".gitignore", "people.csv", "schema.seg", "segments.seg", "segwright.toml"]
    assert 'people = "people.csv"' in (here / "segwright.toml").read_text(encoding="utf-8")
    assert "next: segwright check\n      segwright run\n" in out
    for command in ("check", "run", "test"):
        assert segwright(capsys, command)[0] == 0
    assert segwright(capsys, "fmt", "--check")[0] == 0


def test_in_a_folder_of_its_own(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = segwright(capsys, "init", "deep/scoring", "--from", "people.csv", "--name", "credit-risk")
    assert code == 0
    assert names(here / "deep" / "scoring") == [".gitignore", "schema.seg", "segments.seg", "segwright.toml"]
    settings = (here / "deep" / "scoring" / "segwright.toml").read_text(encoding="utf-8")
    assert 'people = "../../people.csv"' in settings
    assert 'name  = "credit-risk"' in settings
    line = int(out.split("line ")[1].split(":")[0])
    assert "EDIT ME" in (here / "deep" / "scoring" / "segments.seg").read_text(encoding="utf-8").splitlines()[line - 1]
    assert segwright(capsys, "run", "deep/scoring")[0] == 0


def test_behind_a_link_the_data_is_found_all_the_same(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "far" / "away").mkdir(parents=True)
    (here / "near").symlink_to(here / "far" / "away")
    assert segwright(capsys, "init", "near/project", "--from", "people.csv")[0] == 0
    assert segwright(capsys, "run", "near/project")[0] == 0


def test_nothing_is_overwritten(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "schema.seg").write_text("mine", encoding="utf-8")
    (here / "old.seg").write_text("mine too", encoding="utf-8")
    code, _, err = segwright(capsys, "init", "--from", "people.csv")
    assert code == 2
    assert "`old.seg`, `schema.seg` are in" in err
    assert names(here) == ["old.seg", "people.csv", "schema.seg"]
    assert (here / "schema.seg").read_text(encoding="utf-8") == "mine"


def test_a_second_time_is_in_the_way_of_the_first(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert segwright(capsys, "init", "p", "--from", "people.csv")[0] == 0
    before = {path.name: path.read_bytes() for path in (here / "p").iterdir()}
    assert segwright(capsys, "init", "p", "--from", "people.csv")[0] == 2
    assert {path.name: path.read_bytes() for path in (here / "p").iterdir()} == before


def test_a_gitignore_that_is_there_stays(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / ".gitignore").write_text("mine\n", encoding="utf-8")
    code, out, _ = segwright(capsys, "init", "--from", "people.csv")
    assert code == 0
    assert (here / ".gitignore").read_text(encoding="utf-8") == "mine\n"
    assert "add `runs/` to it" in out


def test_data_that_makes_no_project_leaves_no_folder(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "visits.csv").write_text("city\nhere\nhere\n", encoding="utf-8")
    code, _, err = segwright(capsys, "init", "a/b", "--from", "visits.csv")
    assert code == 3
    assert "nothing tells its rows apart" in err
    assert names(here) == ["people.csv", "visits.csv"]


def test_a_dry_run_shows_all_and_writes_nothing(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = segwright(capsys, "init", "p", "--from", "people.csv", "--dry-run")
    assert code == 0
    assert "table people key person_id" in out
    assert "[data]" in out
    assert names(here) == ["people.csv"]


def test_as_json(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("init", "p", "--from", "people.csv", "--format", "json", "--as-of", "2026-09-01")
    code, out, _ = segwright(capsys, *words)
    found = json.loads(out)
    assert code == 0
    assert found["as_of"] == "2026-09-01"
    assert sorted(found["written"]) == names(here / "p")
    assert found["tables"]["people"]["key"] == "person_id"
    assert found["tables"]["people"]["fields"]["balance"]["type"] == "money"
    assert found["files"]["schema.seg"] == (here / "p" / "schema.seg").read_text(encoding="utf-8")


def test_without_data_it_says_what_to_give(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = segwright(capsys, "init")
    assert code == 2
    assert "segwright init --from customers.csv" in err
    assert names(here) == ["people.csv"]


def test_data_that_is_not_there(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = segwright(capsys, "init", "p", "--from", "peple.csv")
    assert code == 2
    assert "there is no data at `peple.csv`; did you mean `people.csv`?" in err
    assert names(here) == ["people.csv"]


def test_a_folder_named_after_the_data(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = segwright(capsys, "init", "--from", "people.csv", "scoring")
    assert code == 2
    assert "a folder for the project is named before `--from`" in err
    assert names(here) == ["people.csv"]


def test_help_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = segwright(capsys, "init", "--help")
    assert code == 0
    assert "segwright init --from customers.csv --from payments.parquet" in out


def test_data_without_its_option(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = segwright(capsys, "init", "scoring", "loans.csv")
    assert (code, names(here)) == (2, ["people.csv"])
    assert "`loans.csv` is one word too many; data is named behind `--from`, such as `--from loans.csv`" in err


def test_lines_above_the_names_of_columns(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = "".join(f"{at % 7},{at % 5},x\n" for at in range(40))
    (here / "loans.csv").write_text(f"Export of 1 September,,\nid,amount,kind\n{lines}", encoding="utf-8")
    code, _, err = segwright(capsys, "init", "scoring", "--from", "loans.csv")
    assert code == 3
    assert "take away what stands above the line of column names, such as a title" in err
