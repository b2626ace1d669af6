"""A rule file's text into its Document.

An LR parser: the tables of `tables.py`, the words of `lexer.py`, the nodes of `nodes/`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from .diagnostics import Diagnostic, Problems, in_order
from .lexer import scan, terminal
from .nodes import ACTIONS, Build
from .nodes.context import Action
from .source import Source, Span
from .syntax import Declaration, Document
from .tables import Rule, Tables, load_tables


@cache
def _ready() -> tuple[Tables, tuple[tuple[Rule, Action | None], ...]]:
    tables = load_tables()
    return tables, tuple((rule, ACTIONS[rule.action] if rule.action else None) for rule in tables.rules)


def parse(source: Source) -> tuple[Document, tuple[Diagnostic, ...]]:
    """The Document that a rule file's text says, and everything that is wrong with how it is written.

    Raises nothing, whatever the text."""
    problems = Problems()
    tokens, comments = scan(source, problems)
    build = Build(source.name, problems)
    tables, rules = _ready()
    actions, gotos = tables.actions, tables.gotos
    states = [0]
    values: list[Any] = [None]
    starts = [0]
    ends = [0]
    at = 0
    declarations: tuple[Declaration, ...] = ()
    while True:
        row = actions[states[-1]]
        kind = terminal(tokens, at, row)
        action = row.get(kind)
        token = tokens[at]
        if action is None:
            problems.error(
                "SEG001", Span(source.name, token.start, token.end), f"unexpected `{token.text}` {kind}: {list(row)}"
            )
            break
        if action >= 0:
            states.append(action)
            values.append(token)
            starts.append(token.start)
            ends.append(token.end)
            at += 1
            continue
        rule, make = rules[-1 - action]
        size = rule.size
        if rule.result == "$root_document":
            break
        if size:
            start, end = starts[-size], ends[-1]
            taken = values[-size:]
            del states[-size:], values[-size:], starts[-size:], ends[-size:]
        else:
            start = end = ends[-1]
            taken = []
        if make is None:
            value = taken[rule.takes[0]]
        else:
            value = make(build, Span(source.name, start, end), *(taken[i] if i >= 0 else None for i in rule.takes))
        if rule.result == "document":
            declarations = tuple(value)
            break
        states.append(gotos[states[-1]][rule.result])
        values.append(value)
        starts.append(start)
        ends.append(end)
    document = Document(source.name, declarations, tuple(comments))
    return document, in_order(problems.found)
