"""How fast assignments are on Polars, against what an expert would write in Polars by hand, and against DuckDB: what
the engines do from files into a file, without opening, contracts and counting. Whatever is compared takes turns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import duckdb
import polars as pl
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks import by_hand_polars
from benchmarks.conftest import Portfolio
from benchmarks.test_assignment import GIB, against_by_hand, segwright_run
from segwright.compiler.assignment import Options
from segwright.compiler.duckdb.relation import Relation
from segwright.compiler.plan import Binding, Population
from segwright.compiler.plan_from_program import plan_from_program
from segwright.compiler.polars.table import table_of
from segwright.dsl.program import Program
from segwright.dsl.project import check_files
from segwright.runtime.engines.duckdb import DuckdbEngine
from segwright.runtime.engines.names import ENGINES, EngineName
from segwright.runtime.engines.polars import PolarsEngine

pytestmark = pytest.mark.benchmark

Task = Literal["assignment", "evidence", "events"]
TASKS: tuple[Task, ...] = get_args(Task)
BY_HAND: dict[Task, Callable[[Path, Path], None]] = {
    "assignment": by_hand_polars.assignment,
    "evidence": by_hand_polars.evidence,
    "events": by_hand_polars.events,
}
ARREARS = """
segmentation arrears of customers
  first match wins
  segment late
    when late_90d >= 1
     and worst_delay > 60
     and paid_6m < paid_before
  otherwise other
"""
"""What only payments decide, in place of the segments of bench.seg."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is to be run for a task."""

    program: Program
    population: Population
    binding: Binding
    options: Options


def prepared(portfolio: Portfolio, task: Task) -> Prepared:
    rules = portfolio.project / "bench.seg"
    if task == "events":
        declared = rules.read_text(encoding="utf-8").split("segmentation value_risk")[0]
        rules = portfolio.project / "events.rules"
        rules.write_text(declared + ARREARS, encoding="utf-8")
    program = check_files([rules], portfolio.project).program
    assert program is not None
    (population,) = plan_from_program(program).populations
    binding = Binding(dt.date(2026, 9, 1), {parameter.name: parameter.value for parameter in program.parameters})
    return Prepared(program, population, binding, Options(evidence=task == "evidence"))


def on_polars(portfolio: Portfolio, task: Prepared, out: Path) -> None:
    data = portfolio.project / "data"
    tables = {name: table_of(pl.scan_parquet(data / f"{name}.parquet")) for name in ("customers", "payments")}
    engine = PolarsEngine(task.program, tables)
    engine.assign(task.population, task.binding, task.options, out)


def on_duckdb(portfolio: Portfolio, task: Prepared, out: Path) -> None:
    data = portfolio.project / "data"
    with duckdb.connect() as con:
        relations: dict[str, Relation] = {}
        for name in ("customers", "payments"):
            source = f"read_parquet('{data / name}.parquet')"
            described = con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
            relations[name] = Relation(source, {row[0]: row[1] for row in described})
        DuckdbEngine(con, task.program, relations).assign(task.population, task.binding, task.options, out)


def differing(one: Path, other: Path, columns: str) -> list[tuple[int, int]]:
    """How many rows two files have together, and how many of them differ."""
    with duckdb.connect() as con:
        return con.execute(
            f"SELECT count(*), count_if(a IS DISTINCT FROM b) FROM (SELECT customer_id, ({columns}) AS a FROM '{one}') "
            f"FULL JOIN (SELECT customer_id, ({columns}) AS b FROM '{other}') USING (customer_id)"
        ).fetchall()


SEGMENT: dict[Task, str] = {"assignment": "value_risk", "evidence": "value_risk", "events": "arrears"}


@pytest.mark.parametrize("task", TASKS)
def test_polars_against_polars_by_hand(
    benchmark: BenchmarkFixture, portfolio: Portfolio, figures: list[str], tmp_path: Path, task: Task
) -> None:
    asked, ours, by_hand = prepared(portfolio, task), tmp_path / "ours.parquet", tmp_path / "by_hand.parquet"
    ratio = against_by_hand(
        benchmark,
        lambda: on_polars(portfolio, asked, ours),
        lambda: BY_HAND[task](portfolio.project / "data", by_hand),
    )
    figures.append(f"Polars, {task}, {portfolio.customers:,} customers, against Polars by hand: {ratio}")
    assert differing(ours, by_hand, SEGMENT[task]) == [(portfolio.customers, 0)]


@pytest.mark.parametrize("task", TASKS)
def test_polars_against_duckdb(
    benchmark: BenchmarkFixture, portfolio: Portfolio, figures: list[str], tmp_path: Path, task: Task
) -> None:
    asked, ours, others = prepared(portfolio, task), tmp_path / "polars.parquet", tmp_path / "duckdb.parquet"
    ratio = against_by_hand(
        benchmark, lambda: on_polars(portfolio, asked, ours), lambda: on_duckdb(portfolio, asked, others)
    )
    figures.append(f"Polars, {task}, {portfolio.customers:,} customers, against DuckDB: {ratio}")
    columns = f"{SEGMENT[task]}, {SEGMENT[task]}_clause"
    if task == "evidence":
        columns += ", evidence_true_0, evidence_known_0"
    assert differing(ours, others, columns) == [(portfolio.customers, 0)]


@pytest.mark.parametrize("engine", ENGINES)
def test_peak_memory_of_each_engine(
    portfolio: Portfolio, figures: list[str], tmp_path: Path, engine: EngineName
) -> None:
    peak = segwright_run(portfolio.project, tmp_path / "runs", "--engine", engine)
    figures.append(f"peak memory of `segwright run --engine {engine}`: {peak / GIB:.2f} GiB resident")


def test_frames_against_files(
    benchmark: BenchmarkFixture, portfolio: Portfolio, figures: list[str], tmp_path: Path
) -> None:
    """What it costs to write a frame down before it is read."""
    import segwright as sw

    data = portfolio.project / "data"
    project = sw.open(portfolio.project)
    customers = pl.read_parquet(data / "customers.parquet")

    def run(given: dict[str, pl.DataFrame]) -> None:
        project.run(engine="polars", out=tmp_path / "runs", data=given)

    ratio = against_by_hand(benchmark, lambda: run({"customers": customers}), lambda: run({}))
    figures.append(f"a run on Polars over a frame of {portfolio.customers:,} customers, against their file: {ratio}")
