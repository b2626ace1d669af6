"""The page `docs/first-hour.md`, followed as a reader would: its files written, its edits made, its commands typed.

    python tests/test_first_hour.py      # renews what commands print, after looking at the difference with `git diff`

Each fenced block is one step; the line before it says what it is about:

| line before the block | the block |
|---|---|
| **`groups.seg`**, a new file: | is written to a file that was not there |
| **`groups.seg`**, from now on: | is written over the file |
| **`groups.seg`**, at its end: | is put below what the file holds, after an empty line |
| **`groups.seg`**, in place of | stands once in the file; the next block, after `write`, takes its place |
| **`groups.seg`**, as it is now: | is what the file holds |
| **`runs/…`** holds: | lists the folder |

A block of `console` holds commands after `$ ` and what they print, to standard output and standard error as they come.
In what is printed `…` as a line stands for any lines, inside a line for anything in it. A block of `sql` is run by
DuckDB. The block of `sh` sets Segwright up, which the tests have behind them.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from segwright.cli import main

REPOSITORY = Path(__file__).parents[1]
PAGE = REPOSITORY / "docs" / "first-hour.md"
BLOCK = re.compile(r"([^\n]*)\n\n```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ABOUT = re.compile(r"\*\*`(?P<name>[^`]+)`\*\*,? (?P<what>[a-z ]+):?$")


@dataclass(frozen=True)
class Step:
    """A fenced block: the line before it, its language, what it holds, and its line on the page."""

    before: str
    language: str
    text: str
    line: int


def steps_of(page: str) -> list[Step]:
    """The fenced blocks of the page, in order."""
    return [
        Step(found[1], found[2], found[3], page.count("\n", 0, found.start(2)) + 1) for found in BLOCK.finditer(page)
    ]


def printed_by(command: str) -> str:
    """What a command prints in this folder, standard output and standard error together."""
    word, *words = shlex.split(command)
    assert word == "segwright", command
    held = io.BytesIO()
    shown = io.TextIOWrapper(held, encoding="utf-8", write_through=True)
    with contextlib.redirect_stdout(shown), contextlib.redirect_stderr(shown), contextlib.suppress(SystemExit):
        main(words)
    return held.getvalue().decode("utf-8")


def commands_of(block: str) -> list[tuple[str, str]]:
    """The commands of a block of `console`, each with what the page shows below it."""
    _, *parts = re.split(r"^\$ ", block, flags=re.MULTILINE)
    return [(command, shown.rstrip() + "\n") for command, _, shown in (part.partition("\n") for part in parts)]


def agrees(shown: str, printed: str) -> bool:
    """Whether the page shows what was printed, apart from what `…` leaves out."""
    pattern = re.escape(shown.strip("\n") + "\n")
    pattern = re.sub(r"^…\n", r"(?:.*\n)*?", pattern.replace("\\\n", "\n"), flags=re.MULTILINE).replace("…", ".*")
    return re.fullmatch(pattern, printed.strip("\n") + "\n") is not None


def replaced(name: str, old: str, new: str) -> None:
    """Put one text in place of another that a file holds once."""
    path = Path(name)
    held = path.read_text(encoding="utf-8")
    old, new = old.rstrip("\n"), new.rstrip("\n")
    assert held.count(old) == 1, f"{name} holds this {held.count(old)} times: {old}"
    path.write_text(held.replace(old, new), encoding="utf-8")


def written(name: str, text: str) -> None:
    """Write a file and the folder that it lies in."""
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def folder(name: str) -> Path:
    """The one folder that a name with `…` in it means."""
    (found,) = Path().glob(name.replace("…", "*"))
    return found


def follow(step: Step, earlier: Step | None) -> str:
    """Do what a step says, and give the block as it should stand on the page."""
    about = ABOUT.match(step.before)
    match step.language, about["what"] if about else step.before:
        case "console", _:
            parts = [(command, shown, printed_by(command)) for command, shown in commands_of(step.text)]
            return "".join(
                f"$ {command}\n{shown if agrees(shown, printed) else printed.strip(chr(10)) + chr(10)}"
                for command, shown, printed in parts
            )
        case "sql", _:
            duckdb.execute(step.text).close()
        case _, "a new file" if about:
            assert not Path(about["name"]).exists(), about["name"]
            written(about["name"], step.text)
        case _, "from now on" if about:
            assert Path(about["name"]).exists(), about["name"]
            written(about["name"], step.text)
        case _, "at its end" if about:
            written(about["name"], Path(about["name"]).read_text(encoding="utf-8").rstrip("\n") + "\n\n" + step.text)
        case _, "in place of" if about:
            pass
        case _, "write":
            assert earlier is not None
            place = ABOUT.match(earlier.before)
            assert place is not None
            assert place["what"] == "in place of"
            replaced(place["name"], earlier.text, step.text)
        case _, "as it is now" if about:
            return Path(about["name"]).read_text(encoding="utf-8")
        case "text", "holds" if about:
            return "".join(f"{path.name}\n" for path in sorted(folder(about["name"]).iterdir()))
        case _:
            raise AssertionError(f"line {step.line}: what is this block for?")
    return step.text


def followed(steps: list[Step]) -> list[str]:
    """Follow all steps, in order, in the current folder: each block as it should stand on the page."""
    return [follow(step, earlier) for earlier, step in zip([None, *steps], steps, strict=False)]


WRITTEN = PAGE.read_text(encoding="utf-8")
STEPS = [step for step in steps_of(WRITTEN) if step.language != "sh"]


def test_whoever_follows_the_page_sees_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where output changed on purpose, `python tests/test_first_hour.py` renews the page."""
    monkeypatch.chdir(tmp_path)
    for earlier, step in zip([None, *STEPS], STEPS, strict=False):
        assert follow(step, earlier) == step.text, f"{PAGE.name}, line {step.line}"


