"""Problems as GitHub, GitLab and code scanning take them, from `check`; and all formats of `ci`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as xml

import pytest
from history.story import BROKEN, CUT_OFF, FIRST, MENDED, Story

from segwright.dsl.diagnostics import Diagnostic, Fix
from segwright.dsl.source import Source, Span
from segwright.render.github import as_github, as_log
from segwright.render.gitlab import as_gitlab
from segwright.render.sarif import as_sarif, region

from .conftest import Folder, Segwright, Told
from .schemas import check_gitlab, check_sarif

HERE = Path.cwd()

RULES = """\
table customers key customer_id
  customer_id integer
  utilisation percent
segmentation s "Größe 😀" of customers
  first match wins
  segment low "😀😀" when utilisation < 30 and incme > 5
  otherwise rest
"""
"""Two mistakes on line 6: `30` is code point 39 and unit 41 of UTF-16, `incme` 46 and 48."""


@pytest.fixture
def wrong(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> Folder:
    folder.rules(RULES)
    folder.settings()
    monkeypatch.chdir(folder.path)
    return folder


# -- GitHub ------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("wrong")
def test_workflow_commands(segwright: Segwright) -> None:
    answer = segwright("check", "--format", "github")
    assert answer.code == 1
    assert answer.out.splitlines() == [
        (
            "::error file=rules.seg,line=6,col=39,endLine=6,endColumn=41,title=segwright SEG203::`utilisation` is a "
            "percent, and `30` is a bare number: write `30%25`%0Afix: write `30%25`"
        ),
        (
            "::error file=rules.seg,line=6,col=46,endLine=6,endColumn=51,title=segwright SEG150::`incme` is not a "
            "field of `customers`, nor a `let` or parameter"
        ),
    ]


def test_what_is_escaped_in_commands() -> None:
    """In properties also the signs that part them; control characters are shown as marks."""
    text = "a: b, 100% ::x\n"
    source = Source("odd,na:me%.seg", text)
    odd = Diagnostic("gate-x", "warning", "50% a,b:c\nsecond\x1b[31m", Span(source.name, 0, 4))
    assert as_github([odd], {source.name: source}, HERE) == (
        "::warning file=odd%2Cna%3Ame%25.seg,line=1,col=1,endLine=1,endColumn=5,title=segwright gate-x::50%25 a,b:c%0A"
        "second\N{REPLACEMENT CHARACTER}[31m\n"
    )


def test_columns_are_left_out_of_what_spans_lines() -> None:
    source = Source("a.seg", "one\ntwo\nthree")
    long = Diagnostic("SEG000", "note", "m", Span("a.seg", 1, 9))
    assert as_github([long], {"a.seg": source}, HERE) == (
        "::notice file=a.seg,line=1,endLine=3,title=segwright SEG000::m\n"
    )


def test_errors_come_first_since_only_ten_are_shown() -> None:
    span = Span("a.seg", 0, 0)
    mixed = [
        Diagnostic("A", "note", "n", span),
        Diagnostic("B", "warning", "w", span),
        Diagnostic("C", "error", "e", span),
    ]
    lines = as_github(mixed, {}, HERE).splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error", "::warning", "::notice"]


def test_a_log_gives_no_commands() -> None:
    """GitHub takes a line that begins with `::` for a command, blanks before it or not, until it is told to stop."""
    lines = as_log("  ::error::not a command\n").splitlines()
    token = lines[0].removeprefix("::stop-commands::")
    assert re.fullmatch(r"[0-9a-f]{32}", token)
    assert lines == [f"::stop-commands::{token}", "  ::error::not a command", f"::{token}::"]
    assert as_log("x") != as_log("x"), "nobody can guess the word that ends it"


def test_paths_are_from_the_top_of_the_repository(
    story: Story, segwright: Segwright, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.git("checkout", "--quiet", BROKEN)
    for folder, words in ((story.project, []), (story.folder, ["loans"]), (story.folder.parent, ["repository/loans"])):
        monkeypatch.chdir(folder)
        told = segwright("ci", *words, "--base", "main", "--format", "gitlab")
        (entry,) = [each for each in json.loads(told.out) if each["check_name"] == "SEG150"]
        assert entry["location"] == {"path": "loans/loans.seg", "lines": {"begin": 16, "end": 16}}


# -- GitLab ------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("wrong")
def test_code_quality(segwright: Segwright) -> None:
    report = json.loads(segwright("check", "--format", "gitlab").out)
    check_gitlab(report)
    assert [(each["check_name"], each["severity"], each["location"]["lines"]["begin"]) for each in report] == [
        ("SEG203", "critical", 6),
        ("SEG150", "critical", 6),
    ]


def test_fingerprints_stay_when_lines_move(wrong: Folder, segwright: Segwright) -> None:
    def found() -> list[str]:
        return [each["fingerprint"] for each in json.loads(segwright("check", "--format", "gitlab").out)]

    before = found()
    wrong.rules(f"# a comment\n\n{RULES}")
    assert found() == before
    wrong.rules(RULES.replace("incme", "incom"))
    assert found()[0] == before[0]
    assert found()[1] != before[1]


def test_equal_problems_are_told_apart() -> None:
    source = Source("a.seg", "x x\n")
    twice = [Diagnostic("SEG1", "warning", "m", Span("a.seg", at, at + 1)) for at in (0, 2)]
    check_gitlab(as_gitlab(twice, {"a.seg": source}, HERE))


# -- SARIF -------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("wrong")
def test_sarif(segwright: Segwright) -> None:
    log = json.loads(segwright("check", "--format", "sarif").out)
    check_sarif(log)
    (run,) = log["runs"]
    assert run["columnKind"] == "utf16CodeUnits"
    percent, name = run["results"]
    assert (percent["ruleId"], percent["level"]) == ("SEG203", "error")
    place = percent["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "rules.seg", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 6, "startColumn": 41, "endLine": 6, "endColumn": 43}
    (fix,) = percent["fixes"]
    assert fix["artifactChanges"][0]["replacements"] == [
        {"deletedRegion": place["region"], "insertedContent": {"text": "30%"}}
    ]
    assert name["locations"][0]["physicalLocation"]["region"]["startColumn"] == 48
    rule = run["tool"]["driver"]["rules"][0]
    assert rule["shortDescription"]["text"] == "a percent compared with a bare number"
    assert rule["help"]["markdown"].startswith("# SEG203: ")
    assert "```seg" in rule["help"]["markdown"]


def test_sarif_counts_in_units_of_utf16() -> None:
    """`é` is one unit, `😀` two."""
    source = Source("a.seg", "é😀b\n😀\n")
    at = source.text.index
    assert region(Span("a.seg", at("b"), at("b") + 1), {"a.seg": source}) == {
        "startLine": 1,
        "startColumn": 4,
        "endLine": 1,
        "endColumn": 5,
    }
    assert region(Span("a.seg", 4, 5), {"a.seg": source})["endColumn"] == 3


def test_sarif_of_nothing_and_of_odd_names() -> None:
    check_sarif(as_sarif([], {}, HERE))
    odd = Source("map met spatie/größe#1.seg", "x")
    bare = Diagnostic("gate-max-movers", "note", "m", Span(odd.name, 0, 1), fixes=(Fix("do it by hand", ()),))
    log = as_sarif([bare], {odd.name: odd}, HERE, {"gate-max-movers": "Too many move."})
    check_sarif(log)
    (result,) = log["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place["uri"] == "map%20met%20spatie/gr%C3%B6%C3%9Fe%231.seg"
    assert "fixes" not in result
    assert log["runs"][0]["tool"]["driver"]["rules"][0]["help"]["text"] == "Too many move."


def test_a_file_that_is_not_there_still_has_a_place(folder: Folder, segwright: Segwright) -> None:
    """What it uses is absent; and a project may have no rule at all."""
    folder.rules('use "gone.seg"\n')
    folder.settings()
    check_sarif(json.loads(segwright("check", folder.path, "--format", "sarif").out))
    folder.rules("")
    check_sarif(json.loads(segwright("check", folder.path, "--format", "sarif").out))
    check_gitlab(json.loads(segwright("check", folder.path, "--format", "gitlab").out))


# -- of ci -------------------------------------------------------------------------------------------------------------

ATTRIBUTES: dict[str, set[str]] = {
    "testsuite": {"id", "name", "package", "timestamp", "hostname", "tests", "failures", "errors", "time"},
    "testcase": {"name", "classname", "time"},
    "skipped": {"message"},
    "failure": {"message", "type"},
    "error": {"message", "type"},
    "properties": set(),
    "system-out": set(),
    "system-err": set(),
    "testsuites": set(),
}
"""What the schema of Ant's JUnit reports requires (JUnit.xsd of Windy Road); beside these a suite may count what was
`skipped`, and the schema leaves open what a `skipped` holds."""


def check_junit(text: str) -> dict[str, xml.Element]:
    root = xml.fromstring(text)
    for element in root.iter():
        optional = {"skipped"} if element.tag == "testsuite" else set[str]()
        assert set(element.attrib) - optional == ATTRIBUTES[element.tag]
    for number, suite in enumerate(root):
        cases = suite.findall("testcase")
        assert [child.tag for child in suite] == ["properties", *["testcase"] * len(cases), "system-out", "system-err"]
        assert (suite.attrib["id"], suite.attrib["tests"]) == (str(number), str(len(cases)))
        for tag, name in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            assert int(suite.attrib.get(name, "0")) == len(suite.findall(f"testcase/{tag}"))
        assert all(len(case) <= 1 for case in cases)
    return {suite.attrib["name"]: suite for suite in root}


GATES = '\n[gates]\nmax_movers = "5%"\nwarnings = "stop"\n'


@pytest.fixture
def failing(story: Story) -> Story:
    """The rules of the second commit: three of thirty move, and neither file is laid out."""
    story.git("checkout", "--quiet", CUT_OFF)
    with (story.project / "segwright.toml").open("a", encoding="utf-8") as settings:
        settings.write(GATES)
    return story


WRITTEN = {"ci.json", "gl-code-quality-report.json", "segwright.sarif", "junit.xml", "comment.md"}


def test_all_formats_into_a_folder(failing: Story, segwright: Segwright, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    answer = segwright("ci", "--base", FIRST, "--out", out, "--comment", tmp_path / "pr.md")
    assert answer.code == 1
    assert {path.name for path in out.iterdir()} == WRITTEN
    assert (tmp_path / "pr.md").read_bytes() == (out / "comment.md").read_bytes()
    log = json.loads((out / "segwright.sarif").read_text(encoding="utf-8"))
    check_sarif(log)
    results = {each["ruleId"]: each for each in log["runs"][0]["results"] if each["level"] == "error"}
    assert set(results) == {"format", "gate-max-movers"}
    place = results["gate-max-movers"]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "loans/segwright.toml"
    text = (failing.project / "segwright.toml").read_text(encoding="utf-8")
    assert text.splitlines()[place["region"]["startLine"] - 1] == 'max_movers = "5%"'
    check_gitlab(json.loads((out / "gl-code-quality-report.json").read_text(encoding="utf-8")))
    suites = check_junit((out / "junit.xml").read_text(encoding="utf-8"))
    assert list(suites) == ["format", "check", "tests", "diff", "gates"]
    assert [(case.attrib["name"], len(case)) for case in suites["gates"].iter("testcase")] == [
        ("max_movers", 1),
        ("warnings", 0),
    ]
    (failure,) = suites["gates"].iter("failure")
    assert "3 of 30 customers (10.00%) move" in failure.attrib["message"]
    assert "to pass: write `max_movers" in (failure.text or "")
    assert [case.attrib["name"] for case in suites["tests"].iter("testcase")] == ["a late payer is not prime"]


@pytest.mark.parametrize("format", ["json", "gitlab", "sarif", "junit"])
@pytest.mark.usefixtures("failing")
def test_a_format_on_standard_output_is_that_of_the_folder(segwright: Segwright, tmp_path: Path, format: str) -> None:
    """But for times, which differ from one writing to the next."""
    answer = segwright("ci", "--base", FIRST, "--no-data", "--format", format, "--out", tmp_path / "out")
    name = {
        "json": "ci.json",
        "gitlab": "gl-code-quality-report.json",
        "sarif": "segwright.sarif",
        "junit": "junit.xml",
    }[format]
    assert answer.out == (tmp_path / "out" / name).read_text(encoding="utf-8")
    assert (answer.err == "") == (format == "json")


@pytest.mark.usefixtures("failing")
def test_for_github(segwright: Segwright, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Annotations, then the text as a log; the summary is added to what is there."""
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    answer = segwright("ci", "--base", FIRST, "--format", "github", "--comment", tmp_path / "comment.md")
    commands, log = answer.out.split("::stop-commands::")
    assert all(re.match(r"::(error|warning|notice) file=loans/", line) for line in commands.splitlines())
    assert "title=segwright gate-max-movers::at most 5%25 may move; `value`: 3 of 30 customers" in commands
    assert "failed   gates" in log
    assert (
        summary.read_text(encoding="utf-8") == "before\n" + (tmp_path / "comment.md").read_text(encoding="utf-8") + "\n"
    )


