"""Options that several commands share."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Sequence

from ..runtime.errors import SettingsError

PROJECT_HELP = "A folder with a segwright.toml. Default: the current folder, or the nearest above it that has one."


def add_as_of(parser: ArgumentParser) -> None:
    """`--as-of DATE`."""
    parser.add_argument("--as-of", metavar="DATE", help="The as-of date, such as 2026-09-01. Default: the settings'.")


def add_set(parser: ArgumentParser) -> None:
    """`--set PARAMETER=VALUE`, any number of times."""
    parser.add_argument(
        "--set",
        action="append",
        metavar="NAME=VALUE",
        help="Another value for a parameter, within its range, written as in a rule file. May be given several times.",
    )


def add_data(parser: ArgumentParser) -> None:
    """`--data TABLE=PATH`, any number of times."""
    parser.add_argument(
        "--data",
        action="append",
        metavar="TABLE=PATH",
        help="Other data for a table than the settings name. May be given several times.",
    )


def add_projects(parser: ArgumentParser) -> None:
    """`--projects`."""
    parser.add_argument(
        "--projects",
        action="store_true",
        help="The words are files; take the whole project of each, not the file alone, as a hook of git wants it.",
    )


def add_format(parser: ArgumentParser, choices: Sequence[str], help: str) -> None:
    """`--format`, the first choice being the default."""
    parser.add_argument("--format", type=one_of(choices), default=choices[0], metavar="|".join(choices), help=help)


def one_of(choices: Sequence[str]) -> Callable[[str], str]:
    """Takes one of some words."""

    def chosen(word: str) -> str:
        if word in choices:
            return word
        from ..dsl.check.suggest import suggest

        near = suggest(word, choices)
        meant = f"; did you mean `{near}`?" if near else ""
        raise ArgumentTypeError(f"is one of {', '.join(choices)}, not `{word}`{meant}")

    return chosen


def pairs(given: Sequence[str] | None, option: str) -> dict[str, str]:
    """`name=value` options by name; raises `SettingsError` for one that does not read so, or a name given twice."""
    found: dict[str, str] = {}
    for word in given or ():
        name, equals, value = (part.strip() for part in word.partition("="))
        if not (equals and name and value):
            raise SettingsError(f"`{option} {word}` does not read `name=value`")
        if name in found:
            raise SettingsError(f"`{option}` names `{name}` twice")
        found[name] = value
    return found
