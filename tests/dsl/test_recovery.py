"""After words that fit nowhere: one problem, then on with the next thing that the parser knows."""

import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segwright.dsl import syntax as s
from segwright.dsl.diagnostics import Diagnostic, Problems
from segwright.dsl.lexer import scan
from segwright.dsl.parse import parse
from segwright.dsl.source import Source

LANGUAGE = Path(__file__).parent / "language"
RULES = Path(__file__).parents[2] / "rules"
TEXTS = [file.read_text(encoding="utf-8") for file in sorted([*LANGUAGE.glob("*.seg"), *RULES.glob("*/*.seg")])]


def read(text: str) -> tuple[s.Document, list[tuple[str, str]]]:
    """The document of a text, and code and underlined words of each problem."""
    source = Source("rules.seg", text)
    document, problems = parse(source)
    return document, [(problem.code, source.words(problem.span)) for problem in problems]


def names(document: s.Document) -> list[str]:
    return [
        each.name.text
        for each in document.declarations
        if isinstance(each, s.Let | s.TableDecl | s.Segmentation | s.Parameter | s.DecisionTable | s.Measure)
    ]


# -- where reading goes on ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "broken, words, left",
    [
        ("let b = 3 + * 4", "*", ["a", "c"]),
        ("let b = (3", "(", ["a", "b", "c"]),
        ("let b = * 4 let d = 5", "*", ["a", "d", "c"]),
        ("let b = ) , ] when 4", ")", ["a", "c"]),
        ("let b of = 4", "of", ["a", "b", "c"]),
        ("foo bar baz", "foo", ["a", "c"]),
        ("parameter b = from 3", "from", ["a", "c"]),
        ("table b key", "let", ["a", "c"]),
        ("decision b | a | => ", "let", ["a", "c"]),
        ("measure b lower = 3", "=", ["a", "c"]),
        ("freshness within 3 days", "3", ["a", "c"]),
    ],
)
def test_the_next_declaration_is_read(broken: str, words: str, left: list[str]) -> None:
    document, found = read(f"let a = 1\n{broken}\nlet c = 3")
    assert [each[1] for each in found] == [words]
    assert names(document) == left


def test_the_words_of_what_was_skipped_are_known() -> None:
    document, _ = read("let a = 1\nlet skipped = 3 + * `some thing`\nlet c = 3")
    assert document.broken_names >= {"skipped", "some thing"}
    assert document.broken_names.isdisjoint({"a", "c"})


def test_in_a_table_the_next_field_is_read() -> None:
    document, found = read("table t key a\n a integer\n b text = 3\n c date from to 3\n d text optional 5 6\n e text")
    assert found == [("SEG001", "="), ("SEG001", "to"), ("SEG001", "5")]
    (table,) = document.declarations
    assert isinstance(table, s.TableDecl)
    assert table.damaged
    assert [field.name.text for field in table.fields] == ["a", "b", "c", "d", "e"]


SEGMENTATION = """\
segmentation first_one of customers
  first match wins
  segment one when a = 1
  segment two
    {two}
    when b = 2
  segment three when c = 3
  otherwise rest
segmentation second_one of customers
  overlapping
  segment x when y
"""


@pytest.mark.parametrize(
    "two, words, items",
    [
        ("when a > / 3", "/", ["When"]),
        ("when a >", ">", ["When"]),
        ("unless (a > 3 unless b", "(", ["Unless", "Unless", "When"]),
        ("when a b c d > 3 unless b", "b", ["Unless", "When"]),
        ("when b reason 3 unless d", "3", ["When", "Unless", "When"]),
        ("needs for marketing", "for", ["When"]),
        ("from then to now", "from", ["When"]),
    ],
)
def test_in_a_segment_the_next_clause_is_read(two: str, words: str, items: list[str]) -> None:
    document, found = read(SEGMENTATION.format(two=two))
    assert [each[1] for each in found] == [words]
    first, second = document.declarations
    assert isinstance(first, s.Segmentation)
    assert isinstance(second, s.Segmentation)
    assert [segment.name.text for segment in first.segments] == ["one", "two", "three", "rest"]
    assert [type(item).__name__ for item in first.segments[1].items] == items
    assert not second.damaged
    if found[0][0] == "SEG001":
        assert first.damaged
        assert [segment.damaged for segment in first.segments] == [False, True, False, False]


