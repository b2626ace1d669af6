"""What it costs to see what a change does to rows, against one run of the new rules; both take turns in one process."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.conftest import Portfolio
from benchmarks.test_assignment import against_by_hand
from segwright.compiler.changes.changes import changes_between
from segwright.compiler.ruleset import RuleSet, compiled
from segwright.dsl.project import check_files
from segwright.runtime.comparing.compare import CompareOptions, compare
from segwright.runtime.engines.names import ENGINES, EngineName
from segwright.runtime.run import RunOptions, execute
from segwright.runtime.settings import read_settings, rule_files

pytestmark = pytest.mark.benchmark

LATE = "let very_late   = count of payments where days_late > 60 in last 12 months\n"
CHANGES = (
    ("prime_score = 720", "prime_score = 700"),
    (LATE, LATE + "let late_amount = sum of amount from payments where days_late > 30 in last 6 months\n"),
    ("  segment subprime\n", "  segment behind\n    when late_amount > 1_500\n\n  segment subprime\n"),
)
"""A cut-off moved, a new event feature, a new segment."""


@pytest.mark.parametrize("engine", ENGINES)
def test_a_change(
    benchmark: BenchmarkFixture, portfolio: Portfolio, figures: list[str], tmp_path: Path, engine: EngineName
) -> None:
    changed = tmp_path / "changed"
    changed.mkdir()
    (changed / "data").symlink_to(portfolio.project / "data")
    settings = (portfolio.project / "segwright.toml").read_text(encoding="utf-8")
    (changed / "segwright.toml").write_text(settings.replace("[run]", f'[run]\nengine = "{engine}"'), encoding="utf-8")
    shutil.copy(portfolio.project / "bench.seg", changed)
    before = rules_of(changed)
    text = (changed / "bench.seg").read_text(encoding="utf-8")
    for old, new in CHANGES:
        assert old in text
        text = text.replace(old, new)
    (changed / "bench.seg").write_text(text, encoding="utf-8")
    after = rules_of(changed)

    def difference() -> None:
        changes = changes_between(before.program, after.program)
        found = compare(before, after, changes, read_settings(changed), CompareOptions())
        (record,) = found.segmentations
        assert record.movers
        assert record.examples

    def run() -> None:
        execute(after.program, (), read_settings(changed), RunOptions(out=tmp_path / "runs"))

    ratio = against_by_hand(benchmark, difference, run, rounds=5)
    figures.append(f"a comparison of rules on {engine}, to one run, {portfolio.customers:,} customers: {ratio}")


def rules_of(project: Path) -> RuleSet:
    checked = check_files(rule_files(read_settings(project)), project)
    assert checked.program is not None
    return compiled(checked.program, (), project.name)
