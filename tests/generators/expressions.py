"""Values of a wanted type, and the aggregates, as source text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from segwright.dsl.types import BOOLEAN, INTEGER, NUMBER, PERCENT, Type

from .conditions import condition
from .draws import Draw, chance, pick
from .literals import DURATIONS, literals
from .schema import Shape
from .scope import Named, Scope

NUMERIC = ("integer", "number", "percent", "money")
ORDERED = (*NUMERIC, "text", "date", "timestamp")


@dataclass(frozen=True, slots=True)
class Value:
    """An expression. `name`: it is a bare or dotted name or stands in parentheses, so `default` and `from` may
    follow. `optional`: the checker knows that it can be missing."""

    text: str
    type: Type
    optional: bool
    name: bool = False

    def enclosed(self) -> str:
        """The text, in parentheses unless it is a name."""
        return self.text if self.name else f"({self.text})"


def value(draw: Draw, scope: Scope, type_: Type, depth: int) -> Value | None:
    """An expression of `type_`; None where nothing of that type can be said here."""
    names = [_from_name(named) for named in scope.names if _same(named.type, type_)]
    kinds: list[Sequence[Maker]] = [names] * 2
    if depth > 0:
        kinds += [_arithmetic(scope, type_, depth)] * 2 + [_since(scope, type_, depth)] * 2
        kinds += [_aggregates(scope, type_, depth)] * 4 + [_bands(scope, type_, depth)]
    kinds = [makers for makers in kinds if makers]
    if not kinds:
        return None
    for _ in range(3):
        found = pick(draw, pick(draw, kinds))(draw)
        if found is not None:
            return _defaulted(draw, scope, found)
    return None


def _same(one: Type, other: Type) -> bool:
    return one.kind == other.kind and one.scale == other.scale


Maker = Callable[[Draw], Value | None]


def _from_name(named: Named) -> Maker:
    return lambda _draw: Value(named.text, named.type, named.optional, name=True)


def _defaulted(draw: Draw, scope: Scope, found: Value) -> Value:
    if not found.optional or not chance(draw, 12):
        return found
    parameters = [p.text for p in scope.declared.parameters if p.type == found.type]
    instead = pick(draw, (*literals(found.type, scope.declared.as_of), *parameters))
    return Value(f"{found.enclosed()} default {instead}", found.type, optional=False)


def _arithmetic(scope: Scope, type_: Type, depth: int) -> list[Maker]:
    if type_.kind not in NUMERIC:
        return []

    def make(draw: Draw) -> Value | None:
        operator = pick(draw, ("+", "-", "*", "negative", *(["/"] if type_.kind == "number" else [])))
        if type_.kind == "percent" and operator == "*":
            operator = "+"
        left_type = pick(draw, (type_, INTEGER, PERCENT, Type("money", 2))) if operator == "/" else type_
        left = value(draw, scope, left_type, depth - 1)
        if left is None:
            return None
        if operator == "negative":
            return Value(f"-{left.enclosed()}", type_, left.optional)
        right_type = left_type
        if operator == "*":
            right_type = NUMBER if type_.kind == "number" else INTEGER
        right = value(draw, scope, right_type, depth - 1) if chance(draw, 40) else None
        said = right.enclosed() if right else pick(draw, literals(right_type, scope.declared.as_of))
        infinite = type_.kind in ("number", "percent")
        optional = left.optional or (right is not None and right.optional) or infinite
        return Value(f"{left.enclosed()} {operator} {said}", type_, optional)

    return [make]


def _since(scope: Scope, type_: Type, depth: int) -> list[Maker]:
    if type_.kind != "integer":
        return []

    def make(draw: Draw) -> Value | None:
        when = value(draw, scope, Type(pick(draw, ("date", "timestamp"))), depth - 1)
        if when is None:
            return None
        unit = pick(draw, ("days", "months", "years", "months"))
        return Value(f"{unit} since {when.enclosed()}", INTEGER, when.optional)

    return [make]


# -- relative to everybody ---------------------------------------------------------------------------------------

RANKED = (*NUMERIC, "date", "timestamp")


def _bands(scope: Scope, type_: Type, depth: int) -> list[Maker]:
    if type_.kind != "integer" or scope.plain or scope.ranked:
        return []

    def make(draw: Draw) -> Value | None:
        of = ranked(draw, scope, depth - 1)
        function = pick(draw, ("decile", "quintile", "quartile"))
        return None if of is None else Value(f"{function} of {of.enclosed()}", INTEGER, of.optional)

    return [make]


def ranked(draw: Draw, scope: Scope, depth: int) -> Value | None:
    """What everybody can be put in order by."""
    within = replace(scope, ranked=True)
    types = [named.type for named in within.names if named.type.kind in RANKED]
    types += [INTEGER, Type("money", 2), NUMBER] if within.sources() else []
    return value(draw, within, pick(draw, types), depth) if types else None


def standing(draw: Draw, scope: Scope, depth: int) -> str | None:
    """`top 10% by x`, `percentile of x >= 90%`: a condition."""
    of = None if scope.plain or scope.ranked else ranked(draw, scope, depth - 1)
    if of is None:
        return None
    shares = ("50%", "30%", "10%", "25%", "33.3333333%", "66.6666667%", "100%", "0%")
    if chance(draw, 40):
        return f"top {pick(draw, shares)} by {of.enclosed()}"
    if chance(draw, 15):
        low, high = sorted((pick(draw, shares), pick(draw, shares)), key=lambda said: float(said[:-1]))
        return f"percentile of {of.enclosed()} between {low} and {high}"
    share = pick(draw, (*shares, *scope.declared.shares * 3))
    return f"percentile of {of.enclosed()} {pick(draw, ('>=', '>', '<', '<=', '=', '!='))} {share}"


# -- aggregates --------------------------------------------------------------------------------------------------


def _aggregates(scope: Scope, type_: Type, depth: int) -> list[Maker]:
    if scope.plain:
        return []
    return [
        _aggregate(source, scope, function, type_, depth)
        for source in scope.sources()
        for function in _functions(source, type_)
    ]


def _aggregate(source: Shape, scope: Scope, function: str, type_: Type, depth: int) -> Maker:
    def make(draw: Draw) -> Value | None:
        result = type_
        if function == "count":
            head = f"count of {source.name}"
        elif function in ("any", "no"):
            head = f"{function} {source.name}"
        else:
            rows = scope.of(source)
            types = [named.type for named in rows.names if named.type.kind in _operands(function, type_)]
            own = [type_] if function in SAME_TYPE else one_of_each_kind(types)
            inner = value(draw, rows, pick(draw, own), depth - 1) if own else None
            if inner is None:
                return None
            head = f"{function} of {inner.enclosed()} from {source.name}"
            if function in SAME_TYPE:
                result = inner.type  # a closed list stays one
        optional = function not in ("count", "any", "no", "sum", "distinct count")
        return Value(_restricted(draw, source, scope, head), result, optional)

    return make


def one_of_each_kind(types: Iterable[Type]) -> list[Type]:
    """A type of each kind, so that each is picked as often however many names have it."""
    return list({each.kind: each for each in types}.values())


SAME_TYPE = ("max", "min", "sum", "latest", "first")
"""The functions that keep their operand's type."""


