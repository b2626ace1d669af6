"""The codes of what `segwright ci` reports beside the diagnostics of rules, and what they mean."""

from __future__ import annotations

from collections.abc import Mapping

from ..runtime.change_gates import MAX_MOVERS

FORMAT = "format"
TEST = "test"
BASE = "base"
STOPPED: Mapping[int, str] = {1: "rules", 2: "settings", 3: "data", 4: "engine"}
"""By exit code, what stopped a step."""


def gate_code(gate: str) -> str:
    """The code of a gate that a change does not pass."""
    return f"gate-{gate.replace('_', '-')}"


MEANING: Mapping[str, str] = {
    FORMAT: "A rule file is not in its canonical layout. `segwright fmt` lays it out.",
    TEST: "A test that stands in a rule file failed. `segwright test` shows why.",
    BASE: "There is nothing to compare the change with.",
    "rules": "The rules have errors. `segwright check` shows them and how to mend them.",
    "settings": "The settings or the command line cannot be followed.",
    "data": "The data breaks its contract, or cannot be read.",
    "engine": "The engine or the machine failed.",
    gate_code(MAX_MOVERS): "More rows move to another segment than the settings allow.",
    gate_code("newly_missed_targets"): "A target is missed that was not missed before.",
    gate_code("newly_broken_guards"): "A guard does not hold that held before.",
    gate_code("worse_fairness"): "A fairness ratio lies below its limit, and did not or was higher before.",
    gate_code("newly_read_personal"): "A personal or protected field is read that was not read before.",
    gate_code("warnings"): "`segwright check` warns of something that it did not warn of before.",
    gate_code("freshness"): "Data is older than the rules ask; a run would be stopped.",
    gate_code("segment_size"): "A segment is smaller than the rules ask; a run would be stopped.",
    gate_code("targets"): "A target is missed; a run would be stopped.",
    gate_code("fairness"): "A fairness ratio lies below its limit; a run would be stopped.",
    gate_code("refresh"): "The run before is older than `refresh every` allows; a run would be stopped.",
    gate_code("review"): "The last review is older than `review every` allows; a run would be stopped.",
}
