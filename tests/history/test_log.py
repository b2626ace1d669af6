"""The history of meaning, held to what the story says of each of its commits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from face.conftest import Segwright
from history.story import (
    BROKEN,
    COMMITS,
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
    git,
    members_at,
)

from segwright.runtime.errors import SettingsError
from segwright.runtime.history.log import History, history_of, last_changes
from segwright.runtime.history.sizes import Sizes, sizes_of

MEANING = (CUT_OFF, REORDERED, NEW_SEGMENT, SWAPPED, NEW_FEATURE, NEW_FIELD, WATCHED)
SAME = (RENAMED, REFORMATTED, REARRANGED, TITLES, MENDED)


def kinds(story: Story, history: History) -> dict[str, str]:
    """What each commit did, by its tag or subject, newest first."""
    tags = {commit: tag for tag, commit in story.commits.items()}
    return {tags.get(each.commit.hash, each.commit.subject): each.kind for each in history.entries}


def run_at(story: Story, segwright: Segwright, *tags: str, as_of: str | None = None) -> dict[str, str]:
    """Run the rules of some commits, in this order; the names of the run folders."""
    found: dict[str, str] = {}
    for tag in tags:
        story.git("checkout", "--quiet", tag)
        answer = segwright("run", "--format", "json", *([] if as_of is None else ["--as-of", as_of]))
        assert answer.code == 0, answer.err
        found[tag] = Path(json.loads(answer.out)["run"]).name
    story.git("checkout", "--quiet", "main")
    return found


# -- what each commit did ----------------------------------------------------------------------------------------------


def test_every_commit_is_told_for_what_it_is(story: Story) -> None:
    history = history_of(story.project)
    expected = {told.tag: "meaning" if told.tag in MEANING else "same meaning" for told in reversed(COMMITS)}
    assert kinds(story, history) == expected | {FIRST: "first", BROKEN: "broken"}
    assert list(kinds(story, history)) == [told.tag for told in reversed(COMMITS)]
    assert (history.project, history.looked_at, history.cut) == ("loans", 14, False)


def test_why_the_meaning_was_left_alone(story: Story) -> None:
    entries = {each.commit.hash: each for each in history_of(story.project).entries}
    found = {tag: {change.kind for change in entries[story.commits[tag]].changes} for tag in SAME}
    assert found == {
        RENAMED: {"renamed"},
        REFORMATTED: {"layout", "comments"},
        REARRANGED: {"declaration order"},
        TITLES: {"title", "upkeep", "layout"},
        MENDED: set(),
    }
    assert [tag for tag in story.commits if entries[story.commits[tag]].mends] == [MENDED]


def test_a_commit_after_a_broken_one_is_held_against_the_last_sound_one(story: Story) -> None:
    entries = {each.commit.hash: each for each in history_of(story.project).entries}
    mended, watched = entries[story.commits[MENDED]], entries[story.commits[WATCHED]]
    assert mended.before is not None
    assert watched.rules is not None
    assert mended.before == watched.rules
    assert mended.rules == watched.rules
    assert entries[story.commits[BROKEN]].problems == (
        "loans.seg:16:42: `aeg` is not a field of `customers`, nor a `let` or parameter (SEG150)",
    )


def test_rules_of_a_hundred_commits_are_checked_once(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    from segwright.runtime.history import projects

    checked: list[Path] = []
    really = projects.check_files

    def counting(paths: Any, shown: Path, files: Any) -> Any:
        checked.append(shown)
        return really(paths, shown, files)

    monkeypatch.setattr(projects, "check_files", counting)
    for number in range(100):
        story.commit({"notes.txt": f"{number}\n"}, "Notes")
    history = history_of(story.project)
    assert len(history.entries) == 14
    assert history.looked_at == 114
    assert len(checked) == 13  # fourteen commits; `mended` is as `watched`


def test_what_lies_beside_the_rules_is_no_step(story: Story) -> None:
    story.commit({"README.md": "More.\n", "loans/notes.txt": "Ours.\n"}, "Notes")
    assert "Notes" not in kinds(story, history_of(story.project))


def test_a_file_that_is_used_from_another_folder_is_a_step(story: Story) -> None:
    data = story.git("show", "HEAD:loans/data.seg")
    rules = story.git("show", "HEAD:loans/loans.seg").replace('use "data.seg"', 'use "../shared/data.seg"')
    files = {"shared/data.seg": data, "loans/data.seg": None, "loans/loans.seg": rules}
    story.commit(files, "Shared fields")
    story.commit({"shared/data.seg": data.replace("18 to 100", "18 to 110")}, "Older people")
    found = kinds(story, history_of(story.project))
    assert (found["Shared fields"], found["Older people"]) == ("same meaning", "meaning")


def test_other_settings_are_told(story: Story, segwright: Segwright) -> None:
    text = (story.project / "segwright.toml").read_text(encoding="utf-8")
    story.commit({"loans/segwright.toml": text.replace("2026-09-01", "2026-10-01")}, "October")
    story.commit({"loans/segwright.toml": text.replace("2026-09-01", "2026-10-01") + "# later\n"}, "A comment")
    october = next(each for each in history_of(story.project).entries if each.commit.subject == "October")
    assert (october.kind, october.settings_changed) == ("same meaning", True)
    shown = segwright("log", "--all").out
    assert "October  Ada Analyst\n  leaves the meaning alone: other settings\n" in shown


def test_broken_settings_are_marked(story: Story) -> None:
    text = (story.project / "segwright.toml").read_text(encoding="utf-8")
    story.commit({"loans/segwright.toml": text.replace("name =", "naem =")}, "Hurry")
    story.commit({"loans/segwright.toml": text.replace("[project]", '[project]\nrules = ["x/*.seg"]')}, "Elsewhere")
    story.commit(
        {"loans/x/a.seg": (story.project / "loans.seg").read_text().replace("data.seg", "../data.seg")}, "There"
    )
    history = history_of(story.project)
    entries = {each.commit.subject: each for each in history.entries}
    assert entries["Hurry"].problems == ("segwright.toml:2: unknown setting `naem`; did you mean `name`?",)
    assert entries["Elsewhere"].problems == ("segwright.toml: no rule file matches `x/*.seg`",)
    assert (entries["There"].kind, entries["There"].mends) == ("meaning", True)  # the outcomes are left out


def test_a_project_that_moved_is_followed(story: Story, segwright: Segwright, monkeypatch: pytest.MonkeyPatch) -> None:
    story.git("mv", "loans", "credit")
    story.git("commit", "--quiet", "-m", "Another folder")
    monkeypatch.chdir(story.folder / "credit")
    history = history_of(story.folder / "credit")
    moved, *others = history.entries
    assert (moved.kind, str(moved.moved_from), str(moved.place)) == ("same meaning", "loans", "credit")
    assert [each.kind for each in others] == [kinds(story, history)[told.tag] for told in reversed(COMMITS)]
    assert len(others) == 14
    shown = segwright("log", "--all", "-n", "1").out
    assert "  the project moved from `loans` to `credit`\n  leaves the meaning alone: another folder\n" in shown


def test_a_project_that_was_away_for_a_while(story: Story) -> None:
    text = (story.project / "segwright.toml").read_text(encoding="utf-8")
    story.commit({"loans/segwright.toml": None}, "Gone")
    story.commit({"loans/segwright.toml": text}, "Back")
    gone = next(each for each in history_of(story.project).entries if each.commit.subject == "Gone")
    assert (gone.kind, gone.problems) == ("broken", ("`loans` holds no project any more",))
    assert kinds(story, history_of(story.project))["Back"] == "same meaning"


def test_a_merge_is_one_step(story: Story) -> None:
    story.git("checkout", "--quiet", "-b", "idea", TITLES)
    rules = story.git("show", "HEAD:loans/loans.seg")
    for cut in (690, 680, 670):
        story.commit({"loans/loans.seg": rules.replace("= 700", f"= {cut}")}, f"Down to {cut}")
    story.git("checkout", "--quiet", "main")
    story.git("merge", "--quiet", "--no-ff", "-m", "Merge the idea", "idea")
    found = kinds(story, history_of(story.project))
    assert next(iter(found.items())) == ("Merge the idea", "meaning")
    assert "Down to 680" not in found
    assert "Down to 680" in kinds(story, history_of(story.project, "idea"))


# -- which commits -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "revisions, tags",
    [
        (f"{CUT_OFF}..{REORDERED}", [REORDERED, REFORMATTED, RENAMED]),
        (f"{CUT_OFF}...{REORDERED}", [REORDERED, REFORMATTED, RENAMED]),
        (RENAMED, [RENAMED, CUT_OFF, FIRST]),
        (f"{BROKEN}..", [MENDED]),
        (f"{MENDED}..{MENDED}", []),
    ],
)
def test_ranges(story: Story, revisions: str, tags: list[str]) -> None:
    history = history_of(story.project, revisions)
    assert list(kinds(story, history)) == tags
    assert history.looked_at == len(tags)
    assert "first" not in kinds(story, history).values() or tags[-1] == FIRST


def test_a_range_the_wrong_way_round(story: Story) -> None:
    with pytest.raises(SettingsError) as caught:
        history_of(story.project, f"{MENDED}..{FIRST}")
    assert caught.value.message == "no commit leads from `mended` to `first`; did you mean `first..mended`?"


def test_the_last_changes(story: Story) -> None:
    history = last_changes(history_of(story.project, most=2), 2)
    assert list(kinds(story, history)) == [MENDED, BROKEN, WATCHED, TITLES, NEW_FIELD]
    assert history.looked_at < 14


def test_a_shallow_clone_says_so(story: Story, tmp_path: Path, segwright: Segwright, monkeypatch: Any) -> None:
    git(tmp_path, "clone", "--quiet", "--depth=4", f"file://{story.folder}", "clone")
    monkeypatch.chdir(tmp_path / "clone" / "loans")
    shown = segwright("log").out
    assert "Titles and an owner  Ada Analyst\n  the oldest version of the rules that is here\n" in shown
    assert shown.endswith("this is a shallow clone: older commits are not here; `git fetch --unshallow` gets them\n")


# -- sizes -------------------------------------------------------------------------------------------------------------


def worked_out(now: str, before: str | None, renames: dict[str, str] | None = None) -> dict[str, tuple[Any, Any]]:
    """The sizes at a commit and at one before, from the story's members."""
    new = {segment: len(keys) for segment, keys in members_at(now).items()}
    old = {} if before is None else {segment: len(keys) for segment, keys in members_at(before).items()}
    old = {(renames or {}).get(segment, segment): count for segment, count in old.items()}
    return {segment: (new.get(segment), old.get(segment)) for segment in {**new, **old}}


