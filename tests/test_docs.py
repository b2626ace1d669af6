"""What the documentation shows is true: its examples check clean, its wrong ones fail as they say, its links lead on.

An example is a fenced block whose first word is `seg`:

| fence | |
|---|---|
| `seg data` | the tables that the later examples of the page build on, until the next such block |
| `seg` | checks clean, together with the tables before it, if any |
| `seg wrong SEG203` | wrong on purpose: gives that problem and no other |
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from segwright.dsl.check import check
from segwright.dsl.parse import parse
from segwright.dsl.source import Source

REPOSITORY = Path(__file__).parents[1]
PAGES = [
    page
    for page in [*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/**/*.md"), *REPOSITORY.glob("examples/*/*.md")]
    if page.is_file()
] + sorted(REPOSITORY.glob("rules/*/*.md"))
FENCE = re.compile(r"^```(\S[^\n]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Example:
    """A fenced block: what its fence says, its text, the tables before it, and where it stands."""

    page: str
    line: int
    fence: tuple[str, ...]
    text: str
    data: str


def examples_of(page: Path) -> list[Example]:
    """The examples in rule language of one page, in order."""
    written = page.read_text(encoding="utf-8")
    found: list[Example] = []
    data = ""
    for block in FENCE.finditer(written):
        language, *rest = block.group(1).split()
        if language != "seg":
            continue
        line = written.count("\n", 0, block.start()) + 1
        name = str(page.relative_to(REPOSITORY))
        found.append(Example(name, line, tuple(rest), block.group(2), "" if rest == ["data"] else data))
        if rest == ["data"]:
            data = block.group(2)
    return found


def problems_of(example: Example) -> list[tuple[str, str, str]]:
    """Severity, code and words of what is wrong; notes are not."""
    sources = [Source("data.seg", example.data), Source("example.seg", example.text)]
    parsed = [parse(source) for source in sources]
    diagnostics = [diagnostic for _, found in parsed for diagnostic in found]
    diagnostics += check([document for document, _ in parsed]).diagnostics
    words = {source.name: source.words for source in sources}
    return [
        (each.severity, each.code, words[each.span.file](each.span)) for each in diagnostics if each.severity != "note"
    ]


# The catalogue is made of pages whose examples `tests/dsl/test_codes.py` runs.
# What the first hour writes builds on what it wrote before; `tests/test_first_hour.py` follows it as a whole.
ELSEWHERE = ("diagnostics.md", "first-hour.md")
EXAMPLES = [example for page in PAGES if page.name not in ELSEWHERE for example in examples_of(page)]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.page}:{example.line}")
def test_examples(example: Example) -> None:
    problems = problems_of(example)
    match example.fence:
        case () | ("data",):
            assert problems == []
        case ("wrong", code):
            assert [found for _, found, _ in problems] == [code]
        case _:
            pytest.fail(f"no such kind of example: {' '.join(example.fence)}")


def test_the_reference_has_examples_of_every_kind() -> None:
    kinds = {example.fence[:1] for example in EXAMPLES if example.page == "docs/language.md"}
    assert kinds == {(), ("data",), ("wrong",)}


def anchors_of(page: Path) -> set[str]:
    """The places of a page that a link may lead to: its headings and its own anchors."""
    written = FENCE.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.+)$", written, re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return slugs | set(re.findall(r'<a id="([^"]+)">', written))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_links(page: Path) -> None:
    for link in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = page if not path else page.parent / path
        assert target.exists(), f"{link} leads nowhere"
        if anchor:
            assert anchor in anchors_of(target), f"{link}: there is no such place"
