"""What differs between two expressions over the rows of one table, both in the words of the new program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ...dsl import program as p
from ...dsl.builtins import BY_OVERLOAD
from ...dsl.source import Span
from ...dsl.wording import window_wording, wording
from .conditions import alternatives, asked, shape, unordered
from .records import Kind


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference of a declaration or condition, as `Change` has it, but for what it is a difference of. `moves`:
    whether a row may be decided otherwise by it."""

    kind: Kind
    text: str
    before: str | None = None
    after: str | None = None
    then: Span | None = None
    now: Span | None = None
    moves: bool = True


_VERBS = frozenset(
    {"also", "asks", "gives", "has", "is", "lists", "looks", "may", "needs", "now", "no", "puts", "says", "starts"}
)


def sentence(subject: str, text: str) -> str:
    """The whole sentence: `prime` also asks that …; `prime`: cut-off of … moved."""
    return f"{subject} {text}" if text.split()[0] in _VERBS else f"{subject}: {text}"


OTHER_ORDER = "asks the same in another order, so nobody moves: only explanations tell it in that order"
OTHER_COUNT = "asks the same, some of it more or less often than before, so nobody moves"


def differences(old: p.Expr, new: p.Expr, table: str) -> list[Difference]:
    """All differences, in the order of the new expression; none where both read the same."""
    if wording(old, table) == wording(new, table):
        return []
    if unordered(old, table) == unordered(new, table):
        often = Counter(_leaves(old, table)) != Counter(_leaves(new, table))
        return [replace(_told("definition", OTHER_COUNT if often else OTHER_ORDER, old, new, table), moves=False)]
    if isinstance(old, p.And) or isinstance(new, p.And):
        return _joined(list(asked(old)), list(asked(new)), table, _BY_AND)
    if isinstance(old, p.Or) or isinstance(new, p.Or):
        parts = list(alternatives(old)), list(alternatives(new))
        return _joined(*parts, table, _BY_OR) if _in_common(*parts, table) else [_instead(old, new, table)]
    return _inside(old, new, table) or [_instead(old, new, table)]


def _leaves(expr: p.Expr, table: str) -> list[str]:
    """What is asked, one by one, through `and` and `or`."""
    if not isinstance(expr, p.And | p.Or):
        return [unordered(expr, table)]
    return [leaf for operand in expr.operands for leaf in _leaves(operand, table)]


def asked_otherwise(old: p.Expr | None, new: p.Expr | None, table: str) -> list[Difference]:
    """The differences of conditions that may be absent."""
    if old is not None and new is not None:
        return differences(old, new, table)
    left, right = (() if each is None else tuple(asked(each)) for each in (old, new))
    return _joined(left, right, table, _BY_AND)


def _told(kind: Kind, text: str, old: p.Expr, new: p.Expr, table: str) -> Difference:
    return Difference(kind, text, wording(old, table), wording(new, table), old.span, new.span)


def _instead(old: p.Expr, new: p.Expr, table: str) -> Difference:
    return _told("definition", f"`{wording(old, table)}` is now `{wording(new, table)}`", old, new, table)


# -- what `and` and `or` join ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Join:
    """How is said that a part came or went."""

    came: Kind
    comes: str
    went: Kind
    goes: str


_BY_AND = _Join("condition added", "also asks that `{}`", "condition removed", "no longer asks that `{}`")
_BY_OR = _Join("definition", "it is now also enough that `{}`", "definition", "it is no longer enough that `{}`")


def _joined(old: Sequence[p.Expr], new: Sequence[p.Expr], table: str, join: _Join) -> list[Difference]:
    left, right = _unlike(old, new, table)
    pairs = _pairs(left, right, table)
    said = {wording(each, table) for each in new}
    found = [
        Difference(join.went, _gone(each, said, table, join), wording(each, table), None, each.span, None)
        for at, each in enumerate(left)
        if at not in pairs.values()
    ]
    for at, each in enumerate(right):
        if at in pairs:
            found += _changed_part(left[pairs[at]], each, table, join)
        else:
            words = wording(each, table)
            found.append(Difference(join.came, join.comes.format(words), None, words, None, each.span))
    return found


def _changed_part(old: p.Expr, new: p.Expr, table: str, join: _Join) -> list[Difference]:
    """The differences of one part; one of several ways is told whole where it joins parts itself."""
    found = differences(old, new, table)
    if join is _BY_OR and (isinstance(old, p.And) or isinstance(new, p.And)):
        kinds = {each.kind for each in found}
        return [replace(_instead(old, new, table), kind=kinds.pop() if len(kinds) == 1 else "definition")]
    return found


