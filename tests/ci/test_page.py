"""What docs/ci.md says of gates, formats and options is so."""

from __future__ import annotations

import re
from pathlib import Path

from segwright.ci.codes import MEANING, gate_code
from segwright.cli.ci import FILES
from segwright.runtime.change_gates import CHANGE_GATES, MAX_MOVERS
from segwright.runtime.settings import GATES, settings_from

from .conftest import Segwright

PAGE = (Path(__file__).parents[2] / "docs" / "ci.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_every_gate_of_a_change_is_in_the_table() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", section("Gates"), re.MULTILINE)
    assert rows == [MAX_MOVERS, *CHANGE_GATES]


def test_every_gate_of_a_run_is_told() -> None:
    (listed,) = re.findall(r"Gates of a run\s*\(([^;]*);", section("Gates"))
    assert tuple(re.findall(r"`(\w+)`", listed)) == GATES


def test_the_settings_that_it_shows_can_be_followed() -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", section("Gates"), re.DOTALL)
    gates = settings_from(text, Path("project").absolute()).change_gates
    assert gates.max_movers is not None
    assert gates.stop | gates.report == set(CHANGE_GATES)


def test_every_gate_has_a_meaning() -> None:
    """Code scanning shows it."""
    assert {gate_code(each) for each in (MAX_MOVERS, *CHANGE_GATES, *GATES)} <= set(MEANING)


def test_every_format_and_its_file_is_in_the_table(segwright: Segwright) -> None:
    rows = dict(re.findall(r"^\| ?(?:`(\w+)`)? ?\| ?(?:`([\w.-]+)`)? ?\|", section("Formats"), re.MULTILINE))
    told = {name or "comment": file for name, file in rows.items()}
    assert {name: file for name, file in told.items() if file} == FILES
    usage = segwright("ci", "--help").out
    (choices,) = re.findall(r"--format (text[\w|]+)", usage)
    assert set(choices.split("|")) == set(told) - {"comment"}
