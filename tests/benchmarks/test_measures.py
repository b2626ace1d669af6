"""What ten measures add to a run: the same project with them and without, taking turns."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.conftest import Portfolio
from benchmarks.test_assignment import against_by_hand, segwright_run

pytestmark = pytest.mark.benchmark

MEASURES = """\
use "bench.seg"

measure late_soon   "Late within 28 days"  = share where any payments where days_late > 30 in next 28 days
measure paid_soon   "Paid within 28 days"  = average of (sum of amount from payments in next 28 days)
measure usual_income                       = average of income
measure middle_score                       = median of credit_score
measure savings_a_head                     = average of savings
measure in_savings                         = sum of savings
measure many_products                      = share where products >= 3
measure complaining                        = share where complaints >= 3
measure savings_to_income                  = sum of savings / sum of income
measure active                             = share where logins_90d >= 10
"""


def test_ten_measures(benchmark: BenchmarkFixture, portfolio: Portfolio, figures: list[str], tmp_path: Path) -> None:
    measured = tmp_path / "measured"
    measured.mkdir()
    (measured / "data").symlink_to(portfolio.project / "data")
    shutil.copy(portfolio.project / "segwright.toml", measured)
    shutil.copy(portfolio.project / "bench.seg", measured)
    settings = (measured / "segwright.toml").read_text(encoding="utf-8")
    (measured / "segwright.toml").write_text(settings.replace('"bench.seg"', '"*.seg"'), encoding="utf-8")
    (measured / "measures.seg").write_text(MEASURES, encoding="utf-8")
    ratio = against_by_hand(
        benchmark,
        lambda: segwright_run(measured, tmp_path / "runs"),
        lambda: segwright_run(portfolio.project, tmp_path / "runs"),
        rounds=3,
    )
    figures.append(f"`segwright run` with ten measures, to one without, {portfolio.customers:,} customers: {ratio}")
