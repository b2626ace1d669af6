"""Naming a run on the command line: a project, a run, or both."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from ..runtime.errors import SettingsError


def add_run(parser: ArgumentParser) -> None:
    """`[PROJECT] [RUN]` and `--run RUN`."""
    parser.add_argument(
        "words",
        nargs="*",
        metavar="[PROJECT] [RUN]",
        help="A project folder, where it is not this one; a run folder, or `latest`, which is the default.",
    )
    parser.add_argument("--run", metavar="RUN", help="The run, where it does not follow the project.")


def project_and_run(words: Sequence[str], run: str | None, command: str) -> tuple[Path | None, str]:
    """The project (None: this one) and the run. A word on its own is a project where such a folder has settings, else
    a run."""
    from ..runtime.settings import FILE

    match words, run:
        case [], _:
            return None, run or "latest"
        case [word], None if not (Path(word) / FILE).is_file():
            return None, word
        case [project], _:
            return Path(project), run or "latest"
        case [project, named], None:
            return Path(project), named
        case _:
            raise SettingsError(f"name a project folder and one run: `segwright {command} rules/personal_loans latest`")
