"""Nodes of the Document from what the parser recognised: one function for each rule of `grammar.lark`.

A function gets the `Build` at hand, the span of its words and the values of its symbols in order; keywords and signs
are not among them, except where the grammar says `!`, and a part in brackets that was not written is None.
"""

from __future__ import annotations

from . import data, expressions, outcomes, rules, words
from .context import Action, Build

ACTIONS: dict[str, Action] = {
    **words.ACTIONS,
    **data.ACTIONS,
    **expressions.ACTIONS,
    **rules.ACTIONS,
    **outcomes.ACTIONS,
}

__all__ = ["ACTIONS", "Build"]
