"""Literals: from what was written to a value of a type, exactly or not at all."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import assert_never

from .. import syntax as s
from ..diagnostics import Fix, Label, Problems, replace
from ..source import Span
from ..types import BOOLEAN, DATE, DURATION, INTEGER, NUMBER, PERCENT, TEXT, Length, Type, Value
from ..wording import decimal_wording, number_wording, text_wording
from .suggest import suggest, suggestion_at

INTEGER_LIMIT = 2**63
MONEY_DIGITS = 18
GROUP = 3
"""Digits between the signs that part thousands."""
_BILLION = 10**9
_NUMBER = re.compile(r"-?[0-9][0-9_,]*([.][0-9]+)?\s*%?")


def literal_of(expr: s.Expr) -> s.LiteralNode | None:
    """The literal that `expr` is, in parentheses or after a minus or not; None for anything else."""
    match expr:
        case s.Text() | s.Number() | s.Percent() | s.Boolean() | s.Date() | s.Duration():
            return expr
        case s.Paren(inner=inner):
            return literal_of(inner)
        case s.Negative(operand=operand):
            match literal_of(operand):
                case s.Number(value=value, whole=whole):
                    return s.Number(expr.span, -value, whole)
                case s.Percent(points=points):
                    return s.Percent(expr.span, -points)
                case _:
                    return None
        case _:
            return None


def literal_type(node: s.LiteralNode) -> Type:
    """The type that a literal has where nothing asks for another."""
    match node:
        case s.Text():
            return TEXT
        case s.Number(whole=whole):
            return INTEGER if whole else NUMBER
        case s.Percent():
            return PERCENT
        case s.Boolean():
            return BOOLEAN
        case s.Date():
            return DATE
        case s.Duration():
            return DURATION
        case _:
            assert_never(node)


def literal_wording(node: s.LiteralNode) -> str:
    """A literal as a rule file writes it."""
    match node:
        case s.Text(value=value):
            return text_wording(value)
        case s.Number(value=value):
            return format(value, "f")
        case s.Percent(points=points):
            return decimal_wording(points) + "%"
        case s.Boolean(value=value):
            return "true" if value else "false"
        case s.Date(value=value):
            return value.isoformat()
        case s.Duration(amount=amount, unit=unit):
            return str(Length(amount, unit))
        case _:
            assert_never(node)


def type_wording(type: Type) -> str:
    """A type as a sentence names it: `an integer`, `a percent`, `one of "a", "b"`."""
    if type.choices is not None:
        return str(type)
    match type.kind:
        case "integer":
            return "an integer"
        case "boolean":
            return "true or false"
        case "money" | "text":
            return str(type)
        case kind:
            return f"a {kind}"


def share_of(points: Decimal) -> float:
    """Percent points as a share: the double nearest to a whole number of billionths, halves up."""
    return floor(Fraction(points) * (_BILLION // 100) + Fraction(1, 2)) / _BILLION


@dataclass(frozen=True, slots=True)
class _Asked:
    """What asks for the type of a literal, if it has a name; where it is declared; where to report."""

    subject: str | None
    labels: Sequence[Label]
    problems: Problems

    def wants(self, kind: str) -> str:
        """Starts a sentence: "`income` is money"."""
        return f"`{self.subject}` is {kind}" if self.subject else f"{kind} is asked for here"


def literal_value(
    node: s.LiteralNode, type: Type, problems: Problems, subject: str | None = None, labels: Sequence[Label] = ()
) -> Value | None:
    """The value of a literal in `type`, in the Python form that `types.py` gives; None where it does not fit, which
    has then been reported. `subject` is what asks for the type (`income`), `labels` where it is declared."""
    asked = _Asked(subject, labels, problems)
    match type.kind, node:
        case "integer", s.Number(value=value):
            return _integer(node, value, asked)
        case "number", s.Number(value=value):
            return _number(node, value, asked)
        case "number" | "percent", s.Percent(points=points):
            return _share(node, points, asked)
        case "percent", s.Number():
            _bare_percent(node, asked)
            return None
        case "money", s.Number(value=value):
            return _money(node, value, type, asked)
        case "text", s.Text(value=value):
            return value if _listed(node, type, asked) else None
        case "boolean", s.Boolean(value=value):
            return value
        case "date", s.Date(value=value):
            return value
        case "timestamp", s.Date(value=value):
            return dt.datetime.combine(value, dt.time())
        case "duration", s.Duration(amount=amount, unit=unit):
            return Length(amount, unit)
        case _:
            _misfit(node, type, asked)
            return None


def _bare_percent(node: s.Number, asked: _Asked) -> None:
    """Report a bare number where a percent is asked for, with what it may have meant."""
    points = [node.value]
    if 0 < abs(node.value) <= 1:
        points = [node.value * 100, node.value]
    fixes = [replace(node.span, decimal_wording(each) + "%") for each in points]
    meant = " or ".join(f"`{decimal_wording(each)}%`" for each in points)
    asked.problems.error(
        "SEG203",
        node.span,
        f"{asked.wants('a percent')}, and `{literal_wording(node)}` is a bare number: write {meant}",
        labels=asked.labels,
        fixes=fixes,
    )


def _listed(node: s.Text, type: Type, asked: _Asked) -> bool:
    """Whether a text is on the closed list of `type` (true where there is none); reported where it is not."""
    if type.choices is None or node.value in type.choices:
        return True
    fixes = suggestion_at(node.span, node.value, type.choices, quote=text_wording)
    asked.problems.error(
        "SEG205",
        node.span,
        f"`{text_wording(node.value)}` is not on the list of {f'`{asked.subject}`' if asked.subject else 'values'}",
        labels=asked.labels,
        fixes=fixes,
        hints=["the list is " + ", ".join(text_wording(choice) for choice in type.choices)],
    )
    return False


def _integer(node: s.LiteralNode, value: Decimal, asked: _Asked) -> int | None:
    if value != value.to_integral_value():
        below, above = (value.to_integral_value(rounding) for rounding in ("ROUND_FLOOR", "ROUND_CEILING"))
        _inexact(node, "an integer", (format(below, "f"), format(above, "f")), asked)
        return None
    if not -INTEGER_LIMIT <= value < INTEGER_LIMIT:
        _too_large(node, "an integer", asked)
        return None
    _thousands(node, value, asked)
    return int(value)


def _number(node: s.LiteralNode, value: Decimal, asked: _Asked) -> float | None:
    """The nearest double, where that is told from its neighbours by the digits written: at most 17 digits or so."""
    double = float(value)
    if abs(double) == float("inf"):
        _too_large(node, "a number", asked)
        return None
    if Decimal(repr(double)) != value:
        _inexact(node, "a number of about 16 digits", (number_wording(double),), asked)
        return None
    return double + 0.0  # -0 is 0


def _money(node: s.LiteralNode, value: Decimal, type: Type, asked: _Asked) -> Decimal | None:
    scale = type.scale or 0
    if value.adjusted() + 1 + scale > MONEY_DIGITS:
        _too_large(node, f"`{type}`", asked)
        return None
    below, above = (
        value.quantize(Decimal(1).scaleb(-scale), rounding) + 0  # -0 is 0
        for rounding in ("ROUND_FLOOR", "ROUND_CEILING")
    )
    if below != above:
        _inexact(node, f"money with {scale} places", (format(below, "f"), format(above, "f")), asked)
        return None
    if scale < GROUP:
        _thousands(node, value, asked)
    return below


def _thousands(node: s.LiteralNode, value: Decimal, asked: _Asked) -> None:
    """Warn of three decimals where none or two have a meaning: half of Europe parts thousands with a point."""
    if value.as_tuple().exponent != -GROUP or abs(value) >= 10**GROUP or abs(value) < 1:
        return
    whole = f"{int(value.scaleb(GROUP)):_}"
    bare = decimal_wording(value)
    asked.problems.warning(
        "SEG219",
        node.span,
        f"`{literal_wording(node)}` is {bare}, as a point stands before decimals: write `{whole}` for thousands, or "
        f"`{bare}`",
        labels=asked.labels,
        fixes=[replace(node.span, whole), replace(node.span, bare)],
    )


def _share(node: s.LiteralNode, points: Decimal, asked: _Asked) -> float | None:
    if points.adjusted() > 300:
        _too_large(node, "a percent", asked)
        return None
    return share_of(points)


def _inexact(node: s.LiteralNode, kind: str, near: tuple[str, ...], asked: _Asked) -> None:
    meant = " or ".join(f"`{value}`" for value in near)
    asked.problems.error(
        "SEG204",
        node.span,
        f"{asked.wants(kind)}, which is never exactly `{literal_wording(node)}`: write {meant}",
        labels=asked.labels,
        fixes=[replace(node.span, value) for value in near],
    )


def _too_large(node: s.LiteralNode, kind: str, asked: _Asked) -> None:
    asked.problems.error("SEG204", node.span, f"`{literal_wording(node)}` is too large for {kind}")


def _misfit(node: s.LiteralNode, type: Type, asked: _Asked) -> None:
    """A literal of another kind altogether; where it only lacks or has too many quotes, the fix says so."""
    clash = f"{asked.wants(type_wording(type))}, and `{literal_wording(node)}` is {type_wording(literal_type(node))}"
    fix = _requoted(node, type)
    if fix is not None:
        asked.problems.error(
            "SEG202",
            node.span,
            f"{clash}: {fix.title}",
            labels=asked.labels,
            fixes=[fix],
        )
        return
    asked.problems.error(
        "SEG201",
        node.span,
        clash,
        labels=asked.labels,
        fixes=_as_truth(node, type),
        hints=["a date is written as in `2026-01-31`"] if type.kind in ("date", "timestamp") else [],
    )


def _as_truth(node: s.LiteralNode, type: Type) -> list[Fix]:
    """`true` for 1 and `false` for 0, where a boolean is asked for."""
    match type.kind, node:
        case "boolean", s.Number(value=value) if value in (0, 1):
            return [replace(node.span, "true" if value else "false")]
        case _:
            return []


def _requoted(node: s.LiteralNode, type: Type) -> Fix | None:
    """The same words with quotes, or without, where that makes them fit."""
    match type.kind, node:
        case "text", s.Number() | s.Boolean() | s.Date():
            words = literal_wording(node)
            if type.choices is None:
                return _quoted(node.span, words)
            nearest = suggest(words, type.choices)
            return None if nearest is None else _quoted(node.span, nearest)
        case "integer" | "number" | "money" | "percent" | "date" | "timestamp" | "boolean", s.Text(value=value):
            words = _unquoted(value.strip(), type)
            return None if words is None else replace(node.span, words, f"write `{words}` without quotes")
        case _:
            return None


def _quoted(span: Span, words: str) -> Fix:
    return replace(span, text_wording(words), f"write `{text_wording(words)}` with quotes")


def _unquoted(words: str, type: Type) -> str | None:
    """The words as a literal of `type`; None where they are none."""
    match type.kind:
        case "boolean":
            plain = {"true": "true", "yes": "true", "false": "false", "no": "false"}
            return plain.get(words.casefold())
        case "date" | "timestamp":
            try:
                return dt.date.fromisoformat(words).isoformat() if "-" in words else None
            except ValueError:
                return None
        case kind:
            if not _NUMBER.fullmatch(words) or (words.endswith("%") and kind != "percent"):
                return None
            number = words.removesuffix("%").strip().replace("_", "").replace(",", "")
            return number + "%" if kind == "percent" else number
