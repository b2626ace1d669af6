"""`segwright decide`: JSON lines in, JSON lines out."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from face.conftest import SEGWRIGHT, Answer

from segwright.compiler.ruleset import dumped, written
from segwright.compiling import compile_rules

RULES = """
table customers key customer_id
  customer_id integer
  age         integer from 18 to 120
  joined_on   date
segmentation risk of customers
  first match wins
  segment young when age < 30
    reason Y01 "Young"
  segment new when months since joined_on < 12
  otherwise rest
"""
OLD = {"age": 41, "joined_on": "2020-01-31"}
YOUNG = {"age": 20, "joined_on": "2020-01-31"}
WRONG = {"age": 17, "joined_on": "2020-01-31"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "rules.seg").write_text(RULES, encoding="utf-8")
    rules = compile_rules([tmp_path / "rules.seg"]).rules
    (tmp_path / "risk.json").write_text(written(dumped(rules)), encoding="utf-8")
    return tmp_path / "risk.json"


def decide(file: Path, lines: list[str], *words: str) -> Answer:
    """The command over lines of standard input."""
    done = subprocess.run(
        [*SEGWRIGHT, "decide", str(file), *words],
        input="".join(f"{line}\n" for line in lines),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return Answer(done.returncode, done.stdout, done.stderr)


def test_one_line_in_one_line_out(file: Path) -> None:
    answer = decide(file, [json.dumps(OLD), json.dumps(YOUNG)], "--as-of", "2026-09-01")
    assert (answer.code, answer.err) == (0, "")
    assert [json.loads(line) for line in answer.out.splitlines()] == [
        {"segments": {"risk": "rest"}, "clauses": {"risk": 3}, "reasons": {"risk": []}},
        {
            "segments": {"risk": "young"},
            "clauses": {"risk": 1},
            "reasons": {"risk": [{"code": "Y01", "text": "Young"}]},
        },
    ]


def test_a_trace(file: Path) -> None:
    answer = decide(file, [json.dumps(YOUNG)], "--as-of", "2026-09-01", "--trace")
    assert json.loads(answer.out)["trace"] == [{"condition": "age < 30", "truth": "true", "values": {"age": 20}}]


def test_it_stops_at_the_first_line_without_a_decision(file: Path) -> None:
    answer = decide(file, [json.dumps(OLD), json.dumps(WRONG), json.dumps(OLD)], "--as-of", "2026-09-01")
    assert answer.code == 3
    assert len(answer.out.splitlines()) == 1
    assert answer.err == "error: line 2: `age` is 17, outside the range from 18 to 120\n"


@pytest.mark.parametrize(
    "line, said",
    [
        ('{"age": 41,', "this is no JSON, from character 12 on"),
        ('{"age": 41} {"age": 42}', "this is no JSON, from character 13 on"),
        ("", "the line is empty"),
        ('{"age": 41, "joined_on": "2020-01-31", "age": 42}', "`age` is given 2 times"),
        ('{"age": 41, "joined_on": "2020-01-31", "age": 42, "age": 43}', "`age` is given 3 times"),
        ('{"age": "41", "joined_on": "2020-01-31"}', '`age` is no whole number, but the text "41"'),
        ('{"age": 41, "joined_on": "31/01/2020"}', "`joined_on` is no date such as 2026-09-01, but the text"),
        ('{"age": 41}', "`joined_on` is not given, and is not declared `optional`"),
        ('{"age": 41, "joinedon": "2020-01-31"}', "`customers` has no `joinedon`; did you mean `joined_on`?"),
    ],
)
def test_what_is_wrong_with_a_line(file: Path, line: str, said: str) -> None:
    answer = decide(file, [json.dumps(OLD), line], "--as-of", "2026-09-01")
    assert (answer.code, len(answer.out.splitlines())) == (3, 1)
    assert answer.err.startswith(f"error: line 2: {said}")
    assert answer.err.count("\n") == 1


def test_a_byte_order_mark_is_no_problem_and_other_encodings_are(file: Path) -> None:
    words = [*SEGWRIGHT, "decide", str(file), "--as-of", "2026-09-01"]
    marked = subprocess.run(words, input=b"\xef\xbb\xbf" + json.dumps(OLD).encode(), capture_output=True, check=False)
    assert marked.returncode == 0
    other = subprocess.run(words, input=b'{"age": "\xe9"}', capture_output=True, check=False)
    assert (other.returncode, b"this is no text in UTF-8" in other.stderr) == (3, True)


def test_it_keeps_going_where_asked_to(file: Path) -> None:
    lines = [json.dumps(WRONG), "{", '{"age": NaN}', json.dumps(OLD)]
    answer = decide(file, lines, "--as-of", "2026-09-01", "--keep-going")
    assert answer.code == 1
    said = [json.loads(line) for line in answer.out.splitlines()]
    assert [each.get("error") for each in said] == ["input", "line", "line", None]
    assert said[0]["problems"][0]["place"] == ["age"]


def test_it_asks_for_the_date(file: Path) -> None:
    answer = decide(file, [json.dumps(OLD)])
    assert answer.code == 2
    assert "as of which date" in answer.err
    assert "`--as-of`" in answer.err


def test_help_has_examples(file: Path) -> None:
    answer = decide(file, [], "--help")
    assert "segwright decide risk.ruleset.json < customers.jsonl > decisions.jsonl" in answer.out
