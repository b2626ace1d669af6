"""`segwright check`: every problem of every rule file in one go."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from .command import EXIT_DONE, EXIT_PROBLEMS, Command
from .options import PROJECT_HELP, add_format, add_projects
from .output import print_aside, print_exactly, print_json, print_text


def _declare(parser: ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="PROJECT|FILE", help=f"{PROJECT_HELP} Or one or more rule files."
    )
    add_projects(parser)
    add_format(
        parser,
        ("full", "concise", "json", "github", "gitlab", "sarif"),
        "With the lines of the file, one line a problem, as JSON, or as a build server takes it (docs/ci.md).",
    )


def _check(given: Namespace) -> int:
    from ..render import diagnostics as render
    from ..render.text import plural
    from ..rulefiles import checked_projects, checked_rules

    checked = checked_projects(given.paths) if given.projects else (checked_rules(given.paths),)
    sources = {name: source for rules in checked for name, source in rules.sources.items()}
    diagnostics = [found for rules in checked for found in rules.diagnostics]
    if given.format == "json":
        print_json(render.as_json(diagnostics, sources))
    elif given.format in render.TEXT_FORMATS:
        print_text(render.TEXT_FORMATS[given.format](diagnostics, sources))
    else:
        from ..render.formats import FORMATS
        from ..repository import top_of

        print_exactly(FORMATS[given.format](diagnostics, sources, top_of(Path.cwd())))
    if given.format != "json":
        print_aside(f"{plural(len(sources), 'file')}: {render.summary(diagnostics)}\n")
    return EXIT_PROBLEMS if any(found.severity == "error" for found in diagnostics) else EXIT_DONE


CHECK = Command(
    name="check",
    usage="[PROJECT | FILE …] [options]",
    summary="Report every problem of every rule file, with the words it concerns and how to mend it.",
    examples=(
        "check",
        "check rules/personal_loans",
        "check customer_data.seg personal_loans.seg",
        "check rules/personal_loans --format concise",
        "check rules/personal_loans --format sarif > segwright.sarif",
    ),
    declare=_declare,
    run=_check,
)
