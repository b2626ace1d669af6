"""Where missing data silently decides: a condition on a field that may be missing holds for nobody without it."""

from __future__ import annotations

from collections.abc import Iterator

from .. import program as p
from ..diagnostics import Label, Problems
from ..labels import Lineage
from ..source import Span
from ..walk import children, walk

Gap = tuple[str, str | None]
"""What may not be there: a field of a table, or (None) the row of an attached table."""
Doubt = tuple[Gap, tuple[Span, ...]]
"""A gap and the way to it: the words in the condition, then those in each let."""


def note_silent_decisions(program: p.Program, problems: Problems) -> None:
    """Note whom missing data keeps out of a segment, lets stay in one, or leaves out of an aggregate; one note for each
    field and segment. A clause that itself asks whether the field is known has thought of it."""
    lineage = Lineage(program)
    for segmentation in program.segmentations:
        for segment in segmentation.segments:
            _note_segment(segmentation, segment, lineage, problems)
    for let in program.lets:
        _note_aggregates(let.value, lineage, problems)
    for segmentation in program.segmentations:
        for segment in segmentation.segments:
            for clause in segment.clauses:
                for condition in (clause.when, *clause.unless):
                    _note_aggregates(condition, lineage, problems)


def _note_segment(segmentation: p.Segmentation, segment: p.Segment, lineage: Lineage, problems: Problems) -> None:
    noted: set[Gap] = set()
    for clause in segment.clauses:
        asked = {gap for condition in (clause.when, *clause.unless) for gap in _asked(condition, lineage)}
        for at, condition in enumerate((clause.when, *clause.unless)):
            for gap, way in _doubts(condition, lineage):
                if gap in asked or gap in noted:
                    continue
                noted.add(gap)
                whom = f"{segmentation.table} {_without(gap, segmentation.table)}"
                _note(
                    "SEG700" if at == 0 else "SEG701",
                    way,
                    f"{whom} are not in `{segment.name}` by this condition"
                    if at == 0
                    else f"{whom} are not taken out by this `unless`",
                    gap,
                    problems,
                )


def _note_aggregates(expr: p.Expr, lineage: Lineage, problems: Problems) -> None:
    for part in walk(expr):
        if not isinstance(part, p.Aggregate) or part.where is None:
            continue
        asked = set(_asked(part.where, lineage))
        noted: set[Gap] = set()
        for gap, way in _doubts(part.where, lineage):
            if gap not in asked and gap not in noted:
                noted.add(gap)
                _note("SEG702", way, f"{part.source} {_without(gap, part.source)} are left out here", gap, problems)


def _note(code: str, way: tuple[Span, ...], message: str, gap: Gap, problems: Problems) -> None:
    table, field = gap
    name = f"`{table}.{field}`" if field else f"`{table}`"
    problems.note(
        code,
        way[0],
        message,
        labels=[Label(span, f"which reads {name} here") for span in way[1:]],
        hints=[f"`is known`, `is missing` or `default` says that this is meant; see {code}"],
    )


def _without(gap: Gap, table: str) -> str:
    owner, field = gap
    if field is None:
        return f"without a row in `{owner}`"
    return f"without `{field}`" if owner == table else f"without `{owner}.{field}`"


def _doubts(expr: p.Expr, lineage: Lineage) -> Iterator[Doubt]:
    """What may be missing where `expr` compares it. An aggregate skips what is missing instead."""
    match expr:
        case p.FieldRef(table=table, field=field, span=span):
            owner = lineage.tables[table]
            if owner.field_named(field).optional:
                yield (table, field), (span,)
            elif owner.role == "attached":
                yield (table, None), (span,)
        case p.LetRef(table=table, name=name, span=span):
            for gap, way in _doubts(lineage.lets[table, name].value, lineage):
                yield gap, (span, *way)
        case p.Call(overload="known.any" | "missing.any" | "default.any") | p.Aggregate():
            return
        case _:
            for child in children(expr):
                yield from _doubts(child, lineage)


def _asked(expr: p.Expr, lineage: Lineage) -> Iterator[Gap]:
    """What the expression asks to be there or not, itself or in its lets."""
    for part in walk(expr):
        match part:
            case p.RowKnown(table=table):
                yield table, None
            case p.Call(overload="known.any" | "missing.any", operands=operands):
                for operand in operands:
                    yield from _within(operand, lineage)
            case p.LetRef(table=table, name=name):
                yield from _asked(lineage.lets[table, name].value, lineage)
            case _:
                pass


def _within(expr: p.Expr, lineage: Lineage) -> Iterator[Gap]:
    """Every gap that makes `expr` missing: asking for it asks for all of them."""
    for part in walk(expr):
        match part:
            case p.FieldRef(table=table, field=field):
                yield table, field
                if lineage.tables[table].role == "attached":
                    yield table, None
            case p.LetRef(table=table, name=name):
                yield from _within(lineage.lets[table, name].value, lineage)
            case _:
                pass