@pytest.mark.usefixtures("failing")
def test_the_comment(segwright: Segwright, tmp_path: Path) -> None:
    segwright("ci", "--base", FIRST, "--comment", tmp_path / "comment.md")
    lines = (tmp_path / "comment.md").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "<!-- segwright diff: loans -->"
    assert lines[2] == "### ❌ loans: the rules did not pass"
    assert "| ❌ | format | 2 of 2 files not in canonical layout: `segwright fmt` lays them out |" in lines
    assert "| ✅ | tests | 1 test passed on duckdb, polars and the reference interpreter |" in lines
    assert "- ❌ **failed**: `max_movers`: at most 5% may move; `value`: 3 of 30 customers (10.00%) move" in lines
    assert "Also passed: `warnings`." in lines
    assert "#### What this change does" in lines


def test_a_comment_of_what_passed(story: Story, segwright: Segwright, tmp_path: Path) -> None:
    assert story.project.is_dir()
    assert segwright("ci", "--base", MENDED, "--comment", tmp_path / "comment.md").code == 0
    text = (tmp_path / "comment.md").read_text(encoding="utf-8")
    assert "### ✅ loans: the rules passed" in text
    assert "❌" not in text


def test_a_comment_fits_however_much_is_wrong(story: Story, segwright: Segwright, tmp_path: Path) -> None:
    """GitHub takes 65,536 characters. Nothing in rule files is markup, or mentions anybody."""
    many = "\n".join(
        f'test "@octocat <img> {number} {"x" * 200}" as of 2026-09-01\n  given age 40\n  expect value is young\n'
        for number in range(400)
    )
    (story.project / "more.seg").write_text(many, encoding="utf-8")
    segwright("ci", "--base", MENDED, "--comment", tmp_path / "comment.md")
    text = (tmp_path / "comment.md").read_text(encoding="utf-8")
    assert 2_000 < len(text) < 65_536
    assert "@octocat" not in text
    assert "<img>" not in text


def test_suites_of_what_was_skipped_and_of_what_went_wrong(
    story: Story, segwright: Segwright, ci: Callable[..., Told]
) -> None:
    assert ci("--base", "nowhere").code == 2
    suites = check_junit(segwright("ci", "--base", "nowhere", "--format", "junit").out)
    assert [case.tag for case in suites["diff"].find("testcase") or ()] == ["error"]
    story.git("checkout", "--quiet", BROKEN)
    suites = check_junit(segwright("ci", "--base", MENDED, "--format", "junit").out)
    assert [case.tag for case in suites["tests"].find("testcase") or ()] == ["skipped"]
    assert suites["check"].attrib["failures"] == "1"


def test_what_cannot_be_written(story: Story, segwright: Segwright, tmp_path: Path) -> None:
    assert story.project.is_dir()
    (tmp_path / "file").touch()
    answer = segwright("ci", "--no-data", "--out", tmp_path / "file" / "below")
    assert answer.code == 4
    assert "cannot be written" in answer.err
