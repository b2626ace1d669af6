"""`segwright run`: put every row into its segments."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from ..runtime.engines.names import ENGINES
from .command import EXIT_DONE, Command
from .options import PROJECT_HELP, add_as_of, add_data, add_format, add_set, one_of, pairs
from .output import print_aside, print_json, print_text

if TYPE_CHECKING:
    from ..project import Run
    from ..runtime.due import Due


def _declare(parser: ArgumentParser) -> None:
    parser.add_argument("project", nargs="?", type=Path, metavar="PROJECT", help=PROJECT_HELP)
    add_as_of(parser)
    parser.add_argument(
        "--engine", type=one_of(ENGINES), metavar="ENGINE", help="Where the rules run: duckdb or polars."
    )
    add_set(parser)
    add_data(parser)
    parser.add_argument(
        "--ruleset", type=Path, metavar="FILE", help="A compiled rule set, in place of the project's rule files."
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="The folder that run folders are put into.")
    parser.add_argument("--evidence", action="store_true", help="Also write the truth of every condition, as bits.")
    parser.add_argument("--values", action="store_true", help="Also write what the conditions looked at.")
    parser.add_argument("--sorted", action="store_true", help="Write in order of the key: equal inputs, equal bytes.")
    parser.add_argument(
        "--if-due", action="store_true", help="Only where `refresh every` asks for it, or the rules have changed since."
    )
    add_format(parser, ("text", "json"), "For people, or for programs.")


def _run(given: Namespace) -> int:
    from ..project import open as open_project
    from ..render.diagnostics import summary
    from .progress import shown_progress

    project = open_project(given.project)
    parameters, data = pairs(given.set, "--set"), pairs(given.data, "--data")
    due = None
    if given.if_due:
        due = project.due(given.as_of, parameters=parameters, ruleset=given.ruleset, out=given.out)
        print_aside(f"{'due' if due.due else 'not due'}: {due.why}\n")
        if not due.due and due.latest is not None:
            return _told(project.open_run(due.latest), given.format, due)
    with shown_progress() as progress:
        done = project.run(
            given.as_of,
            parameters=parameters,
            data=data,
            ruleset=given.ruleset,
            out=given.out,
            engine=given.engine,
            evidence=given.evidence,
            values=given.values,
            sorted=given.sorted,
            progress=progress,
        )
    if given.ruleset is None and project.rules.diagnostics:
        print_aside(f"the rules: {summary(project.rules.diagnostics)}; `segwright check` shows them\n")
    return _told(done, given.format, due)


def _told(run: Run, format: str, due: Due | None) -> int:
    """A run that was made, or that there is already because no other is due."""
    from ..render.run import as_json, as_text

    if format == "json":
        asked = {} if due is None else {"due": due.due, "why": due.why}
        print_json({**asked, **as_json(run.folder, run.manifest, run.outcomes)})
    else:
        print_text(as_text(run.folder, run.manifest, run.outcomes, run.ruleset.program))
    return EXIT_DONE


RUN = Command(
    name="run",
    usage="[PROJECT] [options]",
    summary="Put every row into its segments and write a run folder. Data that breaks its contract stops the run.",
    examples=(
        "run rules/personal_loans",
        "run rules/personal_loans --as-of 2026-08-31",
        "run rules/personal_loans --engine polars",
        "run rules/personal_loans --set prime_score=740 --set recent='60 days'",
        "run rules/personal_loans --ruleset approved.ruleset.json",
        "run rules/personal_loans --if-due",
        "run --data customers=new/customers.parquet --format json",
    ),
    declare=_declare,
    run=_run,
)
