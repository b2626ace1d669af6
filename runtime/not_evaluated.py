"""What rules say and a run does not evaluate yet: said with every run, so that nobody takes silence for an answer."""

from __future__ import annotations

from collections.abc import Iterator

from ..dsl.program import Program
from ..dsl.reporting import looks_ahead
from .notes import Note


def not_evaluated(program: Program) -> Iterator[Note]:
    """A note for each kind of declaration that was checked and not evaluated, with how many there are."""
    measures = sum(looks_ahead(measure) for measure in program.measures)
    hidden = program.policy.hide_below
    kinds = (
        ("measures", measures, "measure with an outcome window (`in next …`)", "measures with an outcome window"),
        ("measures by", len(program.measures_by), "`measures by`", "`measures by`"),
        ("targets", len(program.targets), "target", "targets"),
        ("hide groups", int(hidden is not None), f"limit for small groups (`hide groups below {hidden}`)", ""),
        ("fairness", len(program.policy.fairness), "fairness statement", "fairness statements"),
        ("experiments", len(program.experiments), "experiment", "experiments"),
        ("guarantees", len(program.guarantees), "guarantee", "guarantees"),
    )
    for of, count, one, many in kinds:
        if count:
            what = f"1 {one} is" if count == 1 else f"{count:,} {many} are"
            yield Note("not evaluated", of, f"{what} checked, not yet evaluated by this version", count)
