"""Each project is generated and run once, whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from rules.copies import Copy, made_copy

Made = Callable[..., Copy]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """`made("rfm")`: a copy of that project with its data and a run as of the date of its settings; `made("rfm", 300)`:
    over so many customers instead of the default number."""
    copies: dict[tuple[str, *tuple[int, ...]], Copy] = {}

    def make(name: str, *size: int) -> Copy:
        if (name, *size) not in copies:
            copies[name, *size] = made_copy(name, tmp_path_factory.mktemp("rules"), *size)
        return copies[name, *size]

    return make


@pytest.fixture(scope="session")
def hand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for projects whose rows are written by hand."""
    return tmp_path_factory.mktemp("by_hand")
