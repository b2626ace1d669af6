"""Conditions and arithmetic: on one line where they fit, else broken where the outermost operation is."""

from __future__ import annotations

from collections.abc import Sequence

from .. import syntax as s
from ..check.mentions import parts
from .lines import LIMIT, Line, filled, prefixed, suffixed
from .words import Words, inside, width


def expression(w: Words, expr: s.Expr, column: int, base: int, room: int = 0) -> list[Line]:
    """An expression that begins in a column; `room` columns stay free behind it."""
    flat = w.expr(expr)
    if column + width(flat) + room <= LIMIT:
        return [Line(w.first(expr), column, flat, base)]
    match expr:
        case s.Paren(inner=inner):
            lines = expression(w, inner, column + 1, base, room + 1)
            return suffixed(prefixed(lines, "(", w.first(expr)), ")")
        case s.Not(operand=operand):
            return prefixed(expression(w, operand, column + 4, base, room), "not ", w.first(expr))
        case s.Logic(operands=operands):
            return _chain(w, operands, column, base, room)
        case s.Arithmetic():
            return _chain(w, _operands(expr), column, base, room)
        case s.Aggregate():
            return _aggregate(w, expr, column, base, room)
        case s.BuiltinMeasure(arguments=(_, *_)):
            return _told(w, expr, column, base, room)
        case _ if (lines := _behind_operand(w, expr, column, base, room)) is not None:
            return lines
        case _:
            first, after = w.first(expr), w.after(expr)
            hang = column + _behind_parenthesis(w, expr)
            return filled(w, first, after, indent=column, hang=hang, base=base, binary=w.signs(expr), room=room)


def clause(w: Words, condition: s.Expr, indent: int, base: int, *, stacked: bool, room: int = 0) -> list[Line]:
    """A condition after its keyword (`when`, `unless`, `where`), which is set in by `indent`.

    Where it is stacked, or does not fit, each part that `and` or `or` joins has its own line, and they begin in one
    column."""
    at = w.first(condition) - 1
    keyword = w.said(at) + " "
    column = indent + width(keyword)
    whole = w.expr(condition)
    if not isinstance(condition, s.Logic) or (not stacked and column + width(whole) + room <= LIMIT):
        return prefixed(expression(w, condition, column, base, room), keyword, at)
    lines: list[Line] = []
    for number, together in enumerate(_stacked(w, condition, column)):
        said_room = room if together[-1] is condition.operands[-1] else 0
        part = _together(w, together, column, base, said_room)
        lead = w.first(together[0]) - 1
        lines += prefixed(part, w.said(lead) + " " if number else keyword, lead)
    return lines


def _stacked(w: Words, condition: s.Logic, column: int) -> list[Sequence[s.Expr]]:
    """What shares a line: `x is known` stays with what asks for x right after it, if both fit."""
    lines: list[Sequence[s.Expr]] = []
    for operand in condition.operands:
        alone = lines[-1] if lines else ()
        if condition.operator == "and" and len(alone) == 1 and _guards(alone[0], operand):
            line = w.line(w.first(alone[0]), w.after(operand), w.signs(operand))
            if column + width(line) <= LIMIT:
                lines[-1] = (*alone, operand)
                continue
        lines.append((operand,))
    return lines


def _guards(guard: s.Expr, guarded: s.Expr) -> bool:
    return isinstance(guard, s.IsMissing) and guard.known and any(part == guard.operand for part in inside(guarded))


def _together(w: Words, operands: Sequence[s.Expr], column: int, base: int, room: int) -> list[Line]:
    if len(operands) == 1:
        return expression(w, operands[0], column, base, room)
    first = w.first(operands[0])
    return [Line(first, column, w.line(first, w.after(operands[-1]), w.signs(*operands)), base)]


def _behind_operand(w: Words, expr: s.Expr, column: int, base: int, room: int) -> list[Line] | None:
    """A long operand in lines of its own, and behind it the little that is asked of it; None where it is not so."""
    operand = next(iter(parts(expr)), None)
    if operand is None or w.first(operand) != w.first(expr) or not isinstance(operand, s.Paren | s.Aggregate):
        return None
    said = " " + w.line(w.after(operand), w.after(expr), w.signs(*parts(expr)[1:]))
    if width(said) > LIMIT // 2:
        return None
    return suffixed(expression(w, operand, column, base, room + width(said)), said)


def _chain(w: Words, operands: Sequence[s.Expr], column: int, base: int, room: int) -> list[Line]:
    """Operands one below the other, the operator before each but the first."""
    lines = expression(w, operands[0], column, base)
    for operand in operands[1:]:
        at = w.first(operand) - 1
        said = w.said(at) + " "
        lines += prefixed(expression(w, operand, column + width(said), base, room), said, at)
    return lines


def _operands(expr: s.Arithmetic) -> list[s.Expr]:
    """What is added up, or multiplied, from left to right."""
    kin = "+-" if expr.operator in "+-" else "*/"
    operands: list[s.Expr] = [expr.right]
    left = expr.left
    while isinstance(left, s.Arithmetic) and left.operator in kin:
        operands.append(left.right)
        left = left.left
    return [left, *reversed(operands)]


def _aggregate(w: Words, expr: s.Aggregate, column: int, base: int, room: int) -> list[Line]:
    """The function, its `where` and its window, each on its own line."""
    where, window = expr.where, expr.window
    end = w.after(expr) if window is None else w.first(window)
    first = w.first(expr)
    head_ends = end if where is None else w.first(where) - 1
    binary = w.signs(expr.value)
    last = where is None and window is None
    head_room = room if last else 0
    lines = filled(w, first, head_ends, indent=column, hang=column + 2, base=base, binary=binary, room=head_room)
    if where is not None:
        lines += clause(w, where, column + 2, base, stacked=False, room=0 if window else room)
    if window is not None:
        after = w.after(window)
        lines += filled(w, end, after, indent=column + 2, hang=column + 4, base=base, room=room)
    return lines


def _told(w: Words, expr: s.BuiltinMeasure, column: int, base: int, room: int) -> list[Line]:
    """A built-in measure: what it is told one below the other."""
    first = w.first(expr)
    head = w.line(first, w.first(expr.arguments[0]))
    at = column + width(head)
    lines: list[Line] = []
    for argument in expr.arguments:
        last = argument is expr.arguments[-1]
        name = w.node(argument.name) + " "
        value = expression(w, argument.value, at + width(name), base, room + 1 if last else 1)
        lines += suffixed(prefixed(value, name, w.first(argument)), ")" if last else ",")
    return prefixed(lines, head, first)


def _behind_parenthesis(w: Words, expr: s.Expr) -> int:
    """How far lines that continue a list are set in: to where its first value stands, unless that is far out."""
    if not isinstance(expr, s.OneOf):
        return 2
    before = width(w.line(w.first(expr), w.first(expr.options[0]), w.signs(expr)))
    return before if before <= LIMIT // 2 else 2
