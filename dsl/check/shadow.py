"""Clauses that nobody can reach, where that is plain to see."""

from __future__ import annotations

from .. import program as p
from ..diagnostics import Label, Problems


def warn_of_shadowed(program: p.Program, problems: Problems) -> None:
    """Warn of a clause whose condition earlier clauses have already answered for everybody."""
    for segmentation in program.segmentations:
        if segmentation.exclusive:
            _warn_exclusive(segmentation, problems)
        elif segmentation.cap is not None:
            _warn_capped(segmentation, segmentation.cap, problems)


def _warn_exclusive(segmentation: p.Segmentation, problems: Problems) -> None:
    taken: dict[p.Expr, tuple[p.Segment, p.Clause]] = {}
    everybody: tuple[p.Segment, p.Clause] | None = None
    for segment in segmentation.segments:
        for clause in segment.clauses:
            before = everybody or taken.get(clause.when)
            if before is not None:
                _warn(segment, clause, *before, whole=everybody is not None, problems=problems)
            elif _is_plain(segment, clause):
                taken[clause.when] = (segment, clause)
                if _holds_for_everybody(clause):
                    everybody = (segment, clause)


def _is_plain(segment: p.Segment, clause: p.Clause) -> bool:
    """Whether the clause takes everybody for whom its `when` is true, on any date."""
    in_force = segment.valid_from is None and segment.valid_until is None
    return in_force and not segment.consent and not clause.unless


def _holds_for_everybody(clause: p.Clause) -> bool:
    return isinstance(clause.when, p.Const) and clause.when.value is True


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


def _warn_capped(segmentation: p.Segmentation, cap: int, problems: Problems) -> None:
    """Warn of a clause for whose rows `cap` segments of higher priority hold already."""
    plain: list[tuple[p.Segment, p.Clause]] = []
    for segment in segmentation.segments:
        for clause in segment.clauses:
            before = {
                earlier.name: held
                for earlier, held in reversed(plain)
                if _holds_for_everybody(held) or held.when == clause.when
            }
            if len(before) >= cap:
                first = list(reversed(before))[:cap]
                problems.warning(
                    "SEG516",
                    clause.when.span,
                    f"nobody comes into `{segment.name}` this way: whoever it holds for is in "
                    f"{' and '.join(f'`{name}`' for name in first)} already, "
                    f"and {'one is' if cap == 1 else f'{cap} are'} the most",
                    labels=[Label(before[name].when.span, "this condition comes first") for name in first],
                )
        plain += [(segment, clause) for clause in segment.clauses if _is_plain(segment, clause)]
