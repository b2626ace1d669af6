"""`segwright show`: the rules in plain English, with what they rest on."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from ..runtime.errors import SettingsError
from .command import EXIT_DONE, EXIT_PROBLEMS, Command
from .options import PROJECT_HELP, add_format
from .output import columns, print_aside, print_json, print_text


def _declare(parser: ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="PROJECT|FILE", help=f"{PROJECT_HELP} Or one or more rule files."
    )
    parser.add_argument("-s", "--segmentation", metavar="NAME", help="Only this segmentation and what it rests on.")
    add_format(parser, ("text", "json", "markdown"), "For people, for programs, or as Markdown with drawn lineage.")


def _show(given: Namespace) -> int:
    from ..render import diagnostics
    from ..render.show import as_json, as_markdown, as_text, facts_of
    from ..rulefiles import checked_rules

    rules = checked_rules(given.paths)
    if rules.program is None:
        print_aside(diagnostics.full(rules.diagnostics, rules.sources))
        print_aside(f"{diagnostics.summary(rules.diagnostics)}; nothing is shown\n")
        return EXIT_PROBLEMS
    if given.segmentation is not None:
        _check_named(given.segmentation, [each.name for each in rules.program.segmentations])
    facts = facts_of(rules.program, given.segmentation)
    match given.format:
        case "json":
            print_json(as_json(facts))
        case "markdown":
            print_text(as_markdown(facts))
        case _:
            print_text(as_text(facts, columns()))
    return EXIT_DONE


def _check_named(name: str, names: list[str]) -> None:
    if name in names:
        return
    from ..dsl.check.suggest import suggest

    near = suggest(name, names)
    there_are = f"there are {', '.join(f'`{each}`' for each in names)}" if names else "there is none at all"
    meant = f"did you mean `{near}`?" if near else there_are
    raise SettingsError(f"there is no segmentation `{name}`; {meant}")


SHOW = Command(
    name="show",
    usage="[PROJECT | FILE …] [options]",
    summary="Tell the rules in plain English: who is in which segment, what decides, who reads what for which purpose.",
    examples=(
        "show",
        "show rules/personal_loans",
        "show rules/personal_loans --segmentation value_risk",
        "show customer_data.seg personal_loans.seg --format markdown > rules.md",
    ),
    declare=_declare,
    run=_show,
)
