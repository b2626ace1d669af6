"""The portfolio and the project of the benchmarks, made once, and their ratios, printed at the end."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.portfolio import make_portfolio

HERE = Path(__file__).parent
FIGURES: list[str] = []


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The project folder, its data below `data/`, and how many customers it has."""

    project: Path
    customers: int

    def by_hand(self, out: Path) -> str:
        """The query written by hand, for this data."""
        data = self.project / "data"
        return (
            (HERE / "by_hand.sql")
            .read_text(encoding="utf-8")
            .format(customers=data / "customers.parquet", payments=data / "payments.parquet", out=out)
        )


@pytest.fixture(scope="session")
def portfolio(tmp_path_factory: pytest.TempPathFactory) -> Portfolio:
    """Ten million customers and forty million payments; another size by SEGWRIGHT_BENCH_CUSTOMERS."""
    size = int(os.environ.get("SEGWRIGHT_BENCH_CUSTOMERS", "10000000"))
    project = tmp_path_factory.mktemp("benchmark") / "project"
    shutil.copytree(HERE / "project", project)
    make_portfolio(project / "data", size)
    return Portfolio(project, size)


@pytest.fixture
def figures() -> list[str]:
    """Lines to be printed when all benchmarks are done."""
    return FIGURES


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the ratios."""
    if FIGURES:
        terminalreporter.section("ratios to SQL written by hand")
        for figure in FIGURES:
            terminalreporter.write_line(figure)
