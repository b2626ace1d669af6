"""Decision tables and scorecards as source text: rows and bins that meet on the boundaries of what they look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from segwright.dsl.types import BOOLEAN, INTEGER, Type

from .conditions import condition, order
from .draws import Draw, chance, count, pick
from .expressions import value
from .literals import literals, quoted
from .scope import Scope

ORDERED = ("integer", "number", "percent", "money", "date", "timestamp")
RESULTS = (
    Type("text", choices=("A", "B", "C")),
    BOOLEAN,
    INTEGER,
    Type("number"),
    Type("percent"),
    Type("date"),
    Type("text", choices=("app", "web", "é")),
)
CODES = ("R1", "R2", "R3", "R4", "R5", "R6", "R7")
POINTS = ("+40", "15", "-20", "0", "10", "-60", "-20", "+10", "-5", "30")


@dataclass(frozen=True, slots=True)
class Input:
    """What cells look at. `optional`: the checker knows that it can be missing."""

    text: str
    type: Type
    optional: bool


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision or scorecard: its text and the type of what it says."""

    text: str
    type: Type


# -- decision tables ---------------------------------------------------------------------------------------------


def decision(draw: Draw, scope: Scope, name: str, of: str) -> Decided | None:
    """A decision table; None where there is nothing to decide by."""
    inputs = _inputs(draw, scope, count(draw, 1, 3))
    if not inputs:
        return None
    result, results = _results(draw, scope)
    unique = chance(draw, 35)
    # Rows that part by their first cell are at most one, and every value is in one of them.
    first = _parts(draw, scope, inputs[0]) if unique or chance(draw, 30) else None
    whole = first is not None and chance(draw, 50)
    rows = [
        [cell, *(_cell(draw, scope, each, whole=whole) for each in inputs[1:])]
        for cell in (first or [_cell(draw, scope, inputs[0]) for _ in range(count(draw, 1, 4))])
    ]
    if unique and first is not None and not whole and len(rows) > 1 and chance(draw, 50):
        del rows[draw_index(draw, len(rows))]
    used = [pick(draw, results) for _ in rows]
    lines = [f"decision {name}{of} {'unique' if unique and first else 'first'}"]
    lines.append(_line([*(each.text for each in inputs), f"=> {name}"]))
    lines += [_line([*cells, said]) for cells, said in zip(rows, used, strict=True)]
    if not whole or chance(draw, 20):
        used.append(pick(draw, results))
        lines.append(_line(["otherwise", used[-1]]))
    if result.choices is not None:
        result = Type("text", choices=tuple(dict.fromkeys(each[1:-1] for each in used)))
    return Decided("\n".join(lines), result)


def draw_index(draw: Draw, length: int) -> int:
    """A place in a list; shrinks to the first."""
    return count(draw, 0, length - 1)


def _line(cells: Sequence[str]) -> str:
    return f"  | {' | '.join(cells)} |"


def _results(draw: Draw, scope: Scope) -> tuple[Type, tuple[str, ...]]:
    """The type of the results, and some that there may be."""
    type_ = pick(draw, RESULTS)
    if type_.choices is not None:
        return type_, tuple(quoted(choice) for choice in type_.choices)
    said = tuple(
        literal
        for literal in literals(type_, scope.declared.as_of)
        if type_.kind != "number" or ("." in literal and "%" not in literal)
    )
    parameters = tuple(each.text for each in scope.declared.parameters if each.type == type_)
    return type_, (*said[:3], *parameters)


def _inputs(draw: Draw, scope: Scope, most: int) -> list[Input]:
    """Different things to look at: names, conditions, what is reckoned."""
    names = [each for each in scope.names if each not in scope.declared.parameters]
    found: dict[str, Input] = {}
    for _ in range(most):
        kind = pick(draw, ("condition", "name") if scope.asking else ("name",) * 4 + ("value", "condition"))
        if kind == "name" and names:
            named = pick(draw, names)
            found.setdefault(named.text, Input(named.text, named.type, named.optional))
        elif kind == "value":
            made = value(draw, scope, pick(draw, (INTEGER, Type("money", 2), Type("percent"))), 2)
            if made is not None and _differs_by_row(scope, made.text):
                found.setdefault(made.text, Input(made.text, made.type, made.optional))
        elif kind == "condition":
            said = condition(draw, scope, 0)
            if _differs_by_row(scope, said):
                found.setdefault(said, Input(said, BOOLEAN, optional=True))
    return list(found.values())


def _differs_by_row(scope: Scope, said: str) -> bool:
    """Whether more than parameters and literals is looked at."""
    names = [each.text for each in scope.names if each not in scope.declared.parameters]
    names += [each.name for each in scope.declared.segmentations]
    return any(name in said for name in names)


# -- cells -------------------------------------------------------------------------------------------------------


def _cell(draw: Draw, scope: Scope, each: Input, *, whole: bool = False) -> str:
    if whole or chance(draw, 20):
        return "any"
    if chance(draw, 15):
        return pick(draw, ("missing", "known"))
    return _ordered(draw, scope, each) if each.type.kind in ORDERED else _listed(draw, scope, each)


