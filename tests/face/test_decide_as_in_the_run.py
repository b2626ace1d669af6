"""A rule set of a run decides as that run did: with its cut-points, and with the parameters that it was given."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import duckdb
import pytest

import segwright as sw
from segwright.compiler.codec import UnreadableProgram
from segwright.compiler.ruleset import dumped, load, signed
from segwright.project import Run
from segwright.runtime.errors import SettingsError

RULES = """
table people key id
  id   integer
  clv  integer
  age  integer
events visits of people by id at day
  id   integer
  day  date
parameter share  = 50%
parameter bonus  = 0
parameter recent = 30 days
parameter adult  = 18
parameter free   = 1
let worth = clv + bonus
let seen  = count of visits in last recent
segmentation value of people
  first match wins
  segment child when age < adult
  segment best  when percentile of worth >= share
  segment often when quartile of seen = 4
  otherwise rest
"""
# Four people of worth 10, 20, 30, 40: below them 0, 25, 50, 75 in a hundred.
PEOPLE = {1: (10, 17), 2: (20, 50), 3: (30, 50), 4: (40, 50)}


@pytest.fixture
def project(tmp_path: Path) -> sw.Project:
    (tmp_path / "rules.seg").write_text(RULES, encoding="utf-8")
    with duckdb.connect() as con:
        rows = ", ".join(f"({key}, {clv}, {age})" for key, (clv, age) in PEOPLE.items())
        con.execute(f"COPY (FROM (VALUES {rows}) AS t(id, clv, age)) TO '{tmp_path}/people.parquet'")
        visits = f"COPY (SELECT 4 AS id, DATE '2026-08-20' AS day) TO '{tmp_path}/visits.parquet'"
        con.execute(visits)
    (tmp_path / "segwright.toml").write_text(
        '[project]\nname = "people"\nrules = ["*.seg"]\n[data]\npeople = "people.parquet"\n'
        'visits = "visits.parquet"\n[run]\nas_of = 2026-09-01\n',
        encoding="utf-8",
    )
    return sw.open(tmp_path)


def row(key: int) -> dict[str, int]:
    clv, age = PEOPLE[key]
    return {"clv": clv, "age": age, "seen": 0}


def decided(rules: sw.RuleSet, **parameters: object) -> list[object]:
    found = rules.decide_many(map(row, PEOPLE), as_of="2026-09-01", parameters=parameters or None)
    return [each.segments["value"] for each in found]


def assigned(run: Run) -> list[object]:
    return [value for _, value in sorted(run.assignments.project("id, value").fetchall())]


def test_the_parameters_of_the_run_are_those_of_decisions(project: sw.Project) -> None:
    run = project.run(parameters={"share": "75%", "adult": 16, "free": 1})
    rules = sw.load(run.folder / "ruleset.json")
    assert rules.parameters == {"share": "75%", "adult": "16"}, "what is as declared is not said"
    assert decided(rules) == ["rest", "rest", "rest", "best"] == assigned(run)
    declared = project.run()
    assert sw.load(declared.folder / "ruleset.json").parameters == {}
    assert decided(sw.load(declared.folder / "ruleset.json")) == ["child", "rest", "best", "best"] == assigned(declared)
    assert rules.logic_hash == declared.ruleset.logic_hash, "what a run adds is no part of what the rules mean"


def explained(run: Run) -> list[str]:
    """The segment that an explanation of the run gives to somebody of 17."""
    found = run.explain(key=1).segmentations[0].segments
    return [each.name for each in found if each.outcome == "assigned"]


@pytest.mark.parametrize(
    "name, value, what",
    [
        ("share", "50%", "percentile of worth >= share"),
        ("bonus", 5, "percentile of worth >= share"),
        ("recent", "60 days", "quartile of seen"),
    ],
    ids=["in the relative value", "behind a let", "in a window"],
)
def test_what_cut_points_rest_on_cannot_be_another(project: sw.Project, name: str, value: object, what: str) -> None:
    rules = sw.load(project.run(parameters={"share": "75%"}).folder / "ruleset.json")
    with pytest.raises(SettingsError) as refused:
        decided(rules, **{name: value})
    found = (
        "75%, its value in that run"
        if name == "share"
        else f"{0 if name == 'bonus' else '30 days'}, its declared value"
    )
    assert refused.value.message == (
        f"`{name}` cannot be {value} here: the run that the rule set comes from found the cut-points of `{what}` with "
        f"{found}. Leave it out, or run with `--set {name}={value}` and take the rule set of that run"
    )


def test_what_no_cut_point_rests_on_may_be_another(project: sw.Project) -> None:
    rules = sw.load(project.run(parameters={"share": "75%"}).folder / "ruleset.json")
    assert decided(rules, adult=16, share="75%") == ["rest", "rest", "rest", "best"]
    assert decided(rules, adult=60) == ["child"] * 4


def test_a_run_from_it_and_explanations_have_their_own(project: sw.Project) -> None:
    run = project.run(parameters={"share": "75%", "adult": 16})
    again = project.run(ruleset=run.folder / "ruleset.json")
    assert again.manifest.parameters["share"] == "50%", "as declared: it is no part of the rules"
    assert assigned(again) == ["child", "rest", "best", "best"]
    assert sw.load(again.folder / "ruleset.json").parameters == {}
    assert (explained(run), explained(again)) == (["rest"], ["child"])


def test_it_is_written_and_read(project: sw.Project) -> None:
    rules = project.run(parameters={"adult": 16}).ruleset
    data = json.loads(json.dumps(dumped(rules)))
    assert data["run"]["parameters"] == {"adult": "16"}
    assert load(data).parameters == {"adult": "16"}
    alone = dataclasses.replace(rules, cut_points={})
    assert load(dumped(alone)).parameters == {"adult": "16"}


@pytest.mark.parametrize("odd", [{"adlt": "16"}, {"adult": 16}, ["adult"], None])
def test_what_cannot_be_read_is_refused(project: sw.Project, odd: object) -> None:
    data = dumped(project.run(parameters={"adult": 16}).ruleset)
    data["run"]["parameters"] = odd
    with pytest.raises(UnreadableProgram, match="what a run added"):
        load(signed(data))