def test_in_the_head_of_a_segmentation_the_next_line_is_read() -> None:
    document, found = read(
        'segmentation s of c\n first match wins\n refresh 1 month\n purpose p\n each segment 500\n owner "x"\n'
        " segment a when b\n otherwise d"
    )
    assert found == [("SEG001", "1"), ("SEG001", "500")]
    (segmentation,) = document.declarations
    assert isinstance(segmentation, s.Segmentation)
    assert [type(item).__name__ for item in segmentation.header] == ["Mode", "Purpose", "Owner"]
    assert [segment.name.text for segment in segmentation.segments] == ["a", "d"]


def test_a_whole_document_is_not_damaged() -> None:
    for text in TEXTS:
        document, found = read(text)
        assert found == []
        assert document.broken_names == frozenset()
        for each in document.declarations:
            if isinstance(each, s.TableDecl | s.Segmentation):
                assert not each.damaged


def test_six_mistakes_are_six_problems() -> None:
    document, found = read("""
table customers key customer_id
  customer_id integer
  score       integr
  income      money, "Gross income"
let rich = income >= $5,000
let poor = income <
let late = count payments in last 90 days
segmentation value of customers
  first match win
  segment a when rich and score > 3 or poor
  otherwise b
""")
    assert found == [
        ("SEG033", "integr"),
        ("SEG024", '"Gross income"'),
        ("SEG007", "$5,000"),
        ("SEG038", "<"),
        ("SEG037", "count"),
        ("SEG022", "win"),
        ("SEG012", "or"),
    ]
    assert names(document) == ["customers", "rich", "late", "value"]


# -- what is said ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, message",
    [
        (
            "segmentation s of c first match wins segment prime score 720",
            (
                "in `segment prime`, after `prime` comes a text in double quotes, the next `when`, `unless` or"
                " `segment` or the next declaration, not `score`"
            ),
        ),
        (
            "segmentation s of c first match wins segment prime when score 720",
            (
                "in `segment prime`, after `score` comes a comparison such as `>= 720` or `is known`, `and`, `or`,"
                " the next `when`, `unless` or `segment` or the next declaration, not `720`"
            ),
        ),
        ("let x = 3 + ]", "in `let x`, after `+` comes a value, not `]`"),
        ("let x = a is ]", "in `let x`, after `is` comes a value, `missing`, `known` or `one of (…)`, not `]`"),
        ("freshness payments 3 days", "in `freshness payments`, after `payments` comes `within`, not `3`"),
        (
            "table t key k\n k integer [",
            "the file ends in the middle of `table t`: after `[` comes a value or `..`",
        ),
        ("foo", "`foo` begins no declaration; a file consists of `table`, `events`, `let`, `segmentation`, …"),
        ("let x = ", "the file ends in the middle of `let x`: after `=` comes a condition"),
    ],
)
def test_what_is_said(text: str, message: str) -> None:
    (problem,) = parse(Source("rules.seg", text))[1]
    assert problem.message == message


def test_a_name_that_was_read_as_a_keyword_is_offered_in_backquotes() -> None:
    text = "let x = a and not = 3"
    source = Source("rules.seg", text)
    (problem,) = parse(source)[1]
    assert [(source.words(edit.span), edit.text) for fix in problem.fixes for edit in fix.edits] == [("not", "`not`")]


# -- whatever the text -------------------------------------------------------------------------------------------


