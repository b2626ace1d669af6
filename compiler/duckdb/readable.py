"""The assignment query as people read it: a remark on every arm, an account of every table, nothing left to be found.

The text of remarks comes from rule files, so nothing in it may end the comment that it stands in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.tokenizer_core import Token, TokenType

from ...dsl.program import Program
from ..plan import Binding, Population, Ranking
from .assign import Options, assignment
from .query import Query, column, from_table
from .ranking import add_cut_points
from .relation import Relation

Remarks = Mapping[tuple[str, int | str], str]
"""What to say beside a clause, by segmentation and number; a segment of an overlapping segmentation; a feature, by the
table of its frame and its name."""

_PLACE = re.compile(r" */\* remark (\d+) \.+ \*/")
_WIDE = "." * 100
_OPENING = frozenset({TokenType.CASE, TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE})
_CLOSING = frozenset({TokenType.END, TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE})


@dataclass(frozen=True, slots=True)
class Readable:
    """A query without its semicolon, and the names of its tables in order with what each holds."""

    text: str
    tables: Mapping[str, str]


def readable_query(
    population: Population, binding: Binding, program: Program, relations: Mapping[str, Relation], remarks: Remarks
) -> Readable:
    """The assignment query of a population, with remarks. It gives what the query of a run gives, but finds the
    cut-points of relative values itself: `binding` needs none."""
    keys = list(remarks)
    # Wide enough for a line of their own; the remarks take their places in the text.
    places = {key: f"remark {number} {_WIDE}" for number, key in enumerate(keys)}
    query = Query(program, binding, relations, remarks=places)
    if population.ranking is not None:
        _find_cut_points(query, population.ranking)
    text = query.finish(assignment(query, population, Options(plain=True)))
    text = _with_remarks(text, [comment(remarks[key]) for key in keys])
    return Readable(text, {name: _about(name, population.ranking) for name, _ in query.tables})


def _find_cut_points(query: Query, ranking: Ranking) -> None:
    tables = add_cut_points(query, ranking)
    selects = dict(query.tables)
    for key, table in zip(ranking.keys, tables, strict=True):
        cuts = [from_table(table, [column(each.alias_or_name)]) for each in selects[table].expressions]
        query.cut_points[key] = tuple(exp.Subquery(this=cut) for cut in cuts)


def comment(text: str) -> str:
    """The text as one line of a comment: no line breaks and other controls, nothing that opens or ends a comment."""
    line = "".join(" " if unicodedata.category(sign).startswith(("C", "Zl", "Zp")) else sign for sign in text)
    return line.replace("*/", "* /").replace("/*", "/ *")


# -- remarks -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    end: int
    text: str


def _with_remarks(text: str, remarks: Sequence[str]) -> str:
    """The text with each remark in place: above the arm of a CASE or the column of a SELECT that it is about."""
    edits: list[_Edit] = []
    tokens: list[Token] = sqlglot.tokenize(text, dialect="duckdb")
    following = [*(token.start for token in tokens[1:]), len(text)]
    starts = [0]  # of the arm or column at hand, in each bracket and CASE that is open
    for token, next_start in zip(tokens, following, strict=True):
        if token.token_type in _CLOSING:
            starts.pop()
        found = _PLACE.search(text, token.end + 1, next_start) if token.comments else None
        if found:
            edits += _placed(text, found, remarks[int(found[1])], starts[-1])
        match token.token_type:
            case TokenType.SELECT | TokenType.COMMA:
                starts[-1] = next_start
            case TokenType.WHEN | TokenType.ELSE:
                starts[-1] = token.start
            case opening if opening in _OPENING:
                starts.append(next_start)
            case _:
                pass
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def _placed(text: str, found: re.Match[str], remark: str, about: int) -> list[_Edit]:
    start, end = found.span()
    indent = text[text.rfind("\n", 0, about) + 1 : about]
    if indent.strip():
        return [_Edit(start, end, f" /* {remark} */")]
    return [_Edit(about, about, f"-- {remark}\n{indent}"), _Edit(start, end, "")]


# -- tables --------------------------------------------------------------------------------------------------------

_ABOUT: Sequence[tuple[str, str]] = (
    (
        r"(.+) with segment (\d+) of (.+)",
        "{0} with the number of the segment of {2} that comes in place {1} of those that fit, else of the last of all",
    ),
    (r"rows of (.+)", "the columns of {0} that the rules read, as they are declared"),
    (r"snapshots of (.+)", "the snapshots of {0} up to the as-of date; the latest of each key is its row"),
    (r"(.+) in the run before", "the segments of {0} in the run before"),
    (r"(.+) and what belongs to them", "{0} with what is attached to them or aggregated for them"),
    (r"(.+) with features", "{0} with values that the rules name or compute"),
    (r"(.+) with all reckoned", "the same rows; an overflow stops the query here, also where nothing reads the result"),
    (r"(.+) decided", "{0} with what is decided: the number of the clause that holds, or who is included"),
    (
        r"(.+) within limits",
        "{0} with the segments that they are in: the first ones that fit, no more than are allowed",
    ),
    (r"(.+) by (.+)", "what is aggregated from {0} for each {1}"),
)
"""The tables of a query by the shape of their names."""


def _about(name: str, ranking: Ranking | None) -> str:
    """What a table of the query holds, told from its name."""
    ranked = re.fullmatch(r"(values|ranks|cut points) (\d+)( \d+)?", name)
    if ranked and ranking is not None:
        said = {
            "values": "each value of it and how many rows have it",
            "ranks": "how many rows are below and above each value",
            "cut points": "its cut-points, the least values that get so far",
        }
        return f"{ranking.keys[int(ranked[2])]}: {said[ranked[1]]}"
    plain = re.sub(r" \d+$", "", name)
    return next(
        about.format(*found.groups()) for shape, about in _ABOUT if (found := re.fullmatch(shape, plain, re.DOTALL))
    )
