"""How far a long run is, on standard error: a bar on a terminal, a line for each stage elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..runtime.progress import Progress


@contextmanager
def shown_progress() -> Iterator[Callable[[Progress], None]]:
    """Gives what a run reports its progress to."""
    if not sys.stderr.isatty():
        yield _line()
        return
    from rich.console import Console
    from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=None)

        def show(progress: Progress) -> None:
            bar.update(task, description=progress.stage, total=1.0, completed=progress.done or 0.0)

        yield show


def _line() -> Callable[[Progress], None]:
    told = ""

    def show(progress: Progress) -> None:
        nonlocal told
        if progress.stage != told:
            told = progress.stage
            print(f"segwright: {told}", file=sys.stderr)  # noqa: T201

    return show
