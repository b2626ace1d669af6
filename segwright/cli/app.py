"""The commands of `segwright`, and what becomes of failures."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from .. import __version__
from ..runtime.errors import SettingsError
from .check import CHECK
from .ci import CI
from .codes import EXPLAIN_CODE
from .command import EXIT_DONE, EXIT_USAGE, Command, read
from .compile import COMPILE
from .decide import DECIDE
from .diff import DIFF
from .explain import EXPLAIN
from .export import EXPORT
from .failures import report_failure
from .fmt import FMT
from .init import INIT
from .log import LOG
from .output import print_aside, print_text
from .privacy import PRIVACY
from .report import REPORT
from .reproduce import REPRODUCE
from .run import RUN
from .show import SHOW
from .test import TEST

COMMANDS: tuple[Command, ...] = (
    INIT,
    CHECK,
    FMT,
    SHOW,
    TEST,
    DIFF,
    LOG,
    CI,
    RUN,
    REPORT,
    EXPORT,
    EXPLAIN,
    REPRODUCE,
    COMPILE,
    DECIDE,
    PRIVACY,
    EXPLAIN_CODE,
)
INTERRUPTED = 130
PIPE_CLOSED = 141


def main(words: Sequence[str] | None = None) -> None:
    """Run the command line and end the process: 0 done, 1 problems in rules, 2 usage or settings, 3 data, 4 engine."""
    try:
        sys.exit(_main(sys.argv[1:] if words is None else words))
    except KeyboardInterrupt:
        print_aside("stopped; nothing was written\n")
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(PIPE_CLOSED)
    except Exception as failure:  # noqa: BLE001 - the one place where a failure becomes a message and an exit code
        sys.exit(report_failure(failure))


def _main(words: Sequence[str]) -> int:
    if not words:
        print_aside(_help())
        return EXIT_USAGE
    name, *rest = words
    if name in ("-h", "--help"):
        print_text(_help())
        return EXIT_DONE
    if name == "--version":
        print_text(f"segwright {__version__}\n")
        return EXIT_DONE
    command = next((each for each in COMMANDS if each.name == name), None)
    if command is None:
        raise SettingsError(_no_command(name))
    return command.run(read(command, rest))


def _no_command(name: str) -> str:
    from ..dsl.check.suggest import suggest

    near = suggest(name, [command.name for command in COMMANDS])
    meant = f"did you mean `{near}`?" if near else "`segwright --help` lists the commands"
    return f"there is no command `{name}`; {meant}"


def _help() -> str:
    commands = "\n".join(f"  {command.name:<14}{command.summary}" for command in COMMANDS)
    return f"""usage: segwright COMMAND [PROJECT] [options]

Customer segmentation rules that read aloud: check them, run them, explain every assignment.

commands:
{commands}

options:
  -h, --help    Show this and end; after a command, show what it takes.
  --version     Show the version and end.

examples:
  segwright check   rules/personal_loans
  segwright run     rules/personal_loans
  segwright explain rules/personal_loans 1042
"""
