"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ..runtime.errors import SettingsError


class ReportFormat(StrEnum):
    """For people or for programs."""

    text = "text"
    json = "json"


ProjectFolder = Annotated[
    Path | None,
    typer.Argument(
        help="A folder with a segwright.toml (default: the current one or the nearest parent that has one).",
        metavar="[PROJECT]",
    ),
]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="The as-of date, such as 2026-09-01.")]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PARAMETER=VALUE", help="Another value for a parameter, within its range."),
]
Data = Annotated[
    list[str] | None,
    typer.Option("--data", metavar="TABLE=PATH", help="Other data for a table than the settings name."),
]
Format = Annotated[ReportFormat, typer.Option("--format", help="For people or for programs.")]


def pairs(options: Sequence[str] | None, option: str) -> dict[str, str]:
    """`name=value` options by name; raises `SettingsError` for one that does not read so, or a name given twice."""
    found: dict[str, str] = {}
    for given in options or ():
        name, equals, value = given.partition("=")
        if not (equals and name.strip() and value.strip()):
            raise SettingsError(f"`{option} {given}` does not read `name=value`")
        if name.strip() in found:
            raise SettingsError(f"`{option}` names `{name.strip()}` twice")
        found[name.strip()] = value.strip()
    return found
