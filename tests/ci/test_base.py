"""Which commit a change is compared with, and what is said where there is none."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from history.story import AS_OF, CUT_OFF, FIRST, MENDED, REORDERED, WATCHED, Story, git

from .conftest import Segwright, Told

Ci = Callable[..., Told]


@pytest.fixture
def clone(story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Story]:
    """A clone of the story, made as build servers make theirs, in which the project is the current folder."""

    def cloned(*words: str) -> Story:
        folder = tmp_path / "clone"
        git(tmp_path, "clone", "--quiet", *words, story.folder.as_uri(), str(folder))
        shutil.copytree(story.project / "data", folder / "loans" / "data")
        monkeypatch.chdir(folder / "loans")
        return Story(folder, folder / "loans", story.commits)

    return cloned


def test_the_merge_base_is_compared_with_not_the_branch(story: Story, ci: Ci) -> None:
    """The branch `side` parted at `reordered`; that main went on since is not its doing."""
    story.git("checkout", "--quiet", "-b", "side", REORDERED)
    told = ci("--base", "main")
    assert told.data["base"]["commit"] == story.commits[REORDERED]
    assert told.step("diff")["summary"].startswith(f"since main ({story.shown(REORDERED)}): Nothing changed")


@pytest.mark.parametrize(
    "variable, value, revision, why",
    [
        ("GITHUB_BASE_REF", "main", "origin/main", "the pull request goes into it"),
        ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main", "origin/main", "the merge request goes into it"),
    ],
)
def test_the_target_of_a_pull_request(
    clone: Callable[..., Story],
    ci: Ci,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    value: str,
    revision: str,
    why: str,
) -> None:
    cloned = clone()
    cloned.git("checkout", "--quiet", "-b", "change", WATCHED)
    monkeypatch.setenv(variable, value)
    base = ci("--no-data").data["base"]
    assert base == {"commit": cloned.commits[WATCHED], "revision": revision, "why": why}


def test_the_commit_that_a_merge_request_begins_at(story: Story, ci: Ci, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI_MERGE_REQUEST_DIFF_BASE_SHA", story.commits[WATCHED])
    monkeypatch.setenv("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "nowhere")
    base = ci("--no-data").data["base"]
    assert (base["commit"], base["why"]) == (story.commits[WATCHED], "the merge request begins there")


def test_the_option_comes_first(story: Story, ci: Ci, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_BASE_REF", "nowhere")
    assert ci("--no-data", "--base", WATCHED).data["base"]["commit"] == story.commits[WATCHED]


def test_the_default_branch_of_origin(clone: Callable[..., Story], ci: Ci) -> None:
    cloned = clone()
    cloned.git("checkout", "--quiet", "-b", "change", WATCHED)
    assert ci("--no-data").data["base"] == {
        "commit": cloned.commits[WATCHED],
        "revision": "origin/main",
        "why": "it is the default branch of origin",
    }


@pytest.mark.parametrize("branch", ["main", "master"])
def test_the_usual_branches(story: Story, ci: Ci, branch: str) -> None:
    story.git("branch", "--move", "main", branch)
    story.git("checkout", "--quiet", "-b", "change", WATCHED)
    base = ci("--no-data").data["base"]
    assert (base["commit"], base["revision"]) == (story.commits[WATCHED], branch)


def test_changes_that_are_not_committed_are_compared(story: Story, ci: Ci) -> None:
    rules = story.project / "loans.seg"
    rules.write_text(rules.read_text(encoding="utf-8").replace("= 700 from", "= 720 from"), encoding="utf-8")
    told = ci()
    assert told.data["base"]["commit"] == story.commits[MENDED]
    assert told.data["difference"]["same_meaning"] is False


# -- no base -----------------------------------------------------------------------------------------------------------

ALONE = {"format": "passed", "check": "passed", "tests": "passed", "diff": "skipped", "gates": "passed"}


def test_no_usual_branch(story: Story, ci: Ci) -> None:
    story.git("branch", "--move", "main", "trunk")
    told = ci()
    assert (told.code, told.statuses) == (0, ALONE)
    assert told.step("diff")["summary"] == (
        "there is no branch to compare with: none of `origin/main`, `origin/master`, `main`, `master`; name one, as in "
        "`--base main`"
    )


def test_no_repository(story: Story, ci: Ci, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = shutil.copytree(story.project, tmp_path / "alone")
    monkeypatch.chdir(alone)
    told = ci()
    assert (told.code, told.statuses) == (0, ALONE)
    assert "`alone` lies in no git repository" in told.step("diff")["summary"]


def test_no_commit_yet(story: Story, ci: Ci, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = shutil.copytree(story.project, tmp_path / "alone")
    git(alone, "init", "--quiet")
    monkeypatch.chdir(alone)
    told = ci()
    assert (told.code, told.statuses) == (0, ALONE)
    assert "this repository has no commit yet" in told.step("diff")["summary"]
    asked = ci("--base", "main")
    assert (asked.code, asked.statuses["diff"]) == (2, "failed")


@pytest.mark.usefixtures("story")
def test_a_base_that_there_is_not(ci: Ci) -> None:
    told = ci("--base", "mainn")
    assert (told.code, told.statuses) == (2, {**ALONE, "diff": "failed"})
    assert told.step("diff")["summary"].startswith("there is no revision `mainn`; did you mean `main`?")


def test_a_shallow_clone_does_not_pass_unseen(
    clone: Callable[..., Story], ci: Ci, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As GitHub's checkout makes it where nobody says otherwise: one commit, and not the target branch."""
    cloned = clone("--depth", "1")
    cloned.git("update-ref", "-d", "refs/remotes/origin/main")
    monkeypatch.setenv("GITHUB_BASE_REF", "main")
    told = ci()
    assert (told.code, told.statuses["diff"], told.statuses["tests"]) == (2, "failed", "passed")
    assert "shallow clone" in told.step("diff")["summary"]
    assert "`fetch-depth: 0`" in told.step("diff")["summary"]


