"""Where missing data silently decides: a condition on a field that may be missing holds for nobody without it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .. import program as p
from ..diagnostics import Label, Problems
from ..labels import Lineage, lineage_of
from ..source import Span
from ..walk import children, walk

Gap = tuple[str, str | None]
"""What may not be there: a field of a table, or (None) the row of an attached table."""
Doubt = tuple[Gap, tuple[Span, ...]]
"""A gap and the way to it: the words in the condition, then those in each let."""


_LENIENT = ("known.", "missing.", "default.", "between.")
"""What may have a value without one of its operands."""


@dataclass(slots=True)
class _Known:
    """What lets were found to hold, each looked into once."""

    lineage: Lineage
    doubts: dict[tuple[str, str], tuple[Doubt, ...]] = field(default_factory=dict)
    asked: dict[tuple[str, str], frozenset[Gap]] = field(default_factory=dict)
    within: dict[tuple[str, str], frozenset[Gap]] = field(default_factory=dict)


def note_silent_decisions(program: p.Program, problems: Problems) -> None:
    """Note whom missing data keeps out of a segment, lets stay in one, or leaves out of an aggregate; one note for each
    field and segment. A clause that itself asks whether the field is known has thought of it; and no clause need think
    of rows that an earlier one has taken, whole, where the first match wins."""
    known = _Known(lineage_of(program))
    for let in program.lets:  # in order of need, so that each finds those that it reads
        key = (let.table, let.name)
        if isinstance(let.value, p.Choice | p.Score):  # never missing, and says itself whom missing data decides
            known.doubts[key], known.asked[key], known.within[key] = (), frozenset(), frozenset()
            continue
        known.doubts[key] = _first_ways(_doubts(let.value, known))
        known.asked[key] = frozenset(_asked(let.value, known))
        known.within[key] = frozenset(_within(let.value, known))
    for segmentation in program.segmentations:
        _note_segmentation(segmentation, known, problems)
    for let in program.lets:
        match let.value:
            case p.Choice():
                _note_decision(let.table, let.value, known, problems)
            case p.Score():
                _note_score(let.table, let.value, known, problems)
            case _:
                pass
        _note_aggregates(let.value, known, problems)
    for segmentation in program.segmentations:
        for segment in segmentation.segments:
            for clause in segment.clauses:
                for condition in (clause.when, *clause.unless):
                    _note_aggregates(condition, known, problems)


def _note_segmentation(segmentation: p.Segmentation, known: _Known, problems: Problems) -> None:
    taken: set[Gap] = set()
    for segment in segmentation.segments:
        always = not segment.consent and segment.valid_from is None and segment.valid_until is None
        noted: set[Gap] = set()
        for clause in segment.clauses:
            _note_clause(segmentation.table, segment.name, clause, noted, taken, known, problems)
            if segmentation.exclusive and always and not clause.unless:
                taken.update(_taken(clause.when, known))


def _note_clause(
    table: str,
    segment: str,
    clause: p.Clause,
    noted: set[Gap],
    taken: set[Gap],
    known: _Known,
    problems: Problems,
) -> None:
    """Note what the clause does not ask, and add it to `noted`. Rows with a gap that is `taken` do not come to it."""
    asked = {gap for condition in (clause.when, *clause.unless) for gap in _asked(condition, known)}
    for at, condition in enumerate((clause.when, *clause.unless)):
        for gap, way in _doubts(condition, known):
            if gap in asked or gap in noted or gap in taken:
                continue
            noted.add(gap)
            whom = f"{table} {_without(gap, table)}"
            _note(
                "SEG700" if at == 0 else "SEG701",
                way,
                f"{whom} are not in `{segment}` by this condition"
                if at == 0
                else f"{whom} are not taken out by this `unless`",
                gap,
                problems,
            )


def _note_decision(table: str, choice: p.Choice, known: _Known, problems: Problems) -> None:
    """Note the columns that no cell asks for missing values: these fit nothing but `any`, or what is left over."""
    told = [*choice.inputs, *(cell for row in choice.rows for cell in row.cells)]
    asked = {gap for part in told for gap in _asked(part, known)}
    for at, each in enumerate(choice.inputs):
        cells = [row.cells[at] for row in choice.rows]
        indifferent = [isinstance(cell, p.Const) for cell in cells]
        if all(indifferent):
            continue
        where = "fit only the rows with `any` here" if any(indifferent) else "fit no row here, and get `otherwise`"
        for gap, way in _first_ways(_doubts(each, known)):
            if gap not in asked:
                _note("SEG808", way, f"{table} {_without(gap, table)} {where}", gap, problems, "a cell `missing`")


def _note_score(table: str, score: p.Score, known: _Known, problems: Problems) -> None:
    for each in score.characteristics:
        whens = [bin.when for bin in each.bins]
        asked = {gap for part in (*whens, *([each.by] if each.by else [])) for gap in _asked(part, known)}
        where = "get no points here" if each.by is None else "get the points of `otherwise` here"
        said = "`is known`, `is missing` or `default`" if each.by is None else "a bin `missing`"
        for gap, way in _first_ways(_doubts(each.by or whens[0], known)):
            if gap not in asked:
                _note("SEG848", way, f"{table} {_without(gap, table)} {where}", gap, problems, said)


def _note_aggregates(expr: p.Expr, known: _Known, problems: Problems) -> None:
    for part in walk(expr):
        if not isinstance(part, p.Aggregate) or part.where is None:
            continue
        asked = set(_asked(part.where, known))
        noted: set[Gap] = set()
        for gap, way in _doubts(part.where, known):
            if gap not in asked and gap not in noted:
                noted.add(gap)
                _note("SEG702", way, f"{part.source} {_without(gap, part.source)} are left out here", gap, problems)


def _note(
    code: str,
    way: tuple[Span, ...],
    message: str,
    gap: Gap,
    problems: Problems,
    said: str = "`is known`, `is missing` or `default`",
) -> None:
    """`said` is what tells that it is meant."""
    table, field = gap
    name = f"`{table}.{field}`" if field else f"`{table}`"
    problems.note(
        code,
        way[0],
        message,
        labels=[Label(span, f"which reads {name} here") for span in way[1:]],
        hints=[f"{said} says that this is meant; see {code}"],
    )


def _without(gap: Gap, table: str) -> str:
    owner, field = gap
    if field is None:
        return f"without a row in `{owner}`"
    return f"without `{field}`" if owner == table else f"without `{owner}.{field}`"


def _doubts(expr: p.Expr, known: _Known) -> Iterator[Doubt]:
    """What may be missing where `expr` compares it. An aggregate skips what is missing instead."""
    match expr:
        case p.FieldRef(table=table, field=field, span=span):
            owner = known.lineage.tables[table]
            if owner.field_named(field).optional:
                yield (table, field), (span,)
            elif owner.role == "attached":
                yield (table, None), (span,)
        case p.LetRef(table=table, name=name, span=span):
            for gap, way in known.doubts[table, name]:
                yield gap, (span, *way)
        case p.Call(overload="known.any" | "missing.any" | "default.any") | p.Aggregate():
            return
        case _:
            for child in children(expr):
                yield from _doubts(child, known)


def _first_ways(doubts: Iterable[Doubt]) -> tuple[Doubt, ...]:
    """Each gap once, by the first way to it."""
    first: dict[Gap, tuple[Span, ...]] = {}
    for gap, way in doubts:
        first.setdefault(gap, way)
    return tuple(first.items())


def _asked(expr: p.Expr, known: _Known) -> Iterator[Gap]:
    """What the expression asks to be there or not, itself or in its lets."""
    for part in walk(expr):
        match part:
            case p.RowKnown(table=table):
                yield table, None
            case p.Call(overload="known.any" | "missing.any", operands=operands):
                for operand in operands:
                    yield from _within(operand, known)
            case p.LetRef(table=table, name=name):
                yield from known.asked[table, name]
            case _:
                pass


def _within(expr: p.Expr, known: _Known) -> Iterator[Gap]:
    """Every gap that makes `expr` missing: asking for it asks for all of them."""
    for part in walk(expr):
        match part:
            case p.FieldRef(table=table, field=field):
                yield table, field
                if known.lineage.tables[table].role == "attached":
                    yield table, None
            case p.LetRef(table=table, name=name):
                yield from known.within[table, name]
            case _:
                pass


def _taken(condition: p.Expr, known: _Known) -> Iterator[Gap]:
    """The gaps of which each alone makes `condition` true, whatever else the row says."""
    match condition:
        case p.Or(operands=operands):
            for operand in operands:
                yield from _taken(operand, known)
        case p.LetRef(table=table, name=name):
            yield from _taken(known.lineage.lets[table, name].value, known)
        case p.Not(operand=p.RowKnown(table=table)):
            yield table, None
        case (
            p.Call(overload="missing.any", operands=(operand,))
            | p.Not(operand=p.Call(overload="known.any", operands=(operand,)))
        ):
            yield from _emptying(operand, known)
        case _:
            pass


def _emptying(expr: p.Expr, known: _Known) -> Iterator[Gap]:
    """The gaps of which each alone makes `expr` missing. Not all of them where that is not plain to see."""
    match expr:
        case p.FieldRef(table=table, field=field):
            yield table, field
            if known.lineage.tables[table].role == "attached":
                yield table, None
        case p.LetRef(table=table, name=name):
            yield from _emptying(known.lineage.lets[table, name].value, known)
        case p.Not(operand=operand):
            yield from _emptying(operand, known)
        case p.Call(overload=overload, operands=operands) if not overload.startswith(_LENIENT):
            for operand in operands:
                yield from _emptying(operand, known)
        case _:
            pass
