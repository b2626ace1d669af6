"""`segwright diff`: what a change of the rules is, and what it does to customers."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from ..runtime.engines.names import ENGINES
from ..runtime.errors import DataError, SettingsError
from .command import EXIT_DONE, Command
from .options import add_as_of, add_data, add_format, add_set, one_of, pairs
from .output import columns, print_exactly, print_json, print_text

if TYPE_CHECKING:
    from ..difference import Difference

STDOUT = Path("-")


def _declare(parser: ArgumentParser) -> None:
    parser.add_argument(
        "words",
        nargs="*",
        metavar="PROJECT|REVISIONS|FOLDERS|FILES",
        help="A project's folder, then what to compare: `main` (with the working tree), `main..HEAD`, `main...HEAD`, "
        "two revisions, two folders, or two compiled rule sets. Default: HEAD with the working tree.",
    )
    add_as_of(parser)
    parser.add_argument(
        "--engine", type=one_of(ENGINES), metavar="ENGINE", help="Where the rules run: duckdb or polars."
    )
    add_set(parser)
    add_data(parser)
    parser.add_argument("--no-data", action="store_true", help="Compare the rules alone; look at no data.")
    parser.add_argument(
        "--examples", type=_count, metavar="N", help="So many movers of each segmentation by key. Default: 3; 0: none."
    )
    add_format(
        parser, ("text", "json", "markdown"), "For people, for programs, or as a comment on a pull request or issue."
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="The file to write. Default: standard output."
    )


def _count(word: str) -> int:
    if word.isascii() and word.isdecimal():
        return int(word)
    raise ArgumentTypeError(f"is a whole number from 0, not `{word}`")


def _check_options(given: Namespace) -> None:
    """Without data there is nothing that these options could do, and a rule file is no place for a result."""
    options = {
        "--as-of": given.as_of,
        "--engine": given.engine,
        "--set": given.set,
        "--data": given.data,
        "--examples": given.examples,
    }
    for option, value in options.items():
        if given.no_data and value is not None:
            raise SettingsError(f"`{option}` is about data, which `--no-data` leaves out; give one of them")
    if given.output is not None and given.output.suffix == ".seg":
        raise SettingsError(f"`{given.output}` is called like a rule file; name another file to write")


def _diff(given: Namespace) -> int:
    from ..difference import EXAMPLES, Compared, difference, named_versions
    from .progress import shown_progress

    _check_options(given)
    before, after, settings = named_versions(given.words)
    options = Compared(
        as_of=given.as_of,
        engine=given.engine,
        parameters=pairs(given.set, "--set"),
        data=pairs(given.data, "--data"),
        examples=EXAMPLES if given.examples is None else given.examples,
    )
    try:
        with shown_progress() as progress:
            found = difference(
                before, after, data=not given.no_data, settings=settings, options=options, progress=progress
            )
    except DataError as problem:
        problem.args = (f"{problem.message}\n\n`--no-data` compares the rules alone",)
        raise
    if given.output is None or given.output == STDOUT:
        _print(found, given.format)
    else:
        _write(found, given.format, given.output)
        print_text(f"written: {given.output}\n")
    return EXIT_DONE


def _print(found: Difference, form: str) -> None:
    from ..render.changes.text import as_text

    match form:
        case "json":
            print_json(found.as_json())
        case "markdown":
            print_exactly(found.markdown())
        case _:
            print_text(as_text(found, columns()))


def _write(found: Difference, form: str, target: Path) -> None:
    import json

    from ..files import write_named

    match form:
        case "json":
            text = json.dumps(found.as_json(), ensure_ascii=False, indent=2) + "\n"
        case "markdown":
            text = found.markdown()
        case _:
            text = found.text()
    write_named(target, text)


DIFF = Command(
    name="diff",
    usage="[PROJECT] [REVISIONS | FOLDER FOLDER | FILE FILE] [options]",
    summary="What changed in the rules, and what that does to customers: who moves, where to, and because of what.",
    examples=(
        "diff",
        "diff main..HEAD",
        "diff rules/personal_loans main...HEAD --format markdown -o comment.md",
        "diff rules/personal_loans v1.0 --as-of 2026-08-31 --examples 20",
        "diff old/personal_loans rules/personal_loans",
        "diff rules/personal_loans approved.ruleset.json proposed.ruleset.json",
        "diff main --no-data --format json",
    ),
    declare=_declare,
    run=_diff,
)
