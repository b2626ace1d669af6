"""How fast assignments are, against SQL that an expert would write by hand; the two take turns, so that a change of the
machine's speed meets both."""

from __future__ import annotations

import datetime as dt
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.conftest import Portfolio
from segwright.compiler.duckdb.assign import assignment_query
from segwright.compiler.duckdb.relation import Relation
from segwright.compiler.plan import Binding
from segwright.compiler.plan_from_program import plan_from_program
from segwright.dsl.project import check_files

pytestmark = pytest.mark.benchmark

ROUNDS = 5
GIB = 1 << 30


def executed(sql: str) -> None:
    """Run a statement on a connection of its own."""
    with duckdb.connect() as connection:
        connection.execute(sql).fetchall()


def against_by_hand(
    benchmark: BenchmarkFixture, ours: Callable[[], object], by_hand: Callable[[], object], rounds: int = ROUNDS
) -> str:
    """Time `ours` after `by_hand` in each round; the median of the ratios, and their spread."""
    hand: list[float] = []

    def first_by_hand() -> None:
        started = time.perf_counter()
        by_hand()
        hand.append(time.perf_counter() - started)

    benchmark.pedantic(ours, setup=first_by_hand, rounds=rounds, warmup_rounds=1)
    assert benchmark.stats is not None
    ratios = [mine / theirs for mine, theirs in zip(benchmark.stats.stats.data, hand[-rounds:], strict=True)]
    benchmark.extra_info["ratio"] = statistics.median(ratios)
    return f"{statistics.median(ratios):.2f}  (from {min(ratios):.2f} to {max(ratios):.2f} in {rounds} rounds)"


def assignment_sql(portfolio: Portfolio) -> str:
    """The product's own query for the same segments; the number of the clause that won travels with each."""
    program = check_files([portfolio.project / "bench.seg"], portfolio.project).program
    assert program is not None
    relations: dict[str, Relation] = {}
    with duckdb.connect() as connection:
        for table in ("customers", "payments"):
            source = f"read_parquet('{portfolio.project / 'data' / table}.parquet')"
            described = connection.execute(f"describe select * from {source}").fetchall()
            relations[table] = Relation(source, {row[0]: row[1] for row in described})
    (population,) = plan_from_program(program).populations
    binding = Binding(dt.date(2026, 9, 1), {parameter.name: parameter.value for parameter in program.parameters})
    return assignment_query(population, binding, program, relations)


def test_assignment_query(
    benchmark: BenchmarkFixture, portfolio: Portfolio, figures: list[str], tmp_path: Path
) -> None:
    ours, by_hand = tmp_path / "ours.parquet", tmp_path / "by_hand.parquet"
    statement = f"copy ({assignment_sql(portfolio)}) to '{ours}' (format parquet)"
    ratio = against_by_hand(benchmark, lambda: executed(statement), lambda: executed(portfolio.by_hand(by_hand)))
    figures.append(f"assignment query alone, reason included, {portfolio.customers:,} customers: {ratio}")
    with duckdb.connect() as connection:
        compared = connection.execute(
            f"select count(*), count_if(a.value_risk::varchar is distinct from b.value_risk) "
            f"from '{ours}' a full join '{by_hand}' b using (customer_id)"
        ).fetchall()
    assert compared == [(portfolio.customers, 0)]


def test_whole_run(benchmark: BenchmarkFixture, portfolio: Portfolio, figures: list[str], tmp_path: Path) -> None:
    by_hand = tmp_path / "by_hand.parquet"
    ratio = against_by_hand(
        benchmark,
        lambda: segwright_run(portfolio.project, tmp_path / "runs"),
        lambda: executed(portfolio.by_hand(by_hand)),
    )
    figures.append(f"whole `segwright run`, contracts and manifest included: {ratio}")


@pytest.mark.parametrize("memory", [None, "2GB"], ids=["no limit", "limit of 2 GB"])
def test_peak_memory(portfolio: Portfolio, figures: list[str], tmp_path: Path, memory: str | None) -> None:
    settings = (portfolio.project / "segwright.toml").read_text(encoding="utf-8")
    limited = tmp_path / "project"
    limited.mkdir()
    (limited / "data").symlink_to(portfolio.project / "data")
    (limited / "bench.seg").symlink_to(portfolio.project / "bench.seg")
    (limited / "segwright.toml").write_text(settings + (f'memory = "{memory}"\n' if memory else ""), encoding="utf-8")
    peak = segwright_run(limited, tmp_path / "runs")
    figures.append(f"peak memory of `segwright run`, {memory or 'no'} limit: {peak / GIB:.2f} GiB resident")
    assert memory is None or peak < 3 * GIB


def segwright_run(project: Path, out: Path, *options: str) -> int:
    """Run the command line in a process of its own; its peak resident memory in bytes, as Linux tells it. (What a
    parent learns of a child's resources counts the parent's own memory, from before the child became a program.)"""
    words = ["run", str(project), "--out", str(out), *options]
    with tempfile.TemporaryDirectory() as folder:
        status = Path(folder) / "status"
        done = subprocess.run(
            [sys.executable, "-c", _TOLD, str(status), *words], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="utf-8"))
    return int(peak) * 1024


_TOLD = """
import atexit, pathlib, sys
place = pathlib.Path(sys.argv.pop(1))
atexit.register(lambda: place.write_text(pathlib.Path("/proc/self/status").read_text()))
from segwright.cli import main
main()
"""
