"""Guarantees: statements about all possible rows, which may look at everything, since they decide nothing."""

from __future__ import annotations

from collections.abc import Sequence

from .. import syntax as s
from ..diagnostics import Edit, Fix
from ..outcomes import Guarantee
from ..source import Span
from .expressions import check_condition
from .names import Names, Scope
from .segment_names import segment_name


def checked_guarantees(declarations: Sequence[s.Guarantee], names: Names) -> tuple[Guarantee, ...]:
    """The guarantees, in the order written, as far as they could be checked."""
    found = [_guarantee(declaration, names) for declaration in declarations]
    return tuple(each for each in found if each is not None)


def _guarantee(declaration: s.Guarantee, names: Names) -> Guarantee | None:
    of = segment_name(declaration.segment, names)
    if declaration.condition is None:
        if declaration.kind == "every":
            _report_nothing_said(declaration, names)
            return None
        return None if of is None else Guarantee(declaration.title.value, "no", of, None, declaration.title.span)
    table = None if of is None else names.segmentations[of.segmentation].table
    if of is None or table is None:
        return None
    scope = Scope(names, table, "guarantee", declaration.title.value)
    condition = check_condition(declaration.condition, scope)
    if condition is None:
        return None
    return Guarantee(declaration.title.value, declaration.kind, of, condition, declaration.title.span)


def _report_nothing_said(declaration: s.Guarantee, names: Names) -> None:
    end = Span(declaration.span.file, declaration.segment.span.end, declaration.segment.span.end)
    names.problems.error(
        "SEG895",
        declaration.segment.span,
        f"what holds of every row in `{declaration.segment.text}`? Say it with `where`",
        fixes=[Fix("add `where …`", (Edit(end, " where "),))],
    )
