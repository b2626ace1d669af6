"""Small draws that shrink towards the simplest choice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TypeVar

import pytest
from hypothesis import strategies as st
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

Item = TypeVar("Item")
Draw = st.DrawFn


def pick(draw: Draw, options: Sequence[Item]) -> Item:
    """One of the options; the first is the simplest."""
    return options[draw(_place(len(options)))]


def chance(draw: Draw, percent: int) -> bool:
    """True in about so many of a hundred cases; shrinks to False."""
    return count(draw, 0, 99) >= 100 - percent


def count(draw: Draw, least: int, most: int) -> int:
    """How many; shrinks to the least."""
    return draw(_between(least, most))


# Strategies are slow to make.


@cache
def _place(size: int) -> st.SearchStrategy[int]:
    return st.sampled_from(range(size))


@cache
def _between(least: int, most: int) -> st.SearchStrategy[int]:
    return st.integers(least, most)


@contextmanager
def nothing_local() -> Iterator[None]:
    """Hypothesis also draws numbers and texts that it finds in whatever modules happen to be imported. Here it does
    not: a seed gives the same wherever it is searched."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(providers, "_get_local_constants", Constants)
        providers.CONSTANTS_CACHE.cache.clear()
        try:
            yield
        finally:
            providers.CONSTANTS_CACHE.cache.clear()
