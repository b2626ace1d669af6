"""Statements that were written, looked at once more: the names in them, and reads moved to where they are needed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from .writer import Lines, indented

CLAUSES = "while True:"
"""The line below which clauses stand, each an `if` of the first indentation."""

_READ = re.compile(r"(\w+) = row\b")


def names_in(lines: Iterable[str], *, stored: bool) -> list[str]:
    """The names that statements set (`stored`), or look at; each once."""
    wanted = ast.Store if stored else ast.Load
    nodes = ast.walk(ast.parse("\n".join(["def statements():", *indented(lines)])))
    return list(dict.fromkeys(node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, wanted)))


def read_late(reads: Lines, block: Lines, others: Lines) -> tuple[Lines, Lines]:
    """The reads that stay at the head, and a block of clauses with those in it that nothing else needs.

    Clauses are asked in turn, so a read right before the first that mentions it comes before all of them. A word within
    a text counts as a mention too, which at most makes a read too early."""
    if block[:1] != [CLAUSES]:
        return reads, block
    staying: Lines = []
    moved: dict[int, Lines] = {}
    mentioned = [_words(line) for line in block]
    elsewhere = set[str]().union(*map(_words, others), *(_words(read) - _own(read) for read in reads))
    for read in reads:
        places = [place for place, words in enumerate(mentioned) if _own(read) & words]
        if places and not _own(read) & elsewhere:
            moved.setdefault(places[0], []).append(read)
        else:
            staying.append(read)
    return staying, [line for place, old in enumerate(block) for line in (*indented(moved.get(place, ())), old)]


def _words(line: str) -> set[str]:
    return set(re.findall(r"\w+", line))


def _own(read: str) -> set[str]:
    """What a statement that reads one value sets; nothing where it is another statement."""
    found = _READ.match(read)
    return {found[1]} if found else set()
