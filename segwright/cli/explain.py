"""`segwright explain`: why one customer landed where they did."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from .options import AsOf, Data, Format, ReportFormat, Set, pairs


def explain(
    project_and_key: Annotated[
        list[str], typer.Argument(metavar="[PROJECT] KEY", help="A project folder, if not this one, and the key.")
    ],
    run: Annotated[
        str | None, typer.Option("--run", metavar="RUN", help="A run folder or `latest`: explain what it assigned.")
    ] = None,
    segmentation: Annotated[
        str | None, typer.Option("--segmentation", "-s", metavar="NAME", help="Only this segmentation.")
    ] = None,
    as_of: AsOf = None,
    set: Set = None,
    data: Data = None,
    details: Annotated[
        bool, typer.Option("--details", help="Every definition, every failing condition, more of the rows counted.")
    ] = False,
    format: Format = ReportFormat.text,
) -> None:
    """Say why one customer landed where they did: the clause that won, every value, what kept them out of others.

    Examples: segwright explain 1042 · segwright explain rules/personal_loans 1042 --run latest ·
    segwright explain rules/personal_loans 1042 --segmentation value_risk --format json
    """
    from ..project import open as open_project
    from ..render.explanation import as_json, as_text
    from ..runtime.errors import SettingsError

    match project_and_key:
        case [key]:
            folder = None
        case [project, key]:
            folder = Path(project)
        case _:
            raise SettingsError("name a project folder and one key: `segwright explain rules/personal_loans 1042`")
    opened = open_project(folder)
    overrides = dict(pairs(data, "--data"))
    if run is None:
        parameters = pairs(set, "--set")
        found = opened.explain(key, as_of=as_of, parameters=parameters, data=overrides, segmentation=segmentation)
    elif as_of is not None or set:
        raise SettingsError("a run has its own as-of date and parameters: leave `--as-of` and `--set` out")
    else:
        found = opened.open_run(run).explain(key, segmentation=segmentation, data=overrides)
    if format is ReportFormat.json:
        typer.echo(json.dumps(as_json(found), ensure_ascii=False, indent=2))
    else:
        typer.echo(as_text(found, details), nl=False)
