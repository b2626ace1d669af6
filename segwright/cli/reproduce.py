"""`segwright reproduce`: make a run again, and see whether it comes to the same."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from ..runtime.errors import SettingsError
from .command import EXIT_DONE, EXIT_PROBLEMS, Command
from .options import add_data, add_format, pairs
from .output import print_json, print_text


def _declare(parser: ArgumentParser) -> None:
    parser.add_argument(
        "words",
        nargs="*",
        metavar="RUN [PROJECT]",
        help="A run folder, or `latest`, which is the default; a project folder, where it is not this one.",
    )
    add_data(parser)
    add_format(parser, ("text", "json"), "For people, or for programs.")


def _reproduce(given: Namespace) -> int:
    from ..render.reproduced import as_json, as_text
    from ..runtime.frames import with_given
    from ..runtime.history.reproducing import reproduce
    from ..runtime.runs import find_run
    from ..runtime.settings import find_project, read_settings
    from .progress import shown_progress

    project, run = _project_and_run(given.words)
    data = pairs(given.data, "--data")
    settings = read_settings(find_project(project))
    folder = find_run(run, settings.out)
    with shown_progress() as progress:
        found = reproduce(folder, with_given(settings, data), progress)
    if given.format == "json":
        print_json(as_json(found))
    else:
        print_text(as_text(found))
    if found.failure is not None:
        return found.failure.exit_code
    return EXIT_DONE if found.equal else EXIT_PROBLEMS


def _project_and_run(words: Sequence[str]) -> tuple[Path | None, str]:
    """The project (None: this one) and the run, in either order."""
    from ..runtime.settings import FILE

    def is_project(word: str) -> bool:
        return (Path(word) / FILE).is_file() or Path(word).name == FILE

    match [*words]:
        case []:
            return None, "latest"
        case [word]:
            return (Path(word), "latest") if is_project(word) else (None, word)
        case [run, project] if is_project(project):
            return Path(project), run
        case [project, run] if is_project(project):
            return Path(project), run
        case _:
            raise SettingsError("name one run and a project folder: `segwright reproduce latest rules/personal_loans`")


REPRODUCE = Command(
    name="reproduce",
    usage="[RUN] [PROJECT] [options]",
    summary="Make a run again from its manifest and git, in a place of its own, and tell whether the same comes out or "
    "what differs: rules, data, versions, sizes.",
    examples=(
        "reproduce latest",
        "reproduce 2026-09-01-4f1c22ab-3 rules/personal_loans",
        "reproduce latest --data customers=archive/customers.parquet",
        "reproduce latest --format json",
    ),
    declare=_declare,
    run=_reproduce,
)
