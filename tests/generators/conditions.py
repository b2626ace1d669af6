"""Conditions as source text: comparisons on boundaries, Kleene logic, references to other segmentations."""

from __future__ import annotations

from segwright.dsl.types import INTEGER, NUMBER, Type

from .draws import Draw, chance, count, pick
from .literals import LARGEST, SEARCHED, literals, quoted
from .scope import Named, Scope, SegmentationShape

OPERATORS = (">=", "<", "=", "!=", "<=", ">", "is", "is not", "at least", "at most", "above", "below", "is below")


def condition(draw: Draw, scope: Scope, depth: int) -> str:
    """A condition, which may be a chain of `and` or `or`."""
    if depth <= 0 or not chance(draw, 45):
        return _leaf(draw, scope, max(depth, 1))
    operator = pick(draw, ("and", "or", "not"))
    if operator == "not":
        return f"not ({condition(draw, scope, depth - 1)})"
    parts = [condition(draw, scope, depth - 1) for _ in range(count(draw, 2, 3))]
    return f" {operator} ".join(f"({part})" for part in parts)


def _leaf(draw: Draw, scope: Scope, depth: int) -> str:
    question = segment_question(draw, scope) if scope.asking and chance(draw, 50) else None
    if question is not None:
        return question
    makers = [_comparison, _comparison, _comparison, _missing, _between, _one_of, _text_test, _boolean]
    if scope.attached():
        makers.append(_row_known)
    if not scope.plain:
        makers += [_quantified] if scope.sources() else []
        if not scope.ranked:
            makers += [segment_question] * 2 if _asked(scope) else []
            makers += [previous] if _planned(scope) else []
            makers.append(_standing)
    for _ in range(4):
        found = pick(draw, makers)(draw, scope, depth)
        if found is not None:
            return found
    return f"{scope.table.key or scope.table.by} is known"


def _operand(draw: Draw, scope: Scope, depth: int, kinds: tuple[str, ...] | None = None) -> tuple[str, Type] | None:
    """Something that is no literal, and its type: a name, or an expression of a type that names have."""
    from .expressions import value

    names = [named for named in scope.names if kinds is None or named.type.kind in kinds]
    names = [named for named in names if named.type.kind != "duration"]
    if not names:
        return None
    named: Named = pick(draw, names)
    if depth <= 0 or not chance(draw, 50):
        return named.text, named.type
    wanted = pick(draw, (named.type, INTEGER, NUMBER, *_of_sources(scope))) if kinds is None else named.type
    found = value(draw, scope, wanted, depth)
    return (named.text, named.type) if found is None else (found.text if found.name else f"({found.text})", found.type)


def _of_sources(scope: Scope) -> list[Type]:
    """The types of what can be aggregated here."""
    if scope.plain:
        return []
    types = [column.type for source in scope.sources() for column in source.columns]
    return [type_ for type_ in dict.fromkeys(types) if type_.choices is None]


def _other(draw: Draw, scope: Scope, type_: Type) -> str:
    """What an operand of `type_` is compared with: a literal, a parameter, another name that it compares with."""
    # Timestamps have no literals of their own, and money of two scales meets in names only.
    if chance(draw, 60 if type_.kind in ("timestamp", "money") else 30):
        fitting = [named.text for named in scope.names if _comparable(named.type, type_)]
        if fitting:
            return pick(draw, fitting)
    return pick(draw, literals(type_, scope.declared.as_of))


def _comparable(one: Type, other: Type) -> bool:
    if one.kind == other.kind:
        # A parameter's text that is not on the list is an error, so text meets text, and lists meet lists.
        return (one.choices is None) == (other.choices is None)
    kinds = {one.kind, other.kind}
    return kinds in (
        {"integer", "money"},
        {"integer", "number"},
        {"money", "number"},
        {"percent", "number"},
        {"date", "timestamp"},
    )


def _comparison(draw: Draw, scope: Scope, depth: int) -> str | None:
    operand = _operand(draw, scope, depth)
    if operand is None:
        return None
    text, type_ = operand
    operators = ("=", "!=", "is", "is not") if type_.kind == "boolean" else OPERATORS
    other = _other(draw, scope, type_)
    if type_.kind == "integer" and chance(draw, 3):
        return f"{text} {pick(draw, ('<', '='))} {LARGEST}"
    if chance(draw, 10):
        return f"{other} {pick(draw, operators[:4])} {text}"
    return f"{text} {pick(draw, operators)} {other}"


