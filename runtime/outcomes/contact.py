"""Contact pressure: in how many segments of an overlapping segmentation rows are, and how many a limit keeps out."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from ...compiler.plan import Decision, Population
from ..connection import quoted
from .records import ContactRecord


def contact_pressure(
    con: duckdb.DuckDBPyConnection, population: Population, assignments: str, qualified: Mapping[str, str]
) -> dict[str, ContactRecord]:
    """The contact pressure of each overlapping segmentation of a population, by its name. Nothing is hidden.

    `assignments` is what SQL reads the rows from, such as `read_parquet('…')`; `qualified` names by segmentation with
    a cap its column that tells for how many segments a row qualifies (`compiler/assignment.py`, `qualified_columns`).
    Raises `KeyError` where a segmentation with a cap has none."""
    return {
        decision.segmentation: _record(con, decision, assignments, qualified)
        for decision in population.decisions
        if not decision.exclusive
    }


def _record(
    con: duckdb.DuckDBPyConnection, decision: Decision, assignments: str, qualified: Mapping[str, str]
) -> ContactRecord:
    most = len(decision.segments) if decision.cap is None else min(decision.cap, len(decision.segments))
    fitting = "0" if decision.cap is None else quoted(qualified[decision.segmentation])
    found = con.execute(
        f"SELECT included, count(*), count(*) FILTER (fitting > included) FROM "
        f"(SELECT len({quoted(decision.segmentation)}) AS included, {fitting} AS fitting FROM {assignments}) "
        "GROUP BY included"
    ).fetchall()
    by_number = {number: rows for number, rows, _ in found}
    return ContactRecord(
        counts={number: by_number.get(number, 0) for number in range(most + 1)},
        cap=decision.cap,
        capped=None if decision.cap is None else sum(kept_out for _, _, kept_out in found),
    )
