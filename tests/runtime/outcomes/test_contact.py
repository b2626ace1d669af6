"""In how many segments rows are, and how many a limit keeps out: counted by hand."""

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from scratch import scratch
from small_programs import binding_of, framed, plan_of, program_of, stored

from segwright.compiler.assignment import Options, qualified_columns
from segwright.compiler.duckdb.assign import assignment_query
from segwright.compiler.polars.assign import assignment_frame
from segwright.runtime.outcomes.contact import contact_pressure
from segwright.runtime.outcomes.records import ContactRecord

AS_OF = dt.date(2026, 9, 1)
RULES = """
table customers key id
  id    integer
  score integer
segmentation value of customers
  first match wins
  segment high when score > 2
  otherwise rest
segmentation campaigns of customers
  overlapping
  at most 2 segments each
  segment a when score > 0
  segment b when score > 1
  segment c when score > 2
  segment d when score > 3
segmentation open_ended of customers
  overlapping
  segment a when score > 0
  segment b when score > 1
segmentation wide of customers
  overlapping
  at most 5 segments each
  segment a when score > 0
"""
SCORES = [0, 0, 0, 1, 2, 2, 3, 4, 4]
"""Three fit no campaign, one fits one, two fit two, one three, two four: three are kept out of something."""
PRESSURE = {
    "campaigns": ContactRecord(counts={0: 3, 1: 1, 2: 5}, cap=2, capped=3),
    "open_ended": ContactRecord(counts={0: 3, 1: 1, 2: 5}, cap=None, capped=None),
    "wide": ContactRecord(counts={0: 3, 1: 6}, cap=5, capped=0),
}
OPTIONS = Options(qualified=True)


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
def test_assignments_of_an_engine(engine: str, tmp_path: Path) -> None:
    program, (population,) = program_of(RULES), plan_of(RULES).populations
    rows = {"customers": [{"id": number, "score": score} for number, score in enumerate(SCORES)]}
    file = tmp_path / "assignments.parquet"
    with scratch() as con:
        if engine == "duckdb":
            relations = stored(con, program, rows)
            query = assignment_query(population, binding_of(program, AS_OF), program, relations, OPTIONS)
            con.execute(f"COPY ({query}) TO '{file}' (FORMAT parquet)")
        else:
            tables = framed(program, rows)
            assignment_frame(population, binding_of(program, AS_OF), program, tables, OPTIONS).sink_parquet(file)
        columns = qualified_columns(population, OPTIONS)
        assert columns == {"campaigns": "campaigns_qualified", "wide": "wide_qualified"}
        assert contact_pressure(con, population, f"read_parquet('{file}')", columns) == PRESSURE
    assert pl.read_parquet_schema(file)["campaigns_qualified"] == pl.UInt16()


def test_nobody_at_all() -> None:
    (population,) = plan_of(RULES).populations
    with scratch() as con:
        con.execute(
            "CREATE TEMP TABLE none (id BIGINT, campaigns TEXT[], campaigns_qualified USMALLINT, open_ended TEXT[], "
            "wide TEXT[], wide_qualified USMALLINT)"
        )
        found = contact_pressure(con, population, "none", {name: f"{name}_qualified" for name in ("campaigns", "wide")})
    assert {name: (record.counts, record.capped) for name, record in found.items()} == {
        "campaigns": ({0: 0, 1: 0, 2: 0}, 0),
        "open_ended": ({0: 0, 1: 0, 2: 0}, None),
        "wide": ({0: 0, 1: 0}, 0),
    }


def test_without_the_column_nothing_is_made_up() -> None:
    (population,) = plan_of(RULES).populations
    with scratch() as con, pytest.raises(KeyError, match="campaigns"):
        contact_pressure(con, population, "none", {})
