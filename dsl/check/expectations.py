"""What a test expects: a segment, some segments or none, and what becomes of a condition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace as replaced

from .. import program as p
from .. import syntax as s
from ..diagnostics import Label, Problems, replace
from ..outcomes import Expectation
from ..source import Span
from .expressions import check_condition
from .names import Names, Scope, SegmentationHead
from .segment_questions import known_segment
from .suggest import did_you_mean, written


def expected_segmentation(ref: s.Ref, names: Names) -> SegmentationHead | None:
    """The segmentation that a test asks; None where there is none, which has been reported."""
    name = ref.parts[0]
    head = names.segmentations.get(name.text) if len(ref.parts) == 1 else None
    if head is None:
        if name.text not in names.broken:
            names.problems.error(
                "SEG150",
                ref.span,
                f"`{ref.text}` is no segmentation, and a test expects a segment of one",
                fixes=did_you_mean(name, names.segmentations) if len(ref.parts) == 1 else [],
            )
        return None
    return head if head.table is not None else None


def row_table(refs: Sequence[tuple[s.Ref, SegmentationHead]], names: Names) -> str | None:
    """The table whose row a test is about: that of its segmentations, which has to be one."""
    (first, head), *others = refs
    for ref, other in others:
        if other.table != head.table:
            names.problems.error(
                "SEG911",
                ref.span,
                f"a test is about one row: `{other.name}` puts rows of `{other.table}` into segments, and "
                f"`{head.name}` rows of `{head.table}`",
                labels=[Label(first.span, f"a row of `{head.table}`")],
                hints=["write a test of its own for the other"],
            )
            return None
    return head.table


def expectation(node: s.Expectation, head: SegmentationHead, scope: Scope) -> Expectation | None:
    """One `expect`, typed; None where it is wrong, which has been reported."""
    if not _relation_fits(node, head, scope.names.problems):
        return None
    segments = [known_segment(name, head, scope) for name in node.segments]
    known = tuple(dict.fromkeys(segment for segment in segments if segment is not None))
    because = None if node.because is None else _because(node.because, scope)
    if len(known) < len(set(segments)) or (because is None) != (node.because is None):
        return None
    return Expectation(head.name, node.relation, known, because, node.outcome, node.span)


def _relation_fits(node: s.Expectation, head: SegmentationHead, problems: Problems) -> bool:
    named = f" {written(node.segments[0].text)}" if node.segments else ""
    if head.exclusive and node.relation != "is":
        message = f"in `{head.name}` every row has exactly one segment, so a test says `expect {head.name} is …`"
        meant = f"{written(head.name)} is{named}"
    elif not head.exclusive and node.relation == "is":
        message = f"`{head.name}` is overlapping, so a test says `expect {head.name} includes …` or `… is none`"
        meant = f"{written(head.name)} includes{named}"
    else:
        return True
    start = node.segmentation.span
    end = node.segments[0].span if node.segments else start
    fixes = [replace(start.to(end), meant)] if len(node.segments) == 1 else []
    problems.error("SEG156", start.to(end), message, labels=[Label(head.span, "declared here")], fixes=fixes)
    return False


def _because(node: s.Expr, scope: Scope) -> p.Expr | None:
    """The condition typed. Warnings about it are left to the rules that ask it."""
    problems = Problems()
    names = scope.names
    own = replaced(names, problems=problems)
    found = check_condition(node, Scope(own, scope.table, "when", scope.reading))
    names.problems.found += [problem for problem in problems.found if problem.severity == "error"]
    return found


def expectation_of_cell(
    cell: s.Expr | None, ref: s.Ref, head: SegmentationHead, row: Span, scope: Scope
) -> Expectation | None:
    """What a cell of a table expects: the name of a segment, or `none`."""
    match cell:
        case None:
            message = f"every row of this table says what it expects of `{head.name}`"
            scope.names.problems.error("SEG910", row, message, labels=[Label(ref.span, "an empty cell in this column")])
            return None
        case s.Ref(parts=(name,)) if name.text == "none" and "none" not in head.segments:
            written_out = s.Expectation(cell.span, ref, "none", (), None, None)
        case s.Ref(parts=(name,)):
            relation = "is" if head.exclusive else "includes"
            written_out = s.Expectation(cell.span, ref, relation, (name,), None, None)
        case _:
            scope.names.problems.error(
                "SEG155", cell.span, f"this column holds segments of `{head.name}`, which are names without quotes"
            )
            return None
    return expectation(written_out, head, scope)
