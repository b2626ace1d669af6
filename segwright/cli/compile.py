"""`segwright compile`: the compiled rule set, or readable SQL."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from ..runtime.errors import SettingsError
from .command import EXIT_DONE, EXIT_PROBLEMS, Command
from .options import PROJECT_HELP, add_as_of, add_format, add_set, one_of, pairs
from .output import print_aside, print_exactly, print_json

if TYPE_CHECKING:
    from ..compiling import Compiled

DIALECTS = ("duckdb",)
STDOUT = Path("-")


def _declare(parser: ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="PROJECT|FILE", help=f"{PROJECT_HELP} Or one or more rule files."
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="The file to write. Default: standard output."
    )
    parser.add_argument("--sql", action="store_true", help="Readable SQL in place of the rule set.")
    parser.add_argument("--dialect", type=one_of(DIALECTS), metavar="|".join(DIALECTS), help="The SQL to write.")
    add_as_of(parser)
    add_set(parser)
    add_format(parser, ("text", "json"), "The report, for people or for programs.")


def _compile(given: Namespace) -> int:
    from ..compiling import compile_rules, write_compiled
    from ..project import RulesError
    from ..render import diagnostics as render

    _check_options(given)
    try:
        found = compile_rules(given.paths)
    except RulesError as failure:
        if given.format != "json":
            raise
        print_json(render.as_json(failure.checked.diagnostics, failure.checked.sources))
        return EXIT_PROBLEMS
    text = _text_of(found, given)
    target = None if given.output == STDOUT else given.output
    if target is not None:
        write_compiled(target, text, found.checked)
    if given.format == "json":
        print_json(_as_json(found, given, target, text))
        return EXIT_DONE
    if target is None:
        print_exactly(text)
    print_aside(_report(found, target))
    return EXIT_DONE


def _check_options(given: Namespace) -> None:
    """Only SQL has a dialect, a date and values: a rule set is for every date, and its parameters stay parameters."""
    options = {"--dialect": given.dialect, "--as-of": given.as_of, "--set": given.set}
    for option, value in options.items():
        if value is not None and not given.sql:
            raise SettingsError(f"`{option}` goes with `--sql`: a compiled rule set leaves it to the run")


def _text_of(found: Compiled, given: Namespace) -> str:
    if given.sql:
        from ..runtime.sql import sql_of_rules

        sources, parameters = found.checked.sources, pairs(given.set, "--set")
        return sql_of_rules(found.rules, sources, found.folder, found.settings, given.as_of, parameters)
    from ..compiler.ruleset import dumped, written

    return written(dumped(found.rules))


def _report(found: Compiled, target: Path | None) -> str:
    from ..render.diagnostics import summary
    from ..render.text import visible

    lines = [visible(found.rules.name)]
    lines += [f"  logic hash  {found.rules.logic_hash}", f"  text hash   {found.rules.text_hash}"]
    if target is not None:
        lines.append(f"  written to  {target}")
    if found.checked.diagnostics:
        lines.append(f"the rules: {summary(found.checked.diagnostics)}; `segwright check` shows them")
    return "\n".join(lines) + "\n"


def _as_json(found: Compiled, given: Namespace, target: Path | None, text: str) -> dict[str, object]:
    import json

    from ..render import diagnostics as render

    said: dict[str, object] = {
        "name": found.rules.name,
        "logic_hash": found.rules.logic_hash,
        "text_hash": found.rules.text_hash,
        "file": None if target is None else str(target),
    }
    if target is None:
        said |= {"sql": text} if given.sql else {"ruleset": json.loads(text)}
    return {**said, **render.as_json(found.checked.diagnostics, found.checked.sources)}


COMPILE = Command(
    name="compile",
    usage="[PROJECT | FILE …] [options]",
    summary="The rules in one file that runs without them: a compiled rule set, or SQL to read and to run.",
    examples=(
        "compile rules/personal_loans -o personal_loans.ruleset.json",
        "compile customer_data.seg personal_loans.seg > personal_loans.ruleset.json",
        "compile rules/personal_loans --sql --as-of 2026-09-01",
        "compile rules/personal_loans --sql --set prime_score=740 -o personal_loans.sql",
    ),
    declare=_declare,
    run=_compile,
)
