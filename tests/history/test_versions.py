"""What the words of a comparison mean: revisions, folders and rule sets, without a checkout."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from history.story import CUT_OFF, FIRST, MENDED, NEW_FIELD, RENAMED, TITLES, WATCHED, Story

from segwright.compiler.ruleset import dumped, written
from segwright.runtime.errors import SettingsError
from segwright.runtime.history.version import Version
from segwright.runtime.history.versions import version_of, versions
from segwright.runtime.settings import read_settings


def cut_off(version: Version) -> int:
    """The cut-off that the story moves."""
    return next(int(str(each.value)) for each in version.rules.program.parameters if each.name == "prime_score")


def move_cut_off(story: Story, to: int) -> None:
    rules = story.project / "loans.seg"
    rules.write_text(rules.read_text(encoding="utf-8").replace("prime_score = 700", f"prime_score = {to}"))


@pytest.mark.parametrize(
    "words, before, after",
    [
        ([], MENDED, None),
        ([CUT_OFF], CUT_OFF, None),
        ([f"{FIRST}..{CUT_OFF}"], FIRST, CUT_OFF),
        ([FIRST, CUT_OFF], FIRST, CUT_OFF),
        ([f"{TITLES}.."], TITLES, MENDED),
        ([f"..{TITLES}"], MENDED, TITLES),
        ([f"{FIRST}...{CUT_OFF}"], FIRST, CUT_OFF),
        ([f"{CUT_OFF}...{FIRST}"], FIRST, FIRST),
        (["."], MENDED, None),
        ([".", CUT_OFF], CUT_OFF, None),
        ([f"{FIRST}..{CUT_OFF}", "."], FIRST, CUT_OFF),
        ([".", FIRST, CUT_OFF], FIRST, CUT_OFF),
        (["../loans/segwright.toml", FIRST], FIRST, None),
        ([f"{CUT_OFF}~1"], FIRST, None),
    ],
)
def test_revisions(story: Story, words: list[str], before: str, after: str | None) -> None:
    move_cut_off(story, 690)
    old, new = versions(words)
    assert old.commit == story.commits[before]
    assert new.commit == (None if after is None else story.commits[after])
    assert cut_off(old) == (720 if before == FIRST else 700)
    assert cut_off(new) == (690 if after is None else 720 if after == FIRST else 700)
    assert (new.shown == "the working tree") == (after is None)
    assert (old.notes, new.notes) == ((), ())


def test_how_versions_are_called(story: Story) -> None:
    assert versions([f"{FIRST}..main"])[0].shown == f"first ({story.shown(FIRST)})"
    assert versions([f"{FIRST}..main"])[1].shown == f"main ({story.shown(MENDED)})"
    assert versions([story.commits[FIRST]])[0].shown == story.shown(FIRST)
    assert versions([story.shown(FIRST)])[0].shown == story.shown(FIRST)


def test_where_a_branch_parted(story: Story) -> None:
    story.git("checkout", "--quiet", "-b", "idea", TITLES)
    move_cut_off(story, 650)
    idea = story.commit({"loans/loans.seg": (story.project / "loans.seg").read_text(encoding="utf-8")}, "An idea")
    before, after = versions(["main...HEAD"])
    assert (before.commit, after.commit) == (story.commits[TITLES], idea)
    assert before.shown == f"where `HEAD` parted from `main` ({story.shown(TITLES)})"
    assert versions(["main..HEAD"])[0].commit == story.commits[MENDED]


def test_two_folders(story: Story, tmp_path: Path) -> None:
    story.git("worktree", "add", "--quiet", str(tmp_path / "then"), FIRST)
    before, after = versions([str(tmp_path / "then" / "loans"), str(story.project)])
    assert (cut_off(before), cut_off(after)) == (720, 700)
    assert (before.commit, after.commit) == (None, None)
    assert before.shown == f"`{tmp_path / 'then' / 'loans'}`"
    assert before.settings is not None
    assert before.settings.folder == tmp_path / "then" / "loans"


def test_compiled_rule_sets(story: Story, tmp_path: Path) -> None:
    for tag in (FIRST, CUT_OFF):
        rules = version_of(story.project, tag).rules
        (tmp_path / f"{tag}.ruleset.json").write_text(written(dumped(rules)), encoding="utf-8")
    files = [str(tmp_path / f"{tag}.ruleset.json") for tag in (FIRST, CUT_OFF)]
    before, after = versions(files)
    assert (cut_off(before), cut_off(after)) == (720, 700)
    assert (before.shown, before.settings, before.checked) == ("`first.ruleset.json`", None, None)
    move_cut_off(story, 690)
    assert [cut_off(each) for each in versions(files[:1])] == [720, 690]
    assert [cut_off(each) for each in versions([str(story.project), files[0]])] == [690, 720]


def test_a_word_that_is_a_folder_and_a_revision_is_the_folder(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.git("branch", "loans", FIRST)
    monkeypatch.chdir(story.folder)
    before, after = versions(["loans"])
    assert (before.commit, after.commit) == (story.commits[MENDED], None)
    assert before.notes == (
        "`loans` is a project's folder and also a revision: the folder is meant; write `refs/heads/loans` else",
    )
    assert versions(["loans", "refs/heads/loans"])[0].commit == story.commits[FIRST]


def test_a_folder_without_settings_may_be_a_revision(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    (story.project / "first").mkdir()
    monkeypatch.chdir(story.project)
    assert versions(["first"])[0].commit == story.commits[FIRST]


def test_paths_are_those_of_today(story: Story) -> None:
    version = version_of(story.project, FIRST)
    assert version.settings == read_settings(story.project)
    assert version.settings is not None
    assert version.settings.data["customers"].path == story.project / "data" / "customers.csv"
    assert version.checked is not None
    assert sorted(version.checked.sources) == ["data.seg", "loans.seg"]


def test_the_hashes_are_those_of_a_checkout(story: Story) -> None:
    for tag in (FIRST, RENAMED, NEW_FIELD, WATCHED):
        story.git("checkout", "--quiet", tag)
        there, here = version_of(story.project, "HEAD").rules, version_of(story.project, None).rules
        assert (there.logic_hash, there.text_hash) == (here.logic_hash, here.text_hash)
        assert there == here


@pytest.mark.parametrize(
    "words, message",
    [
        (["a", "b", "c"], "name one or two revisions, or one range such as `main..HEAD`, not `a b c`"),
        (["a..b", "c"], "name one or two revisions, or one range such as `main..HEAD`, not `a..b c`"),
        ([".", ".", "main"], "name one revision, two revisions, `main..HEAD`, two folders or two compiled rule sets"),
        (["x.json"], "the rule set `x.json` cannot be read: No such file or directory"),
        (["./nowhere"], "there is no folder `./nowhere`"),
        (["nowhere/"], "there is no folder `nowhere/`"),
        (["data/"], "there is no segwright.toml in `data/`"),
        (["-x"], "there is no revision `-x`"),
        (["cut-of"], "there is no revision `cut-of`; did you mean `cut-off`?"),
        (["cut-of~2..main"], "there is no revision `cut-of~2`; did you mean `cut-off~2`?"),
        (["data"], "there is no revision `data` and no segwright.toml in the folder of this name"),
        (["0000000"], "there is no revision `0000000`: `git branch --all` and `git tag` list names"),
    ],
)
@pytest.mark.usefixtures("story")
def test_words_that_mean_nothing(words: list[str], message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        versions(words)
    assert caught.value.message.startswith(message)
    assert caught.value.exit_code == 2


def test_a_rule_set_that_was_changed(story: Story, tmp_path: Path) -> None:
    data = dumped(version_of(story.project, FIRST).rules)
    file = tmp_path / "x.json"
    file.write_text(json.dumps({**data, "name": "else"}), encoding="utf-8")
    with pytest.raises(SettingsError, match="the rule set was changed after it was compiled"):
        versions([str(file)])
