"""The commands of `segwright`, and what every one of them does with failures."""

from __future__ import annotations

import os
import sys

import typer

from .. import __version__
from . import check, codes, explain, run
from .failures import EXIT_USAGE, report_failure

app = typer.Typer(
    name="segwright",
    help="Customer segmentation rules that read aloud: check them, run them, explain every assignment.",
    epilog="Start with `segwright check rules/personal_loans`, then `segwright run rules/personal_loans`.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("check")(check.check)
app.command("run")(run.run)
app.command("explain")(explain.explain)
app.command("explain-code")(codes.explain_code)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"segwright {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    del version


def main() -> None:
    """Run the command line and exit with 0 done, 1 problems in rules, 2 usage or settings, 3 data, 4 engine."""
    try:
        app()
    except KeyboardInterrupt:
        typer.echo("stopped; nothing was written", err=True)
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(EXIT_USAGE)
    except Exception as failure:  # noqa: BLE001 - the one place where a failure becomes a message and an exit code
        sys.exit(report_failure(failure))
