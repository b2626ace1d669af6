"""Whole rule texts: tables, parameters, lets, segmentations."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from segwright.dsl.types import BOOLEAN, INTEGER, NUMBER, PERCENT, Type

from .conditions import condition
from .decided import decision, scorecard
from .draws import Draw, chance, count, pick
from .expressions import value
from .literals import DURATIONS, literals
from .outcomes import followed, judged, measures, tests
from .schema import PURPOSES, VALUE_TYPES, Shape, tables
from .scope import Declared, LetShape, Named, Scope, SegmentationShape

AS_OF_DATES = tuple(
    dt.date.fromisoformat(date)
    for date in (
        "2026-09-01",
        "2026-04-30",  # last day of its month
        "2026-05-31",  # … where clamping bites
        "2024-02-29",
        "2024-02-28",  # not the last day
        "2026-02-28",
        "2025-03-30",
        "2026-12-31",
    )
)


BEYOND = ("decile of", "quintile of", "quartile of", "percentile of", "top ", "previous ")


@dataclass(frozen=True, slots=True)
class Generated:
    """Rules and the date to run them on."""

    text: str
    as_of: dt.date


@st.composite
def programs(draw: Draw, *, whole: bool = False) -> Generated:
    """Rule texts that check clean, with an as-of date on which their windows have boundaries. `whole`: with what
    decides nothing for any row: targets, policies, experiments, guarantees and tests."""
    declared = Declared(pick(draw, AS_OF_DATES), tables(draw))
    parts = [f"purposes {', '.join(PURPOSES)}", *(table.declaration() for table in declared.tables)]
    parameters, declared = _parameters(draw, declared)
    declared = _planned(draw, declared)
    lets, declared = _lets(draw, declared)
    segmentations, declared = _segmentations(draw, declared)
    rules = [*parameters, *lets, *segmentations, *_watched(declared)]
    of = {table.name: _of(draw, declared, table) for table in declared.tables}
    measured, known = measures(draw, declared, of)
    rules += [*measured, *followed(draw, declared, of, known)]
    if whole:
        rules += [*judged(draw, declared, known), *tests(draw, declared)]
    if chance(draw, 20):
        rules.reverse()  # "Declarations may stand in any order"
    return Generated("\n".join([*parts, *rules]) + "\n", declared.as_of)


# -- parameters and lets -----------------------------------------------------------------------------------------


def _parameters(draw: Draw, declared: Declared) -> tuple[list[str], Declared]:
    texts: list[str] = []
    found: list[Named] = []
    shares: list[str] = []
    for number in range(pick(draw, (0, 1, 2, 3))):
        kind = pick(draw, ("duration", "integer", "number", "percent", "text", "date", "boolean"))
        type_ = Type(kind)
        said = pick(draw, literals(type_, declared.as_of))
        if kind == "number" and "." not in said:
            type_ = INTEGER if "%" not in said else Type("percent")
        elif kind == "number" and "%" in said:
            type_ = Type("percent")
        name = f"parameter{number}"
        if kind == "duration":
            said = pick(draw, DURATIONS)
            name += "_" + said.replace(" ", "_")
        if type_ == PERCENT and not said.startswith("-"):
            shares.append(name)
        texts.append(f"parameter {name} = {said}")
        found.append(Named(name, type_, optional=False))
    return texts, replace(declared, parameters=tuple(found), shares=tuple(shares))


def _lets(draw: Draw, declared: Declared) -> tuple[list[str], Declared]:
    texts: list[str] = []
    # Children's lets first, so that their parents can aggregate them; a chance for every order among the rest.
    with_rows = [table for table in declared.tables if table.role in ("root", "child")]
    for number in range(pick(draw, (2, 6, 10, 14, 0))):
        table = pick(draw, (with_rows[0], *with_rows))
        scope = Scope(declared, table, plain=chance(draw, 25), ranked=chance(draw, 50))
        kind = pick(draw, ("let",) * 6 + ("decision", "decision", "scorecard"))
        of = f" of {table.name}" if table.role == "child" or _is_ambiguous(declared) or chance(draw, 50) else ""
        made = _let(draw, scope, number, of) if kind == "let" else _decided(draw, scope, kind, number, of)
        if made is None:
            continue
        text, let = made
        texts.append(text)
        # Names of segmentations are unknown yet, so a let never asks for one; aggregates make it more than its row.
        plain = scope.plain and not any(each.name in text for each in declared.lets if not each.plain)
        beyond = any(words in text for words in BEYOND)
        beyond = beyond or any(each.name in text for each in declared.lets if each.beyond)
        let = replace(let, plain=plain, ranked=scope.ranked, beyond=beyond)
        declared = replace(declared, lets=(*declared.lets, let))
    return texts, declared


def _let(draw: Draw, scope: Scope, number: int, of: str) -> tuple[str, LetShape]:
    type_ = pick(draw, (INTEGER, NUMBER, Type("money", 2), PERCENT, PERCENT, *VALUE_TYPES))
    found = value(draw, scope, type_, 2)
    if found is None or type_.kind == "boolean":
        text, type_, optional = condition(draw, scope, 2), BOOLEAN, False
    else:
        text, type_, optional = found.text, found.type, found.optional
    # DuckDB does not tell case apart, the language does.
    other_case = [column.name.upper() for column in scope.table.columns if column.name.upper() != column.name]
    name = pick(draw, (f"let{number}",) * 8 + (f"maß{number}", f"`let {number}`", *other_case[:1]))
    if name in {let.name for let in scope.declared.lets}:
        name = f"let{number}"
    return f"let {name}{of} = {text}", LetShape(scope.table.name, name, type_, optional)


def _decided(draw: Draw, scope: Scope, kind: str, number: int, of: str) -> tuple[str, LetShape] | None:
    name = f"{kind}{number}"
    found = (decision if kind == "decision" else scorecard)(draw, scope, name, of)
    if found is None:
        return None
    return found.text, LetShape(scope.table.name, name, found.type, False, decided=True, scorecard=kind == "scorecard")


def _is_ambiguous(declared: Declared) -> bool:
    return sum(table.role == "root" for table in declared.tables) > 1


# -- segmentations -----------------------------------------------------------------------------------------------


def _planned(draw: Draw, declared: Declared) -> Declared:
    """The names of all segmentations and segments, so that the run before can be asked of any of them."""
    found: list[SegmentationShape] = []
    with_rows = [table for table in declared.tables if table.role in ("root", "child")]
    for number in range(pick(draw, (1, 2, 3))):
        table = with_rows[0] if number == 0 else pick(draw, with_rows)
        exclusive = not chance(draw, 35)
        names: list[str] = []
        for at in range(count(draw, 1, 4)):
            names.append(pick(draw, (f"s{number}_{at}",) * 8 + (f"S{number}_{max(at - 1, 0)}", f"`s {number}'{at}`")))
            if names.count(names[-1]) > 1:
                names[-1] = f"s{number}_{at}"
        if exclusive:
            names.append("rest" if chance(draw, 50) else f"rest{number}")
        found.append(SegmentationShape(table.name, f"seg{number}", exclusive, tuple(names)))
    return replace(declared, planned=tuple(found))


def _segmentations(draw: Draw, declared: Declared) -> tuple[list[str], Declared]:
    texts: list[str] = []
    for shape in declared.planned:
        texts.append(_segmentation(draw, declared, shape))
        declared = replace(declared, segmentations=(*declared.segmentations, shape))
        for _ in range(pick(draw, (0, 1, 2))):
            text, declared = _asking(draw, declared, shape)
            texts += text
    return texts, declared


def _asking(draw: Draw, declared: Declared, shape: SegmentationShape) -> tuple[list[str], Declared]:
    """A decision, scorecard or let that may ask for segments, for segmentations further on to read."""
    table, number = declared.table(shape.table), 100 + len(declared.lets)
    scope, of = Scope(declared, table, asking=True), f" of {table.name}"
    kind = pick(draw, ("decision", "scorecard", "let"))
    if kind == "let":
        name, reckoned = f"asking{number}", value(draw, scope, INTEGER, 2) if chance(draw, 40) else None
        text = f"let {name}{of} = {reckoned.text if reckoned else condition(draw, scope, 1)}"
        let = LetShape(
            table.name, name, INTEGER if reckoned else BOOLEAN, optional=bool(reckoned and reckoned.optional)
        )
    else:
        made = _decided(draw, scope, kind, number, of)
        if made is None:
            return [], declared
        text, let = made
    return [text], replace(declared, lets=(*declared.lets, replace(let, beyond=True, asking=True)))


def _watched(declared: Declared) -> list[str]:
    """Segmentations that ask for every let, so that all of them are worked out and can be compared."""
    texts: list[str] = []
    for table in declared.tables:
        own = [let for let in declared.lets if let.table == table.name]
        if own:
            segments = [f"  segment w{number} when {let.name} is known" for number, let in enumerate(own)]
            head = f"segmentation watched_{table.name} of {table.name}\n  overlapping\n  purpose {PURPOSES[0]}"
            texts.append("\n".join([head, *segments]))
    return texts


def _segmentation(draw: Draw, declared: Declared, shape: SegmentationShape) -> str:
    table = declared.table(shape.table)
    scope = Scope(declared, table)
    purposes = _consented(declared, table)
    lines = [f"segmentation {shape.name}{_of(draw, declared, table)}"]
    lines.append("  first match wins" if shape.exclusive else "  overlapping")
    if not shape.exclusive and chance(draw, 40):
        lines.append(f"  at most {pick(draw, (1, 1, 2, 3))} segments each")
    lines.append(f"  purpose {PURPOSES[0]}")
    if chance(draw, 12):
        lines.append(f"  unless {condition(draw, scope, 1)}")
    if purposes and chance(draw, 20):
        lines.append(f"  needs consent for {pick(draw, purposes)}")
    for name in shape.segments[: -1 if shape.exclusive else None]:
        lines.append(f"  segment {name}")
        lines += _items(draw, scope, purposes)
    if shape.exclusive:
        lines += [f"  otherwise {shape.segments[-1]}", *_reasons(draw, scope)]
    return "\n".join(lines)


def _of(draw: Draw, declared: Declared, table: Shape) -> str:
    return f" of {table.name}" if table.role == "child" or _is_ambiguous(declared) or chance(draw, 50) else ""


def _consented(declared: Declared, table: Shape) -> list[str]:
    """The purposes that a field of `table` or of one of its parents carries consent for."""
    owners = [table]
    while owners[-1].parent is not None:
        owners.append(declared.table(owners[-1].parent))
    return [
        purpose
        for purpose in PURPOSES
        if any(column.name == f"{purpose}_consent" for owner in owners for column in owner.columns)
    ]


def _items(draw: Draw, scope: Scope, purposes: list[str]) -> list[str]:
    lines: list[str] = []
    as_of = scope.declared.as_of
    for _ in range(pick(draw, (1, 1, 1, 2, 3))):
        lines.append(f"    when {condition(draw, scope, 2)}")
        if chance(draw, 25):
            lines.append(f"    unless {condition(draw, scope, 1)}")
    if purposes and chance(draw, 15):
        lines.append(f"    needs consent for {pick(draw, purposes)}")
    lines += _reasons(draw, scope)
    if chance(draw, 8):
        lines.append(f"    from {as_of + dt.timedelta(days=pick(draw, (0, 1, -1)))}")
    elif chance(draw, 8):
        lines.append(f"    until {as_of + dt.timedelta(days=pick(draw, (0, -1, 1)))}")
    return lines


def _reasons(draw: Draw, scope: Scope) -> list[str]:
    """What notices carry: codes of the segment's own, and those of scorecards."""
    own = [f'    reason {code} "text of {code}"' for code in ("S1", "R1", "R2") if chance(draw, 8)]
    scorecards = [let.name for let in scope.declared.lets if let.scorecard and let.table == scope.table.name]
    taken = [f"    reasons from {name}" for name in scorecards if chance(draw, 50)]
    return [*taken, *own] if chance(draw, 30) else [*own, *taken]
