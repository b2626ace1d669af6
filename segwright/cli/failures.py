"""Exit codes, and how a failure is told."""

from __future__ import annotations

import os
import traceback

import typer

EXIT_PROBLEMS = 1
EXIT_USAGE = 2
EXIT_DATA = 3
EXIT_ENGINE = 4

DEBUG = "SEGWRIGHT_DEBUG"


def report_failure(failure: Exception) -> int:
    """Say on standard error what went wrong and return the exit code that belongs to it.

    Failures that the product knows carry an `exit_code` and a message for people. Anything else is a fault of ours: it
    is told as such, with the trace only where the environment sets SEGWRIGHT_DEBUG."""
    checked = getattr(failure, "checked", None)
    if checked is not None:
        from ..render.diagnostics import full

        typer.echo(full(checked.diagnostics, checked.sources), err=True, nl=False)
    known = getattr(failure, "exit_code", None)
    if isinstance(known, int):
        typer.echo(f"{typer.style('error', fg='red', bold=True)}: {failure}", err=True)
        return known
    if os.environ.get(DEBUG):
        traceback.print_exception(failure)
    typer.echo(
        f"{typer.style('fault', fg='red', bold=True)}: segwright stopped on something it does not handle "
        f"({type(failure).__name__}: {failure}). Nothing was written. Set {DEBUG}=1 for the trace and report it.",
        err=True,
    )
    return EXIT_ENGINE
