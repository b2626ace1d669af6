"""Taking out what makes an engine say the same as the others, and looking whether the search notices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .engine import Engine
from .search import STARTS, WITHOUT_SHRINKING, search

Taken = Callable[[pytest.MonkeyPatch], None]
"""Takes a neutralisation out."""


def replaced(module: object, name: str, value: Any) -> Taken:
    """Another value for a name of a module."""
    return lambda patch: patch.setattr(module, name, value, raising=False)


def all_of(*taken: Taken) -> Taken:
    """Several at once: what one of them would hide, another lets through."""

    def take(patch: pytest.MonkeyPatch) -> None:
        for each in taken:
            each(patch)

    return take


def is_noticed(engine: Engine, taken: Taken, problems: tuple[type[Exception], ...]) -> bool:
    """Whether the default budget finds a difference, or one of `problems`, where that is taken out."""
    with pytest.MonkeyPatch.context() as patch:
        taken(patch)
        for start in range(STARTS):
            try:
                search({"engine": engine}, start, WITHOUT_SHRINKING)
            except (AssertionError, *problems):
                return True
    return False
