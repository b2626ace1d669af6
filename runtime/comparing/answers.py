"""What the rows of a table are answered before and after: how many go which way, and the first keys of those."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import duckdb

from ...compiler.assignment import Options, column_names, decision_columns
from ...compiler.duckdb.relation import Relation
from ...compiler.plan import Decision, Population
from ..connection import quoted
from ..manifest import AssignedRecord, SegmentationRecord, SegmentRecord

Answer: TypeAlias = int | tuple[str, ...]
"""The number of the clause that won; of an overlapping segmentation the segments."""
Way: TypeAlias = tuple[Answer, Answer, Answer, Answer]
"""Before and after, then what the answer would be without a limit, before and after."""
Move: TypeAlias = tuple[str | None, str | None]
"""From a segment to another; of an overlapping segmentation into one (from None) or out of one (to None)."""


@dataclass(frozen=True, slots=True)
class Answers:
    """How the rows of a table are answered by one segmentation: `old` and `new` are the decisions of the two sides, one
    and the same where nothing that decides it differs. `ways` counts the rows of each way."""

    name: str
    old: Decision
    new: Decision
    ways: Mapping[Way, int]

    @property
    def same(self) -> bool:
        """Whether nothing that decides it differs."""
        return self.old == self.new


Asked: TypeAlias = tuple[str, str, str, str]
"""The names of decisions: that of the old side and of the new one, and of both without their limit."""


def answers_of(
    con: duckdb.DuckDBPyConnection,
    relation: Relation,
    options: Options,
    population: Population,
    asked: Asked,
    name: str,
) -> Answers:
    """The answers of the segmentation `name`, in one pass over the rows of `relation`, which an assignment with
    `options` wrote."""
    decisions = {each.segmentation: each for each in population.decisions}
    terms = _terms(population, options, asked)
    query = f"SELECT a, b, c, d, count(*) FROM (SELECT {terms} FROM {relation.source}) GROUP BY a, b, c, d"
    ways = {_way(row): count for *row, count in con.execute(query).fetchall()}
    in_order = dict(sorted(ways.items(), key=lambda each: _place(each[0])))
    return Answers(name, decisions[asked[0]], decisions[asked[1]], in_order)


def _terms(population: Population, options: Options, asked: Asked) -> str:
    columns = decision_columns(population, options)
    held = (columns[name][1] or columns[name][0] for name in asked)
    return ", ".join(f"{quoted(column)} AS {name}" for column, name in zip(held, "abcd", strict=True))


def _way(row: Sequence[int | list[str]]) -> Way:
    before, after, fits_before, fits_after = (tuple(each) if isinstance(each, list) else each for each in row)
    return before, after, fits_before, fits_after


def _place(way: Way) -> tuple[str, ...]:
    """By number of clause, or by the names of segments."""
    return tuple(f"{each:09}" if isinstance(each, int) else repr(each) for each in way)


# -- segments ----------------------------------------------------------------------------------------------------------


def segment_of(decision: Decision, clause: int) -> str:
    """The segment that a clause puts rows into."""
    return next((each.segment for each in decision.clauses if each.number == clause), decision.otherwise or "")


def segments_in(decision: Decision, answer: Answer) -> tuple[str, ...]:
    """The segments of an answer."""
    return (segment_of(decision, answer),) if isinstance(answer, int) else answer


def all_segments(answers: Answers) -> tuple[str, ...]:
    """The segments of the new side in their order, then those that only the old one has."""
    new = _segments(answers.new)
    return (*new, *(each for each in _segments(answers.old) if each not in new))


def _segments(decision: Decision) -> tuple[str, ...]:
    otherwise = () if decision.otherwise is None else (decision.otherwise,)
    named: dict[str, None] = dict.fromkeys((*decision.segments, *otherwise))
    return tuple(named)


def sizes(answers: Answers) -> dict[str, tuple[int | None, int | None]]:
    """The rows of each segment before and after; None on a side that does not have it."""
    before, after = Counter[str](), Counter[str]()
    for (a, b, *_), count in answers.ways.items():
        before.update(dict.fromkeys(segments_in(answers.old, a), count))
        after.update(dict.fromkeys(segments_in(answers.new, b), count))
    has_before, has_after = _segments(answers.old), _segments(answers.new)
    return {
        each: (before[each] if each in has_before else None, after[each] if each in has_after else None)
        for each in all_segments(answers)
    }


def migration(answers: Answers) -> dict[tuple[str, str], int]:
    """The rows by segment before and after, of an exclusive segmentation; noughts are left out."""
    found: Counter[tuple[str, str]] = Counter()
    for (a, b, *_), count in answers.ways.items():
        assert isinstance(a, int), "it is exclusive"
        assert isinstance(b, int), "it is exclusive"
        found[segment_of(answers.old, a), segment_of(answers.new, b)] += count
    return dict(found)


def moves_of(answers: Answers, way: Way) -> tuple[Move, ...]:
    """The moves that the rows of a way make; none where their answer is the same segments."""
    before, after = segments_in(answers.old, way[0]), segments_in(answers.new, way[1])
    if answers.new.exclusive:
        return () if before == after else ((before[0], after[0]),)
    joined = tuple((None, each) for each in after if each not in before)
    return (*joined, *((each, None) for each in before if each not in after))


def moves(answers: Answers) -> dict[Move, int]:
    """The rows of each move that there is."""
    found: Counter[Move] = Counter()
    for way, count in answers.ways.items():
        found.update(dict.fromkeys(moves_of(answers, way), count))
    return dict(found)


def movers(answers: Answers) -> int:
    """The rows whose answer differs."""
    return sum(count for way, count in answers.ways.items() if moves_of(answers, way))


# -- as a run would record it ----------------------------------------------------------------------------------------


def as_assigned(population: Population, found: Mapping[str, Answers]) -> AssignedRecord:
    """What a run would record of both sides, by the names of the joint program. Contents are not hashed."""
    rows = max((sum(each.ways.values()) for each in found.values()), default=0)
    sides: dict[str, tuple[Decision, Counter[Answer]]] = {}
    for each in found.values():
        for decision, side in ((each.old, 0), (each.new, 1)):
            counted: Counter[Answer] = Counter()
            for way, count in each.ways.items():
                counted[way[side]] += count
            sides[decision.segmentation] = decision, counted
    return AssignedRecord(
        file="",
        rows=rows,
        segmentations={
            each.segmentation: _recorded(*sides[each.segmentation], rows)
            for each in population.decisions
            if each.segmentation in sides
        },
    )


def _recorded(decision: Decision, counted: Mapping[Answer, int], rows: int) -> SegmentationRecord:
    held: Counter[str] = Counter()
    for answer, count in counted.items():
        held.update(dict.fromkeys(segments_in(decision, answer), count))
    clauses: dict[int, int | None] = {
        answer: count for answer, count in sorted(counted.items(), key=repr) if isinstance(answer, int)
    }
    return SegmentationRecord(
        exclusive=decision.exclusive,
        segments={
            each: SegmentRecord(count=held[each], share=held[each] / rows if rows else None)
            for each in _segments(decision)
        },
        clauses=clauses if decision.exclusive else None,
        none=None if decision.exclusive else counted.get((), 0),
        content_hash="",
    )


# -- keys ------------------------------------------------------------------------------------------------------------


def first_keys(
    con: duckdb.DuckDBPyConnection,
    relation: Relation,
    options: Options,
    population: Population,
    asked: Asked,
    most: int,
) -> dict[Way, tuple[int | str, ...]]:
    """The least keys, at most so many, of the rows of each way that moves."""
    columns, key = decision_columns(population, options), column_names(population, options)[0][0]
    old, new = (quoted(columns[name][0]) for name in asked[:2])
    terms = f"{_terms(population, options, asked)}, {quoted(key)} AS k"
    moved = f"CAST({old} AS VARCHAR) <> CAST({new} AS VARCHAR)"
    query = (
        f"SELECT a, b, c, d, min(k, {most}) FROM (SELECT {terms} FROM {relation.source} WHERE {moved}) "
        "GROUP BY a, b, c, d"
    )
    return {_way(row): tuple(keys) for *row, keys in con.execute(query).fetchall()}
