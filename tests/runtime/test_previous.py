"""The run before: which one it is, what is asked of it, and what is said where it does not fit."""

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest
from cases.run_before import write_run_before
from runtime.projects import Project

from segwright.dsl.check import check
from segwright.dsl.parse import parse
from segwright.dsl.program import Program
from segwright.dsl.source import Source
from segwright.runtime.errors import SettingsError
from segwright.runtime.previous import run_before

pytestmark = pytest.mark.usefixtures("on_every_engine")

RULES = """
table people key id
  id    integer
  score integer
segmentation value of people
  first match wins
  segment best when score > 700
  segment kept when previous value is one of (best, kept)
  segment new_ when previous value is missing
  otherwise rest
"""
AS_OF = dt.date(2026, 9, 1)
DAY = dt.timedelta(days=1)


def program_of(rules: str) -> Program:
    document, _ = parse(Source("rules.seg", rules))
    program = check([document]).program
    assert program is not None
    return program


PROGRAM = program_of(RULES)


@pytest.fixture
def people(project: Project) -> Project:
    project.rules(RULES)
    project.table("people", "(1, 800), (2, 100), (3, 100)", "id, score")
    return project


def before(project: Project, segment: str, as_of: dt.date, sequence: int = 1, *, complete: bool = True) -> str:
    """A run that had row 2 in a segment, and no other row."""
    said: dict[str, dict[int | str, str]] = {"value": {2: segment}}
    return write_run_before(
        said, PROGRAM, project.out, as_of, sequence=sequence, complete=complete, project=project.folder.name
    ).name


def test_two_runs(people: Project) -> None:
    first = people.run(as_of=AS_OF - DAY)
    assert first.manifest.previous_runs == []
    assert people.assigned(first, "id, value") == [(1, "best"), (2, "new_"), (3, "new_")]
    people.table("people", "(1, 100), (2, 100), (4, 100)", "id, score")
    second = people.run()
    assert second.manifest.previous_runs == [first.folder.name]
    assert people.assigned(second, "id, value") == [(1, "kept"), (2, "rest"), (4, "new_")]


def test_a_segment_that_is_no_more_is_told_of_where_fairness_looks_at_the_run_before(people: Project) -> None:
    """What decides is looked at as a proxy of what is protected; so is a segment that the rules no longer have."""
    people.rules(
        RULES.replace("  score integer\n", '  score integer\n  sex one of "F", "M" optional protected\n')
        + "policy\n  fairness across sex favourable best\n"
    )
    people.table("people", "(1, 800, 'F'), (2, 100, 'M'), (3, 100, 'F')", "id, score, sex")
    before(people, "dropped", AS_OF - DAY)
    assert people.assigned(people.run(), "id, value") == [(1, "best"), (2, "rest"), (3, "new_")]


def test_previous_segments_and_relative_values_are_among_the_values_by_their_words(people: Project) -> None:
    people.rules(RULES.replace("segment best when score > 700", "segment best when decile of score > 9 or score > 700"))
    people.run(as_of=AS_OF - DAY)
    run = people.run(values=True)
    assert people.assigned(run, 'id, value, "previous value", "decile of score"') == [
        (1, "best", "best", 7),
        (2, "rest", "new_", 1),
        (3, "rest", "new_", 1),
    ]


def test_the_latest_date_before_this_one_and_its_highest_sequence(people: Project) -> None:
    before(people, "best", AS_OF - 30 * DAY, 9)
    before(people, "rest", AS_OF - 2 * DAY, 2)
    wanted = before(people, "best", AS_OF - 2 * DAY, 10)
    before(people, "best", AS_OF)
    before(people, "rest", AS_OF + DAY)
    run = people.run()
    assert run.manifest.previous_runs == [wanted]
    assert people.assigned(run, "id, value") == [(1, "best"), (2, "kept"), (3, "new_")]


def test_what_is_not_complete_is_no_run(people: Project) -> None:
    wanted = before(people, "best", AS_OF - 2 * DAY)
    before(people, "rest", AS_OF - DAY, complete=False)
    (people.out / f"{AS_OF - DAY}-notes").mkdir()
    assert people.run().manifest.previous_runs == [wanted]
    assert run_before(people.folder / "elsewhere", AS_OF) is None


