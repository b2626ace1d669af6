"""`segwright test`: the rule files' own tests, on every engine."""

from __future__ import annotations

import datetime as dt
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from os.path import relpath
from pathlib import Path

from .command import EXIT_DONE, EXIT_PROBLEMS, Command
from .options import PROJECT_HELP, add_format, add_projects
from .output import columns, print_aside, print_json, print_text
from .progress import shown_progress


def _declare(parser: ArgumentParser) -> None:
    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PROJECT|FILE",
        help=f"{PROJECT_HELP} Or one or more rule files: the tests that stand in them.",
    )
    parser.add_argument("-k", metavar="WORDS", help="Only tests with all of these words in their title.")
    parser.add_argument("--engine", metavar="ENGINE", help="Only this engine, beside the reference interpreter.")
    add_projects(parser)
    add_format(parser, ("text", "json", "junit"), "For people, for programs, or for a build server.")


def _test(given: Namespace) -> int:
    from ..render import tests as render
    from ..rulefiles import checked_projects, checked_rules
    from ..testing import run_tests_of, together

    checked = checked_projects(given.paths) if given.projects else (checked_rules(given.paths),)
    files = None if given.projects else _named_files(given.paths)
    with _progress() as report:
        results = together(
            [run_tests_of(rules, files=files, words=given.k, engine=given.engine, report=report) for rules in checked]
        )
    sources = {name: source for rules in checked for name, source in rules.sources.items()}
    match given.format:
        case "json":
            print_json(render.as_json(results, sources))
        case "junit":
            from ..render.junit import as_junit

            print_text(as_junit(results, sources, dt.datetime.now(dt.UTC)))
        case _:
            print_text(render.as_text(results, sources, columns()))
    if given.format != "text":
        print_aside(render.summary(results) + "\n")
    return EXIT_DONE if results.passed else EXIT_PROBLEMS


def _named_files(paths: Sequence[Path]) -> frozenset[str] | None:
    """The files whose tests are asked for, as they are shown; None for all of a project."""
    if not any(path.suffix == ".seg" for path in paths):
        return None
    return frozenset(Path(relpath(path.resolve(), Path.cwd().resolve())).as_posix() for path in paths)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None] | None]:
    """Only on a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from ..runtime.progress import Progress

    with shown_progress() as show:
        yield lambda done, every: show(Progress("testing", done / every))


TEST = Command(
    name="test",
    usage="[PROJECT | FILE …] [options]",
    summary="Run the tests that stand in rule files, on every engine; say of each that fails what came out, and why.",
    examples=(
        "test",
        "test rules/personal_loans",
        'test rules/personal_loans -k "late payer"',
        "test tests.seg --format junit > tests.xml",
    ),
    declare=_declare,
    run=_test,
)