def _missing(draw: Draw, scope: Scope, depth: int) -> str | None:
    operand = _operand(draw, scope, depth)
    return None if operand is None else f"{operand[0]} is {pick(draw, ('missing', 'known'))}"


def _between(draw: Draw, scope: Scope, depth: int) -> str | None:
    operand = _operand(draw, scope, depth, ("integer", "number", "percent", "money", "date", "timestamp", "text"))
    if operand is None:
        return None
    text, type_ = operand
    low, high = _other(draw, scope, type_), _other(draw, scope, type_)
    written = literals(type_, scope.declared.as_of)
    if low in written and high in written:
        # The rules may not say that nothing lies between.
        low, high = sorted((low, high), key=lambda literal: order(literal, type_))
    return f"{text} between {low} and {high}"


def order(literal: str, type_: Type) -> float | str:
    """What a literal of `type_` compares by."""
    if type_.kind in ("integer", "number", "percent", "money"):
        return float(literal.replace("_", "").removesuffix("%")) / (100 if "%" in literal else 1)
    return literal[1:-1].replace('\\"', '"').replace("\\\\", "\\") if type_.kind == "text" else literal


def _one_of(draw: Draw, scope: Scope, depth: int) -> str | None:
    operand = _operand(draw, scope, depth, ("text", "integer", "money", "percent", "number", "date"))
    if operand is None:
        return None
    text, type_ = operand
    options = [pick(draw, literals(type_, scope.declared.as_of)) for _ in range(count(draw, 1, 3))]
    return f"{text} {pick(draw, ('is one of', 'is not one of'))} ({', '.join(dict.fromkeys(options))})"


def _text_test(draw: Draw, scope: Scope, depth: int) -> str | None:
    operand = _operand(draw, scope, depth, ("text",))
    if operand is None:
        return None
    return f"{operand[0]} {pick(draw, ('starts with', 'contains'))} {quoted(pick(draw, SEARCHED))}"


def _boolean(draw: Draw, scope: Scope, depth: int) -> str | None:
    operand = _operand(draw, scope, depth, ("boolean",))
    return None if operand is None else operand[0]


def _row_known(draw: Draw, scope: Scope, depth: int) -> str:
    del depth
    return f"{pick(draw, scope.attached())} is {pick(draw, ('known', 'missing'))}"


def _quantified(draw: Draw, scope: Scope, depth: int) -> str | None:
    from .expressions import quantified

    return quantified(draw, scope, max(depth, 1))


def _standing(draw: Draw, scope: Scope, depth: int) -> str | None:
    from .expressions import standing

    found = standing(draw, scope, max(depth, 1))
    return None if found is None else f"({found})" if chance(draw, 10) else found


# -- references to other segmentations ----------------------------------------------------------------------------


def _asked(scope: Scope) -> list[SegmentationShape]:
    """The segmentations that can be asked here."""
    if scope.plain or scope.ranked:
        return []
    return [found for found in scope.declared.segmentations if found.table == scope.table.name]


def segment_question(draw: Draw, scope: Scope, depth: int = 0) -> str | None:
    """In which segment the row is; None where there is no segmentation to ask."""
    del depth
    if not _asked(scope):
        return None
    asked = pick(draw, _asked(scope))
    if not asked.exclusive:
        return f"{asked.name} includes {pick(draw, asked.segments)}"
    # One question is not asked in two ways: a table may not have one column twice.
    segments = sorted({pick(draw, asked.segments) for _ in range(count(draw, 1, 2))})
    if len(segments) == 1:
        return f"{asked.name} {pick(draw, ('is', 'is not'))} {segments[0]}"
    return f"{asked.name} {pick(draw, ('is one of', 'is not one of'))} ({', '.join(segments)})"


def _planned(scope: Scope) -> list[SegmentationShape]:
    """The segmentations of which the run before can be asked."""
    return [found for found in scope.declared.planned if found.table == scope.table.name and found.exclusive]


def previous(draw: Draw, scope: Scope, depth: int = 0) -> str | None:
    """In which segment the row was in the run before; None where there is no segmentation to ask."""
    del depth
    if not _planned(scope):
        return None
    asked = pick(draw, _planned(scope))
    how = pick(draw, ("is", "is not", "is one of", "is not one of", "is missing", "is known"))
    if how in ("is missing", "is known"):
        return f"previous {asked.name} {how}"
    if how in ("is", "is not"):
        return f"previous {asked.name} {how} {pick(draw, asked.segments)}"
    segments = [pick(draw, asked.segments) for _ in range(count(draw, 1, 3))]
    return f"previous {asked.name} {how} ({', '.join(dict.fromkeys(segments))})"
