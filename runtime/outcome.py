"""What came out of an assignment: counts by segment and clause, and a hash of the content.

The hash does not depend on the order of rows, on the engine or on its version. Of each answer (segment and clause, or
list of segments) three whole numbers are taken over the keys that got it: how many they are, the sum of k, and the sum
of (|k| mod p)², where p = 2³¹ − 1 and k is the key itself where it is an integer, else the last eight bytes of the MD5
of its text, least significant byte first, without the highest bit. The lines `answer|n|sum|sum of squares`, in order,
are hashed with SHA-256.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb

from ..compiler.plan import Decision, Population
from ..dsl.program import Program, Segment, Table
from .connection import file_text, quoted
from .manifest import AssignedRecord, SegmentationRecord, SegmentRecord
from .notes import Note, rows
from .suppression import leeway


def assigned(con: duckdb.DuckDBPyConnection, program: Program, population: Population, file: Path) -> AssignedRecord:
    """The record of the assignments that a Parquet file holds: the key, then the answers of each decision."""
    source = f"read_parquet({file_text(file)})"
    names = iter(row[0] for row in con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall())
    key = quoted(next(names))
    if program.table(population.table).field_named(population.frame.key or "").type.kind != "integer":
        key = f"CAST(md5_number_lower(CAST({key} AS VARCHAR)) & {2**63 - 1} AS BIGINT)"
    total: int = con.execute(f"SELECT count(*) FROM {source}").fetchall()[0][0]
    records: dict[str, SegmentationRecord] = {}
    for decision in population.decisions:
        answer = quoted(next(names))
        clause = quoted(next(names)) if decision.exclusive else "NULL"
        # The square stays below 2^62, so that a sum in 128 bits holds it.
        # Names are given one level further in than they are used: a column of the file may have any of them.
        keyed = f"SELECT {answer} AS answer, {clause} AS clause, {key} AS k FROM {source}"
        groups = con.execute(
            f"SELECT answer, clause, count(*), sum(k), sum(rest * rest) FROM (SELECT *, "
            f"CAST(abs(CAST(k AS HUGEINT)) % {2**31 - 1} AS BIGINT) AS rest FROM ({keyed})) GROUP BY answer, clause"
        ).fetchall()
        records[decision.segmentation] = _record(decision, groups, total)
    return AssignedRecord(file=file.name, rows=total, segmentations=records)


def _record(decision: Decision, groups: Sequence[tuple[Any, Any, int, int, int]], total: int) -> SegmentationRecord:
    counts: Counter[str] = Counter()
    clauses: Counter[int] = Counter()
    none = 0
    lines: list[str] = []
    for answer, clause, count, keys, squares in groups:
        lines.append(f"{json.dumps([answer, clause], ensure_ascii=False)}|{count}|{keys}|{squares}")
        if decision.exclusive:
            counts[answer] += count
            clauses[clause] += count
        else:
            counts.update(dict.fromkeys(answer, count))
            none += 0 if answer else count
    names = decision.segments if decision.otherwise is None else (*decision.segments, decision.otherwise)
    return SegmentationRecord(
        exclusive=decision.exclusive,
        segments={
            name: SegmentRecord(count=counts[name], share=counts[name] / total if total else None) for name in names
        },
        clauses={number: clauses[number] for number in sorted(clauses)} if decision.exclusive else None,
        none=None if decision.exclusive else none,
        content_hash=hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest(),
    )


def outcome_notes(
    program: Program, table: Table, record: AssignedRecord, shown: AssignedRecord, as_of: dt.date
) -> Iterator[Note]:
    """Segments that are not in force or smaller than their segmentation asks for, and how many rows are in none.
    `shown` is the record as far as it may be shown."""
    small = [*small_segments(program, record, shown, as_of, told=True)]
    for name, found in shown.segmentations.items():
        for segment in program.segmentation(name).all_segments:
            if not in_force(segment, as_of):
                message = f"`{segment.name}` of `{name}` is in force only{_period(segment)}, so nobody is in it"
                yield Note("not in force", name, message)
        yield from (note for note in small if note.of == name)
        if found.none:
            message = (
                f"{rows(found.none)} of `{table.name}` {'is' if found.none == 1 else 'are'} in no segment of `{name}`"
            )
            yield Note("in none", name, message, found.none)


def small_segments(
    program: Program, record: AssignedRecord, shown: AssignedRecord, as_of: dt.date, *, told: bool
) -> Iterator[Note]:
    """Segments with fewer rows than `each segment at least n` asks. Those whose size is hidden are said without it;
    with `told` they are left out where that alone would narrow it down."""
    for name, found in record.segmentations.items():
        segmentation = program.segmentation(name)
        least = segmentation.minimum_size
        for segment in segmentation.all_segments:
            count = found.segments[segment.name].count
            if least is None or count is None or count >= least or not in_force(segment, as_of):
                continue
            of, asked = f"`{segment.name}` of `{name}`", f"the {least:,} that each segment needs"
            if shown.segmentations[name].segments[segment.name].count is not None:
                yield Note("segment size", name, f"{of} has {rows(count)}, fewer than {asked}", count)
            elif not told or _tells_little(count, least, program.policy.hide_below or 0):
                yield Note("segment size", name, f"{of} has fewer rows than {asked}; how many is hidden")


def _tells_little(count: int, least: int, k: int) -> bool:
    """Whether a hidden `count` stays uncertain to who knows whether it is below `k`, and that it is below `least`."""
    return least >= k if count < k else least - 1 - k >= leeway(k)


def in_force(segment: Segment, as_of: dt.date) -> bool:
    """Whether the as-of date lies between the ends of a segment, both in."""
    begun = segment.valid_from is None or segment.valid_from <= as_of
    return begun and (segment.valid_until is None or as_of <= segment.valid_until)


def _period(segment: Segment) -> str:
    ends = (("from", segment.valid_from), ("until", segment.valid_until))
    return "".join(f" {word} {date}" for word, date in ends if date is not None)
