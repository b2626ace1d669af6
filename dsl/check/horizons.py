"""How far measures look ahead besides: `measures at 3, 6, 12, 24 months`."""

from __future__ import annotations

from collections.abc import Sequence

from .. import syntax as s
from ..diagnostics import Label, Problems
from ..outcomes import Measure
from ..reporting import has_horizons, length_key, outcome_windows
from ..types import Length
from ..wording import window_wording
from .aggregates import is_window_length
from .names import Names


def checked_horizons(declarations: Sequence[s.MeasuresAt], names: Names) -> tuple[Length, ...]:
    """The horizons of a project, in the order written: each once, all of them in one place, where a reader sees that
    these are all."""
    problems = names.problems
    for again in declarations[1:]:
        problems.error(
            "SEG862",
            again.span,
            "at which horizons measures are reported is said once in a project: put all of them in one list",
            labels=[Label(declarations[0].span, "said here already")],
        )
    first: dict[tuple[str, int], s.Duration] = {}
    for written in (each for declaration in declarations[:1] for each in declaration.lengths):
        length = Length(written.amount, written.unit)
        if not is_window_length(length, written.span, problems):
            continue
        if length_key(length) in first:
            problems.error(
                "SEG862",
                written.span,
                f"the horizon of {length} is listed twice",
                labels=[Label(first[length_key(length)].span, "here already")],
            )
            continue
        first[length_key(length)] = written
    return tuple(Length(each.amount, each.unit) for each in first.values())


def check_horizons(
    declarations: Sequence[s.MeasuresAt], measures: Sequence[Measure], problems: Problems, *, all_known: bool
) -> None:
    """Say which measures that look ahead are not reported at the horizons, and whether there is none that is.
    `all_known`: no measure is left out because it is wrong."""
    if not declarations:
        return
    declared = declarations[0].span
    ahead = [measure for measure in measures if outcome_windows(measure)]
    if not ahead and all_known:
        problems.warning(
            "SEG864",
            declared,
            "no measure looks ahead, so none is reported at these horizons",
            hints=["a measure looks ahead by an outcome window: `any payments where days_late > 90 in next 12 months`"],
        )
    for measure in ahead:
        if has_horizons(measure):
            continue
        windows = {each.span: each.window for each in outcome_windows(measure) if each.window is not None}
        problems.note(
            "SEG865",
            measure.span,
            f"`{measure.name}` looks ahead through windows of different lengths, so it is not reported at the horizons",
            labels=[
                *(Label(span, f"`{window_wording(window)}` here") for span, window in windows.items()),
                Label(declared, "the horizons"),
            ],
        )
