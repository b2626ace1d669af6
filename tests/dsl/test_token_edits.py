"""Every rule file of the repository with one token left out, doubled, or swapped with the next: checking its project
says a little about it, and never a lot, raises nothing and comes to an end."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from segwright.dsl.check import check
from segwright.dsl.diagnostics import Problems
from segwright.dsl.lexer import scan
from segwright.dsl.parse import parse
from segwright.dsl.source import Source
from segwright.dsl.syntax import Document

ROOT = Path(__file__).parents[2]
FILES = sorted(
    file for folder in ("rules", "examples", "tests") for file in (ROOT / folder).rglob("*.seg") if file.is_file()
)
MOST = 20
"""More problems than that from one token would bury it."""


@dataclass(frozen=True)
class Edit:
    """An edited text, and what was done to it."""

    text: str
    what: str


def edits(text: str, chosen: range | list[int]) -> Iterator[Edit]:
    tokens = scan(Source("x.seg", text), Problems())[0][:-1]
    for at in chosen:
        one, two = tokens[at], tokens[at + 1]
        first, second = text[one.start : one.end], text[two.start : two.end]
        line = text.count("\n", 0, one.start) + 1
        yield Edit(text[: one.start] + text[one.end :], f"line {line}: without `{first}`")
        yield Edit(f"{text[: one.end]} {first}{text[one.end :]}", f"line {line}: `{first}` twice")
        swapped = text[: one.start] + second + text[one.end : two.start] + first + text[two.end :]
        yield Edit(swapped, f"line {line}: `{first}` and `{second}` swapped")


@cache
def beside(file: Path) -> tuple[Document, ...]:
    """The other files of the same project; each of the files under `tests/cases` stands alone."""
    if "cases" in file.parts:
        return ()
    return tuple(
        parse(Source(each.name, each.read_text("utf-8")))[0]
        for each in sorted(file.parent.glob("*.seg"))
        if each != file
    )


def errors(file: Path, text: str) -> list[str]:
    """What is wrong in the project of a file with another text; every problem has words in some text."""
    document, problems = parse(Source(file.name, text))
    found = [*problems, *check([*beside(file), document]).diagnostics]
    for problem in found:
        assert problem.span.start < problem.span.end or not text, problem
        assert problem.message
    return [problem.message for problem in found if problem.severity == "error"]


def tokens_of(file: Path) -> int:
    return len(scan(Source("x.seg", file.read_text("utf-8")), Problems())[0]) - 1


def said_of(file: Path, chosen: range | list[int]) -> tuple[Counter[int], list[str]]:
    """How many edits give how many problems more than the file has, and what was done where it is too many."""
    text = file.read_text("utf-8")
    before = len(errors(file, text))
    counts: Counter[int] = Counter()
    many: list[str] = []
    for edit in edits(text, chosen):
        more = max(0, len(errors(file, edit.text)) - before)
        counts[more] += 1
        if more > MOST:
            many.append(f"{edit.what}: {more} problems")
    return counts, many


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_one_wrong_token_gives_a_few_problems(file: Path) -> None:
    last = tokens_of(file) - 1
    chosen = random.Random(f"{last}").sample(range(last), min(15, last))
    counts, many = said_of(file, chosen)
    assert many == []
    assert sum(more * number for more, number in counts.items()) <= 2 * counts.total()


@pytest.mark.fuzz
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_any_wrong_token_gives_a_few_problems(file: Path) -> None:
    counts, many = said_of(file, range(tokens_of(file) - 1))
    assert many == []
    assert sum(number for more, number in counts.items() if more <= 3) >= 0.9 * counts.total()
