"""Experiments: some of a segment are treated otherwise than the rest, by chance."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from .. import syntax as s
from ..outcomes import Arm, Experiment
from ..wording import decimal_wording
from .literals import share_of
from .names import Names
from .namespace import unrepeated
from .segment_names import segment_names, table_of
from .targets import Measures, known_measure

WHOLE = Decimal(100)


def checked_experiments(
    declarations: Sequence[s.Experiment], measures: Measures, names: Names
) -> tuple[Experiment, ...]:
    """The experiments, in the order written, as far as they could be checked."""
    found = [_experiment(declaration, measures, names) for declaration in declarations]
    return tuple(each for each in found if each is not None)


def _experiment(declaration: s.Experiment, measures: Measures, names: Names) -> Experiment | None:
    on = segment_names(declaration.on, names)
    table = None if on is None else table_of(on, declaration.on, names)
    arms = _arms(declaration, names)
    success = [known_measure(ref, table, measures, names) for ref in declaration.success]
    known = [measure.name for measure in success if measure is not None]
    if len(known) == len(success):
        written = [s.Name(ref.span, ref.text) for ref in declaration.success]
        known = [name.text for name in unrepeated(written, names.problems, "SEG893", "among the measures of success")]
    if on is None:
        return None
    title = declaration.title.value if declaration.title else None
    return Experiment(declaration.name.text, title, on, arms, tuple(known), declaration.name.span)


def _arms(declaration: s.Experiment, names: Names) -> tuple[Arm, ...]:
    problems, first, last = names.problems, declaration.arms[0], declaration.arms[-1]
    list(unrepeated([arm.name for arm in declaration.arms], problems, "SEG890", "among the arms"))
    if len(declaration.arms) < 2:
        problems.error(
            "SEG891",
            first.span,
            "an experiment compares at least two arms, one of which is treated as ever",
        )
    for arm in declaration.arms:
        if arm.share.points <= 0:
            problems.error("SEG892", arm.share.span, f"nobody would be in `{arm.name.text}`")
    total = sum((arm.share.points for arm in declaration.arms), Decimal(0))
    if total != WHOLE and len(declaration.arms) > 1:
        problems.error(
            "SEG892",
            first.span.to(last.span),
            f"the shares of the arms add up to {decimal_wording(total)}%, not to 100%",
        )
    return tuple(
        Arm(arm.name.text, arm.title.value if arm.title else None, share_of(arm.share.points))
        for arm in declaration.arms
    )
