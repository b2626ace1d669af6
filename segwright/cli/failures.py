"""How a failure is told."""

from __future__ import annotations

import os
import traceback
from pathlib import Path

from ..render.text import style, visible
from .command import EXIT_ENGINE
from .output import print_aside

DEBUG = "SEGWRIGHT_DEBUG"


def report_failure(failure: Exception) -> int:
    """Say on standard error what went wrong and return the exit code that belongs to it.

    Failures that the product knows carry an `exit_code` and a message for people. Anything else is a fault of ours;
    what it says may repeat data, so only the place is told, and the rest where the environment sets SEGWRIGHT_DEBUG."""
    checked = getattr(failure, "checked", None)
    if checked is not None:
        from ..render.diagnostics import full

        print_aside(full(checked.diagnostics, checked.sources))
    known = getattr(failure, "exit_code", None)
    if isinstance(known, int):
        lines = "\n".join(visible(line) for line in str(failure).split("\n"))
        print_aside(f"{style('error', 'red', bold=True)}: {lines}\n")
        return known
    if os.environ.get(DEBUG):
        traceback.print_exception(failure)
    print_aside(
        f"{style('fault', 'red', bold=True)}: segwright stopped on something that it does not handle, at "
        f"{_place(failure)}. This is our mistake: please report it, with what {DEBUG}=1 shows.\n"
    )
    return EXIT_ENGINE


def _place(failure: Exception) -> str:
    """The file and line that failed."""
    frames = traceback.extract_tb(failure.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "an unknown place"
