"""`segwright test`: what it says of tests that pass and that fail, to people, programs and build servers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree as xml

import pytest
from face.conftest import Folder, Segwright, as_a_process, on_a_terminal

import segwright as sw
from segwright.compiler.plan import Binding
from segwright.dsl.program import Program
from segwright.runtime.reference.rows import Data
from segwright.runtime.testing.engines import ENGINES, Answers

RULES = """\
table customers key customer_id
  customer_id integer
  score       integer from 300 to 850
  blocked     boolean
  email       text optional personal
events payments of customers by customer_id at paid_on
  customer_id integer
  paid_on     date
  days_late   integer from 0
let late = count of payments where days_late > 30 in last 90 days
segmentation value "Value" of customers
  first match wins
  segment prime "Prime" when score >= 720 and not blocked and late = 0
  otherwise rest "Rest"
"""

BOTH_DECILES = "decile of score > 5 and decile of income > 5"

PASSING = """\
use "rules.seg"
test "a good score" as of 2026-09-01
  given score 720, blocked false
  expect value is prime
test "late" as of 2026-09-01
  given score 720, blocked false, payments (paid_on 2026-08-01, days_late 31)
  expect value is rest
    because late = 0 fails
"""

FAILING = """\
use "rules.seg"
test "a good score" as of 2026-09-01
  given score 720, blocked false
  expect value is rest
test "bands" as of 2026-09-01
  given blocked false
  | score | => value |
  | 720   | prime    |
  | 719   | prime    |
"""

FAILED = """\
failed tests.seg:2: a good score
  `value`: expected `rest`, got `prime` by clause 1 (tests.seg:4)

    Value (value): Prime (prime), clause 1
        ✓ score >= 720   is 720
        ✓ not blocked
        ✓ late = 0       is 0

    names used above
      late  count of payments where days_late > 30 in last 90 days

failed tests.seg:9: bands, row 2
  `value`: expected `prime`, got `rest` by clause 2

    Value (value): Rest (rest), clause 2
        no segment before it applies
      tried before, and what kept the row out
        Prime     ✗ score >= 720   is 719, 1 below 720

2 of 3 tests failed on duckdb, polars and the reference interpreter
"""


@pytest.fixture
def project(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """A project without data, which is also the current folder."""
    folder.rules(RULES)
    (folder.path / "segwright.toml").write_text('[project]\nname = "p"\n', encoding="utf-8")
    monkeypatch.chdir(folder.path)
    return folder


# -- for people --------------------------------------------------------------------------------------------------


def test_tests_that_pass(segwright: Segwright, project: Folder) -> None:
    project.rules(PASSING, "tests.seg")
    before = project.everything()
    answer = segwright("test")
    assert (answer.code, answer.out, answer.err) == (
        0,
        "2 tests passed on duckdb, polars and the reference interpreter\n",
        "",
    )
    assert project.everything() == before


def test_tests_that_fail_are_told_with_their_place_and_explained(segwright: Segwright, project: Folder) -> None:
    project.rules(FAILING, "tests.seg")
    answer = segwright("test")
    assert (answer.code, answer.out, answer.err) == (1, FAILED, "")


def test_the_wrong_reason_fails(segwright: Segwright, project: Folder) -> None:
    project.rules(PASSING.replace("days_late 31", "days_late 30").replace("is rest", "is prime"), "tests.seg")
    answer = segwright("test")
    assert answer.code == 1
    assert "\n  `late = 0`: expected that it fails, but it holds (tests.seg:8)\n" in answer.out


def test_relative_values_and_previous_segments_read_as_the_rules_say_them(
    segwright: Segwright, project: Folder
) -> None:
    project.rules(
        """\
table customers key customer_id
  customer_id integer
  income      money optional
let place = decile of income
segmentation stages of customers
  first match wins
  segment late  when previous stages is early and place >= 9
  segment upper when percentile of income >= 70% and place > 5
    unless previous stages is one of (early, late)
  segment early when previous stages is missing or top 10% by income
  otherwise rest
test "all at once"
  given previous stages early, decile of income 8, percentile of income 70%, top 10% by income false
  expect stages is late
test "nothing before"
  given decile of income 9, percentile of income 69%, top 10% by income false
  expect stages is late
"""
    )
    answer = segwright("test")
    assert answer.code == 1
    assert (
        """\
      tried before, and what kept the row out
        late      ✗ place >= 9                                       is 8, 1 below 9
        upper     ✗ unless previous stages is one of (early, late)   is early
        early     ✗ previous stages is missing                       is early
               or ✗ top 10% by income

    names used above
      place  decile of income