def found_in(sizes: Sizes) -> dict[str, tuple[Any, Any]]:
    return {segment: (size.now, size.before) for segment, size in sizes.segmentations["value"].items()}


def test_sizes_are_those_of_the_runs(story: Story, segwright: Segwright) -> None:
    runs = run_at(story, segwright, FIRST, CUT_OFF, RENAMED, NEW_FIELD, NEW_SEGMENT, WATCHED)
    sizes, unread = sizes_of(history_of(story.project).entries, story.project / "runs")
    by_tag = {tag: sizes[commit] for tag, commit in story.commits.items() if commit in sizes}
    assert unread == ()
    assert set(by_tag) == {FIRST, CUT_OFF, NEW_SEGMENT, NEW_FIELD, WATCHED}
    assert {tag: (each.run, each.before) for tag, each in by_tag.items()} == {
        FIRST: (runs[FIRST], None),
        CUT_OFF: (runs[CUT_OFF], runs[FIRST]),
        NEW_SEGMENT: (runs[NEW_SEGMENT], runs[CUT_OFF]),
        NEW_FIELD: (runs[NEW_FIELD], runs[NEW_SEGMENT]),
        WATCHED: (runs[WATCHED], runs[NEW_FIELD]),
    }
    assert found_in(by_tag[FIRST]) == worked_out(FIRST, None)
    assert found_in(by_tag[CUT_OFF]) == worked_out(CUT_OFF, FIRST)
    assert found_in(by_tag[NEW_SEGMENT]) == worked_out(NEW_SEGMENT, CUT_OFF, {"affluent": "wealthy"})
    assert found_in(by_tag[NEW_FIELD]) == worked_out(NEW_FIELD, NEW_SEGMENT)
    assert found_in(by_tag[WATCHED]) == worked_out(WATCHED, NEW_FIELD)
    assert {tag: each.steps for tag, each in by_tag.items() if each.before} == {
        CUT_OFF: 1,
        NEW_SEGMENT: 2,
        NEW_FIELD: 3,
        WATCHED: 1,
    }