def sound(problem: Diagnostic, text: str) -> None:
    """A problem has words in the text and is told without the parser's own words."""
    assert 0 <= problem.span.start < problem.span.end <= len(text)
    said = [problem.message, *problem.hints, *(fix.title for fix in problem.fixes)]
    for sentence in said:
        own = "".join(sentence.split("`")[::2])
        assert not re.search(r"[A-Z]{4}|_[A-Z]|\$|NUMERAL|None", own), sentence


def edits(text: str, seed: int, count: int) -> list[str]:
    """The text with one token left out, doubled, put elsewhere, or everything after it cut off."""
    tokens = scan(Source("x.seg", text), Problems())[0][:-1]
    chance = random.Random(seed)
    edited: list[str] = []
    for _ in range(count):
        one, two = sorted(chance.sample(tokens, 2), key=lambda token: token.start)
        words = text[one.start : one.end]
        edited += [
            text[: one.start] + text[one.end :],
            f"{text[: one.end]} {words} {text[one.end :]}",
            text[: one.start] + text[two.start : two.end] + text[one.end : two.start] + words + text[two.end :],
            text[: two.start] + words + text[two.end :],
            text[: one.start],
        ]
    return edited


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_one_wrong_word_is_hardly_ever_more_than_one_problem(number: int) -> None:
    counts: list[int] = []
    for text in edits(TEXTS[number], seed=number, count=12):
        _, problems = parse(Source("rules.seg", text))
        for problem in problems:
            sound(problem, text)
        counts.append(len(problems))
    assert max(counts) <= 6
    assert sum(counts) <= 1.5 * len(counts)


WORDS = [
    *("let", "table", "segment", "when", "(", ")", "[", "]", "|", ",", ".", "..", "=", "=>", ">=", "<", "and", "or"),
    *("not", "any", "count", "of", "where", "in", "last", "3", "30%", '"x"', "`y`", "foo", "2026-01-01", "is", "one"),
    *("segmentation", "otherwise", "unless", "first", "match", "wins", "key", "by", "at", "from", "to", "+", "-"),
    *("decision", "scorecard", "starts", "test", "given", "expect", "because", "policy", "hide", "measure", "share"),
    *(":", ";", "{", "}", "AND", "IF", "!", "<>", "$", "null", "reason", "days", "integer", "text", "optional", "'"),
]


@given(st.lists(st.sampled_from(WORDS), max_size=40), st.sampled_from([" ", "\n"]))
def test_any_words_are_read(words: list[str], between: str) -> None:
    text = between.join(words)
    for problem in parse(Source("rules.seg", text))[1]:
        sound(problem, text)


@given(st.text(alphabet='let ab=3(<>|"`#,.%-é\n\0\u202e[]\u0301’', max_size=80))
def test_any_characters_are_read(text: str) -> None:
    for problem in parse(Source("rules.seg", text))[1]:
        sound(problem, text)


@pytest.mark.parametrize(
    "text",
    [
        "let x = " + "(" * 5_000 + "1" + ")" * 5_000,
        "let x = " + "not " * 5_000 + "a",
        "let x = " + "- " * 5_000 + "a",
        "let x = " + " + ".join("a" * 5_000),
        "let x = " + "count of a where " * 2_000 + "b",
    ],
    ids=["parentheses", "not", "minus", "plus", "where"],
)
def test_what_is_nested_too_deeply_is_one_problem(text: str) -> None:
    document, found = read(text + "\nlet y = 3")
    assert [code for code, _ in found] == ["SEG026"]
    assert names(document)[-1:] == ["y"]


def test_a_hundred_parentheses_and_two_hundred_operations_are_fine() -> None:
    assert read("let x = " + "(" * 100 + "1" + ")" * 100)[1] == []
    assert read("let x = " + " + ".join(["a"] * 201))[1] == []
    assert read("let x = " + " and ".join(["a"] * 5_000))[1] == []