def test_no_block_of_the_page_is_left_out() -> None:
    assert 2 * len(steps_of(WRITTEN)) == len(re.findall("^```", WRITTEN, re.MULTILINE))
    assert [step.language for step in steps_of(WRITTEN)].count("sh") == 1


def test_it_installs_as_the_makefile_does() -> None:
    (install,) = (step.text for step in steps_of(WRITTEN) if step.language == "sh")
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    (place,) = re.findall(r"^VENV := (\S+)$", makefile, re.MULTILINE)
    assert install == f"make demo\nsource {place}/bin/activate\n"
    assert "\ndemo: $(VENV)/.demo" in makefile


def test_semicolons_between_columns_are_read_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (first_run,) = (number for number, step in enumerate(STEPS) if "run: runs/2026-09-01-…-1\n" in step.text)
    followed(STEPS[:first_run])
    customers = Path("data/customers.csv")
    customers.write_text(customers.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")
    assert follow(STEPS[first_run], None) == STEPS[first_run].text


@pytest.mark.parametrize(
    "shown, agreed",
    [
        ("a\nb\nc\n", True),
        ("a\n…\n", True),
        ("…\nc\n", True),
        ("a\n…\nb\nc\n", True),
        ("a\nb…\nc\n", True),
        ("a\nc\n", False),
        ("a\n…\nd\n", False),
        ("…\nb\n", False),
        ("a.\nb\nc\n", False),
        ("a…c\n", False),
    ],
)
def test_only_dots_leave_something_out(shown: str, agreed: bool) -> None:
    assert agrees(shown, "a\nb\nc\n") is agreed


def renew() -> None:
    """Write onto the page what its commands print. What no longer agrees loses its `…`."""
    page = PAGE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as work, contextlib.chdir(work):
        blocks = iter(followed(STEPS))

    def block(found: re.Match[str]) -> str:
        return found[0] if found[2] == "sh" else f"{found[1]}\n\n```{found[2]}\n{next(blocks)}```"

    PAGE.write_text(BLOCK.sub(block, page), encoding="utf-8")


if __name__ == "__main__":
    renew()