def test_runs_of_what_means_the_same_count(story: Story, segwright: Segwright) -> None:
    runs = run_at(story, segwright, FIRST, REFORMATTED)
    history = history_of(story.project, f"{FIRST}..{REORDERED}")
    sizes, _ = sizes_of(history.entries, story.project / "runs")
    assert list(sizes) == [story.commits[CUT_OFF]]
    assert (sizes[story.commits[CUT_OFF]].run, sizes[story.commits[CUT_OFF]].before) == (runs[REFORMATTED], runs[FIRST])
    assert found_in(sizes[story.commits[CUT_OFF]]) == worked_out(RENAMED, FIRST, {"affluent": "wealthy"})


def test_runs_of_the_same_date_are_compared(story: Story, segwright: Segwright) -> None:
    first = run_at(story, segwright, FIRST)
    later = run_at(story, segwright, FIRST, as_of="2026-10-01")
    cut = run_at(story, segwright, CUT_OFF)
    entries = history_of(story.project, CUT_OFF).entries
    found = sizes_of(entries, story.project / "runs")[0][story.commits[CUT_OFF]]
    assert (found.run, found.before) == (cut[CUT_OFF], first[FIRST])
    later_cut = run_at(story, segwright, CUT_OFF, as_of="2026-11-01")
    found = sizes_of(entries, story.project / "runs")[0][story.commits[CUT_OFF]]
    assert (found.run, found.before) == (later_cut[CUT_OFF], later[FIRST])
    assert "(as of 2026-11-01 and 2026-10-01: part of the difference may be the data's)" in segwright("log").out


