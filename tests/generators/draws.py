"""Small draws that shrink towards the simplest choice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from hypothesis import strategies as st

Item = TypeVar("Item")
Draw = st.DrawFn


def pick(draw: Draw, options: Sequence[Item]) -> Item:
    """One of the options; the first is the simplest."""
    return draw(st.sampled_from(options))


def chance(draw: Draw, percent: int) -> bool:
    """True in about so many of a hundred cases; shrinks to False."""
    return draw(st.integers(0, 99)) >= 100 - percent


def count(draw: Draw, least: int, most: int) -> int:
    """How many; shrinks to the least."""
    return draw(st.integers(least, most))
