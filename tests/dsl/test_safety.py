"""Whatever a rule file says, checking it raises nothing: rules with words swapped for others of their kind."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segwright.dsl.check import check
from segwright.dsl.parse import parse
from segwright.dsl.source import Source

ROOT = Path(__file__).parents[2]
WORD = re.compile(r'"[^"\n]*"|\d{4}-\d\d-\d\d|\d[\d_.]*%?|[^\W\d]\w*|[<>=!]+|\S')
TYPES = ("integer", "number", "percent", "money", "money(4)", "text", "boolean", "date", "timestamp", 'one of "a", "b"')
LITERALS = ("0", "-1", "0.35", "30%", '"app"', "true", "2026-01-31", "99999999999999999999", '""', "1e5", "90 days")
PHRASES = (
    "missing when 0",
    "optional",
    "protected",
    "in points",
    "others missing",
    'written "%b"',
    "for credit_risk",
    "default 0",
    "is missing",
    "is known",
    "in last 3 months",
    "in next 3 months",
    "ever",
    "except last 6 months",
    "count of payments",
    "months since",
    "not",
    "unless",
    "when",
    "otherwise",
    "overlapping",
    "previous",
    "(",
    ")",
    "and",
    "or",
    "",
)


def texts() -> list[str]:
    """The rules that ship, and small ones that use everything between them."""
    shipped = [file.read_text(encoding="utf-8") for file in sorted(ROOT.glob("rules/*/*.seg"))]
    pages = [file.read_text(encoding="utf-8") for file in sorted(ROOT.glob("dsl/codes/*.md"))]
    return [
        "\n".join(shipped),
        *(block for page in pages for block in re.findall(r"```seg\n(.*?)```", page, re.DOTALL)),
    ]


TEXTS = texts()


def kind(word: str) -> str:
    if word in TYPES:
        return "type"
    return (
        "literal" if word[0] in '"0123456789' or word in ("true", "false") else "name" if word[0].isalpha() else "sign"
    )


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """One of the texts with a few words put in the place of others, most of them of the same kind."""
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 6))):
        words = list(WORD.finditer(text))
        at = draw(st.sampled_from(words))
        alike = sorted({word.group() for word in words if kind(word.group()) == kind(at.group())})
        others = {"type": TYPES, "literal": LITERALS}.get(kind(at.group()), PHRASES)
        new = draw(st.one_of(st.sampled_from(alike), st.sampled_from(others), st.sampled_from(PHRASES)))
        text = text[: at.start()] + new + text[at.end() :]
    return text


def checks_without_raising(text: str) -> None:
    source = Source("rules.seg", text)
    document, found = parse(source)
    checked = check([document])
    for diagnostic in (*found, *checked.diagnostics):
        for span in (diagnostic.span, *(label.span for label in diagnostic.labels)):
            assert span.file == "rules.seg"
            assert 0 <= span.start <= span.end <= len(text)
        for fix in diagnostic.fixes:
            assert fix.edits


@given(mutated())
def test_rules_with_other_words_raise_nothing(text: str) -> None:
    checks_without_raising(text)


@pytest.mark.fuzz
@given(st.lists(mutated(), min_size=1, max_size=3))
def test_long_search(several: list[str]) -> None:
    for text in several:
        checks_without_raising(text)


@pytest.mark.parametrize("condition", ["last > 1", "last is known", "last default 0 > 1"])
@pytest.mark.parametrize("sum", ["step_{} + 1", "step_{}"])
def test_a_long_chain_of_lets_raises_nothing(condition: str, sum: str) -> None:
    lets = "".join(f"let step_{i} = {sum.format(i - 1)}\n" for i in range(1_000, 0, -1))
    rules = f"let last = step_1000\nsegmentation s of t first match wins segment a when {condition} otherwise b"
    checks_without_raising(f"table t key k\n  k integer\n  x integer\nlet step_0 = x\n{lets}{rules}")


def test_nested_parentheses_raise_nothing() -> None:
    checks_without_raising("table t key k\n  k integer\nlet deep = " + "(" * 5_000 + "k" + ")" * 5_000)


def test_lets_that_double_raise_nothing() -> None:
    lets = "".join(f"let step_{i} = step_{i - 1} + step_{i - 1}\n" for i in range(1, 60))
    rules = "segmentation s of t first match wins segment a when step_59 > 1 otherwise b"
    checks_without_raising(f"table t key k\n  k integer\n  x number optional\nlet step_0 = x\n{lets}{rules}")


def test_a_file_cut_off_anywhere_raises_nothing() -> None:
    text = "\n".join(TEXTS[1:40])
    for word in WORD.finditer(text):
        start = text.rfind("table ", 0, word.start())
        checks_without_raising(text[max(start, 0) : word.end()])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "table",
        "table key customer_id channel one (",
        "segment x when y < 0.35,5%",
        "segment x when y < 5%,5%",
        "let x = ",
        '"',
        "`",
        "\ufeff#",
    ],
)
def test_odd_ends_raise_nothing(text: str) -> None:
    checks_without_raising(text)
