"""`channel is "app" or "web"`: a list that is written as it is spoken."""

from __future__ import annotations

from .. import syntax as s
from ..diagnostics import Fix, replace
from ..source import Span
from ..wording import text_wording
from .names import Scope


def left_open(node: s.Logic, scope: Scope) -> bool:
    """Whether a comparison is followed by bare values, as if it went on for them; that has been reported."""
    first, *others = node.operands
    values = [each for each in others if isinstance(each, s.Text | s.Number | s.Percent | s.Date)]
    if not values or len(values) < len(others) or not isinstance(first, s.Comparison):
        return False
    span = Span(node.span.file, values[0].span.start, node.span.end)
    fixes: list[Fix] = []
    options = [first.right, *values]
    wanted = {"=": ("or", "is one of"), "!=": ("and", "is not one of")}.get(first.operator)
    if wanted is not None and all(isinstance(each, s.Text) for each in options):
        listed = ", ".join(text_wording(each.value) for each in options if isinstance(each, s.Text))
        place = Span(node.span.file, first.operator_span.start, node.span.end)
        fixes.append(replace(place, f"{wanted[1]} ({listed})"))
    words = "is one of" if first.operator == "=" else "is not one of"
    scope.names.problems.error(
        "SEG218",
        span,
        f"after `{node.operator}` comes a whole comparison; several values of one thing are a list: `{words} (…)`",
        fixes=fixes,
    )
    return True