def test_a_run_that_cannot_be_read_is_told(story: Story, segwright: Segwright) -> None:
    run = run_at(story, segwright, FIRST)[FIRST]
    (story.project / "runs" / run / "manifest.json").write_text("{}", encoding="utf-8")
    answer = segwright("log")
    assert answer.out.endswith(f"note: the manifest of `{run}` was written by another version of segwright\n")
    assert json.loads(segwright("log", "--format", "json").out)["notes"] == [
        f"the manifest of `{run}` was written by another version of segwright"
    ]


def test_a_segment_that_is_gone(story: Story, segwright: Segwright) -> None:
    rules = story.git("show", "HEAD:loans/loans.seg").split("\n")
    story.commit({"loans/loans.seg": "\n".join(line for line in rules if "segment young" not in line)}, "No more young")
    run_at(story, segwright, WATCHED, "main")
    # Of the young, 19 is wealthy (62,000 and paid lately) and 26 is not.
    assert ("  value: prime 11, senior 4, wealthy 5 (+1), standard 10 (+1), young gone (was 2)\n") in segwright(
        "log", "-n", "1"
    ).out


def test_sizes_that_are_as_before_are_left_out(story: Story, segwright: Segwright) -> None:
    rules = story.git("show", "HEAD:loans/loans.seg")
    ages = "\nsegmentation ages of customers\n  first match wins\n  segment old when age >= 60\n  otherwise others\n"
    story.commit({"loans/loans.seg": rules + ages}, "Ages too")
    story.git("tag", "ages")
    story.commit({"loans/loans.seg": rules.replace("when age >= 65", "when age >= 80") + ages}, "Fewer seniors")
    run_at(story, segwright, "ages", "main")
    lines = segwright("log", "-n", "1").out.split("\n")
    assert "  ages: every segment as large as before" in lines
    assert sum(line.startswith("  ages: ") for line in lines) == 1
    assert any(line.startswith("  value: prime 11, senior hidden") for line in lines)


def test_a_hidden_segment(story: Story, segwright: Segwright) -> None:
    rules = story.git("show", "HEAD:loans/loans.seg").replace("when age >= 65", "when age >= 80")
    story.commit({"loans/loans.seg": rules}, "Fewer seniors")
    run_at(story, segwright, WATCHED, "main")
    # Seniors are 24 alone, which is hidden; so is the next smallest, since the total would give one of them away. 22
    # has no payment lately, and 23 little income; 21 is wealthy.
    assert ("  value: prime 11, senior hidden, young hidden, wealthy 5 (+1), standard 11 (+2)\n") in segwright(
        "log", "-n", "1"
    ).out


# -- the command -------------------------------------------------------------------------------------------------------


