"""What is noted of conditions, in words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shown:
    """A value that a condition looks at, in words. Of a segmentation it is the answer, as `decisions.py` has it."""

    words: str
    segmentation: str | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """A condition in words, and what is noted of it after its number and its truth. Of a personal one no truth is
    told, and nothing that it looked at."""

    condition: str
    personal: bool
    shown: tuple[Shown, ...]