def _gone(part: p.Expr, said: set[str], table: str, join: _Join) -> str:
    words = wording(part, table)
    return f"asks only once that `{words}`, which moves nobody" if words in said else join.goes.format(words)


def _unlike(old: Sequence[p.Expr], new: Sequence[p.Expr], table: str) -> tuple[list[p.Expr], list[p.Expr]]:
    """What is left of both without the parts that read the same."""
    left, right = list(old), []
    for each in new:
        words = wording(each, table)
        same = next((at for at, other in enumerate(left) if wording(other, table) == words), None)
        if same is None:
            right.append(each)
        else:
            left.pop(same)
    return left, right


def _in_common(old: Sequence[p.Expr], new: Sequence[p.Expr], table: str) -> bool:
    left, right = _unlike(old, new, table)
    return len(left) < len(old) or bool(_pairs(left, right, table))


def _pairs(old: Sequence[p.Expr], new: Sequence[p.Expr], table: str) -> dict[int, int]:
    """For parts of the new list the part of the old one that each was made from, where they have something in common:
    the most alike first, then in the order written."""
    ranked = sorted(
        (
            (-how, right, left)
            for right, one in enumerate(new)
            for left, other in enumerate(old)
            if (how := _likeness(other, one, table))
        )
    )
    found: dict[int, int] = {}
    for _, right, left in ranked:
        if right not in found and left not in found.values():
            found[right] = left
    return found


def _likeness(old: p.Expr, new: p.Expr, table: str) -> int:
    if unordered(old, table) == unordered(new, table):
        return 4
    if shape(old, table) == shape(new, table):
        return 3
    one, other = _subject(old, table), _subject(new, table)
    if one[0] == other[0]:
        return 2 if one[1] == other[1] else 1
    if isinstance(old, p.Or) or isinstance(new, p.Or):
        olds = list(alternatives(old))
        return int(len(_unlike(olds, list(alternatives(new)), table)[0]) < len(olds))
    return 0


def _subject(part: p.Expr, table: str) -> tuple[str, str]:
    """What a part speaks of, and how it asks."""
    match part:
        case p.Not(operand=operand):
            subject, how = _subject(operand, table)
            return subject, f"not {how}"
        case p.Call(overload, (first, *_)):
            return _speaks_of(first, table), "presence" if overload in _PRESENCE else "value"
        case p.SegmentIs() | p.SegmentIncludes() | p.Previous():
            return part.segmentation, type(part).__name__
        case p.Relative(of=of):
            return wording(of, part.table), "relative"
        case p.Or():
            return wording(part, table), "or"
        case _:
            return _speaks_of(part, table), "value"


_PRESENCE = ("known.any", "missing.any")


def _speaks_of(expr: p.Expr, table: str) -> str:
    """A value by its name; an aggregate by what it looks at, whatever it asks there."""
    return f"rows of {expr.source}" if isinstance(expr, p.Aggregate) else wording(expr, table)


# -- one condition or value --------------------------------------------------------------------------------------------


def _inside(old: p.Expr, new: p.Expr, table: str) -> list[Difference]:
    """The differences inside two parts of one kind; none where they have too little in common to be told apart."""
    match old, new:
        case p.Not(), p.Not():
            return [] if _is_list(old.operand) else _inside(old.operand, new.operand, table)
        case p.SegmentIs(segmentation=one), p.SegmentIs(segmentation=other) if one == other:
            before, after = ([f"`{name}`" for name in each.segments] for each in (old, new))
            return _listed(f"`{one}`", before, after, old, new, table)
        case p.Call(), p.Call():
            return _inside_calls(old, new, table)
        case p.Aggregate(), p.Aggregate() if (old.overload, old.source) == (new.overload, new.source):
            return _inside_aggregates(old, new)
        case p.Relative(), p.Relative() if shape(old, table) == shape(new, table):
            return [replace(_instead(old, new, table), kind="cut-off")]
        case _:
            return []


def _inside_calls(old: p.Call, new: p.Call, table: str) -> list[Difference]:
    old, new = turned(old), turned(new)
    one, other = _name(old), _name(new)
    group = BY_OVERLOAD[new.overload][0].group
    first = wording(old.operands[0], table) == wording(new.operands[0], table)
    if {one, other} <= {"equal", "one_of"} and first and (one != other or other == "one_of"):
        options = [[_words(each, table, call) for each in call.operands[1:]] for call in (old, new)]
        return _listed(f"`{wording(new.operands[0], table)}`", options[0], options[1], old, new, table)
    if one != other or len(old.operands) != len(new.operands):
        return []
    if group == "comparison" and first:
        return _cut_offs(old, new, table)
    found: list[Difference] = []
    for left, right in zip(old.operands, new.operands, strict=True):
        if wording(left, table) != wording(right, table):
            inside = _cut_off(old, left, right, table, "cut-off") if group == "comparison" else []
            inside = inside or _inside(left, right, table)
            if not inside:
                return []
            found += inside
    return found


