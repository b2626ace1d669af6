"""`segwright explain`: why one row landed where it did."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from ..runtime.errors import SettingsError
from .command import EXIT_DONE, Command
from .options import add_as_of, add_data, add_format, add_set, pairs
from .output import columns, print_json, print_text


def _declare(parser: ArgumentParser) -> None:
    parser.add_argument(
        "words", nargs="*", metavar="[PROJECT] KEY", help="A project folder, where it is not this one, and the key."
    )
    parser.add_argument("--run", metavar="RUN", help="Explain what a run assigned: a run folder, or `latest`.")
    parser.add_argument("-s", "--segmentation", metavar="NAME", help="Only this segmentation, of whatever table.")
    add_as_of(parser)
    add_set(parser)
    add_data(parser)
    parser.add_argument("--details", action="store_true", help="Every definition, every condition, every row counted.")
    add_format(parser, ("text", "json"), "For people, or for programs.")


def _explain(given: Namespace) -> int:
    from ..project import open as open_project
    from ..render.explanation import as_json, as_text

    folder, key = _project_and_key(given.words)
    project = open_project(folder)
    parameters, data = pairs(given.set, "--set"), pairs(given.data, "--data")
    if given.run is None:
        found = project.explain(
            key, as_of=given.as_of, parameters=parameters, data=data, segmentation=given.segmentation
        )
    elif given.as_of is not None or parameters:
        raise SettingsError("a run has its own as-of date and parameters: leave `--as-of` and `--set` out")
    else:
        found = project.open_run(given.run).explain(key, segmentation=given.segmentation, data=data)
    if given.format == "json":
        print_json(as_json(found))
    else:
        print_text(as_text(found, details=given.details, columns=columns()))
    return EXIT_DONE


def _project_and_key(words: Sequence[str]) -> tuple[Path | None, str]:
    match words:
        case [key]:
            return None, key
        case [project, key]:
            return Path(project), key
        case _:
            raise SettingsError("name a project folder and one key: `segwright explain rules/personal_loans 1042`")


EXPLAIN = Command(
    name="explain",
    usage="[PROJECT] KEY [options]",
    summary="Say why one row landed where it did: the clause that won, every value, what kept it out of the others.",
    examples=(
        "explain 1042",
        "explain rules/personal_loans 1042",
        "explain rules/personal_loans 1042 --run latest",
        "explain rules/personal_loans 1042 --segmentation value_risk --details",
    ),
    declare=_declare,
    run=_explain,
)