def _ordered(draw: Draw, scope: Scope, each: Input) -> str:
    low, high = _two(draw, scope, each.type)
    ends = pick(draw, ("compare", "compare", "half", "closed", "words", "list", "open"))
    match ends:
        case "half" if low != high:
            return f"[{low}..{high})"
        case "open" if low != high:
            return f"({low}..{high}]"
        case "closed":
            return f"[{low}..{high}]"
        case "words":
            return f"from {low} to {high}"
        case "list" if low != high:
            return f"{low}, {high}"
        case _:
            operator = pick(draw, (">=", "<", ">", "<=", "=", "!=", "below", "above", "at least"))
            return f"{operator} {pick(draw, (low, high, *_parameters(scope, each.type)))}"


def _listed(draw: Draw, scope: Scope, each: Input) -> str:
    options = literals(each.type, scope.declared.as_of)
    if each.type.kind == "boolean":
        return pick(draw, options)
    found = [pick(draw, options) for _ in range(count(draw, 1, 3))]
    return ", ".join(dict.fromkeys(found))


def _parameters(scope: Scope, type_: Type) -> tuple[str, ...]:
    return tuple(each.text for each in scope.declared.parameters if each.type == type_)


def _two(draw: Draw, scope: Scope, type_: Type) -> tuple[str, str]:
    """Two values, the lower first."""
    options = _in_order(scope, type_)
    low, high = sorted((draw_index(draw, len(options)), draw_index(draw, len(options))))
    return options[low], options[high]


def _in_order(scope: Scope, type_: Type) -> list[str]:
    said = [each for each in literals(type_, scope.declared.as_of) if type_.kind != "number" or "%" not in each]
    return sorted(dict.fromkeys(said), key=lambda literal: order(literal, type_))


# -- cells that part everything ----------------------------------------------------------------------------------


def _parts(draw: Draw, scope: Scope, each: Input) -> list[str]:
    """Cells of which exactly one fits every value, missing included."""
    match each.type.kind:
        case "boolean":
            found = ["true", "false"]
        case "text" if each.type.choices is not None:
            found = _groups(draw, [quoted(choice) for choice in each.type.choices])
        case "text":
            found = ['< "b"', '>= "b"']
        case _:
            found = _pieces(draw, _in_order(scope, each.type), dense=each.type.kind == "number")
    # Whether a condition can be unknown, nobody keeps account of here.
    return [*found, "missing"] if each.optional or each.type.kind == "boolean" else found


def _groups(draw: Draw, options: list[str]) -> list[str]:
    cut = count(draw, 1, len(options))
    return [", ".join(part) for part in (options[:cut], options[cut:]) if part]


def _pieces(draw: Draw, options: list[str], *, dense: bool) -> list[str]:
    """The whole line in pieces: each end belongs to one of the two that meet there, of values that are not `dense`
    always to the same one, or there might be none between."""
    places = sorted({draw_index(draw, len(options)) for _ in range(count(draw, 1, 3))})
    always = chance(draw, 40)
    ends = [(options[place], chance(draw, 40) if dense else always) for place in places]
    first, last = ends[0], ends[-1]
    found = [f"<= {first[0]}" if first[1] else f"below {first[0]}"]
    for (low, low_below), (high, high_below) in pairwise(ends):
        found.append(f"{'(' if low_below else '['}{low}..{high}{']' if high_below else ')'}")
    return [*found, f"> {last[0]}" if last[1] else f"at least {last[0]}"]


# -- scorecards --------------------------------------------------------------------------------------------------


def scorecard(draw: Draw, scope: Scope, name: str, of: str) -> Decided | None:
    """A scorecard; None where there is nothing to give points for."""
    inputs = _inputs(draw, scope, count(draw, 1, 4))
    lines = [f"scorecard {name}{of}{pick(draw, (' starts at 500', ' starts at -20', ''))}"]
    for each in inputs:
        if each.type.kind == "boolean" and chance(draw, 50):
            lines.append(f"  when {each.text} then {_points(draw)}")
        else:
            lines += [f"  by {each.text if _is_name(scope, each) else f'({each.text})'}", *_bins(draw, scope, each)]
    for _ in range(count(draw, 0, 2)):
        said = condition(draw, scope, 1)
        if _differs_by_row(scope, said):
            lines.append(f"  when {said} then {_points(draw)}")
    return Decided("\n".join(lines), INTEGER) if len(lines) > 1 else None


def _is_name(scope: Scope, each: Input) -> bool:
    return any(named.text == each.text for named in scope.names)


def _bins(draw: Draw, scope: Scope, each: Input) -> list[str]:
    parts = _parts(draw, scope, each)
    if len(parts) > 1 and chance(draw, 40):
        parts = [*parts[:-1], "otherwise"]
    return [f"    {part} {_points(draw)}" for part in parts]


def _points(draw: Draw) -> str:
    points = pick(draw, POINTS)
    code = pick(draw, (None, *CODES))
    return points if code is None else f'{points} reason {code} "text of {code}"'