def _functions(source: Shape, type_: Type) -> tuple[str, ...]:
    """The functions that give `type_` over the rows of `source`."""
    over_time = ("latest", "first") if source.role == "events" else ()
    numeric = ("sum", "sum") if type_.kind in NUMERIC else ()
    ordered = ("max", "min") if type_.kind in ORDERED else ()
    own: tuple[str, ...] = ()
    match type_.kind:
        case "integer":
            own = ("count", "distinct count", "distinct count")
        case "number":
            own = ("average", "median", *(("trend per month",) if source.role == "events" else ()))
        case "boolean":
            own = ("any", "no")
        case _:
            pass
    return (*own, *ordered, *numeric, *over_time)


def _operands(function: str, type_: Type) -> tuple[str, ...]:
    if function in ("average", "median", "trend per month"):
        return NUMERIC
    return (*ORDERED, "boolean") if function == "distinct count" else (type_.kind,)


def _restricted(draw: Draw, source: Shape, scope: Scope, head: str) -> str:
    """The head with its `where` and window."""
    where = f" where {condition(draw, scope.of(source), 1)}" if chance(draw, 40) else ""
    if source.role == "child":
        return f"({head}{where})" if where else head
    return f"{head}{where} {window(draw, scope)}"


def window(draw: Draw, scope: Scope) -> str:
    """`ever` or `in last …`, perhaps with `except last …`, lengths written out or of a parameter."""
    if chance(draw, 25):
        return "ever"
    lengths = (*DURATIONS, *[p.text for p in scope.declared.parameters if p.type.kind == "duration"] * 3)
    longer, shorter = pick(draw, lengths), pick(draw, lengths)
    if not chance(draw, 20) or _days(longer) == _days(shorter):
        return f"in last {longer}"
    # The rules may not say that nothing is left.
    longer, shorter = sorted((longer, shorter), key=_days, reverse=True)
    return f"in last {longer} except last {shorter}"


def _days(length: str) -> float:
    """About how many days; parameters carry their length in their name."""
    amount, unit = length.replace("_", " ").split()[-2:]
    return int(amount) * {"d": 1.0, "m": 30.5, "y": 366.0}[unit[0]]


def quantified(draw: Draw, scope: Scope, depth: int) -> str | None:
    """`any …` or `no …` as a condition; None where there is nothing to ask about."""
    if scope.plain or not scope.sources():
        return None
    source = pick(draw, scope.sources())
    found = _aggregate(source, scope, pick(draw, ("any", "no")), BOOLEAN, depth)(draw)
    return None if found is None else f"({found.text})"
