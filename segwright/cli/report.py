"""`segwright report`: a run as one page, for people who decide."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from ..report.language import LANGUAGES
from ..runtime.errors import SettingsError
from .command import EXIT_DONE, Command
from .options import add_data, one_of, pairs
from .output import print_text


def _declare(parser: ArgumentParser) -> None:
    parser.add_argument(
        "words",
        nargs="*",
        metavar="[PROJECT] [RUN]",
        help="A project folder, where it is not this one; a run folder, or `latest`, which is the default.",
    )
    parser.add_argument("--run", metavar="RUN", help="The run, where it does not follow the project.")
    parser.add_argument(
        "-o", "--output", type=Path, default=Path("report.html"), metavar="FILE", help="Default: report.html."
    )
    parser.add_argument(
        "--language",
        type=one_of(LANGUAGES),
        default=LANGUAGES[0],
        metavar="|".join(LANGUAGES),
        help="What the report is written in: English or Dutch.",
    )
    add_data(parser)


def _report(given: Namespace) -> int:
    from ..project import open as open_project
    from .progress import shown_progress

    folder, run = _project_and_run(given.words, given.run)
    found = open_project(folder).open_run(run)
    with shown_progress() as progress:
        found.report(given.output, language=given.language, data=pairs(given.data, "--data"), progress=progress)
    print_text(f"report: {given.output}\n")
    return EXIT_DONE


def _project_and_run(words: Sequence[str], run: str | None) -> tuple[Path | None, str]:
    """A word on its own is a project where such a folder has settings, else a run."""
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
            raise SettingsError("name a project folder and one run: `segwright report rules/personal_loans latest`")


REPORT = Command(
    name="report",
    usage="[PROJECT] [RUN] [-o FILE] [options]",
    summary="Write the report of a run: one page that needs nothing else, on a screen, on a phone and in print.",
    examples=(
        "report rules/personal_loans",
        "report rules/personal_loans latest -o report.html",
        "report latest -o report.html",
        "report rules/beleggen --language nl -o rapport.html",
    ),
    declare=_declare,
    run=_report,
)