"""
        in answer.out
    )
    assert (
        """\
        ✓   previous stages is missing   is missing
        ✗   top 10% by income
      tried before, and what kept the row out
        late      ? previous stages is early      unknown because previous stages is missing
        upper     ✗ percentile of income >= 70%   is 69%, 1 point below 70%
"""
        in answer.out
    )


def test_what_the_data_always_has_and_a_test_leaves_out_is_noted(segwright: Segwright, project: Folder) -> None:
    project.rules('test "bad" as of 2026-09-01 given score 500 expect value is rest\n', "tests.seg")
    answer = segwright("test")
    assert (answer.code, answer.out) == (
        0,
        (
            "note: `blocked` is not given, so missing here, and never missing in the data: tests.seg:1\n\n"
            "1 test passed on duckdb, polars and the reference interpreter\n"
        ),
    )


def test_a_place_among_everybody_is_always_there_where_its_value_is(segwright: Segwright, project: Folder) -> None:
    scores = "score       integer from 300 to 850"
    project.rules(RULES.replace(scores, f"{scores}\n  income money optional").replace("score >= 720", BOTH_DECILES))
    project.rules('test "bad" as of 2026-09-01 given blocked false expect value is rest\n', "tests.seg")
    answer = segwright("test")
    assert (answer.code, answer.out) == (
        0,
        (
            "note: `decile of score` is not given, so missing here, and never missing in the data: tests.seg:1\n\n"
            "1 test passed on duckdb, polars and the reference interpreter\n"
        ),
    )


def test_no_tests(segwright: Segwright, project: Folder) -> None:  # noqa: ARG001 - it is the current folder
    answer = segwright("test")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("there are no tests")


def test_rules_with_errors_are_not_tested(segwright: Segwright, project: Folder) -> None:
    project.rules(PASSING.replace("score 720", "score 900"), "tests.seg")
    answer = segwright("test")
    assert (answer.code, answer.out) == (1, "")
    assert "SEG914" in answer.err
    assert "the rules have 2 errors" in answer.err


def test_a_personal_value_is_not_shown(segwright: Segwright, project: Folder) -> None:
    project.rules(RULES.replace("when score", 'when email contains "@" and score'))
    project.rules(
        'test "mail" as of 2026-09-01 given email "a@b", score 800, blocked false expect value is rest\n', "tests.seg"
    )
    answer = segwright("test")
    assert answer.code == 1
    assert "a@b" not in answer.out
    assert "asks for personal data" in answer.out


def test_what_becomes_of_a_personal_condition_is_not_shown(segwright: Segwright, project: Folder) -> None:
    project.rules(RULES.replace("when score", 'when email contains "@" and score'))
    because = 'expect value is rest because email contains "@" '
    given = 'given email "a@b", score 700, blocked false'
    project.rules(
        f'test "fails" as of 2026-09-01 {given} {because} fails\n'
        f'test "is unknown" as of 2026-09-01 {given} {because} is unknown\n',
        "tests.seg",
    )
    answer = segwright("test", "--format", "json")
    failures = [case["failures"] for case in json.loads(answer.out)["cases"]]
    assert [[(each["expected"], each["actual"], each["message"]) for each in every] for every in failures] == [
        [
            (
                outcome,
                "not shown",
                f'`email contains "@"`: expected that it {verb}, and it does not; it asks for personal data',
            )
        ]
        for outcome, verb in (("fails", "fails"), ("unknown", "is unknown"))
    ]
    assert "a@b" not in answer.out


def test_on_a_terminal_there_are_colours_and_elsewhere_none(project: Folder) -> None:
    project.rules(FAILING, "tests.seg")
    code, shown = on_a_terminal(["test"])
    assert code == 1
    assert re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown).endswith(FAILED)  # after a bar, where it takes long
    assert "\x1b[1;31mfailed\x1b[0m tests.seg:2" in shown
    answer = as_a_process(["test"], project.path)
    assert (answer.code, answer.out, answer.err) == (1, FAILED, "")


def test_help_has_examples(segwright: Segwright) -> None:
    answer = segwright("test", "--help")
    assert answer.code == 0
    assert 'segwright test rules/personal_loans -k "late payer"' in answer.out


# -- which tests -------------------------------------------------------------------------------------------------


def test_words_of_the_title_choose(segwright: Segwright, project: Folder) -> None:
    project.rules(FAILING, "tests.seg")
    assert segwright("test", "-k", "BANDS").out.endswith(
        "1 of 2 tests failed on duckdb, polars and the reference interpreter\n"
    )
    assert segwright("test", "-k", "score good").out.endswith(
        "1 of 1 test failed on duckdb, polars and the reference interpreter\n"
    )
    answer = segwright("test", "-k", "good scores")
    assert (answer.code, answer.out, answer.err) == (2, "", "error: no test has `good scores` in its title\n")


def test_a_file_stands_for_its_own_tests(segwright: Segwright, project: Folder) -> None:
    project.rules(PASSING, "tests.seg")
    project.rules(
        'use "tests.seg"\ntest "one more" as of 2026-09-01 given score 300 expect value is rest\n', "wrong.seg"
    )
    assert "1 test passed" in segwright("test", "wrong.seg").out
    assert "3 tests passed" in segwright("test").out
    assert "there are no tests" in segwright("test", project.path / "rules.seg").out
    assert segwright("test", "nowhere.seg").code == 2


def test_an_engine_that_there_is_not(segwright: Segwright, project: Folder) -> None:
    project.rules(PASSING, "tests.seg")
    answer = segwright("test", "--engine", "duckbd")
    assert (answer.code, answer.err) == (2, "error: there is no engine `duckbd`; did you mean `duckdb`?\n")
    assert segwright("test", "--engine", "duckdb").code == 0


# -- engines -----------------------------------------------------------------------------------------------------


def test_every_engine_runs_all_cases_of_a_date_at_once(project: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "\n".join(f"  | {score} | {'prime' if score >= 720 else 'rest'} |" for score in range(600, 850))
    project.rules(f'test "all" as of 2026-09-01\n  given blocked false\n  | score | => value |\n{rows}\n', "tests.seg")
    project.rules(PASSING, "more.seg")
    asked: list[int] = []
    ask = ENGINES["duckdb"]
    for name in ("duckdb", "polars", "another"):

        def counting(program: Program, table: str, data: Data, binding: Binding) -> Answers:
            asked.append(len(data[table]))
            return ask(program, table, data, binding)

        monkeypatch.setitem(ENGINES, name, counting)
    results = sw.open(project.path).test()
    assert results.passed
    assert results.engines == ("duckdb", "polars", "another")
    assert asked == [252, 252, 252]


def test_an_engine_that_says_something_else_is_told_loudly(
    segwright: Segwright, project: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.rules(PASSING, "tests.seg")
    ask = ENGINES["duckdb"]

    def wrong(program: Program, table: str, data: Data, binding: Binding) -> Answers:
        found = ask(program, table, data, binding)
        return {key: answers | {"value": ("rest", 2)} for key, answers in found.items()}

    monkeypatch.setitem(ENGINES, "wrong", wrong)
    answer = segwright("test")
    assert answer.code == 1
    assert (
        "failed tests.seg:2: a good score\n"
        "  of `value` wrong says `rest` by clause 2, and the reference interpreter `prime` by clause 1: this is a "
        "fault of segwright, please report it with this test\n"
    ) in answer.out
    assert "1 of 2 tests failed on duckdb, polars, wrong and the reference interpreter\n" in answer.out


# -- for programs ------------------------------------------------------------------------------------------------


def test_json(segwright: Segwright, project: Folder) -> None:
    project.rules(FAILING, "tests.seg")
    answer = segwright("test", "--format", "json")
    assert (answer.code, answer.err) == (1, "2 of 3 tests failed on duckdb, polars and the reference interpreter\n")
    found = json.loads(answer.out)
    assert (found["passed"], found["tests"], found["failed"]) == (False, 3, 2)
    assert found["engines"] == ["duckdb", "polars", "reference"]
    first, second, third = found["cases"]
    assert (first["title"], first["row"], first["file"], first["line"]) == ("a good score", None, "tests.seg", 2)
    assert first["failures"] == [
        {
            "kind": "segment",
            "message": "`value`: expected `rest`, got `prime` by clause 1",
            "file": "tests.seg",
            "line": 4,
            "segmentation": "value",
            "expected": "rest",
            "actual": "prime",
        }
    ]
    assert first["explanations"][0]["segmentations"][0]["assigned"] == ["prime"]
    assert (second["row"], second["line"], second["passed"], second["failures"]) == (1, 8, True, [])
    assert (third["row"], third["line"], third["passed"]) == (2, 9, False)


def test_from_python(project: Folder) -> None:
    project.rules(FAILING, "tests.seg")
    results = sw.open(project.path).test("bands")
    assert not results.passed
    assert [(case.title, case.row, case.passed) for case in results.cases] == [("bands", 1, True), ("bands", 2, False)]
    project.rules("let", "more.seg")
    with pytest.raises(sw.RulesError):
        sw.open(project.path).test()


# -- for build servers -------------------------------------------------------------------------------------------

ATTRIBUTES = {
    "testsuite": {"id", "name", "package", "timestamp", "hostname", "tests", "failures", "errors", "time"},
    "testcase": {"name", "classname", "time"},
    "failure": {"message", "type"},
    "error": {"message", "type"},
    "properties": set[str](),
    "system-out": set[str](),
    "system-err": set[str](),
    "testsuites": set[str](),
}
"""What the schema of Ant's JUnit reports requires; it allows no other."""


