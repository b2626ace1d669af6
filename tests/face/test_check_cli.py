"""`segwright check`: what it prints, for people and for programs, and how soon."""

import json
import os
import re
import resource
import sys
from pathlib import Path

import pytest
from face.conftest import Folder, Segwright, as_a_process, on_a_terminal

# Two files with four mistakes: a bare number, a misspelt field, `and` beside `or`, a name declared twice.
RULES = """\
use "more.seg"
table customers key customer_id
  customer_id integer
  utilisation percent
  income      money

segmentation s "Größe 😀" of customers
  first match wins
  segment low "汉字" when utilisation < 30 and incme > 5
  segment top when income > 0 and utilisation > 1% or income < 5
  otherwise rest

let twice = income * 2
"""
MORE = "let twice = income * 3\n"

CLEAN = """\
table customers key customer_id
  customer_id integer
  income      money
segmentation s of customers
  first match wins
  segment rich when income > 5
  otherwise rest
"""


@pytest.fixture
def wrong(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """The folder with mistakes, which is also the current one."""
    folder.rules(RULES)
    folder.rules(MORE, "more.seg")
    folder.settings()
    monkeypatch.chdir(folder.path)
    return folder


MIXED = (
    "rules.seg:10:52: error[SEG012]: `and` and `or` are mixed without parentheses, and readers disagree on what that "
    "means"
)
TWICE = (
    "rules.seg:13:5: error[SEG100]: `twice` is declared twice; every name of a project is declared once, in whichever "
    "file"
)

# -- formats ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("wrong")
def test_concise_is_one_line_a_problem(segwright: Segwright) -> None:
    answer = segwright("check", "--format", "concise")
    assert answer.out.splitlines() == [
        "rules.seg:9:39: error[SEG203]: `utilisation` is a percent, and `30` is a bare number: write `30%`",
        "rules.seg:9:46: error[SEG150]: `incme` is not a field of `customers`, nor a `let` or parameter",
        MIXED,
        TWICE,
    ]
    assert answer.err == "2 files: 4 errors\n"
    assert answer.code == 1


@pytest.mark.usefixtures("wrong")
def test_json_counts_lines_and_columns_from_1_in_code_points(segwright: Segwright) -> None:
    answer = segwright("check", "--format", "json")
    assert (answer.code, answer.err) == (1, "")
    found = {each["code"]: each for each in json.loads(answer.out)["diagnostics"]}
    assert list(json.loads(answer.out)) == ["diagnostics"]
    # `  segment low "汉字" when utilisation < 30 …`: 2 blanks, 11 letters, …; 38 code points stand before the 30.
    assert found["SEG203"] == {
        "code": "SEG203",
        "severity": "error",
        "message": "`utilisation` is a percent, and `30` is a bare number: write `30%`",
        "file": "rules.seg",
        "line": 9,
        "column": 39,
        "end_line": 9,
        "end_column": 41,
        "text": "30",
        "labels": [
            {
                "file": "rules.seg",
                "line": 4,
                "column": 3,
                "end_line": 4,
                "end_column": 14,
                "text": "utilisation",
                "message": "declared here",
            }
        ],
        "fixes": [
            {
                "title": "write `30%`",
                "edits": [
                    {
                        "file": "rules.seg",
                        "line": 9,
                        "column": 39,
                        "end_line": 9,
                        "end_column": 41,
                        "text": "30",
                        "replacement": "30%",
                    }
                ],
            }
        ],
        "hints": [],
    }
    assert (found["SEG150"]["text"], found["SEG150"]["column"]) == ("incme", 46)
    assert found["SEG012"]["text"] == "or"
    assert len(found) == 4


@pytest.mark.usefixtures("wrong")
def test_a_label_may_lie_in_another_file(segwright: Segwright) -> None:
    found = json.loads(segwright("check", "--format", "json").out)["diagnostics"]
    (twice,) = [each for each in found if each["code"] == "SEG100"]
    (label,) = twice["labels"]
    assert (twice["file"], twice["line"], twice["column"], twice["text"]) == ("rules.seg", 13, 5, "twice")
    assert (label["file"], label["line"], label["column"], label["text"]) == ("more.seg", 1, 5, "twice")
    assert label["message"] == "declared here first"


def test_every_place_in_json_is_the_words_it_says(wrong: Folder, segwright: Segwright) -> None:
    lines = {name: (wrong.path / name).read_text(encoding="utf-8").splitlines() for name in ("rules.seg", "more.seg")}
    places = 0
    for found in json.loads(segwright("check", "--format", "json").out)["diagnostics"]:
        edits = [edit for fix in found["fixes"] for edit in fix["edits"]]
        for place in (found, *found["labels"], *edits):
            assert place["line"] == place["end_line"]
            line = lines[place["file"]][place["line"] - 1]
            assert line[place["column"] - 1 : place["end_column"] - 1] == place["text"]
            places += 1
    assert places >= 10


def test_the_edits_of_fixes_mend_the_file(wrong: Folder, segwright: Segwright) -> None:
    found = json.loads(segwright("check", "--format", "json").out)["diagnostics"]
    edits = [edit for each in found if each["fixes"] for edit in each["fixes"][0]["edits"]]
    assert {edit["file"] for edit in edits} == {"rules.seg"}
    lines = RULES.splitlines()
    for edit in sorted(edits, key=lambda edit: (edit["line"], edit["column"]), reverse=True):
        line = lines[edit["line"] - 1]
        lines[edit["line"] - 1] = line[: edit["column"] - 1] + edit["replacement"] + line[edit["end_column"] - 1 :]
    wrong.rules("\n".join(lines) + "\n")
    left = json.loads(segwright("check", "--format", "json").out)["diagnostics"]
    assert [each["code"] for each in left if each["severity"] == "error"] == ["SEG100"]  # for which there is no fix


@pytest.mark.usefixtures("wrong")
def test_full_underlines_the_words(segwright: Segwright) -> None:
    answer = segwright("check", "rules.seg")
    # 38 characters stand before the 30; the two Chinese ones are twice as wide as others on a screen.
    lines = [
        "error[SEG203]: `utilisation` is a percent, and `30` is a bare number: write `30%`",
        " --> rules.seg:9:39",
        "  |",
        "4 |   utilisation percent",
        "  |   ----------- declared here",
        "  …",
        '9 |   segment low "汉字" when utilisation < 30 and incme > 5',
        "  | " + " " * 40 + "^^",
        "  = fix: write `30%`",
        "",
    ]
    assert answer.out.startswith("\n".join(lines) + "\n")
    assert "\x1b" not in answer.out + answer.err
    assert "Traceback" not in answer.err


def test_source_lines_are_never_wrapped(folder: Folder, segwright: Segwright, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    many = " and ".join(["income > 1"] * 60)
    folder.rules(CLEAN.replace("income > 5", f"incme > 5 and {many}"))
    answer = segwright("check", folder.path / "rules.seg")
    assert f"6 |   segment rich when incme > 5 and {many}\n" in answer.out


def test_what_steers_a_terminal_is_shown_as_a_mark(folder: Folder, segwright: Segwright) -> None:
    folder.rules(CLEAN.replace("rich when", 'rich "\x1b[31m\u202e" when'))
    answer = segwright("check", folder.path / "rules.seg")
    assert "\x1b" not in answer.out
    assert "\u202e" not in answer.out
    assert answer.code == 1


def test_no_problems(folder: Folder, segwright: Segwright) -> None:
    folder.rules(CLEAN)
    folder.settings()
    answer = segwright("check", folder.path)
    assert (answer.code, answer.out, answer.err) == (0, "", "1 file: no problems\n")
    assert json.loads(segwright("check", folder.path, "--format", "json").out) == {"diagnostics": []}


def test_notes_and_warnings_are_no_failure(folder: Folder, segwright: Segwright) -> None:
    folder.rules(CLEAN.replace("money", "money optional"))
    answer = segwright("check", folder.path / "rules.seg")
    assert re.search(r"^(note|warning)\[SEG\d\d\d\]: ", answer.out)
    assert answer.code == 0


# -- what is checked -------------------------------------------------------------------------------------------------


def test_a_project_is_found_from_below(wrong: Folder, segwright: Segwright, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = wrong.path / "a" / "b"
    deep.mkdir(parents=True)
    here = segwright("check", "--format", "concise")
    monkeypatch.chdir(deep)
    there = segwright("check", "--format", "concise")
    assert there.out.splitlines() == [f"../../{line}" for line in here.out.splitlines()]


def test_rule_files_need_neither_settings_nor_data(folder: Folder, segwright: Segwright) -> None:
    folder.rules(CLEAN, "a.seg")
    folder.rules("let double of customers = income * 2\n", "b.seg")
    answer = segwright("check", folder.path / "a.seg", folder.path / "b.seg")
    assert answer.err.startswith("2 files: ")
    assert answer.code == 0
    assert segwright("check", folder.path / "b.seg").code == 1


@pytest.mark.usefixtures("wrong")
def test_a_project_may_be_named_by_its_settings_file(segwright: Segwright) -> None:
    assert segwright("check", "segwright.toml").err == "2 files: 4 errors\n"


@pytest.mark.parametrize(
    "words, message",
    [
        (["nowhere"], "there is no folder `nowhere`"),
        (["nowhere.seg"], "there is no rule file `nowhere.seg`"),
        (["."], "there is no segwright.toml in `.`"),
        (["a.seg", "."], "name one project folder, or rule files that end in `.seg`"),
        (
            ["a.seg", "--format", "jsn"],
            "`--format` is one of full, concise, json, github, gitlab, sarif, not `jsn`; did you mean `json`?",
        ),
        (["a.seg", "--format"], "`--format` needs a value"),
        (["a.seg", "--fromat", "json"], "there is no option `--fromat`; did you mean `--format`?"),
        (["a.seg", "--quite"], "there is no option `--quite`; see `segwright check --help`"),
    ],
)
def test_what_cannot_be_checked(
    folder: Folder, segwright: Segwright, monkeypatch: pytest.MonkeyPatch, words: list[str], message: str
) -> None:
    folder.rules(CLEAN, "a.seg")
    monkeypatch.chdir(folder.path)
    answer = segwright("check", *words)
    assert (answer.code, answer.out, answer.err) == (2, "", f"error: {message}\n")


def test_without_a_project_around(tmp_path: Path, segwright: Segwright, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    answer = segwright("check")
    assert answer.code == 2
    assert answer.err == "error: there is no segwright.toml here or in a folder above; name the project's folder\n"


def test_settings_that_cannot_be_followed(folder: Folder, segwright: Segwright) -> None:
    folder.rules(CLEAN)
    (folder.path / "segwright.toml").write_text("[run]\nasof = 2026-09-01\n", encoding="utf-8")
    answer = segwright("check", folder.path)
    assert answer.err == "error: segwright.toml:2: unknown setting `asof`; did you mean `as_of`?\n"
    assert answer.code == 2


# -- on a terminal ---------------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals differ")
@pytest.mark.usefixtures("wrong")
def test_colours_on_a_terminal_only() -> None:
    code, shown = on_a_terminal(["check", "rules.seg"])
    assert code == 1
    assert "\x1b[1;31merror[SEG203]\x1b[0m" in shown
    assert "\x1b[31m^^\x1b[0m" in shown
    code, shown = on_a_terminal(["check", "rules.seg"], environment={"NO_COLOR": "1"})
    assert (code, "\x1b" in shown) == (1, False)


# -- help ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["check", "run", "explain", "explain-code"])
def test_help_has_examples_that_can_be_read(segwright: Segwright, command: str) -> None:
    answer = segwright(command, "--help")
    assert (answer.code, answer.err) == (0, "")
    assert answer == segwright(command, "-h")
    assert answer.out.startswith(f"usage: segwright {command}")
    examples = answer.out.split("examples:\n")[1].splitlines()
    assert examples
    assert all(line.startswith(f"  segwright {command}") for line in examples)
    assert max(map(len, answer.out.splitlines())) <= 100


def test_help_lists_the_commands(segwright: Segwright) -> None:
    answer = segwright("--help")
    assert answer.code == 0
    for command in ("check", "run", "explain", "explain-code"):
        assert re.search(rf"^  {command} +[A-Z].*\.$", answer.out, re.MULTILINE)
    nothing = segwright()
    assert (nothing.code, nothing.out, nothing.err) == (2, "", answer.out)


def test_the_version(segwright: Segwright) -> None:
    import segwright as sw

    assert segwright("--version").out == f"segwright {sw.__version__}\n"


@pytest.mark.parametrize(
    "word, message",
    [
        ("chekc", "there is no command `chekc`; did you mean `check`?"),
        ("frobnicate", "there is no command `frobnicate`; `segwright --help` lists the commands"),
    ],
)
def test_a_command_that_there_is_not(segwright: Segwright, word: str, message: str) -> None:
    answer = segwright(word)
    assert (answer.code, answer.out, answer.err) == (2, "", f"error: {message}\n")


def test_explain_code(segwright: Segwright) -> None:
    answer = segwright("explain-code", "seg203")
    assert answer.code == 0
    assert "SEG203" in answer.out
    assert "30%" in answer.out
    assert segwright("explain-code", "SEG2003").err == "error: there is no code `SEG2003`; did you mean `SEG203`?\n"
    assert segwright("explain-code").code == 2


# -- how soon --------------------------------------------------------------------------------------------------------


def thousand_lines() -> str:
    """A project of a thousand lines as people write them: fields, lets over events, segments."""
    kinds = ("integer from 0 to 100", "money", "percent", "date", "boolean", "number")
    lines = ["table customers key customer_id", "  customer_id integer"]
    lines += [f'  field_{i}  {kinds[i % 6]}  "Field number {i}"' for i in range(60)]
    lines += [
        "events payments of customers by customer_id at paid_on",
        *("  customer_id integer", "  paid_on date", "  amount money", "  days_late integer from 0"),
    ]
    lines += [f"let late_{i} = count of payments where days_late > {i} in last {i + 1} months" for i in range(130)]
    lines += [f"let paid_{i} = sum of amount from payments in last {i + 1} days" for i in range(130)]
    for s in range(12):
        lines += [f'segmentation part_{s} "Part {s}" of customers', "  first match wins"]
        for i in range(10):
            lines += [
                f'  segment segment_{i} "Segment {i}"',
                f"    when field_{6 * (i % 10)} > {i + 50 - s} and field_{6 * i + 2} < {i + s + 1}%",
                f"     and (late_{i + 10 * s} >= {i + 1} or paid_{i + 10 * s} >= {100 * (i + 1)})",
                f"    unless field_{6 * (i % 10) + 4}",
                f'    reason P{s}S{i} "because of part {s} and segment {i}"',
            ]
        lines.append("  otherwise rest")
    return "\n".join([*lines, *("# a comment" for _ in range(len(lines), 1_000))]) + "\n"


def clean_environment(cache: Path) -> dict[str, str]:
    """As an installed program runs: with compiled files, which a first call makes."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(cache)}


def test_a_thousand_lines_are_checked_in_well_under_half_a_second(folder: Folder, tmp_path: Path) -> None:
    folder.rules(thousand_lines())
    folder.settings()
    environment = clean_environment(tmp_path / "cache")
    spent: list[float] = []
    for _ in range(4):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = as_a_process(["check", str(folder.path)], folder.path, environment)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert done.code == 0, done.out
        assert done.err.startswith("1 file: ")
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert len(thousand_lines().splitlines()) >= 1_000
    assert min(spent[1:]) < 0.5, spent


HEAVY = ("duckdb", "polars", "sqlglot", "z3", "pydantic", "pyarrow", "rich", "lark")


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["check", "rules.seg"], ["explain-code", "SEG203"]])
def test_checking_imports_nothing_heavy(folder: Folder, words: list[str]) -> None:
    folder.rules(RULES)
    folder.rules(MORE, "more.seg")
    code = (
        "import sys\nfrom segwright.cli import main\ntry:\n    main()\nfinally:\n"
        "    print(*sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    done = as_a_process(words, folder.path, command=[sys.executable, "-c", code])
    imported = done.err.splitlines()[-1].split()
    assert "segwright" in imported
    assert [name for name in HEAVY if name in imported] == []
