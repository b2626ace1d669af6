"""Questions to other segmentations: `value_risk is prime_digital`, `campaigns includes win_back`."""

from __future__ import annotations

from collections.abc import Sequence

from .. import program as p
from .. import syntax as s
from ..diagnostics import Fix, Label, replace
from ..source import Span
from ..types import BOOLEAN
from ..wording import written
from .names import Scope, SegmentationHead
from .references import is_declared_here
from .suggest import did_you_mean, suggestion_at


def asked_segmentation(expr: s.Expr, scope: Scope) -> SegmentationHead | None:
    """The segmentation that an operand names; None when it names none."""
    match expr:
        case s.Paren(inner=inner):
            return asked_segmentation(inner, scope)
        case s.Ref(parts=(name,)) if not is_declared_here(name.text, scope):
            return scope.names.segmentations.get(name.text)
        case _:
            return None


def comparison_with_segment(
    node: s.Comparison, segmentation: SegmentationHead, segment: s.Expr, scope: Scope
) -> p.Expr | None:
    """`value_risk is prime_digital`, `value_risk is not prime_digital`; `segment` is the side that names it."""
    if node.operator not in ("=", "!="):
        scope.names.problems.error(
            "SEG156",
            node.operator_span,
            f"segments are in no order, so `{segmentation.name}` is only asked with `is` and `is not`",
        )
        return None
    asked = _asked(segmentation, (segment,), node.span, scope)
    return p.Not(asked, BOOLEAN, node.span) if asked is not None and node.operator == "!=" else asked


def one_of_segments(node: s.OneOf, segmentation: SegmentationHead, scope: Scope) -> p.Expr | None:
    """`value_risk is [not] one of (prime_digital, standard)`."""
    asked = _asked(segmentation, node.options, node.span, scope)
    return p.Not(asked, BOOLEAN, node.span) if asked is not None and node.negated else asked


def includes(node: s.Includes, scope: Scope) -> p.Expr | None:
    """`campaigns includes win_back`."""
    problems = scope.names.problems
    segmentation = asked_segmentation(node.segmentation, scope)
    if segmentation is None:
        _report_no_segmentation(node.segmentation, scope)
        return None
    if segmentation.exclusive:
        problems.error(
            "SEG156",
            node.span,
            f"in `{segmentation.name}` every row has exactly one segment, so it is asked with `is`",
            labels=[Label(segmentation.span, "declared here")],
            fixes=[_rewritten(node.span, segmentation.name, "is", node.segment.text)],
        )
        return None
    segment = known_segment(node.segment, segmentation, scope)
    if segment is None or not may_ask(segmentation, node.span, scope):
        return None
    return p.SegmentIncludes(segmentation.name, segment, BOOLEAN, node.span)


def _report_no_segmentation(ref: s.Ref, scope: Scope) -> None:
    first = ref.parts[0]
    if first.text in scope.names.broken:
        return
    known = is_declared_here(first.text, scope) or first.text in scope.names.tables
    scope.names.problems.error(
        "SEG156" if known else "SEG150",
        ref.span,
        f"`includes` asks an overlapping segmentation for a segment, and `{ref.text}` is not one",
        fixes=[] if known else did_you_mean(first, scope.names.segmentations),
        hints=["whether a text holds another is asked with `contains`"] if known else [],
    )


def _asked(segmentation: SegmentationHead, options: Sequence[s.Expr], span: Span, scope: Scope) -> p.Expr | None:
    problems = scope.names.problems
    if not segmentation.exclusive:
        fixes: list[Fix] = []
        match options:
            case [s.Ref(parts=(only,))]:
                fixes.append(_rewritten(span, segmentation.name, "includes", only.text))
            case _:
                pass
        problems.error(
            "SEG156",
            span,
            f"`{segmentation.name}` is overlapping: a row may have several of its segments, so it is asked with "
            "`includes`",
            labels=[Label(segmentation.span, "declared here")],
            fixes=fixes,
        )
        return None
    segments = segments_named(options, segmentation, scope)
    if segments is None or not may_ask(segmentation, span, scope):
        return None
    return p.SegmentIs(segmentation.name, tuple(dict.fromkeys(segments)), BOOLEAN, span)


def segments_named(options: Sequence[s.Expr], segmentation: SegmentationHead, scope: Scope) -> list[str] | None:
    """The segments that options name, one for each; None where one names none, which has been reported."""
    found = [_option(option, segmentation, scope) for option in options]
    known = [segment for segment in found if segment is not None]
    if len(known) < len(found):
        return None
    for at, segment in enumerate(known):
        if segment in known[:at]:
            scope.names.problems.warning("SEG752", options[at].span, f"`{segment}` stands on this list twice")
    return known


def _rewritten(span: Span, segmentation: str, verb: str, segment: str) -> Fix:
    return replace(span, f"{written(segmentation)} {verb} {written(segment)}")


def _option(option: s.Expr, segmentation: SegmentationHead, scope: Scope) -> str | None:
    """The segment that an option names."""
    match option:
        case s.Paren(inner=inner):
            return _option(inner, segmentation, scope)
        case s.Ref(parts=(name,)):
            return known_segment(name, segmentation, scope)
        case s.Ref(parts=(owner, name)) if owner.text == segmentation.name:
            return known_segment(name, segmentation, scope)
        case s.Text(value=value):
            segments = segmentation.segments
            exact = [replace(option.span, written(value))] if value in segments else []
            scope.names.problems.error(
                "SEG155",
                option.span,
                f"the segments of `{segmentation.name}` are names, which stand without quotes",
                fixes=exact or suggestion_at(option.span, value, segments, quote=written),
                hints=_listed(segmentation),
            )
        case _:
            scope.names.problems.error(
                "SEG155",
                option.span,
                f"this is not a segment of `{segmentation.name}`",
                hints=_listed(segmentation),
            )
    return None


def known_segment(name: s.Name, segmentation: SegmentationHead, scope: Scope) -> str | None:
    """The segment of a segmentation that a name is; None where it is none, which has been reported."""
    if name.text in segmentation.segments:
        return name.text
    if segmentation.name in scope.names.broken or name.text in scope.names.broken:
        return None
    scope.names.problems.error(
        "SEG155",
        name.span,
        f"`{segmentation.name}` has no segment `{name.text}`",
        labels=[Label(segmentation.span, "declared here")],
        fixes=did_you_mean(name, segmentation.segments),
        hints=_listed(segmentation),
    )
    return None


def _listed(segmentation: SegmentationHead) -> list[str]:
    shown = [f"`{segment}`" for segment in segmentation.segments[:12]]
    more = ["…"] if len(segmentation.segments) > len(shown) else []
    return ["its segments are " + ", ".join(shown + more)] if shown else []


def may_ask(segmentation: SegmentationHead, span: Span, scope: Scope) -> bool:
    """Whether a segmentation can be asked over the rows at hand; where not, that has been reported at `span`."""
    if segmentation.table is None:
        return False
    if segmentation.table == scope.table and scope.place not in ("where", "value"):
        return True
    hints: list[str] = []
    if segmentation.table == scope.table:
        message = "a segment cannot be asked for the rows that an aggregate goes through"
        named = f"name what is asked in a `let … of {scope.table}`, or in a decision"
        hints.append(f"{named}: the segment and the aggregate can both ask that")
    else:
        message = (
            f"`{segmentation.name}` puts the rows of `{segmentation.table}` into segments, and here the rows are "
            f"those of `{scope.table}`"
        )
    scope.names.problems.error("SEG157", span, message, labels=[Label(segmentation.span, "declared here")], hints=hints)
    return False
