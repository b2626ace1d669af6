"""Lists, names and literals."""

from __future__ import annotations

from typing import Any, TypeVar

from .. import syntax as s
from ..lexer import UNITS
from ..source import Span
from ..tokens import Token
from .context import Action, Build

T = TypeVar("T")


def empty(b: Build, span: Span) -> list[Any]:
    return []


def first(b: Build, span: Span, item: T, *_: object) -> list[T]:
    return [item]


def append(b: Build, span: Span, items: list[T], item: T) -> list[T]:
    items.append(item)
    return items


def append_both(b: Build, span: Span, items: list[T], item: T, other: T) -> list[T]:
    items += (item, other)
    return items


def same(b: Build, span: Span, item: T) -> T:
    return item


def word(b: Build, span: Span, token: Token) -> str:
    return token.text


def first_word(b: Build, span: Span, *tokens: Token) -> str:
    return tokens[0].text


def last_word(b: Build, span: Span, *tokens: Token) -> str:
    return tokens[-1].text


def first_name(b: Build, span: Span, token: Token) -> list[s.Name]:
    return [b.name(token)]


def next_name(b: Build, span: Span, names: list[s.Name], token: Token) -> list[s.Name]:
    names.append(b.name(token))
    return names


def ref(b: Build, span: Span, *parts: Token) -> s.Ref:
    return s.Ref(span, tuple(b.name(part) for part in parts))


# -- literals ----------------------------------------------------------------------------------------------------


def text(b: Build, span: Span, token: Token) -> s.Text:
    return b.text(token)


def number(b: Build, span: Span, token: Token) -> s.Number:
    return b.number(token)


def percent(b: Build, span: Span, token: Token) -> s.Percent:
    return b.percent(token)


def boolean(b: Build, span: Span, token: Token) -> s.Boolean:
    return s.Boolean(span, token.text == "true")


def date(b: Build, span: Span, token: Token) -> s.Date:
    return b.date(token)


def minus_number(b: Build, span: Span, token: Token) -> s.Number:
    plain = b.number(token)
    return s.Number(span, -plain.value, plain.whole)


def minus_percent(b: Build, span: Span, token: Token) -> s.Percent:
    return s.Percent(span, -b.percent(token).points)


def duration(b: Build, span: Span, amount: Token, unit: Token) -> s.Duration:
    return length_of(b, span, amount, UNITS[unit.text])


def length_of(b: Build, span: Span, amount: Token, unit: s.DurationUnit) -> s.Duration:
    """So many of a unit, which stands right behind the number or further on."""
    value = b.number(amount).value
    if value != int(value):
        message = f"a duration is a whole number of days, months or years, not `{amount.text}`"
        b.problems.error("SEG029", span, message)
    return s.Duration(span, int(value), unit)


def from_to(b: Build, span: Span, low: s.Expr, high: s.Expr | None) -> s.Range:
    return s.Range(span, low, high, True, True)


def up_to(b: Build, span: Span, high: s.Expr) -> s.Range:
    return s.Range(span, None, high, True, True)


def interval(b: Build, span: Span, opening: str, low: s.Expr | None, high: s.Expr | None, closing: str) -> s.Range:
    return s.Range(span, low, high, opening == "[", closing == "]")


ACTIONS: dict[str, Action] = {
    **dict.fromkeys(("row_policy", "opening", "closing", "period", "guarantee_kind", "outcome"), word),
    "better": first_word,
    **{
        action.__name__: action
        for action in (
            empty,
            first,
            append,
            append_both,
            same,
            word,
            last_word,
            first_name,
            next_name,
            ref,
            text,
            number,
            percent,
            boolean,
            date,
            minus_number,
            minus_percent,
            duration,
            from_to,
            up_to,
            interval,
        )
    },
}
