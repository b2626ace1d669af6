"""How far a run is: what it is doing, and which part of that is done."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import duckdb

EVERY = 0.2
"""Seconds between two looks at how far the engine is."""


@dataclass(frozen=True, slots=True)
class Progress:
    """`stage` in words, such as "checking `payments`"; `done` from 0 to 1, None where the engine cannot tell."""

    stage: str
    done: float | None


Report = Callable[[Progress], None]


@contextmanager
def reported(con: duckdb.DuckDBPyConnection, report: Report | None) -> Iterator[Callable[[str], None]]:
    """Gives a function to name the stage with; `report` is told of each stage at once, and from another thread how far
    it is."""
    if report is None:
        yield lambda _stage: None
        return
    con.execute("SET enable_progress_bar = true")
    con.execute("SET enable_progress_bar_print = false")
    stage, ended = "", threading.Event()

    def begin(name: str) -> None:
        nonlocal stage
        stage = name
        report(Progress(name, None))

    def watch() -> None:
        while not ended.wait(EVERY):
            done = con.query_progress()
            if stage and 0 <= done <= 100:
                report(Progress(stage, done / 100))

    watcher = threading.Thread(target=watch, name="progress", daemon=True)
    watcher.start()
    try:
        yield begin
    finally:
        ended.set()
        watcher.join()


@dataclass(slots=True)
class Clock:
    """Adds up how long each stage takes."""

    seconds: dict[str, float] = field(default_factory=dict)
    stage: str = ""
    since: float = 0.0

    def begin(self, stage: str) -> None:
        """Ends the stage under way, if any, and begins `stage`."""
        now = time.monotonic()
        if self.stage:
            self.seconds[self.stage] = round(self.seconds.get(self.stage, 0.0) + now - self.since, 3)
        self.stage, self.since = stage, now

    def ended(self) -> dict[str, float]:
        """Seconds by stage, `total` last."""
        self.begin("")
        return {**self.seconds, "total": round(sum(self.seconds.values()), 3)}
