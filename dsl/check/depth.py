"""Lets that stand upon each other so deep that what reads the program could not follow them."""

from __future__ import annotations

from collections.abc import Sequence

from .. import program as p
from ..diagnostics import Problems
from ..walk import children

DEEPEST = 200
"""How many expressions may lie within each other, through the lets that they name."""


def check_depth(lets: Sequence[p.Let], problems: Problems) -> None:
    """Report the first let of each chain that goes too deep; `lets` stand in an order of need."""
    depths: dict[tuple[str, str], int] = {}
    for let in lets:
        depth = _depth(let.value, depths)
        depths[let.table, let.name] = min(depth, DEEPEST)
        if depth > DEEPEST > max((depths.get(name, 0) for name in _read(let.value)), default=0):
            problems.error(
                "SEG113",
                let.span,
                f"`{let.name}` stands upon so many other lets, one upon the other, that it cannot be worked out",
                hints=["say in one expression what several of them say step by step"],
            )


def _depth(expr: p.Expr, depths: dict[tuple[str, str], int]) -> int:
    if isinstance(expr, p.LetRef):
        return 1 + depths.get((expr.table, expr.name), 0)
    return 1 + max((_depth(each, depths) for each in children(expr)), default=0)


def _read(expr: p.Expr) -> list[tuple[str, str]]:
    if isinstance(expr, p.LetRef):
        return [(expr.table, expr.name)]
    return [name for each in children(expr) for name in _read(each)]
