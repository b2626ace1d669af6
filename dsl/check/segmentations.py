"""Segmentations: the header, and what has to hold among the segments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from .. import program as p
from .. import syntax as s
from ..diagnostics import Label, Problems
from ..types import Length
from .clauses import Shared, checked_segment
from .consent import consent_for
from .expressions import check_condition
from .lets import row_table
from .names import Names, Scope, SegmentationHead
from .parameters import check_length
from .purposes import known_purposes

_Item = TypeVar("_Item", bound=s.HeaderItem)


@dataclass(slots=True)
class _Header:
    """The items of a header, each kind once; `unless` and `needs consent` may be many."""

    mode: s.Mode | None = None
    purpose: s.Purpose | None = None
    owner: s.Owner | None = None
    refresh: s.Refresh | None = None
    review: s.Review | None = None
    minimum: s.EachAtLeast | None = None
    cap: s.AtMostEach | None = None


def declare_segmentations(declarations: Sequence[s.Segmentation], names: Names) -> None:
    """Fill `names.segmentations` with what references need to know."""
    for declaration in declarations:
        table = row_table(declaration.name, declaration.table, "segmentation", names)
        modes = [item for item in declaration.header if isinstance(item, s.Mode)]
        exclusive = modes[0].exclusive if modes else any(segment.otherwise for segment in declaration.segments)
        if table is None:
            names.broken.add(declaration.name.text)
        names.segmentations[declaration.name.text] = SegmentationHead(
            name=declaration.name.text,
            table=table.name if table else None,
            exclusive=exclusive,
            segments=tuple(dict.fromkeys(segment.name.text for segment in declaration.segments)),
            span=declaration.name.span,
        )


def checked_segmentations(declarations: Sequence[s.Segmentation], names: Names) -> list[p.Segmentation]:
    """The segmentations, in the order written, as far as they could be checked."""
    return [_segmentation(declaration, names) for declaration in declarations]


def _segmentation(declaration: s.Segmentation, names: Names) -> p.Segmentation:
    head = names.segmentations[declaration.name.text]
    header = _header(declaration, names.problems)
    if not declaration.damaged:
        _check_shape(declaration, header, names.problems)
    shared = _shared(declaration, head, names)
    segments: list[p.Segment] = []
    otherwise: p.Segment | None = None
    number = 1
    for written in _first_of_each_name(declaration, names.problems):
        segment = checked_segment(written, head, shared, number, names)
        if written.otherwise:
            otherwise = otherwise or segment
        else:
            segments.append(segment)
            number += sum(isinstance(item, s.When) for item in written.items)
    return p.Segmentation(
        name=head.name,
        title=declaration.title.value if declaration.title else None,
        table=head.table or "",
        exclusive=head.exclusive,
        purposes=known_purposes(header.purpose.names, names, "in this list") if header.purpose else (),
        owner=header.owner.owner.value if header.owner else None,
        refresh_every=_length(header.refresh, names.problems),
        review_every=_length(header.review, names.problems),
        last_reviewed=header.review.last_reviewed.value if header.review and header.review.last_reviewed else None,
        minimum_size=_minimum(header.minimum, names.problems),
        segments=tuple(segments),
        otherwise=otherwise,
        cap=_cap(header.cap, header.mode, head, names.problems),
        span=declaration.name.span,
    )


# -- the header --------------------------------------------------------------------------------------------------


def _header(declaration: s.Segmentation, problems: Problems) -> _Header:
    header = _Header()
    for item in declaration.header:
        match item:
            case s.Mode():
                header.mode = _once(header.mode, item, problems)
            case s.Purpose():
                header.purpose = _once(header.purpose, item, problems)
            case s.Owner():
                header.owner = _once(header.owner, item, problems)
            case s.Refresh():
                header.refresh = _once(header.refresh, item, problems)
            case s.Review():
                header.review = _once(header.review, item, problems)
            case s.EachAtLeast():
                header.minimum = _once(header.minimum, item, problems)
            case s.AtMostEach():
                header.cap = _once(header.cap, item, problems)
            case s.NeedsConsent() | s.Unless():
                pass  # of the segments, see `_shared`
    return header


def _once(before: _Item | None, item: _Item, problems: Problems) -> _Item:
    if before is None:
        return item
    problems.error(
        "SEG501",
        item.span,
        "the header says this twice; one of them has to go",
        labels=[Label(before.span, "said here already")],
    )
    return before


def _length(item: s.Refresh | s.Review | None, problems: Problems) -> Length | None:
    if item is None:
        return None
    check_length(item.every, problems)
    return Length(item.every.amount, item.every.unit)


def _minimum(item: s.EachAtLeast | None, problems: Problems) -> int | None:
    if item is None:
        return None
    if not item.minimum.whole or item.minimum.value < 1:
        problems.error("SEG517", item.minimum.span, "a segment has a whole number of rows, at least 1")
        return None
    return int(item.minimum.value)


def _cap(item: s.AtMostEach | None, mode: s.Mode | None, head: SegmentationHead, problems: Problems) -> int | None:
    if item is None or mode is None:
        return None
    if mode.exclusive:
        problems.error(
            "SEG520",
            item.span,
            f"each row gets exactly one segment of `{head.name}` anyway: only overlapping segments can be limited",
            labels=[Label(mode.span, "exactly one by these words")],
            hints=["leave the line out, or write `overlapping` in place of `first match wins`, without `otherwise`"],
        )
        return None
    if not item.maximum.whole or item.maximum.value < 1:
        problems.error("SEG521", item.maximum.span, "a row may be in a whole number of segments, at least 1")
        return None
    cap, count = int(item.maximum.value), len(head.segments)
    if cap > count > 0:
        there_are = "there is only 1 segment" if count == 1 else f"there are only {count} segments"
        problems.warning("SEG522", item.maximum.span, f"this limits nobody: {there_are}")
    return cap


def _shared(declaration: s.Segmentation, head: SegmentationHead, names: Names) -> Shared:
    """What the header states for every segment but `otherwise`."""
    unless: list[p.Expr] = []
    consent: list[p.Consent] = []
    for item in declaration.header:
        if head.table is None:
            continue
        if isinstance(item, s.Unless):
            condition = check_condition(item.condition, Scope(names, head.table, "unless", head.name))
            unless.extend([] if condition is None else [condition])
        elif isinstance(item, s.NeedsConsent):
            consent.extend(consent_for(item, head.table, names))
    return Shared(tuple(unless), tuple(consent))


# -- among the segments ------------------------------------------------------------------------------------------


def _check_shape(declaration: s.Segmentation, header: _Header, problems: Problems) -> None:
    name = declaration.name
    if header.mode is None:
        problems.error(
            "SEG500",
            name.span,
            f"say how the segments of `{name.text}` are tried: `first match wins` or `overlapping`",
        )
        return
    regular = [segment for segment in declaration.segments if not segment.otherwise]
    others = [segment for segment in declaration.segments if segment.otherwise]
    if not regular:
        problems.error("SEG518", name.span, f"`{name.text}` has no segment to put anybody into")
    if not header.mode.exclusive:
        for segment in others:
            problems.error(
                "SEG503",
                segment.name.span,
                "an overlapping segmentation has no `otherwise`: whoever fits no segment is in none",
                labels=[Label(header.mode.span, "overlapping by this word")],
            )
        return
    if not others:
        problems.error(
            "SEG502",
            name.span,
            f"`{name.text}` does not say what becomes of rows that fit no segment: end it with `otherwise`",
            labels=[Label(header.mode.span, "each row gets exactly one segment")],
        )
    for segment in others[1:]:
        problems.error(
            "SEG504",
            segment.name.span,
            f"`{name.text}` has an `otherwise` already",
            labels=[Label(others[0].name.span, "the first one")],
        )
    if len(others) == 1 and declaration.segments[-1] is not others[0]:
        after = declaration.segments[declaration.segments.index(others[0]) + 1]
        problems.error(
            "SEG504",
            others[0].name.span,
            "`otherwise` comes last: it takes whoever fits no segment",
            labels=[Label(after.name.span, "this segment stands after it")],
        )


def _first_of_each_name(declaration: s.Segmentation, problems: Problems) -> list[s.Segment]:
    first: dict[str, s.Segment] = {}
    for segment in declaration.segments:
        name = segment.name.text
        if name in first:
            problems.error(
                "SEG505",
                segment.name.span,
                f"`{declaration.name.text}` has a segment `{name}` already",
                labels=[Label(first[name].name.span, "declared here first")],
                hints=["a segment may have several `when`: each is one way in"],
            )
        first.setdefault(name, segment)
    return list(first.values())
