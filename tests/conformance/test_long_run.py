"""`make conformance`: the search over all engines for as long as it is given, and what it has counted.

| variable | says |
|---|---|
| SEGWRIGHT_CONFORMANCE_MINUTES | for how long to search, 30 unless it says otherwise |
| SEGWRIGHT_CONFORMANCE_FIRST | the first seed; without it any, and it is printed |
| SEGWRIGHT_CONFORMANCE_SEEDS | exactly so many seeds, however long they take: the same again |
"""

from __future__ import annotations

import itertools
import os
import random
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import settings

from .engine import EngineAnswers, Stopped
from .search import TEN, WITHOUT_SHRINKING, Engines, Tally, every_engine, search

FEW = settings(WITHOUT_SHRINKING, max_examples=3)
STOPS = ("comparisons", "tie", "overflow", "overflow that may stop a run")


@pytest.fixture(scope="module")
def engines() -> Iterator[Engines]:
    with every_engine() as engines:
        yield engines


@pytest.mark.fuzz
def test_a_long_run_finds_no_difference(engines: Engines, capsys: pytest.CaptureFixture[str]) -> None:
    first = int(os.environ.get("SEGWRIGHT_CONFORMANCE_FIRST", random.randrange(2**32)))
    minutes = float(os.environ.get("SEGWRIGHT_CONFORMANCE_MINUTES", "30"))
    seeds = os.environ.get("SEGWRIGHT_CONFORMANCE_SEEDS")
    started = time.monotonic()

    def enough(done: int) -> bool:
        return done >= int(seeds) if seeds else time.monotonic() - started >= 60 * minutes

    def tell(line: str) -> None:
        with capsys.disabled():
            print(line, flush=True)  # noqa: T201

    long_run(engines, first, enough, tell)


def long_run(
    engines: Engines, first: int, enough: Callable[[int], bool], tell: Callable[[str], None], how: settings = TEN
) -> Tally:
    """Searches seed after seed until it is `enough` of them; tells what it is at, and in the end what it counted, also
    where a difference ends it. Raises AssertionError for a difference, shrunk."""
    tally, done, started = Tally(), 0, time.monotonic()
    tell(f"\nfirst seed {first}")
    try:
        for start in itertools.count(first):
            if enough(done):
                break
            if done and done % 10 == 0:
                tell(f"seed {start}: {tally['programs']:,} programs, {(time.monotonic() - started) / 60:.1f} minutes")
            search(engines, start, how, tally)
            done += 1
    except AssertionError:
        tell(f"seed {first + done} finds a difference: SEGWRIGHT_CONFORMANCE_FIRST={first + done} finds it again")
        raise
    finally:
        tell("\n".join(summary(list(engines), tally, first, done, (time.monotonic() - started) / 60)))
    return tally


def summary(engines: list[str], tally: Tally, first: int, done: int, minutes: float) -> list[str]:
    """What was counted, as `docs/conformance.md` has it."""
    counted = [(engine, [tally[f"{engine}: {what}"] for what in STOPS]) for engine in engines]
    return [
        "| first seed | seeds without a difference | programs | rows | minutes |",
        "|---|---|---|---|---|",
        f"| {first} | {done:,} | {tally['programs']:,} | {tally['rows']:,} | {minutes:.0f} |",
        "",
        "| engine | values compared | stops for ties | stops for overflow | stops where a run may or may not |",
        "|---|---|---|---|---|",
        *(f"| {' | '.join([engine, *(f'{count:,}' for count in counts)])} |" for engine, counts in counted),
    ]


def test_a_run_is_the_same_again(engines: Engines) -> None:
    lines: list[str] = []
    runs = [long_run(engines, 7, lambda done: done >= 1, lines.append, FEW) for _ in range(2)]
    assert runs[0] == runs[1]
    assert runs[0]["programs"] == 3
    told = [line for line in lines if "values compared" in line]
    assert len(told) == 2
    assert f"| polars | {runs[0]['polars: comparisons']:,} |" in told[0]


def test_a_difference_ends_a_run() -> None:
    lines: list[str] = []

    def nothing(*_: object, **__: object) -> EngineAnswers:
        raise Stopped("tie", "always")

    with pytest.raises(AssertionError, match="nothing stops"):
        long_run({"nothing": nothing}, 7, lambda done: done >= 1, lines.append, FEW)
    assert any("seed 7 finds a difference" in line for line in lines)
