"""A commit read as if it was checked out: patterns, links, names, kinds of repositories, environments of hooks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from history.story import CUT_OFF, FIRST, MENDED, Story, git, tell

from segwright.compiler.changes.texts import text_changes
from segwright.runtime.errors import SettingsError
from segwright.runtime.git import git_state
from segwright.runtime.history.broken import BrokenRules
from segwright.runtime.history.repository import objects_of, repository_of
from segwright.runtime.history.tree import Tree, Trees, find, folders_with, matching_in
from segwright.runtime.history.versions import version_of, versions

FIELDS = """\
table customers key customer_id
  customer_id integer
  income      money
"""
VALUE = """\
segmentation value of customers
  first match wins
  segment top when income > 5_000
  otherwise rest
"""


@contextmanager
def tree_of(story: Story, revision: str = "HEAD") -> Iterator[Tree]:
    """The tree of a commit."""
    repository = repository_of(story.folder)
    with objects_of(repository) as read:
        yield Tree(Trees(read), f"{revision}^{{tree}}", repository.top)


# -- patterns --------------------------------------------------------------------------------------------------------

FILES = (
    "a.seg",
    "b.seg",
    "ab.seg",
    ".hidden.seg",
    "a.txt",
    "één.seg",
    "[x].seg",
    "deep/a.seg",
    "deep/deeper/a.seg",
    "deep/deeper/c.seg",
    "deep.seg/a.seg",
    "other/a.seg",
    "with space/a b.seg",
)
PATTERNS = (
    "*.seg",
    "a.seg",
    "?.seg",
    "[ab].seg",
    "[!a].seg",
    "[[]x].seg",
    "a*",
    "*",
    "**/*.seg",
    "**/a.seg",
    "*/*.seg",
    "deep/*.seg",
    "deep/**/*.seg",
    "deep/deeper/*",
    "*/deeper/?.seg",
    "deep.seg/*.seg",
    "./a.seg",
    "with space/*.seg",
    "d*/**/a.*",
    "**/deeper/*.seg",
    "**/**/c.seg",
    "é*.seg",
    "nowhere/*.seg",
    "a.seg/*",
    "linked/*.seg",
    "*/linked.seg",
    "*.toml",
)


@pytest.fixture(scope="module")
def patterned(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """A repository with files for every pattern, links among them."""
    folder = tmp_path_factory.mktemp("patterned")
    git(folder, "init", "--quiet", "--initial-branch=main")
    made = Story(folder, folder, {})
    for name in FILES:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("", encoding="utf-8")
    (folder / "linked").symlink_to("deep", target_is_directory=True)
    (folder / "other" / "linked.seg").symlink_to("../a.seg")
    (folder / "astray.seg").symlink_to("nowhere.seg")
    made.git("add", "--all")
    made.git("commit", "--quiet", "-m", "Files")
    return made


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns_mean_what_they_mean_on_disk(patterned: Story, pattern: str) -> None:
    top = patterned.folder.resolve()
    on_disk = {path for path in top.glob(pattern) if path.is_file()}
    with tree_of(patterned) as tree:
        assert set(matching_in(tree, top, pattern)) == on_disk


def test_the_patterns_find_something(patterned: Story) -> None:
    with tree_of(patterned) as tree:
        found = {pattern: matching_in(tree, patterned.folder.resolve(), pattern) for pattern in PATTERNS}
    assert [pattern for pattern, paths in found.items() if not paths] == ["nowhere/*.seg", "a.seg/*", "*.toml"]
    assert len(found["**/*.seg"]) == 13  # all but `a.txt`, and `other/linked.seg`; `linked` is not gone into


def test_patterns_begin_in_the_project(patterned: Story) -> None:
    deep = patterned.folder.resolve() / "deep"
    with tree_of(patterned) as tree:
        assert matching_in(tree, deep, "*.seg") == [deep / "a.seg"]
        assert matching_in(tree, deep / "nowhere", "*.seg") == []


def test_folders_with_a_file(story: Story) -> None:
    story.commit({"a/b/segwright.toml": "", "segwright.toml": ""}, "More projects")
    with tree_of(story) as tree:
        assert [place.as_posix() for place in folders_with(tree, "segwright.toml")] == [".", "a/b", "loans"]
        assert folders_with(tree, "nothing") == ()


# -- links, submodules, folders outside -------------------------------------------------------------------------------


def project(story: Story, **files: str) -> str:
    """A project in `p` with the segmentation, and these files; its commit."""
    written = {f"p/{name.replace('_', '.')}": text for name, text in files.items()}
    return story.commit({"p/segwright.toml": "", **written}, "A project")


def told(story: Story, folder: str = "p") -> str:
    """What is said of rules that do not check."""
    with pytest.raises(BrokenRules) as caught:
        version_of(story.folder / folder, "HEAD")
    return caught.value.message


def test_files_beside_the_project_are_used(empty: Story) -> None:
    empty.commit({"shared/fields.seg": FIELDS}, "Shared")
    project(empty, rules_seg=f'use "../shared/fields.seg"\n{VALUE}')
    (empty.folder / "shared" / "fields.seg").unlink()  # it is read from git
    version = version_of(empty.folder / "p", "HEAD")
    assert version.checked is not None
    assert list(version.checked.sources) == ["rules.seg", "../shared/fields.seg"]


def test_links_are_followed(empty: Story) -> None:
    empty.commit({"shared/fields.seg": FIELDS}, "Shared")
    (empty.folder / "p").mkdir()
    (empty.folder / "p" / "linked").symlink_to("../shared", target_is_directory=True)
    (empty.folder / "p" / "again.seg").symlink_to("linked/fields.seg")
    empty.git("add", "--all")
    project(empty, rules_seg=f'use "linked/fields.seg"\nuse "again.seg"\n{VALUE}')
    version = version_of(empty.folder / "p", "HEAD")
    assert version.rules == version_of(empty.folder / "p", None).rules
    assert version.checked is not None
    assert sorted(version.checked.sources) == ["../shared/fields.seg", "rules.seg"]


def test_a_folder_that_is_a_link_to_the_project(story: Story, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "shortcut").symlink_to(story.project, target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    before, after = versions(["shortcut", f"{FIRST}..{CUT_OFF}"])
    assert (before.commit, after.commit) == (story.commits[FIRST], story.commits[CUT_OFF])


def test_files_outside_the_repository_are_not_of_the_revision(empty: Story) -> None:
    (empty.folder.parent / "fields.seg").write_text(FIELDS, encoding="utf-8")
    project(empty, rules_seg=f'use "../../fields.seg"\n{VALUE}')
    assert "rules.seg:1:5: `../../fields.seg` cannot be read: it lies outside the git repository (SEG107)" in told(
        empty
    )
    assert version_of(empty.folder / "p", None).commit is None


def test_files_that_are_not_there(empty: Story) -> None:
    project(empty, rules_seg=f'use "feilds.seg"\nuse "rules.seg/x.seg"\nuse "../p"\n{VALUE}', fields_seg=FIELDS)
    said = told(empty)
    assert "rules.seg:1:5: there is no file `feilds.seg` (SEG106)" in said
    assert "rules.seg:2:5: there is no file `rules.seg/x.seg` (SEG106)" in said
    assert "rules.seg:3:5: `.` is a folder, not a rule file (SEG107)" in said
    with pytest.raises(BrokenRules) as caught:
        version_of(empty.folder / "p", "HEAD")
    first = next(each for each in caught.value.found.diagnostics if each.code == "SEG106")
    assert [fix.title for fix in first.fixes] == ["did you mean `fields.seg`?"]


def test_links_that_lead_in_a_circle(empty: Story) -> None:
    (empty.folder / "p").mkdir()
    (empty.folder / "p" / "one").symlink_to("two")
    (empty.folder / "p" / "two").symlink_to("one")
    empty.git("add", "--all")
    project(empty, rules_seg=f'use "one"\n{VALUE}')
    assert "`one` cannot be read: its links lead in a circle (SEG107)" in told(empty)
    with tree_of(empty) as tree:
        assert matching_in(tree, empty.folder.resolve(), "p/*") == [
            empty.folder.resolve() / "p" / name for name in ("rules.seg", "segwright.toml")
        ]


def test_a_submodule_is_another_repository(story: Story, empty: Story) -> None:
    git(empty.folder, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(story.folder), "sub")
    project(empty, rules_seg=f'use "../sub/loans/data.seg"\n{VALUE}', fields_seg=FIELDS)
    assert "cannot be read: it lies in a submodule, which another repository keeps (SEG107)" in told(empty)
    inside = empty.folder / "sub" / "loans"
    assert version_of(inside, "HEAD").commit == story.commits[MENDED]
    assert version_of(inside, f"{story.commits[FIRST]}").shown == story.shown(FIRST)


def test_a_worktree(story: Story, tmp_path: Path) -> None:
    story.git("worktree", "add", "--quiet", str(tmp_path / "beside"), FIRST)
    assert (tmp_path / "beside" / ".git").is_file()
    assert version_of(tmp_path / "beside" / "loans", "main").commit == story.commits[MENDED]
    assert version_of(tmp_path / "beside" / "loans", "HEAD").commit == story.commits[FIRST]


# -- names and texts ---------------------------------------------------------------------------------------------------


def test_a_project_at_the_top(empty: Story) -> None:
    commit = empty.commit({"segwright.toml": "", "rules.seg": FIELDS + VALUE}, "At the top")
    version = version_of(empty.folder, "main")
    assert (version.commit, version.notes) == (commit, ())
    assert version.rules.name == empty.folder.name


def test_names_beyond_ascii(empty: Story) -> None:
    folder = "régles et 規則"
    files = {f"{folder}/segwright.toml": 'project.rules = ["ü*.seg"]', f"{folder}/über mich.seg": FIELDS + VALUE}
    empty.commit({**files, f"{folder}/x.seg": "rubbish"}, "Names")
    version = version_of(empty.folder / folder, "HEAD")
    assert version.checked is not None
    assert list(version.checked.sources) == ["über mich.seg"]
    assert version.rules == version_of(empty.folder / folder, None).rules


def test_windows_line_ends(empty: Story) -> None:
    settings = '[project]\nname = "p"\nrules = ["*.seg"]\n'.replace("\n", "\r\n")
    empty.commit({"p/segwright.toml": settings, "p/r.seg": (FIELDS + VALUE).replace("\n", "\r\n")}, "From Windows")
    version = version_of(empty.folder / "p", "HEAD")
    assert version.rules == version_of(empty.folder / "p", None).rules
    assert version.rules.name == "p"


def test_line_ends_that_a_checkout_writes_are_no_change(story: Story) -> None:
    story.check_out_as_on_windows()
    before, after = versions([])
    assert before.rules == after.rules
    assert before.checked is not None
    assert after.checked is not None
    assert text_changes(before.checked, after.checked) == ()


@pytest.mark.parametrize("attributes, same", [("*.seg text", True), ("*.seg -text", False), ("", False)])
def test_line_ends_that_somebody_wrote_are_a_change_unless_git_converts_them(
    story: Story, attributes: str, same: bool
) -> None:
    story.commit({".gitattributes": attributes + "\n"}, "Attributes")
    text = (story.project / "loans.seg").read_text(encoding="utf-8")
    (story.project / "loans.seg").write_text(text, encoding="utf-8", newline="\r\n")
    before, after = versions([])
    assert (before.rules.text_hash == after.rules.text_hash) is same
    assert before.rules.logic_hash == after.rules.logic_hash


def test_a_repository_of_longer_hashes(tmp_path: Path) -> None:
    folder = tmp_path / "long"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main", "--object-format=sha256")
    long = Story(folder, folder, {})
    commit = long.commit({"a/segwright.toml": "", "a/deep/r.seg": FIELDS + VALUE, "a/x.seg": 'use "deep/r.seg"'}, "One")
    assert len(commit) == 64
    version = version_of(folder / "a", "main")
    assert version.commit == commit
    assert version.rules == version_of(folder / "a", None).rules


def test_an_odd_configuration_changes_nothing(story: Story) -> None:
    for name, value in {
        "core.quotePath": "true",
        "core.pager": "false",
        "log.showSignature": "true",
        "log.date": "relative",
        "color.ui": "always",
        "i18n.logOutputEncoding": "latin1",
    }.items():
        story.git("config", name, value)
    assert version_of(story.project, FIRST).shown == f"first ({story.shown(FIRST)})"


@pytest.mark.parametrize("language", ["nl_NL.UTF-8", "de_DE.UTF-8", "C"])
def test_messages_do_not_depend_on_the_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    monkeypatch.setenv("LC_ALL", language)
    monkeypatch.setenv("LANGUAGE", language[:2])
    with pytest.raises(SettingsError, match="lies in no git repository"):
        repository_of(tmp_path)


def test_what_a_hook_is_told_of_another_repository_does_not_count(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tell(tmp_path / "other", data=False)
    other.git("reset", "--quiet", "--hard", FIRST)
    for name, value in {
        "GIT_DIR": str(other.folder / ".git"),
        "GIT_WORK_TREE": str(other.folder),
        "GIT_INDEX_FILE": str(other.folder / ".git" / "index"),
        "GIT_PREFIX": "x/",
    }.items():
        monkeypatch.setenv(name, value)
    assert version_of(story.project, "HEAD").commit == story.commits[MENDED]
    found = git_state(story.project, [story.project / "loans.seg"])
    assert found is not None
    assert (found.commit, found.dirty) == (story.commits[MENDED], False)


def test_a_hook_of_this_repository(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(story.folder)
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    assert versions(["loans"])[0].commit == story.commits[MENDED]


def test_objects_are_read_where_they_lie(story: Story) -> None:
    with tree_of(story) as tree:
        settings = find(tree, tree.top / "loans" / "segwright.toml")
        assert settings.parts == ("loans", "segwright.toml")
        assert settings.entry is not None
        found = tree.trees.read(settings.entry.object)
        assert (found.kind, found.content) == ("blob", (story.project / "segwright.toml").read_bytes())
        assert find(tree, tree.top / "loans" / "nowhere" / "x").entry is None
    story.git("gc", "--quiet")
    with tree_of(story) as tree:
        assert tree.trees.read(settings.entry.object) == found


def test_the_working_tree_is_left_alone(story: Story) -> None:
    before = {path: path.stat().st_mtime_ns for path in story.folder.rglob("*") if ".git" not in path.parts}
    index = (story.folder / ".git" / "index").read_bytes()
    versions([f"{FIRST}..{CUT_OFF}"])
    assert {path: path.stat().st_mtime_ns for path in story.folder.rglob("*") if ".git" not in path.parts} == before
    assert (story.folder / ".git" / "index").read_bytes() == index
