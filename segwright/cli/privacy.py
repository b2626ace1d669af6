"""`segwright privacy`: the record of processing."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from .command import EXIT_DONE, EXIT_PROBLEMS, Command
from .options import PROJECT_HELP, add_format
from .output import columns, print_aside, print_json, print_text


def _declare(parser: ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="PROJECT|FILE", help=f"{PROJECT_HELP} Or one or more rule files."
    )
    add_format(parser, ("text", "json", "markdown"), "For people, for programs, or as Markdown.")


def _privacy(given: Namespace) -> int:
    from ..render import diagnostics
    from ..render.privacy import as_json, as_markdown, as_text, record_of
    from ..rulefiles import checked_rules

    rules = checked_rules(given.paths)
    if rules.program is None:
        print_aside(diagnostics.full(rules.diagnostics, rules.sources))
        print_aside(f"{diagnostics.summary(rules.diagnostics)}; nothing is recorded\n")
        return EXIT_PROBLEMS
    record = record_of(rules.program)
    match given.format:
        case "json":
            print_json(as_json(record))
        case "markdown":
            print_text(as_markdown(record))
        case _:
            print_text(as_text(record, columns()))
    return EXIT_DONE


PRIVACY = Command(
    name="privacy",
    usage="[PROJECT | FILE …] [options]",
    summary="The record of processing: columns read, by which rule, for which purpose, and why labels keep their word.",
    examples=(
        "privacy",
        "privacy rules/personal_loans",
        "privacy --format markdown > record.md",
    ),
    declare=_declare,
    run=_privacy,
)
