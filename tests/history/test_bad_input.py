"""What keeps a revision from being read: each with a message that says the way out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from face.conftest import Segwright
from history.story import BROKEN, CUT_OFF, FIRST, MENDED, Story, git

from segwright.runtime.errors import EngineError, RunError, SettingsError
from segwright.runtime.history.versions import version_of, versions

RULES = """\
table customers key customer_id
  customer_id integer
  income      money
segmentation value of customers
  first match wins
  segment top when income > 5_000
  otherwise rest
"""


def refusal(*words: str) -> RunError:
    """What is said of the words."""
    with pytest.raises(RunError) as caught:
        versions(words)
    return caught.value


def test_no_repository(tmp_path: Path) -> None:
    project = tmp_path / "loans"
    project.mkdir()
    (project / "segwright.toml").write_text("", encoding="utf-8")
    (project / "rules.seg").write_text(RULES, encoding="utf-8")
    found = refusal(str(project))
    assert found.message == (
        "`loans` lies in no git repository, so it has no revisions: name two folders to compare them, or begin a "
        "history with `git init`, `git add` and `git commit`"
    )
    assert found.exit_code == 2
    assert version_of(project, None).shown == "the working tree"


def test_no_git(story: Story, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = refusal(str(story.project))
    assert isinstance(found, EngineError)
    assert found.exit_code == 4
    assert found.message == "git is not installed, and revisions are read with it: install it, or name two folders"
    assert version_of(story.project, None).commit is None


def test_a_repository_of_another_user(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")  # as git's own tests do it
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    top = story.folder.resolve().as_posix()
    found = refusal()
    assert found.message == (
        "git does not read the repository of `loans`, since it belongs to another user: `git config --global --add "
        f"safe.directory {top}` allows it"
    )
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")  # as build servers say it
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "safe.directory")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", top)
    assert versions([])[0].commit == story.commits[MENDED]


def test_no_commit_yet(empty: Story) -> None:
    (empty.folder / "segwright.toml").write_text("", encoding="utf-8")
    (empty.folder / "rules.seg").write_text(RULES, encoding="utf-8")
    for words in ([], ["main"], ["main..HEAD"], ["main...HEAD"]):
        assert refusal(str(empty.project), *words).message == (
            "this repository has no commit yet, so there is nothing to compare with: commit the rules first "
            "(`git add`, `git commit`), or name two folders"
        )


def test_a_branch_that_only_the_remote_has(story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    story.git("branch", "idea", FIRST)
    git(tmp_path, "clone", "--quiet", str(story.folder), "clone")
    monkeypatch.chdir(tmp_path / "clone" / "loans")
    assert refusal("idea").message == "there is no revision `idea`; did you mean `origin/idea`?"
    assert versions(["origin/idea"])[0].commit == story.commits[FIRST]
    # What is offered is there: the branch has no ninety-nine commits, here or there.
    assert refusal("main~99").message == (
        "there is no revision `main~99`: `main` is there, and `git log main` lists its commits"
    )


def test_a_shallow_clone(story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    story.git("branch", "idea", FIRST)
    git(tmp_path, "clone", "--quiet", "--depth=1", "--no-tags", f"file://{story.folder}", "clone")
    monkeypatch.chdir(tmp_path / "clone" / "loans")
    clone = Story(tmp_path / "clone", tmp_path / "clone" / "loans", {})
    says = "in this shallow clone, which has only the last commits"
    way = "gets it (in GitHub Actions: `fetch-depth: 0` with `actions/checkout`)"
    assert refusal("HEAD~1").message == f"there is no revision `HEAD~1` {says}: `git fetch --unshallow` {way}"
    told = refusal("idea...HEAD")
    assert told.message == f"there is no revision `idea` {says}: `git fetch --unshallow origin idea:idea` {way}"
    told = refusal("origin/idea")
    advice = "git fetch --unshallow origin idea:refs/remotes/origin/idea"
    assert told.message == f"there is no revision `origin/idea` {says}: `{advice}` {way}"
    assert told.exit_code == 2
    clone.git(*advice.split()[1:])
    assert versions(["origin/idea"])[0].commit == story.commits[FIRST]


def test_a_shallow_clone_without_the_common_commit(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.git("checkout", "--quiet", "-b", "idea", CUT_OFF)
    story.commit({"notes.txt": "an idea\n"}, "An idea")
    git(tmp_path, "clone", "--quiet", "--depth=1", "--no-single-branch", f"file://{story.folder}", "clone")
    monkeypatch.chdir(tmp_path / "clone" / "loans")
    assert refusal("origin/main...origin/idea").message == (
        "this is a shallow clone, without the commit at which `origin/main` and `origin/idea` part: `git fetch "
        "--unshallow` gets it (in GitHub Actions: `fetch-depth: 0` with `actions/checkout`)"
    )
    git(tmp_path / "clone", "fetch", "--quiet", "--unshallow")
    assert versions(["origin/main...origin/idea"])[0].commit == story.commits[CUT_OFF]


def test_histories_that_never_met(story: Story) -> None:
    story.git("checkout", "--quiet", "--orphan", "other")
    story.git("commit", "--quiet", "-m", "Begun anew")
    assert refusal("main...other").message == (
        "`main` and `other` have no commit in common: compare them with `main..other`"
    )


# -- rules and settings of then -------------------------------------------------------------------------------------


def test_rules_that_do_not_check(story: Story) -> None:
    found = refusal(BROKEN)
    assert found.exit_code == 1
    assert found.kind == "rules"
    assert found.message.split("\n") == [
        f"the rules do not check at broken ({story.shown(BROKEN)}): 1 error",
        "  loans.seg:16:42: `aeg` is not a field of `customers`, nor a `let` or parameter (SEG150)",
        "name a commit in which they check: `segwright log --all` marks those in which they do not",
    ]


def test_rules_that_do_not_check_now(story: Story, segwright: Segwright) -> None:
    (story.project / "loans.seg").write_text(RULES + "rubbish\n" * 5, encoding="utf-8")
    found = refusal()
    assert found.message.startswith("the rules do not check at the working tree: ")
    assert found.message.endswith("\n`segwright check` shows how to mend them")
    assert segwright("check").code == 1


def test_a_merge_conflict_in_a_rule_file(story: Story) -> None:
    rules = (story.project / "loans.seg").read_text(encoding="utf-8")
    line = "parameter prime_score = 700 from 600 to 800\n"
    both = f"<<<<<<< HEAD\n{line}=======\n{line.replace('700', '690')}>>>>>>> idea\n"
    commit = story.commit({"loans/loans.seg": rules.replace(line, both)}, "Merged in a hurry")
    at = rules[: rules.index(line)].count("\n") + 1
    said = "this file holds an unresolved merge conflict: keep one side and delete the marker lines"
    found = refusal(commit)
    assert found.exit_code == 1
    assert found.message.split("\n") == [
        f"the rules do not check at {commit[:7]}: 1 error",
        f"  loans.seg:{at}:1: {said} (SEG009)",
        "name a commit in which they check: `segwright log --all` marks those in which they do not",
    ]


def test_a_merge_conflict_in_the_settings(story: Story, segwright: Segwright) -> None:
    text = (story.project / "segwright.toml").read_text(encoding="utf-8")
    broken = text.replace('name = "loans"\n', '<<<<<<< HEAD\nname = "loans"\n=======\nname = "x"\n>>>>>>> idea\n')
    commit = story.commit({"loans/segwright.toml": broken}, "Merged in a hurry")
    said = (
        "segwright.toml:2: a merge conflict is not resolved here: keep the lines that are meant, and take out those "
        "that begin with `<<<<<<<`, `=======` and `>>>>>>>`"
    )
    answer = segwright("check")
    assert (answer.code, answer.err) == (2, f"error: {said}\n")
    (story.project / "segwright.toml").write_text(text, encoding="utf-8")
    found = refusal(commit)
    assert found.exit_code == 2
    assert found.message == (
        f"at {commit[:7]}, {said}: name a commit whose settings can be followed; `segwright log --all` marks those "
        "whose cannot"
    )


@pytest.mark.parametrize(
    "settings, said",
    [
        ('[project]\nnaem = "x"\n', "segwright.toml:2: unknown setting `naem`; did you mean `name`?"),
        ('[project]\nname = "x\n', "segwright.toml:2: this is not valid TOML: illegal character '\\n'"),
        ('[project]\nrules = ["old/*.seg"]\n', "segwright.toml: no rule file matches `old/*.seg`"),
    ],
)
def test_settings_that_could_not_be_followed(story: Story, settings: str, said: str) -> None:
    text = (story.project / "segwright.toml").read_text(encoding="utf-8")
    commit = story.commit({"loans/segwright.toml": settings}, "In a hurry")
    story.commit({"loans/segwright.toml": text}, "Mended")
    found = refusal(commit)
    assert isinstance(found, SettingsError)
    assert found.message.startswith(f"at {commit[:7]}, {said}")


# -- projects that are elsewhere --------------------------------------------------------------------------------------


def test_a_project_that_moved_is_found_by_its_name(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.git("mv", "loans", "credit")
    story.git("commit", "--quiet", "-m", "Another folder")
    credit = story.folder / "credit"
    monkeypatch.chdir(credit)
    before, after = versions([f"{CUT_OFF}..HEAD"])
    assert before.notes == (f"at cut-off ({story.shown(CUT_OFF)}) the project `loans` lay in `loans`",)
    assert after.notes == ()
    assert before.checked is not None
    assert sorted(before.checked.sources) == ["data.seg", "loans.seg"]
    assert before.settings is not None
    assert before.settings.data["customers"].path == credit / "data" / "customers.csv"


def test_a_project_that_is_not_there(story: Story) -> None:
    new = '[project]\nname = "cards"\n'
    story.commit({"cards/segwright.toml": new, "cards/rules.seg": RULES}, "Cards")
    assert refusal("cards", FIRST).message.startswith("there is no revision `cards`")
    assert refusal(str(story.folder / "cards"), FIRST).message == (
        f"the project `cards` is not in its folder at first ({story.shown(FIRST)}), and no project is called so there; "
        "there are `loans` (loans). To compare with one of them, check that commit out beside this one (`git worktree "
        "add`) and name both folders"
    )


def test_several_projects_of_one_name(story: Story) -> None:
    new = '[project]\nname = "loans"\n'
    files: dict[str, str | None] = {
        "a/segwright.toml": new,
        "a/x.seg": RULES,
        "b/segwright.toml": "[broken",
        "b/x.seg": "",
    }
    both = story.commit({**files, "c/segwright.toml": new, "c/x.seg": RULES, "loans/segwright.toml": None}, "Parts")
    found = story.commit({"loans/segwright.toml": new}, "Back again")
    assert versions([found])[0].commit == found
    said = refusal(both).message
    assert f"is not in its folder at {both[:7]}, and 2 projects are called so there; " in said
    assert "; there are `a` (loans), `b`, `c` (loans). To compare" in said


def test_a_commit_without_any_project(story: Story) -> None:
    commit = story.commit({"loans/segwright.toml": None}, "Gone")
    text = story.git("show", f"{MENDED}:loans/segwright.toml")
    (story.project / "segwright.toml").write_text(text, encoding="utf-8")
    assert refusal(commit).message == (
        f"there is no segwright.toml at {commit[:7]}: name a later commit, which has the project"
    )
