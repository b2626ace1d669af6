"""The words of a file and how they stand side by side: the formatter writes the words that were written."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from .. import syntax as s
from ..check.mentions import parts
from ..diagnostics import Problems
from ..lexer import scan
from ..source import Source
from ..tokens import Token

_TIGHT_BEFORE = frozenset((",", ")", "]", ".", ".."))
_TIGHT_AFTER = frozenset(("(", "[", ".", ".."))

NO_SIGNS: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Words:
    """The tokens of a file by number, from 0, in the order of the text.

    A stretch of them is given as the first and the one after the last."""

    source: Source
    tokens: tuple[Token, ...]
    starts: tuple[int, ...] = field(repr=False)

    def first(self, node: s.Node) -> int:
        """The first token of what was written."""
        return bisect_left(self.starts, node.span.start)

    def after(self, node: s.Node) -> int:
        """The token after what was written."""
        return bisect_left(self.starts, node.span.end)

    def said(self, at: int) -> str:
        """One token as it is written: names in NFC, no blank before a percent sign."""
        token = self.tokens[at]
        match token.kind:
            case "QUOTED":
                return f"`{token.text}`"
            case "STRING":
                return self.source.text[token.start : token.end]
            case "PERCENTAGE":
                return token.text.rstrip("%").rstrip() + "%"
            case _:
                return token.text

    def line(self, first: int, after: int, binary: frozenset[int] = NO_SIGNS) -> str:
        """A stretch on one line; `binary` are the signs that stand between two operands."""
        return "".join(
            (" " if at > first and self.apart(at, binary) else "") + self.said(at) for at in range(first, after)
        )

    def node(self, node: s.Node) -> str:
        """Something without arithmetic in it, on one line."""
        return self.line(self.first(node), self.after(node))

    def expr(self, expr: s.Expr) -> str:
        """An expression on one line."""
        return self.line(self.first(expr), self.after(expr), self.signs(expr))

    def signs(self, *exprs: s.Expr | None) -> frozenset[int]:
        """The signs between two operands, of all these expressions."""
        return frozenset(
            bisect_left(self.starts, inner.operator_span.start)
            for expr in exprs
            if expr is not None
            for inner in inside(expr)
            if isinstance(inner, s.Arithmetic)
        )

    def apart(self, at: int, binary: frozenset[int]) -> bool:
        """Whether a space stands before a token that is not the first of its line."""
        token, before = self.tokens[at], self.tokens[at - 1]
        if token.kind in _TIGHT_BEFORE or before.kind in _TIGHT_AFTER:
            return False
        if before.kind in ("+", "-") and at - 1 not in binary:
            return False
        return not (token.kind == "(" and before.text == "money" and self._is_scale(at))

    def _is_scale(self, at: int) -> bool:
        return [token.kind for token in self.tokens[at : at + 3]] == ["(", "NUMERAL", ")"]

    def newlines_before(self, offset: int) -> int:
        """How many line breaks stand between a place in the text and what is written before it."""
        text = self.source.text
        at = offset
        while at > 0 and text[at - 1].isspace():
            at -= 1
        return text.count("\n", at, offset)

    def begins_paragraph(self, at: int) -> bool:
        """Whether a blank line stands anywhere between a token and the one before it, among comments too."""
        between = self.source.text[self.tokens[at - 1].end if at else 0 : self.tokens[at].start]
        return any(not line.strip() for line in between.split("\n")[1:-1])


def words_of(source: Source) -> Words:
    """The words of a file in which nothing is wrong."""
    tokens, _ = scan(source, Problems())
    return Words(source, tuple(tokens[:-1]), tuple(token.start for token in tokens[:-1]))


def inside(expr: s.Expr) -> Iterator[s.Expr]:
    """An expression and everything in it."""
    waiting = [expr]
    while waiting:
        found = waiting.pop()
        yield found
        waiting.extend(parts(found))


def width(text: str) -> int:
    """How many columns a text takes on a screen."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def padded(text: str, columns: int) -> str:
    """A text with blanks behind it, so many columns in all."""
    return text + " " * (columns - width(text))
