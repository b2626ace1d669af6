"""The run before: `previous value_risk is prime_digital`."""

from __future__ import annotations

from collections.abc import Sequence

from .. import program as p
from .. import syntax as s
from ..diagnostics import Label
from ..source import Span
from ..types import BOOLEAN, Type
from .names import Scope, SegmentationHead
from .references import is_declared_here
from .segment_questions import may_ask, segments_named
from .suggest import did_you_mean


def asked_previous(expr: s.Expr) -> s.Previous | None:
    """`previous S`, in parentheses or not; None for anything else."""
    match expr:
        case s.Paren(inner=inner):
            return asked_previous(inner)
        case s.Previous():
            return expr
        case _:
            return None


def previous_value(node: s.Previous, scope: Scope) -> p.Previous | None:
    """What `previous S` stands for, wherever it may stand; None where S cannot be asked, which has been reported."""
    head = _asked(node, scope)
    if head is None or not may_ask(head, node.span, scope):
        return None
    return p.Previous(head.name, Type("text", choices=head.segments), node.span)


def comparison_with_previous(node: s.Comparison, scope: Scope) -> p.Expr | None:
    """`previous value_risk is prime`, `is not`; one of the operands is a `previous`."""
    asked, segment = asked_previous(node.left), node.right
    if asked is None:
        asked, segment = asked_previous(node.right), node.left
    assert asked is not None, "one side is `previous`"
    if node.operator not in ("=", "!="):
        scope.names.problems.error(
            "SEG432",
            node.operator_span,
            f"segments are in no order, so `previous {asked.segmentation.text}` is only asked with `is` and `is not`",
        )
        return None
    name = "equal.text" if node.operator == "=" else "not_equal.text"
    return _asking(name, asked, (segment,), node.span, scope)


def one_of_previous(node: s.OneOf, asked: s.Previous, scope: Scope) -> p.Expr | None:
    """`previous value_risk is [not] one of (prime, standard)`."""
    test = _asking("one_of.text", asked, node.options, node.span, scope)
    return p.Not(test, BOOLEAN, node.span) if test is not None and node.negated else test


def missing_previous(node: s.IsMissing, asked: s.Previous, scope: Scope) -> p.Expr | None:
    """`previous value_risk is missing`, `is known`."""
    value = previous_value(asked, scope)
    name = "known.any" if node.known else "missing.any"
    return None if value is None else p.Call(name, (value,), BOOLEAN, node.span)


def report_previous_alone(node: s.Previous, scope: Scope) -> None:
    """Report a `previous S` of which nothing is asked."""
    head = _asked(node, scope)
    if head is None:
        return
    example = f"`previous {head.name} is {(*head.segments, 'standard')[0]}`"
    scope.names.problems.error(
        "SEG432",
        node.span,
        f"`previous {head.name}` is asked for a segment, as in {example}, or with `is missing` and `is known`",
    )


def _asking(overload: str, asked: s.Previous, options: Sequence[s.Expr], span: Span, scope: Scope) -> p.Expr | None:
    head = _asked(asked, scope)
    if head is None:
        return None
    segments = segments_named(options, head, scope)
    if segments is None or not may_ask(head, asked.span, scope):
        return None
    type = Type("text", choices=head.segments)
    constants = tuple(p.Const(segment, type, option.span) for option, segment in zip(options, segments, strict=True))
    once = tuple(dict.fromkeys(constants))
    return p.Call(overload, (p.Previous(head.name, type, asked.span), *once), BOOLEAN, span)


def _asked(node: s.Previous, scope: Scope) -> SegmentationHead | None:
    """The exclusive segmentation that is asked; None where there is none, which has been reported."""
    names, ref = scope.names, node.segmentation
    first = ref.parts[0]
    head = names.segmentations.get(first.text) if len(ref.parts) == 1 else None
    if head is None:
        if first.text in names.broken:
            return None
        known = len(ref.parts) > 1 or is_declared_here(first.text, scope) or first.text in names.tables
        exclusive = [each.name for each in names.segmentations.values() if each.exclusive]
        names.problems.error(
            "SEG431" if known else "SEG150",
            ref.span,
            f"`previous` asks for the segment in the run before, and `{ref.text}` is not a segmentation",
            fixes=did_you_mean(first, exclusive) if len(ref.parts) == 1 else [],
            hints=["values of fields in the run before are not kept"] if known else [],
        )
        return None
    if not head.exclusive:
        names.problems.error(
            "SEG430",
            node.span,
            f"`{head.name}` is overlapping, and `previous` asks for the one segment that a row had",
            labels=[Label(head.span, "declared here")],
            hints=["give what is to be remembered a segmentation of its own with `first match wins`"],
        )
        return None
    return head
