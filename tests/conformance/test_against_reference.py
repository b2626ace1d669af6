"""Every engine says what the reference interpreter says: segments, clauses, evidence, reasons, and when a run stops."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .search import STARTS, Engines, every_engine, search


@pytest.fixture(scope="module")
def engines() -> Iterator[Engines]:
    with every_engine() as engines:
        yield engines


@pytest.mark.parametrize("start", range(STARTS))
def test_generated_rules_and_rows(engines: Engines, start: int) -> None:
    search(engines, start)
