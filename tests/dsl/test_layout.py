"""Layout never carries meaning: the same words in any layout are the same document."""

from pathlib import Path

import pytest

from segwright.dsl import syntax as s
from segwright.dsl.diagnostics import Problems
from segwright.dsl.lexer import scan
from segwright.dsl.parse import parse
from segwright.dsl.source import Source

LANGUAGE = Path(__file__).parent / "language"
RULES = Path(__file__).parents[2] / "rules"
FILES = sorted([*LANGUAGE.glob("*.seg"), *RULES.glob("*/*.seg")])


def read(text: str) -> tuple[s.Declaration, ...]:
    document, problems = parse(Source("rules.seg", text))
    assert [(problem.code, problem.message) for problem in problems] == []
    return document.declarations


def words(text: str) -> list[str]:
    """The text's tokens as they are written, without comments."""
    source = Source("rules.seg", text)
    tokens, _ = scan(source, Problems())
    return [text[token.start : token.end] for token in tokens[:-1]]


@pytest.fixture(params=FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def written(request: pytest.FixtureRequest) -> str:
    return request.param.read_text(encoding="utf-8")


def test_all_on_one_line(written: str) -> None:
    assert read(" ".join(words(written))) == read(written)


def test_one_word_a_line(written: str) -> None:
    assert read("\n".join(words(written))) == read(written)


def test_a_comment_after_every_word(written: str) -> None:
    assert read("".join(f"{word} # a | comment\n" for word in words(written))) == read(written)


def test_line_ends_of_windows(written: str) -> None:
    assert read(written.replace("\n", "\r\n")) == read(written)


def test_line_ends_of_windows_stand_in_no_comment(written: str) -> None:
    document, _ = parse(Source("rules.seg", written.replace("\n", "\r\n")))
    assert document.comments == parse(Source("rules.seg", written))[0].comments


def test_a_byte_order_mark(written: str) -> None:
    assert read("\ufeff" + written) == read(written)


def test_tabs_and_the_spaces_of_word_processors(written: str) -> None:
    for space in ("\t", "\u00a0", "\u2009", "\u3000"):
        assert read(space.join(words(written))) == read(written)


def test_nothing_between_signs() -> None:
    assert read("let x=(a+b)*c>=30%and not(d is one of(1,2))") == read(
        "let x = ( a + b ) * c >= 30% and not ( d is one of ( 1 , 2 ) )"
    )


def test_the_examples_of_the_language_say_what_they_should() -> None:
    data, loans, outcomes = (
        read((LANGUAGE / f"{name}.seg").read_text(encoding="utf-8"))
        for name in ("customer_data", "personal_loans", "outcomes")
    )
    assert [type(each).__name__ for each in data] == [
        "Purposes",
        "TableDecl",
        "TableDecl",
        "TableDecl",
        "TableDecl",
        "TableDecl",
        "Freshness",
    ]
    tables = [each for each in data if isinstance(each, s.TableDecl)]
    assert [(table.name.text, table.events, len(table.fields)) for table in tables] == [
        ("customers", False, 17),
        ("crm", False, 2),
        ("accounts", False, 4),
        ("payments", True, 4),
        ("bureau_pulls", True, 4),
    ]
    assert tables[4].known_at is not None
    assert tables[4].known_at.text == "received_on"
    assert [len(each.rows) for each in loans if isinstance(each, s.DecisionTable)] == [3]
    value_risk, campaigns = (each for each in loans if isinstance(each, s.Segmentation))
    assert [segment.name.text for segment in value_risk.segments] == [
        "fraud_watch",
        "prime_digital",
        "subprime",
        "standard",
    ]
    assert [type(item).__name__ for item in value_risk.segments[1].items] == ["When", "Unless", "When"]
    assert [type(item).__name__ for item in campaigns.header] == ["Mode", "Purpose", "NeedsConsent", "Unless"]
    assert [type(each).__name__ for each in outcomes] == [
        *["Measure"] * 7,
        "MeasuresAt",
        "Target",
        "Policy",
        "Experiment",
        "Guarantee",
        "Test",
    ]
