"""Comparisons with a word such as "missing" or "null", where `is missing` is meant."""

from __future__ import annotations

from .. import program as p
from .. import syntax as s
from ..diagnostics import Edit, Fix
from ..wording import text_wording, wording
from .missing import can_be_missing
from .names import Scope
from .operands import LITERAL, Operand
from .suggest import suggest

_WORDS = frozenset({"missing", "null", "none", "nil", "na", "n/a", "nan", "unknown", "empty", ""})
_NEVER_MEANT = frozenset({"missing", "null", "nan", "n/a"})
"""Words that no text of a customer is likely to be."""


def is_word_for_missing(word: str) -> bool:
    """Whether people write this word for a value that is not there."""
    return word.strip().casefold() in _WORDS


def reported_word_for_missing(node: s.Comparison, operands: tuple[Operand, ...], scope: Scope) -> bool:
    """Report `value = "missing"` where `value` can hold no such text; warn where it could."""
    match operands:
        case (s.Text() as text, value):
            pass
        case (value, s.Text() as text):
            pass
        case _:
            return False
    return not isinstance(value, LITERAL) and _reported(node, value, text, scope)


def _reported(node: s.Comparison, value: p.Expr, text: s.Text, scope: Scope) -> bool:
    if node.operator not in ("=", "!=") or not is_word_for_missing(text.value):
        return False
    words = wording(value, scope.table)
    said = text_wording(text.value)
    test = "is missing" if node.operator == "=" else "is known"
    fixes: list[Fix] = []
    if node.operator_span.start <= text.span.start:  # a cell that is only a value has nothing before it
        fixes.append(Fix(f"write `{words} {test}`", (Edit(node.operator_span.to(text.span), test),)))
    choices = value.type.choices
    if value.type.kind == "text" and choices is None:
        if text.value.casefold() in _NEVER_MEANT and can_be_missing(value, scope.names):
            scope.names.problems.warning(
                "SEG754",
                text.span,
                f"this looks for the text `{said}`; whether there is no value is asked with `{words} {test}`",
                fixes=fixes,
            )
        return False
    if choices is not None and (text.value in choices or suggest(text.value, choices) is not None):
        return False
    scope.names.problems.error(
        "SEG209",
        text.span,
        f"`{words}` never has the value `{said}`; whether there is no value is asked with `{words} {test}`",
        fixes=fixes,
    )
    return True
