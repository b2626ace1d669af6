"""What is Polars' own in an assignment: it streams, many clauses go into blocks, long lists are put together."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from scratch import scratch
from small_programs import assigned, binding_of, framed, population_of, program_of

from segwright.compiler.assignment import Options
from segwright.compiler.plan_from_program import plan_from_program
from segwright.compiler.polars.assign import assignment_frame
from segwright.compiler.polars.decisions import first_that_holds, small_integer
from segwright.compiler.polars.ties import tie_frame

AS_OF = dt.date(2026, 9, 1)
IN_MEMORY = 'fillcolor="0.0 '
"""How Polars draws a part of a plan that its streaming engine hands to the other one."""

DATA = """
table customers key id
  id    integer
  age   integer
  note  text
events payments of customers by id at paid_on then number
  id       integer
  paid_on  date
  number   integer
  amount   number
  money    money
table crm of customers by id
  id    integer
  flag  boolean
"""
EVERYTHING = """
segmentation s of customers
  first match wins
  segment a
    when age > 30 and (latest of amount from payments ever) > 1 and (median of money from payments ever) > 1
  segment b
    when crm.flag and (distinct count of amount from payments in last 90 days) > 1
    when (trend per month of money from payments ever) > 0
  segment c when note starts with "x" and (average of amount from payments where number > 3 ever) > 2
  segment d when (sum of money from payments ever) > 4 or (sum of amount from payments in last 1 year) > 3
  otherwise rest
segmentation o of customers
  overlapping
  segment a when age > 3
  segment b when s is a
segmentation p of customers
  overlapping
  at most 2 segments each
  segment a when age > 3
  segment b when o includes b
  segment c when age > 4
"""


@pytest.mark.parametrize(
    "options", [Options(), Options(evidence=True, values=True), Options(codes_only=True), Options(qualified=True)]
)
def test_everything_streams(options: Options) -> None:
    program = program_of(DATA + EVERYTHING)
    (population,) = plan_from_program(program).populations
    binding, tables = binding_of(program, AS_OF), framed(program, {})
    ties = tie_frame(population, binding, program, tables)
    assert ties is not None
    for frame in (assignment_frame(population, binding, program, tables, options), ties):
        drawn = frame.show_graph(engine="streaming", plan_stage="physical", raw_output=True)
        assert drawn is not None
        assert "group-by" in drawn
        assert IN_MEMORY not in drawn.replace("\n", " ")


def test_the_colour_of_what_does_not_stream() -> None:
    frame = pl.LazyFrame({"a": [1, 2]}).select(pl.col("a").rank("dense"))
    drawn = frame.show_graph(engine="streaming", plan_stage="physical", raw_output=True)
    assert drawn is not None
    assert IN_MEMORY in drawn


def test_types_of_columns() -> None:
    program = program_of(DATA + EVERYTHING)
    (population,) = plan_from_program(program).populations
    frame = assignment_frame(
        population, binding_of(program, AS_OF), program, framed(program, {}), Options(evidence=True)
    )
    assert dict(frame.collect_schema()) == {
        "id": pl.Int64(),
        "s": pl.Enum(["a", "b", "c", "d", "rest"]),
        "s_clause": pl.UInt8(),
        "o": pl.List(pl.String()),
        "p": pl.List(pl.String()),
        "evidence_true_0": pl.UInt64(),
        "evidence_known_0": pl.UInt64(),
    }


@pytest.mark.parametrize("clauses", [253, 254, 255, 256, 511, 700])
def test_the_first_of_many_clauses(clauses: int) -> None:
    """A segment for each number from 1, for ages of at least so much below it."""
    segments = "".join(f"  segment s{n}\n    when age = {n}\n    when age = {-n}\n" for n in range(1, clauses // 2 + 1))
    rules = f"{DATA}segmentation s of customers\n  first match wins\n{segments}  otherwise rest\n"
    half = clauses // 2
    ages = [1, -1, 2, half, -half, half + 1, 0, 126, -126, 127, -127, 128, -128]
    with scratch() as con:
        rows = assigned(con, rules, {"customers": [{"id": n, "age": age} for n, age in enumerate(ages)]}, AS_OF)
    for age, row in zip(ages, rows, strict=True):
        number = 2 * half + 1 if not 1 <= abs(age) <= half else 2 * abs(age) - (age > 0)
        name = "rest" if number > 2 * half else f"s{abs(age)}"
        assert (row["s"], row["s_clause"]) == (name, number)


def test_clauses_that_are_left_out_do_not_shift_the_others() -> None:
    numbers = [number for number in range(1, 601) if number % 7]
    conditions = [(number, pl.col("x") == number) for number in numbers]
    found = pl.LazyFrame({"x": list(range(602))}).select(first_that_holds(conditions, 601).alias("x")).collect()["x"]
    assert found.to_list() == [number if number in numbers else 601 for number in range(602)]
    assert found.dtype == small_integer(601)


@pytest.mark.parametrize("segments", [1, 7, 8, 9, 17])
def test_lists_of_many_segments(segments: int) -> None:
    clauses = "".join(f"  segment s{n} when age >= {n}\n" for n in range(1, segments + 1))
    rules = f"{DATA}segmentation o of customers\n  overlapping\n{clauses}"
    with scratch() as con:
        rows = assigned(con, rules, {"customers": [{"id": n, "age": n} for n in range(20)]}, AS_OF)
    assert [row["o"] for row in rows] == [[f"s{n}" for n in range(1, segments + 1) if n <= age] for age in range(20)]


def test_only_the_columns_that_are_read_are_asked_for() -> None:
    rules = f"{DATA}segmentation s of customers\n  first match wins\n  segment a when age > 3\n  otherwise rest\n"
    population = population_of(rules)
    program = program_of(rules)
    frame = assignment_frame(population, binding_of(program, AS_OF), program, framed(program, {}))
    assert 'PROJECT["id", "age"] 2/3 COLUMNS' in frame.explain(engine="streaming")
