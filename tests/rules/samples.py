"""The sample outputs on the projects' pages: what a command prints, up to its notes.

    python tests/rules/samples.py        # renews them all, after looking at the difference with `git diff`

A sample is a fenced block of text whose first line is the command: `$ segwright run rules/rfm`.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import tempfile
from pathlib import Path

from segwright.cli import main

SAMPLE = re.compile(r"^```text\n\$ segwright ([^\n]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
ENDS = re.compile(r"\n\n(?:note: |run: |names used above\n)")


def said(*words: str) -> str:
    """What a command prints to standard output. Raises AssertionError where it does not succeed."""
    shown = io.StringIO()
    code: object = 0
    with contextlib.redirect_stdout(shown):
        try:
            main(list(words))
        except SystemExit as ended:
            code = ended.code
    assert code == 0, (words, code)
    return shown.getvalue()


def sample(words: str) -> str:
    """What a page shows of a command: its output without notes, the names at the end and the run's folder."""
    return ENDS.split(said(*words.split()), maxsplit=1)[0].rstrip() + "\n"


def renew(rules: Path) -> None:
    """Write the samples of every page below a folder of projects, from fresh data in a folder of its own."""
    from rules.copies import NAMES, made_copy

    work = Path(tempfile.mkdtemp())
    try:
        for name in NAMES:
            made_copy(name, work / "rules")
        os.chdir(work)
        for name in NAMES:
            page = rules / name / "README.md"
            written = page.read_text(encoding="utf-8")
            renewed = SAMPLE.sub(lambda found: f"```text\n$ segwright {found[1]}\n{sample(found[1])}```", written)
            page.write_text(renewed, encoding="utf-8")
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    import sys

    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    renew(Path(__file__).resolve().parents[2] / "rules")
