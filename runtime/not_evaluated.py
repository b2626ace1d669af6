"""What rules say and a run does not evaluate yet: said with every run, so that nobody takes silence for an answer."""

from __future__ import annotations

from collections.abc import Iterator

from ..dsl.program import Program
from .notes import Note


def not_evaluated(program: Program) -> Iterator[Note]:
    """A note for each kind of declaration that was checked and not evaluated, with how many there are."""
    kinds = (
        ("experiments", len(program.experiments), "experiment", "experiments"),
        ("guarantees", len(program.guarantees), "guarantee", "guarantees"),
    )
    for of, count, one, many in kinds:
        if count:
            what = f"1 {one} is" if count == 1 else f"{count:,} {many} are"
            yield Note("not evaluated", of, f"{what} checked, not yet evaluated by this version", count)