def test_text(story: Story, segwright: Segwright) -> None:
    runs = run_at(story, segwright, FIRST, CUT_OFF)
    answer = segwright("log", f"{RENAMED}~2..{REORDERED}")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.split("\n") == [
        "loans: what changed the meaning of the rules, newest first",
        "",
        f"{story.shown(REORDERED)}  2026-02-02  The young come before the wealthy  Ada Analyst",
        "  - `young` now stands before `wealthy`",
        "",
        f"{story.shown(CUT_OFF)}  2026-01-12  Prime begins at 700  Ada Analyst",
        "  - parameter `prime_score` moved from 720 to 700",
        "  value: prime 11 (+3), affluent 9 (-1), young 3 (-1), standard 7 (-1)",
        f"  (run {runs[CUT_OFF]}, against {runs[FIRST]})",
        "",
        "4 commits looked at, 4 of them touched the rules",
        "2 commits that leave the meaning alone: `--all` shows them",
        "",
    ]


def test_text_of_every_commit(story: Story, segwright: Segwright) -> None:
    shown = segwright("log", "--all", ".").out
    assert (
        f"{story.shown(RENAMED)}  2026-01-19  Clearer names  Ada Analyst\n  leaves the meaning alone: 2 names\n"
        in shown
    )
    assert "Seniors, mended  Ada Analyst\n  leaves the meaning alone: the rules check again\n" in shown
    assert "Seniors, in a hurry  Ada Analyst\n  the rules do not check\n    loans.seg:16:42: `aeg` is not a" in shown
    assert "The first rules for loans  Ada Analyst\n  the first version of the rules\n" in shown
    assert shown.endswith("14 commits looked at, 14 of them touched the rules\n")


def test_a_commit_of_many_changes(story: Story, segwright: Segwright) -> None:
    rules = story.git("show", "HEAD:loans/loans.seg")
    many = "".join(f"  segment s{age} when age = {age}\n" for age in range(31, 45))
    commit = story.commit({"loans/loans.seg": rules.replace("  otherwise", f"{many}  otherwise")}, "By age")
    shown = segwright("log", "-n", "1").out
    assert shown.count("  - segment `s") == 12
    assert f"  - and 2 more changes: `segwright diff {commit[:7]}~1..{commit[:7]}` tells them\n" in shown


def test_json(story: Story, segwright: Segwright) -> None:
    run_at(story, segwright, FIRST, CUT_OFF)
    data = json.loads(segwright("log", "--format", "json").out)
    assert list(data) == ["format", "project", "commits", "left_out", "looked_at", "shallow", "notes"]
    assert [each["commit"] for each in data["commits"]] == [
        story.commits[told.tag] for told in reversed(COMMITS) if told.tag not in SAME
    ]
    assert (data["project"], data["left_out"], data["looked_at"], data["shallow"]) == ("loans", 5, 14, False)
    cut = next(each for each in data["commits"] if each["commit"] == story.commits[CUT_OFF])
    assert cut["date"] == "2026-01-12T10:00:00+00:00"
    assert cut["sizes"]["segmentations"]["value"]["prime"] == {"now": 11, "before": 8, "hidden": False}
    assert [(each["kind"], each["name"], each["before"], each["after"]) for each in cut["changes"]] == [
        ("cut-off", "prime_score", "720", "700")
    ]
    every = json.loads(segwright("log", "--all", "--format", "json").out)
    assert (len(every["commits"]), every["left_out"]) == (14, 0)


@pytest.mark.parametrize(
    "words, message",
    [
        (["-n", "0"], "`--number` is a whole number from 1, not `0`"),
        (["--number", "x"], "`--number` is a whole number from 1, not `x`"),
        ([".", "."], "name a project folder and one revision or range: `segwright log rules/loans v1..v2`"),
        (["nothing"], "there is no revision `nothing`: `git branch --all` and `git tag` list names, `git log` commits"),
    ],
)
@pytest.mark.usefixtures("story")
def test_words_that_mean_nothing(segwright: Segwright, words: list[str], message: str) -> None:
    answer = segwright("log", *words)
    assert (answer.code, answer.out, answer.err) == (2, "", f"error: {message}\n")


def test_a_project_that_was_never_committed(empty: Story, segwright: Segwright, monkeypatch: Any) -> None:
    empty.commit({"README.md": "Soon.\n"}, "Begun")
    (empty.folder / "segwright.toml").write_text("", encoding="utf-8")
    monkeypatch.chdir(empty.folder)
    assert segwright("log").out.endswith("\nnone of 1 commit has the project\n")
