"""How far a long run is, on standard error: a bar on a terminal, elsewhere a line now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .output import print_aside

if TYPE_CHECKING:
    from ..runtime.progress import Progress

SHORT = 1.0
"""Seconds before a terminal shows a bar."""
EVERY = 10.0
"""Seconds before each line where there is no terminal."""


@contextmanager
def shown_progress() -> Iterator[Callable[[Progress], None]]:
    """Gives what a run reports its progress to."""
    if sys.stderr.isatty():
        with _bar() as show:
            yield show
    else:
        yield _lines()


@contextmanager
def _bar() -> Iterator[Callable[[Progress], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    begun = time.monotonic()
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    bar = Bar(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task("", total=None)

    def show(progress: Progress) -> None:
        if time.monotonic() - begun >= SHORT:
            bar.start()  # does nothing when it is under way
            bar.update(task, description=progress.stage, total=1.0, completed=progress.done or 0.0)

    try:
        yield show
    finally:
        bar.stop()


def _lines() -> Callable[[Progress], None]:
    last = time.monotonic()

    def show(progress: Progress) -> None:
        nonlocal last
        if time.monotonic() - last >= EVERY:
            last = time.monotonic()
            done = "" if progress.done is None else f" ({progress.done:.0%})"
            print_aside(f"{progress.stage}{done}\n")

    return show