def test_a_shallow_clone_on_gitlab(clone: Callable[..., Story], ci: Ci, monkeypatch: pytest.MonkeyPatch) -> None:
    cloned = clone("--depth", "1")
    monkeypatch.setenv("GITLAB_CI", "true")
    monkeypatch.setenv("CI_MERGE_REQUEST_DIFF_BASE_SHA", cloned.commits[FIRST])
    told = ci()
    assert (told.code, told.statuses["diff"]) == (2, "failed")
    assert told.step("diff")["summary"].endswith('; on GitLab `GIT_DEPTH: "0"` gets all of it')


def test_no_git(story: Story, ci: Ci, monkeypatch: pytest.MonkeyPatch) -> None:
    assert story.project.is_dir()
    monkeypatch.setenv("PATH", "")
    told = ci()
    assert (told.code, told.statuses) == (4, {**ALONE, "diff": "failed"})
    assert "git is not installed" in told.step("diff")["summary"]


def test_a_project_that_is_new_is_nothing_to_compare_with(story: Story, ci: Ci) -> None:
    new = story.folder / "cards"
    shutil.copytree(story.project, new)
    (new / "segwright.toml").write_text(f'[project]\nname = "cards"\n[run]\nas_of = {AS_OF}\n', encoding="utf-8")
    told = ci(new)
    assert (told.code, told.statuses["diff"]) == (0, "skipped")
    assert "the project `cards` is not in its folder" in told.step("diff")["summary"]


def test_a_project_that_moved_is_compared_and_it_says_so(story: Story, ci: Ci, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(story.folder)
    story.git("mv", "loans", "lending")
    story.git("commit", "--quiet", "--message", "Lending")
    told = ci("lending", "--base", MENDED, "--no-data")
    assert (told.code, told.statuses["diff"]) == (0, "passed")
    assert told.data["notes"] == [f"at {story.shown(MENDED)} the project `loans` lay in `loans`"]


def test_a_branch_with_another_history(story: Story, ci: Ci) -> None:
    story.git("checkout", "--quiet", "--orphan", "other")
    story.git("commit", "--quiet", "--message", "Alone")
    told = ci("--base", "main")
    assert (told.code, told.statuses["diff"]) == (2, "failed")
    assert "have no commit in common" in told.step("diff")["summary"]


# -- settings ----------------------------------------------------------------------------------------------------------


def test_settings_that_cannot_be_followed(story: Story, ci: Ci) -> None:
    (story.project / "segwright.toml").write_text("[gates]\nmax_movers = 0.02\n", encoding="utf-8")
    told = ci("--base", FIRST)
    assert told.code == 2
    assert told.statuses == {
        "settings": "failed",
        "format": "skipped",
        "check": "skipped",
        "tests": "skipped",
        "diff": "skipped",
        "gates": "skipped",
    }
    (problem,) = told.data["diagnostics"]
    assert (problem["code"], problem["line"], problem["text"]) == ("settings", 2, "max_movers = 0.02")


def test_no_project(ci: Ci, segwright: Segwright, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    del ci
    monkeypatch.chdir(tmp_path)
    answer = segwright("ci")
    assert (answer.code, answer.out) == (2, "")
    assert "there is no segwright.toml here" in answer.err


def test_an_as_of_date(story: Story, ci: Ci) -> None:
    """As of 1 March 2026 hardly anybody has paid yet, nor late."""
    story.git("checkout", "--quiet", CUT_OFF)
    told = ci("--base", FIRST, "--as-of", "2026-03-01")
    assert told.data["difference"]["comparison"]["as_of"] == "2026-03-01"
