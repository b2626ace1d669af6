"""`segwright export`: a run's results as a file that other programs open."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from .command import EXIT_DONE, Command
from .output import print_text
from .runs import add_run, project_and_run


def _declare(parser: ArgumentParser) -> None:
    add_run(parser)
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FILE", help=".csv, .xlsx, .parquet, .json, .jsonl, .duckdb"
    )
    parser.add_argument(
        "--table",
        metavar="NAME",
        help="assignments, sizes, figures, targets, guards, fairness or contact. Default: all of them in .xlsx and "
        ".duckdb, the assignments elsewhere.",
    )


def _export(given: Namespace) -> int:
    from ..project import open as open_project

    folder, run = project_and_run(given.words, given.run, "export")
    open_project(folder).open_run(run).export(given.output, table=given.table)
    print_text(f"exported: {given.output}\n")
    return EXIT_DONE


EXPORT = Command(
    name="export",
    usage="[PROJECT] [RUN] -o FILE [options]",
    summary="Write what a run came to as a file for a spreadsheet, a database or another program.",
    examples=(
        "export -o assignments.csv",
        "export rules/personal_loans latest -o results.xlsx",
        "export -o figures.csv --table figures",
        "export runs/2026-09-01-f9b1c53e-1 -o run.duckdb",
    ),
    declare=_declare,
    run=_export,
)