def test_the_runs_of_another_folder_are_others(people: Project, tmp_path: Path) -> None:
    before(people, "best", AS_OF - DAY)
    run = people.run(out=tmp_path / "others")
    assert run.manifest.previous_runs == []
    assert [note.message for note in run.manifest.notes if note.kind == "run before"] == [
        "no run before 2026-09-01: `previous value` is missing for everybody"
    ]


def test_the_run_before_of_another_project_is_an_error(people: Project) -> None:
    name = write_run_before({"value": {2: "best"}}, PROGRAM, people.out, AS_OF - DAY, project="other").name
    with pytest.raises(SettingsError, match=f"`{name}`, is of the project `other`, and this is `.*`: give each"):
        people.run()


def test_rules_that_ask_for_nothing_look_into_nothing(people: Project) -> None:
    before(people, "best", AS_OF - DAY)
    people.rules(
        RULES.replace("previous value is one of (best, kept)", "score > 600").replace(
            "previous value is missing", "score < 0"
        )
    )
    run = people.run()
    assert run.manifest.previous_runs == []
    assert [note.kind for note in run.manifest.notes] == []


def test_a_run_that_lost_its_assignments_is_an_error(people: Project) -> None:
    name = before(people, "best", AS_OF - DAY)
    (people.out / name / "assignments.parquet").unlink()
    with pytest.raises(SettingsError, match=f"`{name}`, is no longer complete: it lacks `assignments.parquet`"):
        people.run()
    assert len(list(people.out.iterdir())) == 1, "nothing is written"


def test_keys_of_another_type_are_an_error(people: Project) -> None:
    name = write_run_before(
        {"value": {"two": "best"}}, PROGRAM, people.out, AS_OF - DAY, project=people.folder.name
    ).name
    with pytest.raises(SettingsError, match=f"keys of `people` in the run before, `{name}`, are text, and `id` is now"):
        people.run()


def test_a_key_of_another_name_is_an_error(people: Project) -> None:
    before(people, "best", AS_OF - DAY)
    people.rules(RULES.replace("key id", "key number").replace("  id ", "  number "))
    people.table("people", "(1, 800)", "number, score")
    with pytest.raises(SettingsError, match="has the rows of `people` by `id`, and the rules now by `number`"):
        people.run()


def test_a_run_of_another_table(people: Project) -> None:
    """It says nothing about the rows of this one."""
    folder = people.out / before(people, "best", AS_OF - DAY)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["assignments"]["others"] = manifest["assignments"].pop("people")
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    run = people.run()
    assert people.assigned(run, "id, value") == [(1, "best"), (2, "new_"), (3, "new_")]
    (note,) = (note for note in run.manifest.notes if note.kind == "run before")
    assert note.message == f"the run before, `{folder.name}`, has no `value`: `previous value` is missing for everybody"


def test_an_overlapping_segmentation_then(people: Project) -> None:
    people.rules(
        "table people key id\n  id integer\n  score integer\nsegmentation value of people\n  overlapping\n"
        "  segment best when score > 50\n"
    )
    people.run(as_of=AS_OF - DAY)
    people.rules(RULES)
    run = people.run()
    assert people.assigned(run, "id, value") == [(1, "best"), (2, "new_"), (3, "new_")]
    (note,) = (note for note in run.manifest.notes if note.kind == "run before")
    assert "had `value` as overlapping: `previous value` is missing for everybody" in note.message


def test_a_segment_that_is_gone_is_counted(people: Project) -> None:
    before(people, "gold", AS_OF - DAY)
    run = people.run()
    (note,) = (note for note in run.manifest.notes if note.kind == "run before")
    assert (note.of, note.count) == ("value", 1)
    assert "1 row was in `gold` of `value`, which the rules no longer have" in note.message
    assert people.assigned(run, "id, value") == [(1, "best"), (2, "rest"), (3, "new_")]


def test_nothing_else_of_the_past_has_a_say(people: Project) -> None:
    """The same run before, wherever its other files went, gives the same answers."""
    first = people.run(as_of=AS_OF - DAY)
    hashes = []
    for _ in range(2):
        run = people.run()
        hashes.append(run.manifest.assignments["people"].segmentations["value"].content_hash)
        shutil.rmtree(run.folder)
        (first.folder / "ruleset.json").unlink(missing_ok=True)
    assert hashes[0] == hashes[1]
