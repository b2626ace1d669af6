"""`segwright log`: which commits changed what the rules mean."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from pathlib import Path

from ..runtime.errors import SettingsError
from .command import EXIT_DONE, Command
from .options import add_format
from .output import print_json, print_text


def _declare(parser: ArgumentParser) -> None:
    parser.add_argument(
        "words",
        nargs="*",
        metavar="[PROJECT] [REVISIONS]",
        help="A project folder, where it is not this one; a revision or a range such as v1..v2. Default: HEAD.",
    )
    parser.add_argument("--all", action="store_true", help="Also the commits that leave the meaning alone, with why.")
    parser.add_argument(
        "-n", "--number", type=_count, metavar="N", help="Only the last N commits that changed the meaning."
    )
    add_format(parser, ("text", "json"), "For people, or for programs.")


def _count(word: str) -> int:
    if word.isascii() and word.isdigit() and int(word) > 0:
        return int(word)
    raise ArgumentTypeError(f"is a whole number from 1, not `{word}`")


def _log(given: Namespace) -> int:
    from ..render.log import as_json, as_text
    from ..runtime.history.log import history_of, last_changes
    from ..runtime.history.sizes import sizes_of
    from ..runtime.progress import Progress
    from ..runtime.settings import find_project
    from .progress import shown_progress

    project, revisions = _project_and_revisions(given.words)
    folder = find_project(project)
    with shown_progress() as progress:
        history = history_of(
            folder,
            revisions,
            given.number,
            lambda read, of: progress(Progress(f"reading commit {read:,} of {of:,}", read / of)),
        )
    sizes, notes = sizes_of(history.entries, history.out)
    history = last_changes(history, given.number)
    if given.format == "json":
        print_json(as_json(history, sizes, notes, every=given.all))
    else:
        print_text(as_text(history, sizes, notes, every=given.all))
    return EXIT_DONE


def _project_and_revisions(words: Sequence[str]) -> tuple[Path | None, str | None]:
    from ..runtime.history.words import word_of

    said = [word_of(word) for word in words]
    match [each.kind for each in said]:
        case []:
            return None, None
        case ["folder"]:
            return Path(said[0].text), None
        case ["revision"]:
            return None, said[0].text
        case ["folder", "revision"]:
            return Path(said[0].text), said[1].text
        case _:
            raise SettingsError("name a project folder and one revision or range: `segwright log rules/loans v1..v2`")


LOG = Command(
    name="log",
    usage="[PROJECT] [REVISIONS] [options]",
    summary="Tell which commits changed what the rules mean, what each changed, and what became of sizes.",
    examples=(
        "log",
        "log rules/personal_loans",
        "log rules/personal_loans v1..main",
        "log --all -n 20",
        "log --format json",
    ),
    declare=_declare,
    run=_log,
)
