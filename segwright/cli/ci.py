"""`segwright ci`: everything that a change of rules must pass, in one go."""

from __future__ import annotations

import datetime as dt
import json
import os
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from .command import Command
from .options import PROJECT_HELP, add_as_of, add_format
from .output import print_aside, print_exactly, print_json, print_text

if TYPE_CHECKING:
    from ..ci.records import Outcome

SUMMARY = "GITHUB_STEP_SUMMARY"
"""The environment variable by which GitHub names the file for the summary of a step."""


def _declare(parser: ArgumentParser) -> None:
    parser.add_argument("project", nargs="?", type=Path, metavar="PROJECT", help=PROJECT_HELP)
    parser.add_argument(
        "--base",
        metavar="REV",
        help="The branch that the change goes into, or a commit. Default: the target of the pull request, else the "
        "default branch of origin, else main or master.",
    )
    add_as_of(parser)
    parser.add_argument("--no-data", action="store_true", help="Compare the rules alone; data is not looked at.")
    parser.add_argument("--comment", type=Path, metavar="FILE", help="Also write the comment for the pull request.")
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="Also write every format, and the comment, into this folder."
    )
    add_format(
        parser,
        ("text", "json", "github", "gitlab", "sarif", "junit"),
        "For people, for programs, or for a build server (docs/ci.md).",
    )


def _ci(given: Namespace) -> int:
    from ..ci.pipeline import Options, run_ci
    from ..render.ci import as_text
    from ..render.github import as_log
    from .progress import shown_progress

    options = Options(given.base, given.as_of, not given.no_data, os.environ)
    with shown_progress() as show:
        outcome = run_ci(given.project, options, show)
    ended = dt.datetime.now(dt.UTC)
    match given.format:
        case "text":
            print_text(as_text(outcome))
        case "json":
            from ..render.ci import as_json

            print_json(as_json(outcome))
        case "github":
            print_exactly(_written(outcome, ended)["github"]())
            print_text(as_log(as_text(outcome)))
            _summarise(outcome)
        case other:
            print_exactly(_written(outcome, ended)[other]())
            print_aside(as_text(outcome))
    _write(given, outcome, ended)
    return outcome.exit_code


FILES: Mapping[str, str] = {
    "json": "ci.json",
    "gitlab": "gl-code-quality-report.json",
    "sarif": "segwright.sarif",
    "junit": "junit.xml",
    "comment": "comment.md",
}
"""What each format is called in the folder that `--out` names."""


def _written(outcome: Outcome, ended: dt.datetime) -> Mapping[str, Callable[[], str]]:
    """Every format that is a file of its own, as text."""
    from ..ci.codes import MEANING
    from ..render.ci import as_json, as_markdown
    from ..render.ci_junit import as_junit
    from ..render.github import as_github
    from ..render.gitlab import as_gitlab
    from ..render.sarif import as_sarif

    problems, sources, top = outcome.problems, outcome.sources, outcome.top
    return {
        "github": lambda: as_github(problems, sources, top),
        "json": lambda: _json(as_json(outcome)),
        "gitlab": lambda: _json(as_gitlab(problems, sources, top)),
        "sarif": lambda: _json(as_sarif(problems, sources, top, MEANING)),
        "junit": lambda: as_junit(outcome, ended),
        "comment": lambda: as_markdown(outcome),
    }


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _summarise(outcome: Outcome) -> None:
    """Add to the summary of the step, where GitHub asks for one; several projects of one job stand one below the
    other."""
    from ..render.ci import as_markdown
    from ..runtime.errors import EngineError

    file = os.environ.get(SUMMARY)
    if not file:
        return
    try:
        with Path(file).open("a", encoding="utf-8") as summary:
            summary.write(as_markdown(outcome) + "\n")
    except OSError as failure:
        raise EngineError(f"the summary of the step cannot be written: {failure.strerror}") from failure


def _write(given: Namespace, outcome: Outcome, ended: dt.datetime) -> None:
    from ..files import write_whole
    from ..runtime.errors import EngineError

    texts = _written(outcome, ended)
    wanted = {} if given.out is None else {given.out / name: texts[format] for format, name in FILES.items()}
    if given.comment is not None:
        wanted[given.comment] = texts["comment"]
    for file, text in wanted.items():
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(file, text().encode("utf-8"))
        except OSError as failure:
            raise EngineError(
                f"`{file}` cannot be written: {(failure.strerror or 'no such path').lower()}"
            ) from failure


CI = Command(
    name="ci",
    usage="[PROJECT] [options]",
    summary="Layout, check and tests, what a change does since its base, and the gates that it must pass.",
    examples=(
        "ci",
        "ci rules/personal_loans --base main",
        "ci rules/personal_loans --no-data --format github",
        "ci --format gitlab --out reports > gl-code-quality-report.json",
    ),
    declare=_declare,
    run=_ci,
)
