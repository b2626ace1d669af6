"""`segwright fmt`: rule files in their canonical layout."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from ..runtime.errors import SettingsError
from .command import EXIT_DONE, EXIT_PROBLEMS, Command
from .options import PROJECT_HELP, add_format
from .output import print_aside, print_json, print_text

if TYPE_CHECKING:
    from ..formatting import LaidOut

STDIN = Path("-")


def _declare(parser: ArgumentParser) -> None:
    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PROJECT|FILE",
        help=f"{PROJECT_HELP} Or one or more rule files; `-` lays standard input out to standard output.",
    )
    parser.add_argument("--check", action="store_true", help="Write nothing; list what would change, and end with 1.")
    parser.add_argument("--diff", action="store_true", help="Write nothing; show what would change, line by line.")
    add_format(parser, ("text", "json"), "For people or for programs.")


def _fmt(given: Namespace) -> int:
    from ..dsl.source import Source
    from ..formatting import laid_out, laid_out_file, write
    from ..rulefiles import named_files

    if STDIN in given.paths:
        if len(given.paths) > 1:
            raise SettingsError("`-` stands alone: standard input is one rule file")
        found = {STDIN: laid_out(Source("<stdin>", _read_stdin()))}
    else:
        found = {path: laid_out_file(path) for path in named_files(given.paths)}
    is_filter = STDIN in found and not (given.check or given.diff or given.format == "json")
    if is_filter:
        sys.stdout.buffer.write((found[STDIN].text or "").encode("utf-8"))
        sys.stdout.buffer.flush()
    elif not (given.check or given.diff or STDIN in found):
        for path, file in found.items():
            write(path, file)
    _report(list(found.values()), given, quiet=is_filter)
    is_wrong = any(file.text is None for file in found.values())
    has_work = given.check and any(file.changed for file in found.values())
    return EXIT_PROBLEMS if is_wrong or has_work else EXIT_DONE


def _read_stdin() -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        raise SettingsError("standard input is not UTF-8 text") from failure


def _report(files: list[LaidOut], given: Namespace, *, quiet: bool) -> None:
    from ..formatting import difference
    from ..render import diagnostics as render
    from ..render.text import plural

    changed = [file for file in files if file.changed]
    wrong = [file for file in files if file.text is None]
    problems = [diagnostic for file in wrong for diagnostic in file.diagnostics]
    sources = {file.source.name: file.source for file in files}
    if given.format == "json":
        diffs = {"diff": "".join(map(difference, changed))} if given.diff else {}
        names = {"changed": [file.source.name for file in changed], "files": list(sources)}
        print_json({**names, **diffs, **render.as_json(problems, sources)})
        return
    print_aside(render.full(problems, sources))
    if quiet:
        return
    if given.diff:
        print_text("".join(map(difference, changed)))
    else:
        print_text("".join(f"{file.source.name}\n" for file in changed))
    verb = "would be laid out anew" if given.check or given.diff else "laid out anew"
    left = len(files) - len(changed) - len(wrong)
    said = [f"{plural(len(changed), 'file')} {verb}", f"{left} as before"]
    said += [f"{len(wrong)} with errors, not touched"] if wrong else []
    print_aside(f"{', '.join(said)}\n")


FMT = Command(
    name="fmt",
    usage="[PROJECT | FILE … | -] [options]",
    summary="Give rule files their canonical layout; words, meaning and comments stay.",
    examples=(
        "fmt",
        "fmt rules/personal_loans --check",
        "fmt customer_data.seg personal_loans.seg --diff",
        "fmt - < draft.seg",
    ),
    declare=_declare,
    run=_fmt,
)
