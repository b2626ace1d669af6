"""Where one row stands among everybody, and where the bands of a relative value begin."""

from __future__ import annotations

from ..compiler.duckdb.ranking import share_of
from ..compiler.plan import Band, PlanExpr
from ..dsl import program as p
from .explanation import Standing
from .observe import Subject, as_written


def standing_of(subject: Subject, test: PlanExpr) -> Standing | None:
    """Where `top 10% by x` or `percentile of x >= 90%` begins to be true; None for anything else."""
    if not isinstance(test, Band):
        return None
    written = as_written(subject, test)
    assert isinstance(written, p.Relative), "a band is how a relative value is told"
    return Standing(
        function=written.function,
        operator=written.operator,
        share=share_of(written, subject.binding),
        cut_points=tuple(subject.binding.cut_points[test.key]),
        kind=written.of.type.kind,
    )
