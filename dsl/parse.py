"""A rule file's text into its Document.

An LR parser: the tables of `tables.py`, the words of `lexer.py`, the nodes of `nodes/`. What does not fit is mended
(`mending/`) where it is a known mistake, otherwise reported (`syntax_errors.py`) and skipped (`recovery.py`).
"""

from __future__ import annotations

from functools import cache

from .diagnostics import Diagnostic, Problems, in_order
from .lexer import scan, terminal
from .mending import SUSPICIOUS, mend
from .nodes import ACTIONS, Build
from .nodes.context import Action
from .parsing import Parsing
from .recovery import begins_something_else, recover
from .source import Source, Span
from .syntax import Declaration, Document
from .syntax_errors import report_unexpected
from .tables import Rule, load_tables

DEEPEST = 120
"""How many symbols may be under way at once: some hundred parentheses within each other. What reads the tree
later goes about as deep."""


@cache
def _rules() -> tuple[tuple[Rule, Action | None], ...]:
    return tuple((rule, ACTIONS[rule.action] if rule.action else None) for rule in load_tables().rules)


def parse(source: Source) -> tuple[Document, tuple[Diagnostic, ...]]:
    """The Document that a rule file's text says, and everything that is wrong with how it is written.

    Raises nothing, whatever the text."""
    problems = Problems()
    tokens, comments = scan(source, problems)
    p = Parsing(source, load_tables(), Build(source, problems), tokens)
    declarations = _run(p)
    document = Document(source.name, tuple(declarations), tuple(comments), frozenset(p.broken))
    return document, in_order(problems.found)


def _run(p: Parsing) -> list[Declaration]:
    """Shift and reduce until the text is read; the declarations."""
    tables, rules, build, name = p.tables, _rules(), p.build, p.source.name
    states, values, starts, ends = p.states, p.values, p.starts, p.ends
    failed_at = fits_at = -1
    while True:
        row = tables.actions[states[-1]]
        token = p.tokens[p.at]
        kind = terminal(p.tokens, p.at, row)
        action = row.get(kind)
        if fits_at != p.at:
            # Asked before anything is made of the symbols before, so that they can still be read otherwise.
            fits = action is not None and (action >= 0 or p.fits())
            if not fits or _is_suspicious(p, kind):
                found = len(p.build.problems.found)
                if mend(p, kind, fits):
                    continue
                reported = len(p.build.problems.found) > found or p.at < p.put_in_until
                if not fits or (reported and p.at >= p.put_in_until) or begins_something_else(p, kind):
                    if not reported:
                        report_unexpected(p)
                    _skip(p, again=failed_at == p.at)
                    failed_at = p.at
                    continue
            fits_at = p.at
        assert action is not None
        if action >= 0:
            if len(states) > DEEPEST:
                p.report("SEG026", p.span(), "this is nested too deeply; split it into several `let`")
                _skip(p, again=True)
                continue
            states.append(action)
            values.append(token)
            starts.append(token.start)
            ends.append(token.end)
            p.at += 1
            continue
        rule, make = rules[-1 - action]
        size = rule.size
        if size:
            start, end = starts[-size], ends[-1]
            taken = values[-size:]
            del states[-size:], values[-size:], starts[-size:], ends[-size:]
        else:
            start = end = ends[-1]
            taken = []
        if rule.result == "document":
            return taken[0]
        if make is None:
            value = taken[rule.takes[0]]
        else:
            value = make(build, Span(name, start, end), *[taken[i] if i >= 0 else None for i in rule.takes])
        states.append(tables.gotos[states[-1]][rule.result])
        values.append(value)
        starts.append(start)
        ends.append(end)


def _is_suspicious(p: Parsing, kind: str) -> bool:
    """Whether a token that fits may still be a mistake."""
    if kind == "NAME":
        token = p.tokens[p.at]
        return token.kind == "WORD" and token.text.lower() in SUSPICIOUS
    match kind:
        case ",":
            return True
        case "NUMERAL" | "PERCENTAGE":
            return p.tokens[p.at + 1].kind == ","
        case "in":
            return p.tokens[p.at + 1].kind == "("
        case _:
            return False


def _skip(p: Parsing, *, again: bool) -> None:
    if again and p.at + 1 < len(p.tokens):
        p.at += 1
    recover(p)
