"""Projects on disk with data that can be read in the test, and the command line as people use it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from segwright.cli import main
from segwright.runtime.engines.names import ENGINES, EngineName

SEGWRIGHT = [sys.executable, "-c", "from segwright.cli import main; main()"]
"""The command as a process of its own."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command ended with, and what it wrote to standard output and standard error."""

    code: int
    out: str
    err: str


Segwright = Callable[..., Answer]


def as_a_process(
    words: list[str], cwd: Path, environment: dict[str, str] | None = None, command: list[str] = SEGWRIGHT
) -> Answer:
    """A command in a process of its own, its output not on a terminal."""
    done = subprocess.run(
        [*command, *words], cwd=cwd, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    return Answer(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def segwright(capfd: pytest.CaptureFixture[str]) -> Segwright:
    """`segwright("check", folder)` in this process, its output not on a terminal."""

    def answer(*words: object) -> Answer:
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in words])
        captured = capfd.readouterr()
        assert isinstance(ended.value.code, int)
        return Answer(ended.value.code, captured.out, captured.err)

    return answer


@dataclass(frozen=True, slots=True)
class Folder:
    """A project folder, and the engine that its settings name."""

    path: Path
    engine: EngineName = ENGINES[0]

    def rules(self, text: str, name: str = "rules.seg") -> None:
        (self.path / name).write_text(text, encoding="utf-8")

    def table(self, name: str, text: str) -> None:
        """Keep a table as CSV: columns apart by blanks, one row a line, `-` for a missing value."""
        lines = [line.split() for line in text.strip().splitlines()]
        written = "\n".join(",".join("" if cell == "-" else cell for cell in line) for line in lines)
        (self.path / f"{name}.csv").write_text(written + "\n", encoding="utf-8")

    def settings(self, as_of: str | None = "2026-09-01", more: str = "") -> None:
        """Settings that name every CSV file of the folder."""
        data = [f'{file.stem} = "{file.name}"' for file in sorted(self.path.glob("*.csv"))]
        engine = [] if self.engine == ENGINES[0] else [f'engine = "{self.engine}"']
        run = ["[run]", *([] if as_of is None else [f"as_of = {as_of}"]), *engine]
        lines = ["[data]", *data, *run, more, ""]
        (self.path / "segwright.toml").write_text("\n".join(lines), encoding="utf-8")

    def everything(self) -> set[str]:
        """Every file and folder in it."""
        return {path.relative_to(self.path).as_posix() for path in self.path.rglob("*")}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """An empty folder."""
    path = tmp_path / "project"
    path.mkdir()
    return Folder(path)


def on_a_terminal(words: list[str], columns: int = 100, environment: dict[str, str] | None = None) -> tuple[int, str]:
    """The exit code of a command and what it shows on a terminal of so many columns."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS", "LINES")}
    process = subprocess.Popen(
        [*SEGWRIGHT, *words],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**kept, "TERM": "xterm"} | (environment or {}),
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    return process.wait(), shown.decode("utf-8").replace("\r\n", "\n")
