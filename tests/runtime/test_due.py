"""`segwright run --if-due`: when a run is due, by the day, and what else makes it due."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from face.conftest import Folder, Segwright, folder, segwright

import segwright as sw

__all__ = ["folder", "segwright"]

RULES = """\
table customers key customer_id
  customer_id integer
  income      money
parameter rich_from = 50_000 from 0 to 1_000_000
segmentation value "Value" of customers
  first match wins
  refresh every 1 month
  segment rich when income >= rich_from
  otherwise rest
"""


@pytest.fixture
def project(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """A project whose only run is as of 31 July."""
    folder.rules(RULES)
    folder.table("customers", "customer_id income\n1 100000\n2 100")
    folder.settings()
    monkeypatch.chdir(folder.path)
    sw.open(folder.path).run("2026-07-31")
    return folder


def due(project: Folder, as_of: str, **more: object) -> tuple[bool, str]:
    found = sw.open(project.path).due(as_of, **more)  # pyright: ignore[reportArgumentType]
    return found.due, found.why


EVERY = "`value` is refreshed every month; the last run is as of 2026-07-31"


@pytest.mark.parametrize(
    "as_of, expected",
    [
        ("2026-07-31", (False, f"{EVERY}, so the next is due on 2026-08-31")),
        ("2026-08-30", (False, f"{EVERY}, so the next is due on 2026-08-31")),
        ("2026-08-31", (True, f"{EVERY}, so this one is due on 2026-08-31")),
        ("2026-09-02", (True, f"{EVERY}, so this one was due on 2026-08-31")),
        ("2026-07-30", (True, "there is no run as of 2026-07-30 or before")),
    ],
)
def test_by_the_day(project: Folder, as_of: str, expected: tuple[bool, str]) -> None:
    assert due(project, as_of) == expected


def test_a_month_ends_when_it_ends(project: Folder) -> None:
    """From the last day of January the next is due on the last day of February."""
    sw.open(project.path).run("2027-01-31")
    assert due(project, "2027-02-27")[0] is False
    assert due(project, "2027-02-28")[0] is True


def test_a_guard_never_calls_late_what_ran_as_soon_as_it_was_due(project: Folder) -> None:
    run = sw.open(project.path).run("2026-08-31")
    assert run.outcomes is not None
    (guard,) = [each for each in run.outcomes.tables["customers"].guards if each.kind == "refresh"]
    assert guard.holds is True


def test_the_shortest_refresh_counts(project: Folder) -> None:
    project.rules(RULES + RULES[RULES.index("segmentation") :].replace("value", "weekly").replace("1 month", "7 days"))
    sw.open(project.path).run("2026-08-01")
    assert due(project, "2026-08-07")[0] is False
    assert due(project, "2026-08-08") == (
        True,
        "`weekly` is refreshed every 7 days; the last run is as of 2026-08-01, so this one is due on 2026-08-08",
    )


def test_rules_that_mean_something_else(project: Folder) -> None:
    project.rules(RULES.replace('"Value"', '"Worth"'))
    assert due(project, "2026-08-01")[0] is False
    project.rules(RULES.replace("income >=", "income >"))
    assert due(project, "2026-08-01") == (
        True,
        "the rules mean something else than in the last run, as of 2026-07-31",
    )


def test_other_parameters(project: Folder) -> None:
    assert due(project, "2026-08-01", parameters={"rich_from": 50_000})[0] is False
    assert due(project, "2026-08-01", parameters={"rich_from": 60_000}) == (
        True,
        "`rich_from` is 60000, and was 50000 in the last run, as of 2026-07-31",
    )


def test_rules_that_say_no_refresh(project: Folder) -> None:
    project.rules(RULES.replace("  refresh every 1 month\n", ""))
    assert due(project, "2030-01-01") == (
        False,
        "the rules are those of the last run, as of 2026-07-31, and no segmentation says `refresh every`",
    )


def test_runs_after_the_date_are_left_alone(project: Folder) -> None:
    sw.open(project.path).run("2026-12-01")
    assert due(project, "2026-08-15") == (False, f"{EVERY}, so the next is due on 2026-08-31")


def test_another_folder_of_runs(project: Folder, tmp_path: Path) -> None:
    assert due(project, "2026-08-01", out=tmp_path / "elsewhere")[0] is True


def test_runs_of_another_project(project: Folder) -> None:
    project.settings(more='[project]\nname = "other"')
    with pytest.raises(sw.RunError, match="is of the project `project`, and this is `other`"):
        due(project, "2026-08-01")


# -- the command -----------------------------------------------------------------------------------------------------


def runs(project: Folder) -> list[str]:
    return sorted(path.name for path in (project.path / "runs").iterdir())


def test_nothing_runs_that_is_not_due(project: Folder, segwright: Segwright) -> None:
    before = runs(project)
    answer = segwright("run", "--if-due", "--as-of", "2026-08-15")
    assert (answer.code, runs(project)) == (0, before)
    assert answer.err == f"not due: {EVERY}, so the next is due on 2026-08-31\n"
    assert f"run: runs/{before[0]}" in answer.out
    told = json.loads(segwright("run", "--if-due", "--as-of", "2026-08-15", "--format", "json").out)
    assert (told["due"], told["as_of"], Path(told["run"]).name) == (False, "2026-07-31", before[0])
    assert told["why"] == f"{EVERY}, so the next is due on 2026-08-31"
    assert told["segmentations"]["value"]["rich"]["customers"] == 1


def test_what_is_due_runs(project: Folder, segwright: Segwright) -> None:
    answer = segwright("run", "--if-due", "--as-of", "2026-08-31", "--format", "json")
    told = json.loads(answer.out)
    assert (answer.code, told["due"], told["as_of"]) == (0, True, "2026-08-31")
    assert len(runs(project)) == 2
    assert answer.err == f"due: {EVERY}, so this one is due on 2026-08-31\n"
    assert segwright("run", "--if-due", "--as-of", "2026-08-31").err.startswith("not due: ")
    assert len(runs(project)) == 2


def test_without_the_option_json_says_nothing_of_it(project: Folder, segwright: Segwright) -> None:
    told = json.loads(segwright("run", "--as-of", "2026-08-15", "--format", "json").out)
    assert "due" not in told
    assert len(runs(project)) == 2


def test_rules_with_errors(project: Folder, segwright: Segwright) -> None:
    project.rules("let")
    assert segwright("run", "--if-due").code == 1
