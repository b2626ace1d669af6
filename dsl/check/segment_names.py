"""Segments by name, where no segmentation is asked: `prime_digital`, `value_risk.prime_digital`."""

from __future__ import annotations

from collections.abc import Sequence

from .. import syntax as s
from ..diagnostics import Label, replace
from ..outcomes import SegmentName
from .names import NAMELESS, Names, SegmentationHead
from .suggest import did_you_mean, written


def segment_names(refs: Sequence[s.Ref], names: Names) -> tuple[SegmentName, ...] | None:
    """The segments of a list, each once; None where one of them is wrong, which has been reported."""
    found: dict[SegmentName, s.Ref] = {}
    sound = True
    for ref in refs:
        segment = segment_name(ref, names)
        if segment is None:
            sound = False
        elif segment in found:
            names.problems.error(
                "SEG872",
                ref.span,
                f"`{ref.text}` stands on this list twice",
                labels=[Label(found[segment].span, "here already")],
            )
            sound = False
        else:
            found[segment] = ref
    return tuple(found) if sound else None


def segment_name(ref: s.Ref, names: Names) -> SegmentName | None:
    """The segment that a name stands for; None where there is none or several, which has been reported."""
    match ref.parts:
        case (only,):
            return _bare(only, names)
        case (owner, name):
            return _dotted(owner, name, names)
        case _:
            raise ValueError("a name has one or two parts")


def table_of(segments: Sequence[SegmentName], refs: Sequence[s.Ref], names: Names) -> str | None:
    """The table that segments have in common; None where there is none, which has been reported."""
    heads = [names.segmentations[segment.segmentation] for segment in segments]
    for head, ref in zip(heads, refs, strict=True):
        if None not in (head.table, heads[0].table) and head.table != heads[0].table:
            names.problems.error(
                "SEG873",
                ref.span,
                f"`{ref.text}` is a segment of `{head.table}`, and the others here are segments of `{heads[0].table}`",
                labels=[Label(refs[0].span, f"a segment of `{heads[0].table}`")],
            )
            return None
    return heads[0].table if heads else None


def _bare(name: s.Name, names: Names) -> SegmentName | None:
    having = [each for each in names.segmentations.values() if name.text in each.segments]
    if len(having) == 1:
        return SegmentName(having[0].name, name.text)
    if having:
        _report_ambiguous(name, having, names)
    elif not _may_be_declared(name, names):
        asked = names.segmentations.get(name.text)
        known = {segment for each in names.segmentations.values() for segment in each.segments}
        names.problems.error(
            "SEG870",
            name.span,
            f"`{name.text}` is a segmentation: name one of its segments"
            if asked is not None
            else f"no segmentation has a segment `{name.text}`",
            fixes=[] if asked is not None else did_you_mean(name, known),
            hints=[_listed(asked)] if asked is not None else [],
        )
    return None


def _may_be_declared(name: s.Name, names: Names) -> bool:
    """Whether the segment may stand in something that could not be read."""
    damaged = any(each.name in names.broken and each.table is not None for each in names.segmentations.values())
    return damaged or name.text in names.broken or NAMELESS in names.broken


def _report_ambiguous(name: s.Name, having: Sequence[SegmentationHead], names: Names) -> None:
    paths = [f"{written(each.name)}.{written(name.text)}" for each in having]
    listed = ", ".join(f"`{each.name}`" for each in having[:-1]) + f" and `{having[-1].name}`"
    names.problems.error(
        "SEG871",
        name.span,
        f"{listed} each have a segment `{name.text}`: write " + " or ".join(f"`{path}`" for path in paths),
        labels=[Label(each.span, "a segmentation with such a segment") for each in having],
        fixes=[replace(name.span, path) for path in paths],
    )


def _dotted(owner: s.Name, name: s.Name, names: Names) -> SegmentName | None:
    head = names.segmentations.get(owner.text)
    if head is None:
        if owner.text not in names.broken and NAMELESS not in names.broken:
            names.problems.error(
                "SEG870",
                owner.span,
                f"there is no segmentation `{owner.text}`",
                fixes=did_you_mean(owner, names.segmentations),
            )
        return None
    if name.text in head.segments:
        return SegmentName(head.name, name.text)
    if head.name not in names.broken and name.text not in names.broken:
        names.problems.error(
            "SEG870",
            name.span,
            f"`{head.name}` has no segment `{name.text}`",
            labels=[Label(head.span, "declared here")],
            fixes=did_you_mean(name, head.segments),
            hints=[_listed(head)],
        )
    return None


def _listed(head: SegmentationHead) -> str:
    shown = [f"`{segment}`" for segment in head.segments[:12]]
    more = ["…"] if len(head.segments) > len(shown) else []
    return "its segments are " + ", ".join(shown + more)
