"""`and` mixed with `or` without parentheses: readers disagree on what it means, so both readings are offered."""

from __future__ import annotations

from .. import syntax as s
from ..diagnostics import Edit, Fix, Label
from ..source import Span
from .context import Build


def report_mixed_logic(b: Build, condition: s.Expr) -> None:
    """Report a condition that mixes the two; it is read on with `and` binding tighter."""
    if not isinstance(condition, s.Logic) or condition.operator != "or":
        return
    if any(
        found.code in ("SEG032", "SEG037") and found.span.start >= condition.span.start - 1
        for found in b.problems.found
    ):
        return  # what was left out there may have been what keeps the two apart
    ands = [operand for operand in condition.operands if isinstance(operand, s.Logic)]
    if not ands:
        return
    if condition.operator_spans[0].start < ands[0].operator_spans[0].start:
        word, at, label = "and", ands[0].operator_spans[0], condition.operator_spans[0]
    else:
        word, label, at = "or", ands[0].operator_spans[0], condition.operator_spans[0]
    b.problems.error(
        "SEG012",
        at,
        "`and` and `or` are mixed without parentheses, and readers disagree on what that means",
        labels=[Label(label, f"here is the `{'or' if word == 'and' else 'and'}`")],
        fixes=[
            _parentheses("put parentheses around the parts joined by `and`", [a.span for a in ands]),
            _parentheses("put parentheses around the parts joined by `or`", _or_groups(condition)),
        ],
    )


def _or_groups(condition: s.Logic) -> list[Span]:
    """What `or` would join if it bound tighter: from the last part of one `and` to the first part of the next."""
    chains = [list(operand.operands) if isinstance(operand, s.Logic) else [operand] for operand in condition.operands]
    groups: list[Span] = []
    start = chains[0][-1]
    for number, chain in enumerate(chains[1:], 2):
        if len(chain) > 1 or number == len(chains):
            groups.append(start.span.to(chain[0].span))
            start = chain[-1]
    return groups


def _parentheses(title: str, around: list[Span]) -> Fix:
    edits: list[Edit] = []
    for span in around:
        edits += [Edit(Span(span.file, span.start, span.start), "("), Edit(Span(span.file, span.end, span.end), ")")]
    return Fix(title, tuple(edits))
