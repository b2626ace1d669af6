"""`segwright check`: every problem of every rule file in one go."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from .command import EXIT_DONE, EXIT_PROBLEMS, Command
from .options import PROJECT_HELP, add_format
from .output import print_aside, print_json, print_text


def _declare(parser: ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="PROJECT|FILE", help=f"{PROJECT_HELP} Or one or more rule files."
    )
    add_format(parser, ("full", "concise", "json"), "With the lines of the file, one line a problem, or as JSON.")


def _check(given: Namespace) -> int:
    from ..render import diagnostics as render
    from ..render.text import plural
    from ..rulefiles import checked_rules

    rules = checked_rules(given.paths)
    if given.format == "json":
        print_json(render.as_json(rules.diagnostics, rules.sources))
    else:
        print_text(render.TEXT_FORMATS[given.format](rules.diagnostics, rules.sources))
        print_aside(f"{plural(len(rules.sources), 'file')}: {render.summary(rules.diagnostics)}\n")
    return EXIT_PROBLEMS if any(found.severity == "error" for found in rules.diagnostics) else EXIT_DONE


CHECK = Command(
    name="check",
    usage="[PROJECT | FILE …] [options]",
    summary="Report every problem of every rule file, with the words it concerns and how to mend it.",
    examples=(
        "check",
        "check rules/personal_loans",
        "check customer_data.seg personal_loans.seg",
        "check rules/personal_loans --format concise",
    ),
    declare=_declare,
    run=_check,
)
