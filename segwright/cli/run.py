"""`segwright run`: put every customer into their segments."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from .options import AsOf, Data, Format, ProjectFolder, ReportFormat, Set, pairs


class Engine(StrEnum):
    """Where rules run."""

    duckdb = "duckdb"


def run(
    project: ProjectFolder = None,
    as_of: AsOf = None,
    engine: Annotated[Engine, typer.Option("--engine", help="Where the rules run.")] = Engine.duckdb,
    set: Set = None,
    data: Data = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="The parent of run folders.")] = None,
    evidence: Annotated[bool, typer.Option("--evidence", help="Also write the truth of every condition.")] = False,
    values: Annotated[bool, typer.Option("--values", help="Also write what the conditions looked at.")] = False,
    sorted: Annotated[bool, typer.Option("--sorted", help="In order of the key: equal inputs, equal bytes.")] = False,
    format: Format = ReportFormat.text,
) -> None:
    """Put every row into its segments, data checked against its contract, and write a run folder.

    Examples: segwright run · segwright run rules/personal_loans --as-of 2026-09-01 --set prime_score=740 ·
    segwright run --data customers=new/customers.parquet --format json
    """
    from ..project import open as open_project
    from ..render.run import as_json, as_text
    from .progress import shown_progress

    del engine  # one so far; the option is there for those who name it
    opened = open_project(project)
    with shown_progress() as progress:
        done = opened.run(
            as_of,
            parameters=pairs(set, "--set"),
            data=dict(pairs(data, "--data")),
            out=out,
            evidence=evidence,
            values=values,
            sorted=sorted,
            progress=progress,
        )
    if format is ReportFormat.json:
        typer.echo(json.dumps(as_json(done.folder, done.manifest), ensure_ascii=False, indent=2))
    else:
        typer.echo(as_text(done.folder, done.manifest, opened.rules.program), nl=False)
