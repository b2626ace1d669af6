"""What may not be read: protected fields by segments, limited fields for other purposes, consent by conditions."""

from __future__ import annotations

from collections.abc import Sequence

from .. import program as p
from ..diagnostics import Label, Problems
from ..labels import Lineage, Reading, lineage_of, readings_by_condition
from ..source import Span
from ..walk import conditions, walk


def check_privacy(program: p.Program, unsure: frozenset[str], problems: Problems) -> None:
    """Report every reading that labels forbid: of a protected field each place that names it, of a limited one the
    first in each segmentation. `unsure` are segmentations whose purposes were not understood."""
    lineage = lineage_of(program)
    reported: set[tuple[str, str, Span]] = set()
    for segmentation in program.segmentations:
        readings = [reading for each in readings_by_condition(segmentation, lineage) for reading in each]
        _check_protected(segmentation, readings, lineage, reported, problems)
        if segmentation.name not in unsure:
            _check_purposes(segmentation, readings, lineage, problems)
    for let in program.lets:
        _check_consent_fields(let.value, lineage, problems)
    for segmentation in program.segmentations:
        for condition in conditions(segmentation):
            _check_consent_fields(condition, lineage, problems)


def _check_protected(
    segmentation: p.Segmentation,
    readings: Sequence[Reading],
    lineage: Lineage,
    reported: set[tuple[str, str, Span]],
    problems: Problems,
) -> None:
    for reading in readings:
        field = lineage.tables[reading.table].field_named(reading.field)
        place = (reading.table, reading.field, reading.path[-1])
        if not field.protected or reading.through is not None or place in reported:
            continue
        reported.add(place)
        problems.error(
            "SEG600",
            reading.path[0],
            f"`{field.name}` is protected and can never influence a segment, here of `{segmentation.name}`",
            labels=_way(reading, field, "protected"),
        )


def _check_purposes(
    segmentation: p.Segmentation, readings: Sequence[Reading], lineage: Lineage, problems: Problems
) -> None:
    seen: set[tuple[str, str]] = set()
    for reading in readings:
        field = lineage.tables[reading.table].field_named(reading.field)
        if field.purposes is None or (reading.table, reading.field) in seen:
            continue
        seen.add((reading.table, reading.field))
        allowed = " or ".join(f"`{purpose}`" for purpose in field.purposes)
        other = [purpose for purpose in segmentation.purposes if purpose not in field.purposes]
        through = f", by way of `{reading.through}`," if reading.through else ""
        if not segmentation.purposes:
            problems.error(
                "SEG601",
                reading.path[0],
                f"`{field.name}` may be read for {allowed} only, and `{segmentation.name}` reads it{through} "
                "without stating a `purpose`",
                labels=_way(reading, field, "limited"),
                hints=[f"state the purpose in the header of `{segmentation.name}`: `purpose {field.purposes[0]}`"],
            )
            return
        if other:
            problems.error(
                "SEG602",
                reading.path[0],
                f"`{field.name}` may be read for {allowed} only, and `{segmentation.name}` reads it{through} "
                f"for `{other[0]}`",
                labels=_way(reading, field, "limited"),
            )


def _way(reading: Reading, field: p.Field, how: str) -> list[Label]:
    """The places between the underlined words and the field's declaration, and that declaration."""
    steps = [Label(span, f"which reads `{field.name}` here") for span in reading.path[1:]]
    return [*steps, Label(field.span, f"`{field.name}` is {how} by its declaration")]


def _check_consent_fields(expr: p.Expr, lineage: Lineage, problems: Problems) -> None:
    for part in walk(expr):
        if not isinstance(part, p.FieldRef):
            continue
        field = lineage.tables[part.table].field_named(part.field)
        if field.consent:
            problems.error(
                "SEG603",
                part.span,
                f"`{field.name}` carries consent and cannot be read in a condition",
                labels=[Label(field.span, "carries consent by its declaration")],
                hints=[f"write `needs consent for {field.consent[0]}` in the segment or the header instead"],
            )
