"""`segwright report`: a run as one page, for people who decide."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from ..report.language import LANGUAGES
from .command import EXIT_DONE, Command
from .options import add_data, one_of, pairs
from .output import print_text
from .runs import add_run, project_and_run


def _declare(parser: ArgumentParser) -> None:
    add_run(parser)
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

    folder, run = project_and_run(given.words, given.run, "report")
    found = open_project(folder).open_run(run)
    with shown_progress() as progress:
        found.report(given.output, language=given.language, data=pairs(given.data, "--data"), progress=progress)
    print_text(f"report: {given.output}\n")
    return EXIT_DONE


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
