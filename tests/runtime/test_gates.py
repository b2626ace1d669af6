"""Gates of the settings over what segments come to: each stops a run by name, and only where the settings say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from segwright.runtime.errors import GateError
from segwright.runtime.run import Run
from segwright.runtime.runs import read_outcomes

from .projects import Project

RULES = """\
table customers key customer_id
  customer_id integer
  points      integer
  group       text protected as "side"
segmentation value of customers
  first match wins
  refresh every 1 month
  review  every 12 months, last reviewed 2025-01-15
  segment top when points > 10
  otherwise rest
measure good = share where points > 15
target top good at most 10%
policy
  fairness across group favourable top ratio at least 80%
"""
SELECTED = {"a": 40, "b": 10}
"""Of a hundred rows in each group so many are in `top`: a ratio of 25 %."""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    project.rules(RULES)
    parts = [
        f"SELECT {start} + i AS customer_id, (CASE WHEN i < {SELECTED[side]} THEN 20 ELSE 1 END)::BIGINT AS points, "
        f"'{side}' AS side FROM range(100) AS t(i)"
        for start, side in ((0, "a"), (100, "b"))
    ]
    project.query("customers", " UNION ALL ".join(parts))
    return project


def run_again(project: Project) -> Run:
    """A run two months after another."""
    project.more = ""
    project.run(as_of="2026-07-01")
    return project.run()


def test_without_gates_all_is_reported(project: Project) -> None:
    found = read_outcomes(run_again(project).folder)
    assert found is not None
    customers = found.tables["customers"]
    assert [(each.said, each.verdict) for each in customers.targets] == [("good at most 10%", "missed")]
    assert [each.four_fifths for each in customers.fairness] == [False]
    assert {each.kind for each in customers.guards if each.holds is False} >= {"refresh", "review"}


@pytest.mark.parametrize(
    "gate, message",
    [
        ("targets", "`top` of `value` misses its target: good at most 10%"),
        ("fairness", "a ratio of 25%"),
        ("refresh", "`value` is refreshed every month"),
        ("review", "`value` is reviewed every 12 months"),
    ],
)
def test_a_gate_stops_the_run(project: Project, gate: str, message: str) -> None:
    run_again(project)
    before = sorted(project.out.iterdir())
    project.more = f'[gates]\n{gate} = "stop"'
    with pytest.raises(GateError) as stopped:
        project.run()
    assert stopped.value.exit_code == 1
    assert f"stopped by the gate `{gate}`; nothing was written" in stopped.value.message
    assert message in stopped.value.message
    assert sorted(project.out.iterdir()) == before
