"""Explanations of places among everybody, and of what the run before said."""

import json
import shutil

import pytest
from face.conftest import Folder, Segwright

import segwright as sw
from segwright.runtime.explanation import ConditionSeen, Explanation, Standing

RULES = """
table people key id
  id    integer
  clv   money optional
  born  date personal
parameter cut = 60% "Cut"
let rank = decile of clv
segmentation value of people
  first match wins
  segment best "Best"
    when top 20% by clv
    when previous value is best and percentile of clv >= cut
  segment low when decile of (clv * 2) <= 3 or percentile of clv = 40%
  segment gone when previous value is not one of (best, low) and rank > 8
  otherwise rest
"""
PEOPLE = """
id clv born
1 100.00 2000-01-01
2 1250.00 2000-01-01
3 1810.00 2000-01-01
4 300.00 2000-01-01
5 700.00 2000-01-01
6 - 2000-01-01
"""


@pytest.fixture
def people(folder: Folder) -> Folder:
    folder.rules(RULES)
    folder.table("people", PEOPLE)
    folder.settings()
    return folder


def conditions(found: Explanation) -> dict[str, ConditionSeen]:
    """Every condition that was told, by its words."""
    (seen,) = found.segmentations
    told = [
        condition
        for segment in seen.segments
        for clause in segment.clauses
        for obstacle in clause.kept_out_by
        for condition in obstacle.conditions
    ]
    return {condition.text: condition for condition in told}


def test_where_the_top_begins(people: Folder) -> None:
    """Of five known values 20% is one: the top begins at the highest, 1,810.00."""
    found = conditions(sw.open(people.path).explain(2))
    (value,) = found["top 20% by clv"].values
    assert (value.name, str(value.value)) == ("clv", "1250.00")
    standing = found["top 20% by clv"].standing
    assert standing is not None
    assert (standing.function, standing.share, [str(cut) for cut in standing.cut_points]) == ("top", 0.2, ["1810.00"])


def test_a_band_shows_the_value_behind_it(people: Folder) -> None:
    found = conditions(sw.open(people.path).explain(2))
    # 1250.00 has three of five below: decile 1 + floor(30 / 5) = 7, four above 3
    condition = found["decile of (clv * 2) <= 3"]
    (value,) = condition.values
    assert (value.name, value.value, [(each.name, str(each.value)) for each in value.inputs]) == (
        "decile of (clv * 2)",
        7,
        [("clv", "1250.00")],
    )
    assert condition.distance is not None
    assert (condition.distance.by, condition.distance.side) == (4, "above")


def shown(answer: str) -> dict[str, str]:
    """What stands beside each condition that begins a line or follows a name, by the condition."""
    return {
        words: line.split(words)[1].strip()
        for line in answer.splitlines()
        for words in (
            "top 20% by clv",
            "percentile of clv >= cut",
            "percentile of clv = 40%",
            "previous value is best",
            "previous value is not one of (best, low)",
        )
        if words in line
    }


def test_in_words(people: Folder, segwright: Segwright) -> None:
    first = segwright("explain", people.path, 4)
    assert first.code == 0
    told = shown(first.out)
    assert told["top 20% by clv"] == "clv is 300.00; the top 20% begin at 1,810.00"
    assert told["previous value is best"] == "unknown because there was no run before"
    assert told["percentile of clv >= cut"] == "clv is 300.00; 60% or more are below from 1,250.00 on"
    assert "no run before 2026-09-01: `previous value` is missing for everybody" in first.out
    sixth = shown(segwright("explain", people.path, 6).out)
    assert sixth["top 20% by clv"] == "unknown because clv is missing"


def test_what_the_run_before_said(people: Folder, segwright: Segwright) -> None:
    before = sw.open(people.path).run(as_of="2026-08-01")
    people.table("people", PEOPLE + "7 400.00 2000-01-01\n")
    # In August 300.00 had one of five below: decile 3.
    told = shown(segwright("explain", people.path, 4).out)
    assert told["previous value is best"] == "is low"
    new = shown(segwright("explain", people.path, 7).out)
    assert new["previous value is best"] == (
        f"unknown because the run before, `{before.folder.name}`, has no segment for this row"
    )


def test_a_run_is_explained_by_its_own_cut_points(people: Folder) -> None:
    project = sw.open(people.path)
    run = project.run()
    standing = conditions(run.explain(2))["top 20% by clv"].standing
    people.table("people", PEOPLE.replace("1810.00", "9000.00"))
    later = sw.open(people.path)
    again = later.open_run().explain(2)
    assert conditions(again)["top 20% by clv"].standing == standing
    assert any("no longer what the run read" in note for note in again.notes)
    live = conditions(later.explain(2))["top 20% by clv"].standing
    assert isinstance(live, Standing)
    assert [str(cut) for cut in live.cut_points] == ["9000.00"]


def test_a_run_is_explained_by_its_own_run_before(people: Folder) -> None:
    """Runs that were made later, for dates between, do not change what a run looked into."""
    project = sw.open(people.path)
    project.run(as_of="2026-07-01")
    run = project.run(as_of="2026-09-01")
    people.rules(RULES.replace("top 20% by clv", "top 60% by clv"))
    sw.open(people.path).run(as_of="2026-08-01")
    # In July 2 was in no segment but the last; in August it was among the best.
    assert conditions(run.explain(2))["previous value is best"].values[0].value == "rest"
    live = sw.open(people.path).explain(1, as_of="2026-09-01")
    assert conditions(live)["previous value is best"].values[0].value == "low"
    first = project.open_run(run.folder).explain(3)
    assert first.segmentations[0].assigned == ("best",)
    assert first.notes == ()


def test_the_run_before_is_gone(people: Folder) -> None:
    project = sw.open(people.path)
    before = project.run(as_of="2026-07-01")
    run = project.run(as_of="2026-09-01")
    shutil.rmtree(before.folder)
    found = run.explain(4)
    note = f"the run before, `{before.folder.name}`, is gone: what was asked about it is missing here"
    assert note in found.notes


def test_as_json(people: Folder, segwright: Segwright) -> None:
    found = json.loads(segwright("explain", people.path, 2, "--format", "json").out)
    obstacles = [
        condition
        for segment in found["segmentations"][0]["segments"]
        for clause in segment["clauses"]
        for obstacle in clause["kept_out_by"]
        for condition in obstacle["conditions"]
    ]
    standings = {each["text"]: each["standing"] for each in obstacles if each["standing"]}
    assert standings["top 20% by clv"] == {
        "function": "top",
        "operator": None,
        "share": 0.2,
        "cut_points": ["1810.00"],
        "kind": "money",
    }
