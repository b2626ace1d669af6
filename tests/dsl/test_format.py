"""The canonical layout: what it looks like, that it says the same, and that no comment is lost."""

import random
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from generators.programs import Generated, programs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segwright.dsl import syntax as s
from segwright.dsl.check import check
from segwright.dsl.diagnostics import Problems
from segwright.dsl.format import data, decisions, expressions, formatted, lines, outcomes, rules
from segwright.dsl.lexer import scan
from segwright.dsl.parse import parse
from segwright.dsl.program import Program
from segwright.dsl.source import Source

REPOSITORY = Path(__file__).parents[2]
GOLDEN = REPOSITORY / "tests" / "cases" / "format"
FENCE = re.compile(r"^```seg[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def rule_texts() -> Iterator[tuple[str, str]]:
    """Every rule text of the repository in which nothing is wrong with how it is written, with where it stands."""
    folders = ("rules", "examples", "tests", "docs", "dsl")
    for path in sorted(path for folder in folders for path in (REPOSITORY / folder).rglob("*.seg")):
        yield str(path.relative_to(REPOSITORY)), path.read_text(encoding="utf-8")
    for path in sorted([*REPOSITORY.glob("*.md"), *(path for f in folders for path in (REPOSITORY / f).rglob("*.md"))]):
        for at, block in enumerate(FENCE.findall(path.read_text(encoding="utf-8"))):
            yield f"{path.relative_to(REPOSITORY)}:{at}", block
    for path in sorted((REPOSITORY / "tests" / "cases").rglob("*.case")):
        for at, text in enumerate(
            re.findall(r"^--- rules[^\n]*\n(.*?)(?=^--- )", path.read_text("utf-8"), re.MULTILINE | re.DOTALL)
        ):
            yield f"{path.relative_to(REPOSITORY)}:{at}", text


TEXTS = {name: text for name, text in rule_texts() if not parse(Source("rules.seg", text))[1]}


def laid_out(text: str) -> str:
    """The canonical layout of a text in which nothing is wrong."""
    found, problems = formatted(Source("rules.seg", text))
    assert found is not None, problems
    return found


def said(text: str) -> tuple[tuple[s.Declaration, ...], list[str]]:
    """What a text declares, and its comments."""
    document, problems = parse(Source("rules.seg", text))
    assert problems == ()
    return document.declarations, [comment.text for comment in document.comments]


def program(text: str) -> Program | None:
    return check([parse(Source("rules.seg", text))[0]]).program


def words(text: str) -> list[str]:
    """The tokens of a text as written, without commas, sorted: some commas go and some titles move."""
    source = Source("rules.seg", text)
    tokens, _ = scan(source, Problems())
    written = (unicodedata.normalize("NFC", source.text[each.start : each.end]) for each in tokens if each.kind != ",")
    return sorted("".join(each.split()) for each in written)


def squashed(text: str) -> str:
    """The words of a text without comments, apart by single blanks, some of them by line breaks."""
    source = Source("rules.seg", text)
    tokens, _ = scan(source, Problems())
    return " ".join(source.text[token.start : token.end] + "\n" * (at % 7 == 3) for at, token in enumerate(tokens))


def strewn(text: str, chance: random.Random) -> str:
    """The text with comments between its tokens, on lines of their own and behind words."""
    source = Source("rules.seg", text)
    tokens, _ = scan(source, Problems())
    parts: list[str] = []
    at = 0
    for number, token in enumerate(tokens):
        parts.append(text[at : token.start])
        if chance.random() < 0.15:
            parts.append(chance.choice((" ", "\n", "\n\n", "\n      ")) + f"# strewn {number}\n")
        parts.append(text[token.start : token.end])
        at = token.end
    return "".join(parts)


def bare(text: str) -> list[str]:
    """The lines of a text without comments and blank lines."""
    source = Source("rules.seg", text)
    _, comments = scan(source, Problems())
    for comment in reversed(comments):
        text = text[: comment.span.start] + text[comment.span.end :]
    return [line.rstrip() for line in text.splitlines() if line.strip()]


# -- the look ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("expected", sorted(GOLDEN.glob("*.seg")), ids=lambda path: path.stem)
def test_golden(expected: Path) -> None:
    text = expected.read_text(encoding="utf-8")
    typed = GOLDEN / "typed" / expected.name
    assert laid_out(typed.read_text(encoding="utf-8") if typed.exists() else squashed(text)) == text
    assert laid_out(text) == text


@pytest.mark.parametrize("name", ["customer_data", "outcomes", "personal_loans"])
def test_the_files_of_the_language_keep_their_lines(name: str) -> None:
    """Only what stands in columns moves."""
    text = (REPOSITORY / "tests" / "dsl" / "language" / f"{name}.seg").read_text(encoding="utf-8")
    folded = [" ".join(line.split()) for line in laid_out(text).splitlines()]
    wanted = [" ".join(line.split()) for line in text.splitlines()]
    assert folded == wanted


@pytest.mark.parametrize(
    "typed, expected",
    [
        ("", ""),
        (" \n\n", ""),
        ("# only\n\n\n\n  # comments", "# only\n\n# comments\n"),
        ("let a=1", "let a = 1\n"),
        ("let a=1\r\n\r\n\r\nlet b=2", "let a = 1\n\nlet b = 2\n"),
        ("let a=1 let bb=2\n\nlet ccc=3", "let a  = 1\nlet bb = 2\n\nlet ccc = 3\n"),
        ('table t key k k integer from 0 "t" to 10', 'table t key k\n  k  integer from 0 "t" to 10\n'),
        ("let 中文 = 1\nlet a = 2", "let 中文 = 1\nlet a    = 2\n"),
        ("let a = 30 %", "let a = 30%\n"),
        ("let a\u030a = `a\u030a b`", "let å = `å b`\n"),
        (r'let a = b is "x\"y\\z  w"', 'let a = b is "x\\"y\\\\z  w"\n'),
    ],
)
def test_small_texts(typed: str, expected: str) -> None:
    assert laid_out(typed) == expected


def test_a_text_with_mistakes_is_not_laid_out() -> None:
    text, problems = formatted(Source("rules.seg", "let a = 3 +"))
    assert text is None
    assert [problem.code for problem in problems] == ["SEG002"]


# -- the meaning -------------------------------------------------------------------------------------------------


def test_there_are_texts_of_every_kind() -> None:
    declared = {type(each) for text in TEXTS.values() for each in said(text)[0]}
    assert declared == set(s.Declaration.__args__)
    assert len(TEXTS) > 200


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_it_says_the_same(text: str) -> None:
    found = laid_out(text)
    assert said(found) == said(text)
    assert words(found) == words(text)
    assert program(found) == program(text)
    assert laid_out(found) == found


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_the_layout_follows_from_the_words(text: str) -> None:
    """However the words stood, their lines are the same, but for blank lines and what those keep apart."""
    together = re.sub(r"\n\s*\n", "\n", text)
    assert bare(laid_out(squashed(text))) == bare(laid_out(together))


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_lines_are_short(text: str) -> None:
    for line in bare(laid_out(text)):
        rows_and_long_words = line.lstrip().startswith("|") or len(line.split()) < 3
        assert len(line) <= 120 or rows_and_long_words


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_no_comment_is_lost(text: str) -> None:
    for seed in range(3):
        typed = strewn(text, random.Random(f"{seed} {text}"))
        found = laid_out(typed)
        assert said(found) == said(typed)
        assert laid_out(found) == found


@pytest.mark.parametrize("limit", [20, 50])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_narrow_lines_say_the_same(text: str, limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (data, decisions, expressions, lines, outcomes, rules):
        monkeypatch.setattr(module, "LIMIT", limit)
    typed = strewn(text, random.Random(text))
    found = laid_out(typed)
    assert said(found) == said(typed)
    assert laid_out(found) == found


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(programs(whole=True), st.randoms(use_true_random=False))
def test_generated_rules(generated: Generated, chance: random.Random) -> None:
    typed = strewn(generated.text, chance)
    found = laid_out(typed)
    assert said(found) == said(typed)
    assert laid_out(found) == found
    assert program(found) == program(generated.text)
    assert bare(laid_out(squashed(generated.text))) == bare(laid_out(generated.text))
