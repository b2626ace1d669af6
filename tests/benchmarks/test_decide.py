"""How fast single decisions are, against other engines with the same rules, on the same rows, in the same run."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import pytest

from benchmarks.narrow import Narrow, as_expression, in_our_language, narrow_segments, rows_of
from segwright.compiler.ruleset import compiled
from segwright.dsl.check import check
from segwright.dsl.parse import parse
from segwright.dsl.source import Source
from segwright.ruleset import RuleSet

pytestmark = pytest.mark.benchmark

SECONDS = float(os.environ.get("SEGWRIGHT_BENCH_SECONDS", "2"))
Row = dict[str, Any]
Ask = Callable[[Row], str]


@dataclass(frozen=True, slots=True)
class Timed:
    """Rows a second, and the latency of one in microseconds: median, 99 and 99.9 in a hundred."""

    rate: float
    median: float
    high: float
    highest: float

    def __str__(self) -> str:
        latency = f"median {self.median:.2f} µs, p99 {self.high:.2f} µs, p99.9 {self.highest:.2f} µs"
        return f"{self.rate:>12,.0f} a second; {latency}"


def timed(ask: Ask, rows: list[Row]) -> Timed:
    """Asks for some seconds, first without looking at the clock in between, then with."""
    begun, asked = time.perf_counter(), 0
    parts = [rows[at : at + 100] for at in range(0, len(rows), 100)]
    for part in cycle(parts):
        for row in part:
            ask(row)
        asked += len(part)
        if time.perf_counter() - begun > SECONDS / 2:
            break
    rate = asked / (time.perf_counter() - begun)
    latencies: list[int] = []
    begun = time.perf_counter()
    for row in rows:
        at = time.perf_counter_ns()
        ask(row)
        latencies.append(time.perf_counter_ns() - at)
        if time.perf_counter() - begun > SECONDS / 2:
            break
    latencies.sort()
    median, high, highest = (latencies[int(len(latencies) * share)] / 1000 for share in (0.5, 0.99, 0.999))
    return Timed(rate, median, high, highest)


# -- engines -------------------------------------------------------------------------------------------------------


def ours(segments: list[Narrow], *, trusted: bool = False, trace: bool = False) -> Ask:
    source = Source("narrow.seg", in_our_language(segments))
    document, _ = parse(source)
    program = check([document]).program
    assert program is not None
    made = compiled(program, [source], "narrow")
    decide = RuleSet(made.name, made.program, made.logic_hash, made.text_hash).decider(trusted=trusted, trace=trace)

    def ask(row: Row) -> str:
        found = decide(row).segments["value_risk"]
        assert isinstance(found, str)
        return found

    return ask


def zen(segments: list[Narrow]) -> Ask:
    engine = pytest.importorskip("zen")
    columns = ["credit_score", "utilisation", "channel", "age"]
    inputs = [{"id": f"i{n}", "name": name, "type": "expression", "field": name} for n, name in enumerate(columns)]
    rules = [
        {
            "_id": str(number),
            "i0": f"[{each.low}..{each.high})",
            "i1": f"< 0.{each.utilisation:02}",
            "i2": f'"{each.channel}"',
            "i3": f">= {each.age}",
            "o": f'"s{number}"',
        }
        for number, each in enumerate(segments)
    ]
    rules.append({"_id": "otherwise", "i0": "", "i1": "", "i2": "", "i3": "", "o": '"standard"'})
    table = {
        "hitPolicy": "first",
        "inputs": inputs,
        "outputs": [{"id": "o", "name": "segment", "type": "expression", "field": "segment"}],
        "rules": rules,
    }
    graph = {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
            {"id": "table", "type": "decisionTableNode", "name": "t", "position": {"x": 1, "y": 0}, "content": table},
            {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 2, "y": 0}},
        ],
        "edges": [
            {"id": "e1", "type": "edge", "sourceId": "in", "targetId": "table"},
            {"id": "e2", "type": "edge", "sourceId": "table", "targetId": "out"},
        ],
    }
    decision = engine.ZenEngine().create_decision(json.dumps(graph))
    return lambda row: decision.evaluate(row)["result"]["segment"]


def rule_engine(segments: list[Narrow]) -> Ask:
    engine = pytest.importorskip("rule_engine")
    rules = [
        (engine.Rule(as_expression(each, equal="==", also="and")), f"s{number}") for number, each in enumerate(segments)
    ]
    return lambda row: next((name for rule, name in rules if rule.matches(row)), "standard")


def cel(segments: list[Narrow]) -> Ask:
    engine = pytest.importorskip("cel")
    rules = [
        (engine.compile(as_expression(each, equal="==", also="&&")), f"s{number}")
        for number, each in enumerate(segments)
    ]
    return lambda row: next((name for rule, name in rules if rule.execute(row)), "standard")


OTHERS: dict[str, Callable[[list[Narrow]], Ask]] = {
    "zen-engine, a decision table": zen,
    "rule-engine, rule after rule": rule_engine,
    "common-expression-language, rule after rule": cel,
}


@pytest.mark.parametrize("count", [12, 120, 500])
def test_single_decisions(count: int, figures: list[str]) -> None:
    segments, rows = narrow_segments(count), rows_of(20_000)
    trusted = ours(segments, trusted=True)
    wanted = [trusted(row) for row in rows[:200]]
    asked = {
        "Segwright, trusted": trusted,
        "Segwright, checked": ours(segments),
        "Segwright, with trace": ours(segments, trusted=True, trace=True),
        **{name: make(segments) for name, make in OTHERS.items()},
    }
    figures.append(f"single decisions, {count} segments, rows one by one:")
    for name, ask in asked.items():
        assert [ask(row) for row in rows[:200]] == wanted, f"{name} decides otherwise"
        figures.append(f"  {name:<45}{timed(ask, rows)}")
