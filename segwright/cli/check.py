"""`segwright check`: every problem of every rule file in one go."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from .failures import EXIT_PROBLEMS


class CheckFormat(StrEnum):
    """How problems are printed."""

    full = "full"
    concise = "concise"
    json = "json"


def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            help="A project folder (default: this one or the nearest parent with a segwright.toml), or rule files.",
            metavar="[PROJECT|FILE …]",
        ),
    ] = None,
    format: Annotated[
        CheckFormat, typer.Option("--format", help="With source lines, one line a problem, or JSON.")
    ] = CheckFormat.full,
) -> None:
    """Report every problem of every rule file, with the words it concerns and how to mend it.

    Examples: segwright check · segwright check rules/personal_loans · segwright check a.seg b.seg --format concise
    """
    from ..render import diagnostics as render
    from ..rulefiles import checked_rules

    rules = checked_rules(paths or [])
    if format is CheckFormat.json:
        typer.echo(json.dumps(render.as_json(rules.diagnostics, rules.sources), ensure_ascii=False, indent=2))
    else:
        typer.echo(render.TEXT_FORMATS[format](rules.diagnostics, rules.sources), nl=False)
        files = f"{len(rules.sources)} file{'' if len(rules.sources) == 1 else 's'}"
        typer.echo(f"{files}: {render.summary(rules.diagnostics)}", err=True)
    if any(diagnostic.severity == "error" for diagnostic in rules.diagnostics):
        raise typer.Exit(EXIT_PROBLEMS)