def assert_follows_the_schema(root: xml.Element) -> None:
    assert root.tag == "testsuites"
    for element in root.iter():
        assert set(element.attrib) == ATTRIBUTES[element.tag]
    for number, suite in enumerate(root):
        assert suite.tag == "testsuite"
        tags = [child.tag for child in suite]
        cases = suite.findall("testcase")
        assert tags == ["properties", *["testcase"] * len(cases), "system-out", "system-err"]
        assert suite.attrib["id"] == str(number)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.attrib["timestamp"])
        assert int(suite.attrib["tests"]) == len(cases)
        for tag in ("failure", "error"):
            assert int(suite.attrib[f"{tag}s"]) == len(suite.findall(f"testcase/{tag}"))
        assert all(len(case) <= 1 for case in cases)
        assert all(float(each.attrib["time"]) >= 0 for each in (suite, *cases))


def test_junit(segwright: Segwright, project: Folder) -> None:
    project.rules(FAILING, "tests.seg")
    (project.path / "more").mkdir()
    odd = r'test "a < b & \"c\" ]]> ü" as of 2026-09-01 given score 500, blocked false expect value is rest'
    left_out = (
        "scorecard points starts at 0\n  by score\n    below 700 -1\n    at least 700 +1\n"
        "segmentation other of customers\n  first match wins\n  segment good when points > 0\n  otherwise bad\n"
        'test "no bin" expect other is bad\n'
    )
    project.rules(f"{odd}\n{left_out}", "more.seg")
    answer = segwright("test", "--format", "junit")
    assert (answer.code, answer.err) == (1, "3 of 5 tests failed on duckdb, polars and the reference interpreter\n")
    assert answer.out.startswith('<?xml version="1.0" encoding="UTF-8"?>\n')
    root = xml.fromstring(answer.out)
    assert_follows_the_schema(root)
    more, tests = root
    assert (more.attrib["name"], more.attrib["failures"], more.attrib["errors"]) == ("more.seg", "0", "1")
    assert (tests.attrib["name"], tests.attrib["failures"], tests.attrib["errors"]) == ("tests.seg", "2", "0")
    assert [case.attrib["name"] for case in more.findall("testcase")] == ['a < b & "c" ]]> ü', "no bin"]
    (no_bin,) = more.iter("error")
    assert "give `score`" in no_bin.attrib["message"]
    good, first, second = tests.findall("testcase")
    assert (first.attrib["name"], len(first)) == ("bands, row 1", 0)
    assert (second.attrib["name"], second.attrib["classname"]) == ("bands, row 2", "tests")
    failure = good[0]
    assert failure.attrib == {"message": "`value`: expected `rest`, got `prime` by clause 1", "type": "segment"}
    assert (failure.text or "").startswith("tests.seg:4: `value`: expected `rest`, got `prime` by clause 1\n")
    assert "✓ score >= 720   is 720" in (failure.text or "")


def test_junit_without_tests(segwright: Segwright, project: Folder) -> None:  # noqa: ARG001 - the current folder
    answer = segwright("test", "--format", "junit")
    assert answer.code == 0
    assert_follows_the_schema(xml.fromstring(answer.out))


def test_what_xml_cannot_hold_is_marked(segwright: Segwright, project: Folder) -> None:
    project.rules('test "bell \u0001" as of 2026-09-01 given score 500 expect value is rest\n', "tests.seg")
    (case,) = xml.fromstring(segwright("test", "--format", "junit").out).iter("testcase")
    assert case.attrib["name"] == "bell \N{REPLACEMENT CHARACTER}"


def test_junit_goes_into_a_file(project: Folder, tmp_path: Path) -> None:
    project.rules(PASSING, "tests.seg")
    answer = as_a_process(["test", "--format", "junit"], project.path)
    (tmp_path / "tests.xml").write_text(answer.out, encoding="utf-8")
    assert_follows_the_schema(xml.parse(tmp_path / "tests.xml").getroot())
