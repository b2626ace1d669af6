"""Clauses that nobody can reach, where that is plain to see."""

from __future__ import annotations

from .. import program as p
from ..diagnostics import Label, Problems


def warn_of_shadowed(program: p.Program, problems: Problems) -> None:
    """Warn of a clause whose condition an earlier clause has already answered for everybody."""
    for segmentation in program.segmentations:
        if segmentation.exclusive:
            _warn_exclusive(segmentation, problems)


def _warn_exclusive(segmentation: p.Segmentation, problems: Problems) -> None:
    taken: dict[p.Expr, tuple[p.Segment, p.Clause]] = {}
    everybody: tuple[p.Segment, p.Clause] | None = None
    for segment in segmentation.segments:
        unconditional = not segment.consent and segment.valid_from is None and segment.valid_until is None
        for clause in segment.clauses:
            before = everybody or taken.get(clause.when)
            if before is not None:
                _warn(segment, clause, *before, whole=everybody is not None, problems=problems)
            elif unconditional and not clause.unless:
                taken[clause.when] = (segment, clause)
                if isinstance(clause.when, p.Const) and clause.when.value is True:
                    everybody = (segment, clause)


def _warn(
    segment: p.Segment,
    clause: p.Clause,
    earlier: p.Segment,
    earlier_clause: p.Clause,
    *,
    whole: bool,
    problems: Problems,
) -> None:
    what = "everybody" if whole else "everybody for whom this holds"
    problems.warning(
        "SEG516",
        clause.when.span,
        f"nobody comes into `{segment.name}` this way: `{earlier.name}` has taken {what} before",
        labels=[Label(earlier_clause.when.span, "this condition comes first")],
    )
