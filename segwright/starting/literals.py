"""Numbers as rule files write them."""

from __future__ import annotations

from decimal import Decimal

from ..dsl.types import Type


def literal(value: Decimal, type: Type) -> str:
    """A value as a rule file writes it, with `_` between thousands from ten thousand on."""
    number = Decimal(str(value))
    if type.kind == "percent":
        return f"{_plain(number * 100)}%"
    return f"{int(number):_}" if number == int(number) and abs(number) >= 10_000 else _plain(number)


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
