"""What `segwright ci` says of each commit of the story, held against expectations worked out by hand there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from history.story import (
    BROKEN,
    CUT_OFF,
    FIRST,
    MENDED,
    NEW_FEATURE,
    NEW_FIELD,
    NEW_SEGMENT,
    REARRANGED,
    REFORMATTED,
    RENAMED,
    REORDERED,
    SWAPPED,
    TITLES,
    WATCHED,
    Story,
)

from .conftest import Told

Ci = Callable[..., Told]

GATES = '\n[gates]\nmax_movers = "10%"\nnewly_read_personal = "stop"\nwarnings = "stop"\n'
"""A tenth of thirty customers: three may move."""


def checkout(story: Story, tag: str, gates: str = GATES) -> None:
    """A commit as it was, but for the gates of today."""
    story.git("checkout", "--quiet", "--force", tag)
    with (story.project / "segwright.toml").open("a", encoding="utf-8") as settings:
        settings.write(gates)


@pytest.mark.parametrize(
    "before, after, movers",
    [
        (FIRST, CUT_OFF, 3),
        (REFORMATTED, REORDERED, 2),
        (REARRANGED, NEW_SEGMENT, 4),
        (NEW_SEGMENT, SWAPPED, 0),
        (SWAPPED, NEW_FEATURE, 2),
        (NEW_FEATURE, NEW_FIELD, 3),
        (TITLES, WATCHED, 0),
        (FIRST, REORDERED, 5),
        (REORDERED, NEW_FIELD, 9),
    ],
)
def test_how_many_may_move(story: Story, ci: Ci, before: str, after: str, movers: int) -> None:
    """From the first to the reordered rules 7, 8, 9, 19 and 20 move; from there to those with the field that is new 12,
    16, 17, 19 … : 21 to 24, 16, 17, 12, 27 and 20, nine in all."""
    checkout(story, after)
    told = ci("--base", before)
    gate = told.gate("max_movers")
    share = f"{100 * movers / 30:.2f}%"
    verb = "moves" if movers == 1 else "move"
    assert gate["why"] == [f"at most 10% may move; `value`: {movers} of 30 customers ({share}) {verb}"]
    assert gate["verdict"] == ("failed" if movers > 3 else "passed")
    assert told.step("diff")["status"] == "passed"
    assert told.step("diff")["summary"].startswith(f"since {before} ({story.shown(before)}): ")
    assert told.statuses["gates"] == ("failed" if movers > 3 else "passed")
    assert told.data["base"] == {"commit": story.commits[before], "revision": before, "why": "`--base` names it"}


@pytest.mark.parametrize(
    "before, after",
    [(CUT_OFF, RENAMED), (RENAMED, REFORMATTED), (REORDERED, REARRANGED), (NEW_FIELD, TITLES), (WATCHED, MENDED)],
)
def test_rules_that_mean_the_same(story: Story, ci: Ci, before: str, after: str) -> None:
    checkout(story, after)
    told = ci("--base", before)
    assert told.gate("max_movers")["why"] == ["the rules mean what they meant"]
    assert (told.statuses["diff"], told.statuses["gates"]) == ("passed", "passed")


def test_why_the_largest_move_is_made(story: Story, ci: Ci) -> None:
    """From 4 that move to `senior` 21 and 22 come from wealthy, 23 and 24 from standard."""
    checkout(story, NEW_SEGMENT)
    gate = ci("--base", REARRANGED).gate("max_movers")
    assert gate["remedy"].startswith(
        'write `max_movers = "13.34%"` in segwright.toml, or move fewer; the largest move is from `wealthy` to '
        "`senior`, 2 of them: "
    )


@pytest.mark.parametrize(
    "tag, files",
    [(FIRST, ["data.seg", "loans.seg"]), (RENAMED, ["data.seg", "loans.seg"]), (REFORMATTED, []), (WATCHED, [])],
)
def test_layout(story: Story, ci: Ci, tag: str, files: list[str]) -> None:
    """The first rules are untidy; from the commit that lays them out on, they are not."""
    checkout(story, tag)
    told = ci("--base", FIRST, "--no-data")
    assert told.statuses["format"] == ("failed" if files else "passed")
    assert [each["file"] for each in told.data["diagnostics"] if each["code"] == "format"] == files
    assert told.code == (1 if files else 0)


def test_every_step_runs_though_one_before_it_failed(story: Story, ci: Ci) -> None:
    checkout(story, CUT_OFF)
    told = ci("--base", FIRST)
    assert told.statuses == {
        "format": "failed",
        "check": "passed",
        "tests": "passed",
        "diff": "passed",
        "gates": "passed",
    }
    assert told.code == 1


def test_rules_that_do_not_check_stop_the_steps_that_need_them(story: Story, ci: Ci) -> None:
    checkout(story, BROKEN)
    told = ci("--base", WATCHED)
    assert told.statuses == {
        "format": "passed",
        "check": "failed",
        "tests": "skipped",
        "diff": "skipped",
        "gates": "skipped",
    }
    assert {told.step(name)["summary"] for name in ("tests", "diff", "gates")} == {"the rules do not check"}
    assert told.code == 1
    (error,) = [each for each in told.data["diagnostics"] if each["severity"] == "error"]
    assert (error["file"], error["text"]) == ("loans.seg", "aeg")


def test_a_base_that_does_not_check_is_nothing_to_compare_with(story: Story, ci: Ci) -> None:
    """What mends the rules may pass."""
    checkout(story, MENDED)
    told = ci("--base", BROKEN)
    assert told.statuses["diff"] == "skipped"
    assert told.step("diff")["summary"] == f"the rules do not check at {story.shown(BROKEN)}: 1 error"
    assert told.gate("max_movers")["verdict"] == "not looked at"
    assert told.gate("max_movers")["why"] == ["the rules of the base cannot be compared with"]
    assert told.code == 0


def test_a_target_and_a_field_that_are_new(story: Story, ci: Ci) -> None:
    """16, 17, 10, 28, 29, 30, 25, 12 and 27 are in standard at the end; 10, 12, 28 … were late: fewer than half, so the
    target is kept, and no gate stops it. `has_app` is not personal."""
    checkout(story, WATCHED, '\n[gates]\nnewly_missed_targets = "stop"\nnewly_read_personal = "stop"\n')
    told = ci("--base", NEW_FEATURE)
    assert [(gate["gate"], gate["verdict"]) for gate in told.data["gates"]] == [
        ("newly_missed_targets", "passed"),
        ("newly_read_personal", "passed"),
    ]


def test_a_field_that_becomes_personal_and_is_newly_read(story: Story, ci: Ci) -> None:
    checkout(story, NEW_FIELD)
    fields = story.project / "data.seg"
    text = fields.read_text(encoding="utf-8")
    fields.write_text(text.replace("has_app      boolean", "has_app      boolean personal"), encoding="utf-8")
    told = ci("--base", NEW_FEATURE, "--no-data")
    assert told.gate("newly_read_personal")["why"] == [
        "`customers.has_app`, which is personal, is read now, and was not before"
    ]
    assert told.code == 1


def test_a_warning_that_is_new(story: Story, ci: Ci) -> None:
    """Ages begin at 18, so that a test for it always holds."""
    checkout(story, MENDED)
    rules = story.project / "loans.seg"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace("when age >= 65", "when age >= 65 and age >= 18"), encoding="utf-8")
    told = ci("--base", MENDED, "--no-data")
    (warning,) = [each for each in told.data["diagnostics"] if each["severity"] == "warning"]
    assert (warning["code"], warning["text"]) == ("SEG750", "age >= 18")
    assert told.gate("warnings")["why"] == [f"SEG750: {warning['message']}"]
    assert (told.code, told.statuses["check"], told.statuses["gates"]) == (1, "passed", "failed")
    story.git("commit", "--quiet", "--all", "--message", "With a warning")
    assert ci("--base", "HEAD", "--no-data").gate("warnings")["verdict"] == "passed"


def test_data_that_is_not_there_passes_no_gate_by_itself(story: Story, ci: Ci) -> None:
    checkout(story, CUT_OFF)
    (story.project / "data" / "payments.csv").unlink()
    told = ci("--base", FIRST)
    gate = told.gate("max_movers")
    assert gate["verdict"] == "failed"
    assert gate["why"][0].startswith("it cannot be looked at: there is no data to compare with: ")
    assert "payments" in gate["why"][0]
    on_purpose = ci("--base", FIRST, "--no-data").gate("max_movers")
    assert (on_purpose["verdict"], on_purpose["why"]) == ("not looked at", ["no data was to be looked at"])


def test_data_that_breaks_its_contract(story: Story, ci: Ci) -> None:
    checkout(story, REORDERED)
    customers = story.project / "data" / "customers.csv"
    customers.write_text(customers.read_text(encoding="utf-8").replace("1,45,", "1,450,"), encoding="utf-8")
    told = ci("--base", REFORMATTED)
    assert told.code == 3
    assert told.step("diff")["status"] == "failed"
    assert told.step("diff")["exit_code"] == 3
    assert told.gate("max_movers")["why"] == ["the comparison could not be made"]
    (problem,) = [each for each in told.data["diagnostics"] if each["code"] == "data"]
    assert (problem["file"], problem["line"], problem["text"]) == ("segwright.toml", 4, "[data]")


def test_a_failing_test_is_told_where_it_stands(story: Story, ci: Ci) -> None:
    checkout(story, MENDED)
    rules = story.project / "loans.seg"
    text = rules.read_text(encoding="utf-8").replace("expect value is standard", "expect value is prime")
    rules.write_text(text, encoding="utf-8")
    told = ci("--base", MENDED, "--no-data")
    assert (told.code, told.statuses["tests"]) == (1, "failed")
    (problem,) = [each for each in told.data["diagnostics"] if each["code"] == "test"]
    assert problem["message"].startswith('"a late payer is not prime": `value`: expected `prime`, got `standard`')
    assert "prime" in problem["text"]


def test_gates_that_the_change_moves_are_told(story: Story, ci: Ci) -> None:
    checkout(story, MENDED)
    story.git("commit", "--quiet", "--all", "--message", "Gates")
    settings = story.project / "segwright.toml"
    text = settings.read_text(encoding="utf-8")
    moved = text.replace('"10%"', '"50%"').replace('warnings = "stop"\n', "")
    settings.write_text(moved + 'targets = "stop"\n', encoding="utf-8")
    told = ci("--base", "HEAD")
    assert told.data["notes"] == [
        "this change moves the gate `max_movers`: it was 10% at the base, and is 50%",
        "this change moves the gate `warnings`: it was stop at the base, and is not set",
    ]
