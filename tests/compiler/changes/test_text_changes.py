"""Layout, comments, where declarations stand, tests: what the texts of rule files tell and their programs do not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from segwright.compiler.changes import changes_between, text_changes
from segwright.dsl.project import CheckedFiles, check_files

from .rules import DATA, RULES

TEST = """# what must stay true
test "a young customer is young" as of 2026-09-01
  given age 20, fraud 1%, score 600, used 50%, channel "app", income 10_000, vip false
  expect value is young
"""
FILES = {"data.seg": DATA, "rules.seg": f'use "data.seg"\n\n{RULES}', "tests.seg": f'use "rules.seg"\n{TEST}'}


def checked(folder: Path, files: Mapping[str, str]) -> CheckedFiles:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    found = check_files([folder / name for name in files], folder)
    assert found.program is not None, [each.message for each in found.diagnostics]
    return found


def edited(**edits: tuple[str, str]) -> dict[str, str]:
    """The files with one part of some of them replaced."""
    files = dict(FILES)
    for name, (before, after) in edits.items():
        assert files[f"{name}.seg"].count(before) == 1, before
        files[f"{name}.seg"] = files[f"{name}.seg"].replace(before, after)
    return files


TENURE = "let tenure = months since opened_on\n"
FRESH = "freshness payments within 35 days\n"
CASES: dict[str, tuple[dict[str, str], list[tuple[str, str, str]]]] = {
    "nothing": (FILES, []),
    "a comment": (
        edited(rules=(TENURE, "# how long\n" + TENURE)),
        [("comments", "rules.seg", "comments in `rules.seg`: 1 new")],
    ),
    "another comment": (
        edited(tests=("# what must stay true", "# what holds")),
        [("comments", "tests.seg", "comments in `tests.seg`: 1 new and 1 gone")],
    ),
    "a blank line": (
        edited(rules=(TENURE, "\n" + TENURE)),
        [("layout", "rules.seg", "`rules.seg` has other blanks or line breaks")],
    ),
    "a line break": (
        edited(rules=("when score is known and score >= prime\n", "when score is known\n     and score >= prime\n")),
        [("layout", "rules.seg", "`rules.seg` is laid out otherwise")],
    ),
    "words for signs": (
        edited(rules=("when age < 25", "when age is below 25")),
        [("layout", "rules.seg", "`rules.seg` is laid out otherwise")],
    ),
    "a number in other digits": (
        edited(rules=("income > 50_000", "income > 50000")),
        [("layout", "rules.seg", "`rules.seg` is laid out otherwise")],
    ),
    "a comment behind a line": (
        edited(rules=(TENURE, TENURE.replace("\n", "  # how long\n"))),
        [("comments", "rules.seg", "comments in `rules.seg`: 1 new")],
    ),
    "two lets in another order": (
        edited(rules=(f"{TENURE}let ratio  = owed / income\n", f"let ratio  = owed / income\n{TENURE}")),
        [
            (
                "declaration order",
                "rules.seg",
                "let `ratio` now stands before let `tenure`, which decides nothing",
            )
        ],
    ),
    "two fields in another order": (
        edited(
            data=(
                "  email        text personal\n  vip          boolean\n",
                "  vip          boolean\n  email        text personal\n",
            )
        ),
        [
            (
                "declaration order",
                "data.seg",
                "the fields of table `customers` stand in another order, which decides nothing",
            )
        ],
    ),
    "a declaration in another file": (
        edited(rules=(TENURE, ""), data=(FRESH, FRESH + TENURE)),
        [("declaration order", "data.seg", "let `tenure` now stands in `data.seg`, not in `rules.seg`")],
    ),
    "a declaration in a new file": (
        {**edited(rules=(TENURE, "")), "lets.seg": TENURE},
        [("declaration order", "lets.seg", "let `tenure` now stands in `lets.seg`, not in `rules.seg`")],
    ),
    "another file name": (
        {
            "tables.seg": DATA,
            **edited(rules=('use "data.seg"', 'use "tables.seg"')),
        },
        [("renamed", "tables.seg", "file `data.seg` is now called `tables.seg`")],
    ),
    "codes in another order": (
        edited(data=("when 0, 999", "when 999, 0")),
        [("layout", "data.seg", "`data.seg` says the same in another way")],
    ),
    "another test": (
        edited(tests=("given age 20", "given age 21")),
        [("tests", "a young customer is young", 'test "a young customer is young" changed')],
    ),
    "a test more": (
        edited(
            tests=(
                "  expect value is young\n",
                "  expect value is young\n" + TEST.replace("# what must stay true\n", "").replace("a young", "no old"),
            )
        ),
        [("tests", "no old customer is young", 'test "no old customer is young" is new')],
    ),
    "no test": (
        {"data.seg": DATA, "rules.seg": FILES["rules.seg"]},
        [("tests", "a young customer is young", 'test "a young customer is young" is gone')],
    ),
}
del CASES["another file name"][0]["data.seg"]


@pytest.mark.parametrize("files, told", CASES.values(), ids=CASES)
def test_what_is_told_of_texts(tmp_path: Path, files: Mapping[str, str], told: list[tuple[str, str, str]]) -> None:
    before, after = checked(tmp_path / "before", FILES), checked(tmp_path / "after", files)
    found = text_changes(before, after)
    assert [(each.kind, each.name, each.message) for each in found] == told
    assert not any(each.meaning for each in found)
    assert before.program is not None
    assert after.program is not None
    assert changes_between(before.program, after.program).changes == ()


def test_a_rename_is_no_change_of_the_tests(tmp_path: Path) -> None:
    files = {name: re.sub(r'(?<!")\byoung\b(?! customer|")', "starters", text) for name, text in FILES.items()}
    assert files["tests.seg"] != FILES["tests.seg"]
    assert text_changes(checked(tmp_path / "before", FILES), checked(tmp_path / "after", files)) == ()


def test_a_change_of_meaning_is_not_told_as_layout(tmp_path: Path) -> None:
    files = edited(rules=("when age < 25", "when age < 24"))
    assert text_changes(checked(tmp_path / "before", FILES), checked(tmp_path / "after", files)) == ()


def test_layout_beside_a_change_of_meaning_is_told(tmp_path: Path) -> None:
    files = edited(rules=("when age < 25", "when age < 24"), data=("age          integer", "age   integer"))
    found = text_changes(checked(tmp_path / "before", FILES), checked(tmp_path / "after", files))
    assert [(each.kind, each.name) for each in found] == [("layout", "data.seg")]


def test_places_are_those_of_the_new_file(tmp_path: Path) -> None:
    before, after = checked(tmp_path / "before", FILES), checked(tmp_path / "after", CASES["a comment"][0])
    (found,) = text_changes(before, after)
    assert found.now is not None
    assert after.sources[found.now.file].words(found.now) == "# how long"
