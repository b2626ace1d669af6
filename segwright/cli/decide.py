"""`segwright decide`: decisions about rows that come in one by one."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from typing import Any, NoReturn

from ..runtime.errors import DecisionError, InputError, RunError
from .command import EXIT_DONE, EXIT_PROBLEMS, Command
from .options import add_as_of, add_set, pairs
from .output import print_aside, print_exactly

_ONE_EACH = 'every line holds one row, such as {"age": 41}'
EVERY = 10_000
"""After so many rows a terminal is told how far it is."""


class LineError(RunError):
    """A line that has no decision."""

    exit_code = 3
    kind = "line"


def _declare(parser: ArgumentParser) -> None:
    parser.add_argument("ruleset", metavar="RULESET", help="A compiled rule set, from `segwright compile` or a run.")
    add_as_of(parser)
    add_set(parser)
    parser.add_argument("--table", metavar="TABLE", help="The table of the rows, where several are segmented.")
    parser.add_argument("--trace", action="store_true", help="With every condition that was reached, and its values.")
    parser.add_argument(
        "--keep-going",
        action="store_true",
        help='Write {"error": …} for a line without a decision and go on; the exit code is 1 at the end.',
    )


def _decide(given: Namespace) -> int:
    from ..project import load

    decide = load(given.ruleset).decider(
        as_of=given.as_of, parameters=pairs(given.set, "--set") or None, table=given.table, trace=given.trace
    )
    failed = False
    for number, line in enumerate(sys.stdin.buffer, start=1):
        try:
            said = decide(_row(line)).as_json()
        except (InputError, DecisionError, LineError) as problem:
            if not given.keep_going:
                raise LineError(f"line {number}: {problem.message}", problem.details) from problem
            failed, said = True, problem.as_json()
        print_exactly(json.dumps(said, ensure_ascii=False) + "\n")
        if number % EVERY == 0 and sys.stderr.isatty():
            print_aside(f"{number:,} rows\n")
    return EXIT_PROBLEMS if failed else EXIT_DONE


def _row(line: bytes) -> Any:
    if not line.strip():
        raise LineError(f"the line is empty; {_ONE_EACH}")
    try:
        return json.loads(line.rstrip(), parse_constant=_no_number, object_pairs_hook=_each_once)
    except json.JSONDecodeError as problem:
        raise LineError(f"this is no JSON, from character {problem.pos + 1} on; {_ONE_EACH}") from problem
    except ValueError as problem:
        raise LineError(f"this is no text in UTF-8; {_ONE_EACH}") from problem


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in found if names.count(name) > 1)
        raise LineError(f"`{twice}` is given {names.count(twice)} times")
    return found


def _no_number(word: str) -> NoReturn:
    raise LineError(f"`{word}` is no number; leave it out, or write null, where it is missing")


DECIDE = Command(
    name="decide",
    usage="RULESET [options] < ROWS",
    summary="Decide about rows one by one: JSON lines in, JSON lines out, in the same order, from a compiled rule set.",
    examples=(
        "decide risk.ruleset.json < customers.jsonl > decisions.jsonl",
        "decide risk.ruleset.json --as-of 2026-09-01 --trace < customers.jsonl",
        "decide risk.ruleset.json --keep-going < customers.jsonl > decisions.jsonl",
    ),
    declare=_declare,
    run=_decide,
)
