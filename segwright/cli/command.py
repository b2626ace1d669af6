"""What a command is, and how its words are read.

With the standard library: reading the command line must not take longer than checking a rule file.
"""

from __future__ import annotations

import re
import textwrap
from argparse import SUPPRESS, ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NoReturn

from ..runtime.errors import SettingsError

EXIT_DONE = 0
EXIT_PROBLEMS = 1
EXIT_USAGE = 2
EXIT_ENGINE = 4

Declare = Callable[[ArgumentParser], None]


@dataclass(frozen=True, slots=True)
class Command:
    """A command: `usage` is what follows its name, `summary` a line, `examples` are what follows `segwright`.

    `declare` adds its arguments and options, `run` does it and gives the exit code."""

    name: str
    usage: str
    summary: str
    examples: tuple[str, ...]
    declare: Declare
    run: Callable[[Namespace], int]


def read(command: Command, words: Sequence[str]) -> Namespace:
    """The words after a command's name, as its arguments and options; raises `SettingsError` for others.

    Ends the process with help where it is asked for."""
    parser = _Parser(command)
    command.declare(parser)
    parser.add_argument("-h", "--help", action="help", default=SUPPRESS, help="Show this and end.")
    given, unknown = parser.parse_known_intermixed_args(list(words))
    if unknown:
        raise SettingsError(_unknown(parser, unknown[0]))
    return given


class _Parser(ArgumentParser):
    """Says what is wrong as an error of ours, and prints help with examples."""

    def __init__(self, command: Command) -> None:
        examples = "\n".join(f"  segwright {example}" for example in command.examples)
        super().__init__(
            prog=f"segwright {command.name}",
            usage=f"segwright {command.name} {command.usage}",
            description=textwrap.fill(command.summary, 100),
            epilog=f"examples:\n{examples}",
            formatter_class=_Help,
            add_help=False,
            allow_abbrev=False,
        )

    def error(self, message: str) -> NoReturn:
        found = re.fullmatch(r"argument (?:-\w/)?([^:]+): (.*)", message)
        if found is None:
            raise SettingsError(f"{message}; `{self.prog} --help` tells more")
        words = {"expected one argument": "needs a value"}
        said = words.get(found[2], "takes no value" if found[2].startswith("ignored explicit") else found[2])
        raise SettingsError(f"`{found[1]}` {said}")


class _Help(RawDescriptionHelpFormatter):
    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=32, width=100)


def _unknown(parser: ArgumentParser, word: str) -> str:
    if not word.startswith("-"):
        named = re.search(r"(--[a-z-]+) DATA", parser.usage or "")
        if named is not None:
            return f"`{word}` is one word too many; data is named behind `{named[1]}`, such as `{named[1]} {word}`"
        return f"`{word}` is one word too many; `{parser.prog} --help` tells what there is"
    from ..dsl.check.suggest import suggest

    name = word.partition("=")[0]
    near = suggest(name, re.findall(r"--[a-z-]+", parser.format_help()))
    return f"there is no option `{name}`" + (f"; did you mean `{near}`?" if near else f"; see `{parser.prog} --help`")
