"""`segwright explain-code`: what a diagnostic means."""

from __future__ import annotations

from typing import Annotated

import typer

from .failures import EXIT_USAGE


def explain_code(
    code: Annotated[str, typer.Argument(help="A code as messages show it.", metavar="SEGnnn")],
) -> None:
    """Say what a diagnostic means, with a wrong and a mended example.

    Example: segwright explain-code SEG203
    """
    from ..dsl.check.suggest import suggest
    from ..dsl.pages import all_codes, page

    text = page(code.upper())
    if text is None:
        near = suggest(code.upper(), all_codes())
        typer.echo(f"there is no code `{code}`" + (f"; did you mean `{near}`?" if near else ""), err=True)
        raise typer.Exit(EXIT_USAGE)
    typer.echo(text.rstrip())
