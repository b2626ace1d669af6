"""Funnels, gains and overlaps from evidence: rows with equal evidence and equal answers are counted together once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import duckdb

from ...compiler.assignment import words_of
from ...compiler.plan import Decision, DecisionClause, Population
from ..connection import file_text, quoted, text
from .clauses import Part, in_force, is_personal, parameters, parts_of, sql, truth_columns, words
from .records import Funnel, Gain, Overlap, SegmentationObserved, Step

MOST_SEGMENTS = 40
"""Of more segments overlaps are not counted: nobody reads a table of that size."""


def count_patterns(con: duckdb.DuckDBPyConnection, population: Population, file: Path) -> None:
    """Makes the table `truths`: a row for each pattern of evidence and answers, `n` how many rows have it."""
    evidence = [f"evidence_{kind}_{word}" for kind in ("true", "known") for word in words_of(population)]
    answers = [quoted(_answer(each)) for each in population.decisions]
    kept, columns = ", ".join([*evidence, *answers]), ", ".join([*answers, "n", *truth_columns(population)])
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE truths AS SELECT {columns} "
        f"FROM (SELECT {kept}, count(*) AS n FROM read_parquet({file_text(file)}) GROUP BY ALL)"
    )


def _answer(decision: Decision) -> str:
    return f"{decision.segmentation}_clause" if decision.exclusive else decision.segmentation


def counted(
    con: duckdb.DuckDBPyConnection, population: Population, decision: Decision, as_of: dt.date
) -> SegmentationObserved:
    """What the table `truths` says of one segmentation; nothing is hidden yet."""
    personal = {
        clause.segment
        for clause in decision.clauses
        if in_force(clause, as_of) and is_personal(clause.formula, population)
    }
    return SegmentationObserved(
        exclusive=decision.exclusive,
        funnels=tuple(_funnel(con, population, decision, clause, as_of) for clause in decision.clauses),
        overlaps=_overlaps(con, decision, as_of, personal),
        untold=tuple(segment for segment in decision.segments if segment in personal),
        limit=decision.cap,
    )


# -- funnels ------------------------------------------------------------------------------------------------------


def _funnel(
    con: duckdb.DuckDBPyConnection, population: Population, decision: Decision, clause: DecisionClause, as_of: dt.date
) -> Funnel:
    answer = quoted(_answer(decision))
    comes, held, outside = _places(decision, clause, answer)
    # What evidence does not tell, the answer does, where the segment has no other clause.
    whole = not is_personal(clause.formula, population)
    if not whole and not decision.exclusive:
        held = _in(decision, clause.segment, answer)
    limited = decision.cap is not None and decision.cap < len(decision.segments)
    alone = decision.exclusive or whole or sum(each.segment == clause.segment for each in decision.clauses) == 1
    if not in_force(clause, as_of):
        (start,) = _counts(con, [comes])
        return Funnel(clause.number, clause.segment, False, start, (), 0)
    parts = parts_of(clause)
    told = [part for part in parts if not is_personal(part.formula, population)]
    asked = [sql(part.formula) for part in told]
    wanted = [comes, held]
    for at, condition in enumerate(asked):
        before = [comes, *asked[:at]]
        wanted += [_all([*before, condition]), _all([*before, f"{condition} IS NULL"])]
        others = [outside, *asked[:at], *asked[at + 1 :]]
        wanted += [_all([*others, f"{condition} IS NOT TRUE"]), _all([*others, f"{condition} IS NULL"])]
    start, last, *found = _counts(con, wanted)
    steps = list(_steps(told, found, population, gains=whole))
    held_by_it = last if alone else None
    if not whole:
        steps.append(Step("personal", "", (), None if limited else held_by_it, None, None))
    if limited:
        steps.append(Step("limit", str(decision.cap), (), held_by_it, 0, None))
    return Funnel(clause.number, clause.segment, True, start, tuple(steps), held_by_it)


def _steps(told: Sequence[Part], found: Sequence[int], population: Population, *, gains: bool) -> Iterator[Step]:
    for at, part in enumerate(told):
        left, unknown, gain, gain_unknown = found[4 * at : 4 * at + 4]
        told_gain = Gain(gain, gain_unknown) if gains else None
        said, named = words(part, population), parameters(part.formula, population)
        yield Step(part.kind, said, named, left, unknown, told_gain)


def _places(decision: Decision, clause: DecisionClause, answer: str) -> tuple[str, str, str]:
    """In SQL: who comes as far as the clause, whom it holds, and who could be won by it: who is not in its segment and
    was taken by no earlier clause."""
    if not decision.exclusive:
        inside = f"list_contains({answer}, {text(clause.segment)})"
        formula = f"{sql(clause.formula)} IS TRUE"
        if decision.cap is None:
            return "true", formula, f"NOT {inside}"
        # A row keeps the segments declared first, so it is in as many of the earlier ones as it fits, up to the limit.
        earlier = decision.segments[: decision.segments.index(clause.segment)]
        in_earlier = f"len(list_intersect({answer}, [{', '.join(map(text, earlier))}]::VARCHAR[]))"
        return "true", f"{formula} AND {inside}", f"NOT {inside} AND {in_earlier} < {decision.cap}"
    own = [str(each.number) for each in decision.clauses if each.segment == clause.segment]
    here = f"{answer} >= {clause.number}"
    return here, f"{answer} = {clause.number}", f"{here} AND {answer} NOT IN ({', '.join(own)})"


def _all(conditions: Iterable[str]) -> str:
    return " AND ".join(conditions)


def _counts(con: duckdb.DuckDBPyConnection, conditions: Sequence[str]) -> list[int]:
    """How many rows each condition holds."""
    terms = ", ".join(f"coalesce(sum(n) FILTER (WHERE {condition}), 0)::BIGINT" for condition in conditions)
    return list(con.execute(f"SELECT {terms} FROM truths").fetchall()[0])


# -- overlaps -----------------------------------------------------------------------------------------------------


def _overlaps(
    con: duckdb.DuckDBPyConnection, decision: Decision, as_of: dt.date, personal: set[str]
) -> tuple[Overlap, ...] | None:
    if len(decision.segments) > MOST_SEGMENTS:
        return None
    answer = quoted(_answer(decision))
    pairs: list[tuple[str, str]] = []
    conditions: list[str] = []
    segments = [each for each in decision.segments if each != decision.otherwise]
    for at, first in enumerate(segments):
        for second in segments[at + 1 :]:
            if second in personal:
                continue
            pairs.append((first, second))
            conditions.append(f"{_in(decision, first, answer)} AND {_fits(decision, second, answer, as_of)}")
    counts = _counts(con, conditions) if conditions else []
    return tuple(Overlap(*pair, count) for pair, count in zip(pairs, counts, strict=True))


def _in(decision: Decision, segment: str, answer: str) -> str:
    """Whether a row is in a segment."""
    if not decision.exclusive:
        return f"list_contains({answer}, {text(segment)})"
    own = [str(each.number) for each in decision.clauses if each.segment == segment]
    return f"{answer} IN ({', '.join(own)})"


def _fits(decision: Decision, segment: str, answer: str, as_of: dt.date) -> str:
    """Whether a row would be in a segment if there were no other."""
    if not decision.exclusive:
        return _in(decision, segment, answer)
    own = [each for each in decision.clauses if each.segment == segment and in_force(each, as_of)]
    return f"({' OR '.join(f'{sql(each.formula)} IS TRUE' for each in own) or 'false'})"