_TURNED = {"less": "greater", "at_most": "at_least", "greater": "less", "at_least": "at_most"}
_TURNED |= {"equal": "equal", "not_equal": "not_equal"}


def turned(call: p.Call) -> p.Call:
    """`720 <= score` as `score >= 720`."""
    name, _, kind = call.overload.partition(".")
    if name not in _TURNED or not _is_value(call.operands[0]) or _is_value(call.operands[1]):
        return call
    return replace(call, overload=f"{_TURNED[name]}.{kind}", operands=call.operands[::-1])


def _cut_offs(old: p.Call, new: p.Call, table: str) -> list[Difference]:
    names = ("lower limit", "upper limit") if _name(new) == "between" else ("cut-off",)
    found: list[Difference] = []
    for name, left, right in zip(names, old.operands[1:], new.operands[1:], strict=True):
        if wording(left, table) != wording(right, table):
            told = _cut_off(new, left, right, table, name)
            if not told:
                return []
            found += told
    return found


def _cut_off(call: p.Call, old: p.Expr, new: p.Expr, table: str, name: str) -> list[Difference]:
    """A limit that moved, where it is a value or a parameter."""
    if not (_is_value(old) and _is_value(new)):
        return []
    before, after = _words(old, table, call), _words(new, table, call)
    of = wording(call.operands[0], table)
    if _name(call) in ("equal", "not_equal", "starts_with", "contains"):
        return [_told("cut-off", f"`{of}` is now compared with {after}, not {before}", old, new, table)]
    return [_told("cut-off", f"{name} of `{of}` moved from {before} to {after}", old, new, table)]


def _listed(
    subject: str, old: list[str], new: list[str], before: p.Expr, after: p.Expr, table: str
) -> list[Difference]:
    """What one value of a list may be."""
    came, went = [each for each in new if each not in old], [each for each in old if each not in new]
    found: list[str] = []
    if came:
        found.append(f"may now {'' if went else 'also '}be {' or '.join(came)}")
    if went:
        found.append(f"may no longer be {' or '.join(went)}")
    return [_told("cut-off", f"{subject} {' and '.join(found)}", before, after, table)] if found else []


def _inside_aggregates(old: p.Aggregate, new: p.Aggregate) -> list[Difference]:
    source = new.source
    of = wording(replace(new, window=None, where=None), source)
    found: list[Difference] = []
    if (old.value is None) != (new.value is None):
        return []
    if old.value is not None and new.value is not None and wording(old.value, source) != wording(new.value, source):
        told = _inside(old.value, new.value, source)
        if not told:
            return []
        found += told
    inside = asked_otherwise(old.where, new.where, source)
    found += [replace(each, text=f"among `{source}`, {each.text}") for each in inside]
    if old.window != new.window and old.window is not None and new.window is not None:
        before, after = window_wording(old.window), window_wording(new.window)
        kind: Kind = "cut-off" if old.window.direction == new.window.direction else "definition"
        text = f"window of `{of}` moved from `{before}` to `{after}`"
        found.append(Difference(kind, text, before, after, old.span, new.span))
    return found


def _name(call: p.Call) -> str:
    return BY_OVERLOAD[call.overload][0].name


def _is_list(expr: p.Expr) -> bool:
    return isinstance(expr, p.SegmentIs) or (isinstance(expr, p.Call) and _name(expr) == "one_of")


def _is_value(expr: p.Expr) -> bool:
    match expr:
        case p.Const() | p.ParameterRef():
            return True
        case p.Call(operands=(inner,)) if BY_OVERLOAD[expr.overload][0].group == "conversion":
            return _is_value(inner)
        case _:
            return False


def _words(option: p.Expr, table: str, call: p.Call) -> str:
    """A value that something is compared with, names in backquotes."""
    match option:
        case p.Const(value=str() as segment) if isinstance(call.operands[0], p.Previous):
            return f"`{segment}`"
        case p.Const():
            return wording(option, table)
        case _ if _is_value(option) and not _holds_parameter(option):
            return wording(option, table)
        case _:
            return f"`{wording(option, table)}`"


def _holds_parameter(expr: p.Expr) -> bool:
    return isinstance(expr, p.ParameterRef) or (isinstance(expr, p.Call) and _holds_parameter(expr.operands[0]))
