"""A run made again: equal where nothing changed, and told what changed where something did."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from face.conftest import Segwright
from history.story import CUT_OFF, FIRST, MENDED, NEW_FEATURE, NEW_FIELD, WATCHED, Story, git


def run(segwright: Segwright, *words: object) -> Path:
    """A run of the project here, with these options; its folder."""
    answer = segwright("run", "--format", "json", *words)
    assert answer.code == 0, answer.err
    return Path(json.loads(answer.out)["run"])


def again(segwright: Segwright, *words: object) -> dict[str, Any]:
    """What making a run again showed; the exit code goes with it."""
    answer = segwright("reproduce", *words, "--format", "json")
    found = json.loads(answer.out)
    assert answer.code == (0 if found["equal"] else 1), answer.err
    return found


def causes(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["what"], each["name"]) for each in found["causes"]]


def edit_manifest(folder: Path, change: Any) -> None:
    data = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    change(data)
    (folder / "manifest.json").write_text(json.dumps(data), encoding="utf-8")


def replace_in(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


# -- equal -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tag", [FIRST, NEW_FEATURE, WATCHED])
def test_a_run_of_long_ago(story: Story, segwright: Segwright, tag: str) -> None:
    story.git("checkout", "--quiet", tag)
    folder = run(segwright)
    story.git("checkout", "--quiet", "main")
    found = again(segwright, folder.name)
    assert found["equal"] is True
    assert (found["causes"], found["results"], found["failure"]) == ([], [], None)
    assert found["rules"]["from"] == "commit"
    assert found["rules"]["commit"] == story.commits[tag]
    assert found["rules"]["message"] == (
        f"those of commit {story.shown(tag)}; their logic hash and text hash are the run's"
    )


def test_text(story: Story, segwright: Segwright) -> None:
    folder = run(segwright)
    answer = segwright("reproduce")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.split("\n") == [
        f"{folder.name}, made again: equal",
        "",
        f"  rules       those of commit {story.shown(MENDED)}; their logic hash and text hash are the run's",
        "  parameters  prime_score = 700",
        "  as of       2026-09-01, on duckdb",
        "  data        customers, payments as the run read them",
        "  came out    `value`: 30 customers as then, by content hash",
        "",
    ]


def test_nothing_is_written_into_the_project(story: Story, segwright: Segwright) -> None:
    run(segwright)
    before = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in story.folder.rglob("*")}
    again(segwright)
    assert {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in story.folder.rglob("*")} == before


@pytest.mark.usefixtures("story")
def test_parameters_date_and_engine_are_those_of_the_run(segwright: Segwright) -> None:
    run(segwright, "--set", "prime_score=750", "--as-of", "2026-08-01", "--engine", "polars")
    found = again(segwright)
    assert (found["equal"], found["causes"]) == (True, [])
    assert (found["parameters"], found["as_of"], found["engine"]) == ({"prime_score": "750"}, "2026-08-01", "polars")


@pytest.mark.parametrize("words", [("latest", "."), (".", "latest"), (".",), ()])
@pytest.mark.usefixtures("story")
def test_run_and_project_in_either_order(segwright: Segwright, words: tuple[str, ...]) -> None:
    run(segwright)
    assert again(segwright, *words)["equal"]


def test_gates_of_today_stop_nothing(story: Story, segwright: Segwright) -> None:
    rules = story.git("show", "HEAD:loans/loans.seg")
    smallest = rules.replace("  first match wins\n", "  first match wins\n  each segment at least 20 customers\n")
    story.commit({"loans/loans.seg": smallest}, "No small segments")
    run(segwright)
    with (story.project / "segwright.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[gates]\nsegment_size = "stop"\n')
    assert segwright("run").code == 1
    assert again(segwright)["equal"]


def test_the_run_before_is_the_one_that_was_used(story: Story, segwright: Segwright) -> None:
    rules = story.git("show", "HEAD:loans/loans.seg").replace(
        "when age < 30 and has_app", "when age < 30 and has_app and previous value is missing"
    )
    story.commit({"loans/loans.seg": rules}, "Young once")
    first = run(segwright, "--as-of", "2026-08-01")
    second = run(segwright)
    run(segwright, "--as-of", "2026-08-15")  # which would be the run before, had it been there
    found = again(segwright, second.name)
    assert (found["equal"], found["causes"]) == (True, [])
    for path in sorted(first.iterdir()):
        path.unlink()
    first.rmdir()
    found = again(segwright, second.name)
    assert causes(found) == [("run before", first.name)]
    assert found["equal"] is False  # 19 and 26 are young again, for nothing is known of them
    assert {each["name"]: (each["then"], each["now"]) for each in found["results"] if each["what"] == "segment"}[
        "young"
    ] == ("0 rows", "2 rows")


# -- the rules ---------------------------------------------------------------------------------------------------------


def test_rules_that_were_not_committed(story: Story, segwright: Segwright) -> None:
    replace_in(story.project / "loans.seg", "age < 30", "age < 33")
    run(segwright)
    story.git("checkout", "--quiet", "--", ".")
    found = again(segwright)
    assert (found["equal"], found["rules"]["from"]) == (True, "rule set")
    assert found["rules"]["message"] == (
        f"those of the run's own rule set, since rule files differed from commit {story.shown(MENDED)}; its logic hash "
        "is the run's"
    )


def test_a_run_by_a_compiled_rule_set(story: Story, segwright: Segwright, tmp_path: Path) -> None:
    story.git("checkout", "--quiet", FIRST)
    assert segwright("compile", ".", "-o", tmp_path / "first.json").code == 0
    story.git("checkout", "--quiet", "main")
    run(segwright, "--ruleset", tmp_path / "first.json")
    found = again(segwright)
    assert found["equal"]
    assert found["rules"]["message"] == (
        "those of the run's own rule set, since the run was made with a compiled rule set; its logic hash is the run's"
    )


@pytest.mark.usefixtures("story")
def test_without_git(segwright: Segwright, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    run(segwright)
    monkeypatch.setenv("PATH", str(tmp_path))
    found = again(segwright)
    assert found["equal"]
    assert "since git is not installed" in found["rules"]["message"]
    run(segwright)
    assert again(segwright)["rules"]["message"] == (
        "those of the run's own rule set, since the rules lay in no git repository; its logic hash is the run's"
    )


def test_a_commit_that_is_not_here(
    story: Story, segwright: Segwright, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    story.git("checkout", "--quiet", FIRST)
    folder = run(segwright)
    git(tmp_path, "clone", "--quiet", "--depth=1", "--branch=main", f"file://{story.folder}", "clone")
    clone = tmp_path / "clone" / "loans"
    (story.project / "data").rename(clone / "data")
    (clone / "runs").mkdir()
    (story.project / "runs" / folder.name).rename(clone / "runs" / folder.name)
    monkeypatch.chdir(clone)
    found = again(segwright)
    assert (found["equal"], found["rules"]["from"]) == (True, "rule set")
    why = "is not in this repository (a shallow clone: `git fetch --unshallow` gets it)"
    assert f"since commit {story.shown(FIRST)} {why}" in found["rules"]["message"]


def test_a_project_that_moved(story: Story, segwright: Segwright, monkeypatch: pytest.MonkeyPatch) -> None:
    run(segwright)
    (story.project / "data").rename(story.folder / "data")
    (story.project / "runs").rename(story.folder / "runs")
    story.git("mv", "loans", "credit")
    story.git("commit", "--quiet", "-m", "Another folder")
    for name in ("data", "runs"):
        (story.folder / name).rename(story.folder / "credit" / name)
    monkeypatch.chdir(story.folder / "credit")
    found = again(segwright)
    assert (found["equal"], found["rules"]["from"]) == (True, "commit")


def test_a_manifest_that_names_another_commit(story: Story, segwright: Segwright) -> None:
    folder = run(segwright)
    edit_manifest(folder, lambda data: data["git"].update(commit=story.commits[CUT_OFF]))
    why = "the rule files were not as committed"
    found = again(segwright)
    assert found["equal"] is False
    assert (found["rules"]["from"], found["results"]) == ("rule set", [])
    assert [each["message"] for each in found["causes"]] == [
        f"the rules of commit {story.shown(CUT_OFF)} do not mean what the run's did: {why}"
    ]
    assert segwright("reproduce").out.startswith(f"{folder.name}, made again: not equal\n")


def test_a_rule_set_that_was_changed(story: Story, segwright: Segwright) -> None:
    folder = run(segwright)
    replace_in(folder / "ruleset.json", '"name":"loans"', '"name":"other"')
    found = again(segwright)
    assert (found["equal"], found["rules"]["from"]) == (False, "commit")
    assert [each["message"] for each in found["causes"]] == [
        "`ruleset.json`: the rule set was changed after it was compiled: its integrity hash does not fit"
    ]
    edit_manifest(folder, lambda data: data["git"].update(dirty=True))
    answer = segwright("reproduce")
    assert answer.code == 2
    assert answer.err == (
        "error: `ruleset.json`: the rule set was changed after it was compiled: its integrity hash does not fit, and "
        f"rule files differed from commit {story.shown(MENDED)}\n"
    )


def test_texts_with_other_line_ends(story: Story, segwright: Segwright) -> None:
    story.check_out_as_on_windows()
    folder = run(segwright)
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["git"]["dirty"] is False
    found = again(segwright)
    assert (found["equal"], found["rules"]["from"]) == (True, "commit")
    assert found["rules"]["message"] == (
        f"those of commit {story.shown(MENDED)}; their logic hash is the run's; the texts differ in layout, comments "
        "or line ends"
    )


# -- the data ----------------------------------------------------------------------------------------------------------


def test_data_that_changed(story: Story, segwright: Segwright) -> None:
    folder = run(segwright)
    replace_in(story.project / "data" / "customers.csv", "7,33,48000,700,true", "7,33,48000,699,true")
    found = again(segwright)
    assert causes(found) == [("data", "customers")]
    assert found["causes"][0]["message"] == (
        "the data of `customers` is not what the run read: 30 rows as then, other content"
    )
    # 7 was prime by a point, and is one of all others now.
    assert [each["message"] for each in found["results"] if each["what"] == "segment"] == [
        "`prime` of `value` had 11 rows, and has 10 rows",
        "`standard` of `value` had 9 rows, and has 10 rows",
    ]
    answer = segwright("reproduce")
    assert answer.code == 1
    assert answer.out.startswith(f"{folder.name}, made again: not equal\n")
    assert "\n  data        payments as the run read it; customers changed\n" in answer.out
    assert "\nwhat came out otherwise\n  - `prime` of `value` had 11 rows, and has 10 rows\n" in answer.out


def test_rows_that_came(story: Story, segwright: Segwright) -> None:
    run(segwright)
    with (story.project / "data" / "payments.csv").open("a", encoding="utf-8") as payments:
        payments.write("16,2026-08-01,100,0\n")
    found = again(segwright)
    assert [(each["message"], each["then"], each["now"]) for each in found["causes"]] == [
        ("the data of `payments` is not what the run read: 38 rows then, 39 now", "38 rows", "39 rows")
    ]
    # 16 has paid lately now, and is wealthy.
    assert [each["message"] for each in found["results"] if each["what"] == "segment"] == [
        "`wealthy` of `value` had 4 rows, and has 5 rows",
        "`standard` of `value` had 9 rows, and has 8 rows",
    ]


def test_people_who_changed_places(story: Story, segwright: Segwright) -> None:
    story.git("checkout", "--quiet", NEW_FIELD)
    run(segwright)
    file = story.project / "data" / "customers.csv"
    replace_in(file, "15,44,60000", "15,44,59000")
    replace_in(file, "25,64,30000", "25,64,60000")  # who paid lately: wealthy in place of 15
    found = again(segwright)
    assert [each["message"] for each in found["results"]] == [
        "the segments of `value` have the sizes that they had, and other rows in them"
    ]


def test_data_in_another_order_and_place(story: Story, segwright: Segwright, tmp_path: Path) -> None:
    run(segwright)
    head, *rows = (story.project / "data" / "customers.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "turned.csv").write_text("\n".join([head, *reversed(rows)]) + "\n", encoding="utf-8")
    found = again(segwright, "--data", f"customers={tmp_path / 'turned.csv'}")
    assert (found["equal"], found["results"]) == (True, [])
    assert found["causes"][0]["message"] == (
        "the data of `customers` is not what the run read: 30 rows as then, other content, from "
        f"{tmp_path / 'turned.csv'} and no longer from data/customers.csv"
    )
    answer = segwright("reproduce", "--data", f"customers={tmp_path / 'turned.csv'}")
    assert answer.code == 0
    assert answer.out.endswith("\nthe data is not what it was, and yet everybody is where they were\n")


def test_data_that_breaks_its_contract(story: Story, segwright: Segwright) -> None:
    run(segwright)
    replace_in(story.project / "data" / "customers.csv", "\n7,33,", "\n7,333,")
    answer = segwright("reproduce")
    assert answer.code == 3
    assert "nothing came out, since the data of today cannot be run:\n  the data breaks its contract" in answer.out
    answer = segwright("reproduce", "--format", "json")
    assert answer.code == 3
    found = json.loads(answer.out)
    assert found["equal"] is False
    assert found["failure"]["violations"][0]["field"] == "age"


def test_cut_points(story: Story, segwright: Segwright) -> None:
    rules = story.git("show", "HEAD:loans/loans.seg").replace(
        "when age >= 65", "when age >= 65 and quartile of age = 4"
    )
    story.commit({"loans/loans.seg": rules}, "The oldest quarter")
    run(segwright)
    assert "relative value with the cut-points of then\n" in segwright("reproduce").out
    replace_in(story.project / "data" / "customers.csv", "\n9,50,", "\n9,61,")
    # Of thirty ages the ninth, sixteenth and twenty-fourth begin the quarters above the first.
    assert [
        (each["name"], each["then"], each["now"])
        for each in again(segwright)["results"]
        if each["what"] == "cut-points"
    ] == [("customers: quartile of age", "33, 44, 60", "33, 44, 61")]


# -- versions and words ------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("story")
def test_other_versions_are_told_and_make_no_difference(segwright: Segwright) -> None:
    folder = run(segwright)
    edit_manifest(folder, lambda data: data["engine"].update(version="1.9", segwright="0.0.9"))
    found = again(segwright)
    assert found["equal"]
    assert [(each["what"], each["name"], each["then"]) for each in found["causes"]] == [
        ("version", "duckdb", "1.9"),
        ("version", "segwright", "0.0.9"),
    ]


def test_measures_that_come_to_something_else(story: Story, segwright: Segwright) -> None:
    folder = run(segwright)
    outcomes = json.loads((folder / "outcomes.json").read_text(encoding="utf-8"))
    outcomes["tables"]["customers"]["measures"]["late_rate"]["title"] = "Else"
    (folder / "outcomes.json").write_text(json.dumps(outcomes), encoding="utf-8")
    found = again(segwright)
    assert [each["message"] for each in found["results"]] == ["measure `late_rate` comes to something else"]
    assert story.git("status", "--porcelain") == ""


@pytest.mark.parametrize(
    "words, message",
    [
        ([], "there is no run in `runs` yet: `segwright run` makes one"),
        (["nothing"], "`nothing` is no complete run folder"),
        (["a", "b"], "name one run and a project folder: `segwright reproduce latest rules/personal_loans`"),
        (["--data", "x"], "`--data x` does not read `name=value`"),
    ],
)
@pytest.mark.usefixtures("story")
def test_words_that_mean_nothing(segwright: Segwright, words: list[str], message: str) -> None:
    answer = segwright("reproduce", *words)
    assert (answer.code, answer.out, answer.err) == (2, "", f"error: {message}\n")
