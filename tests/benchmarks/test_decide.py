"""How fast single decisions are, against other engines with the same rules, on the same rows, in the same run.

All take turns, round by round, so that a change of the machine's speed meets all of them.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.narrow import Narrow, as_expression, in_our_language, narrow_segments, rows_of, typical_rows_of
from segwright.compiler.ruleset import compiled
from segwright.dsl.check import check
from segwright.dsl.parse import parse
from segwright.dsl.source import Source
from segwright.ruleset import RuleSet
from segwright.runtime.deciding.decision import Decision

pytestmark = pytest.mark.benchmark

ROUNDS = 7
SECONDS = float(os.environ.get("SEGWRIGHT_BENCH_SECONDS", "0.2"))
"""For each engine in each round, once without a look at the clock between rows, and once with."""
COMPARED = 500
"""So many rows are decided by all, and have the same answer."""
ZEN = "zen-engine, a decision table"
Row = dict[str, Any]
Ask = Callable[[Row], object]


@dataclass(slots=True)
class Timed:
    """What was measured of one way to ask: rows a second of processor time in each round, which is the same on a busy
    machine, and nanoseconds of single rows by the clock."""

    rates: list[float] = field(default_factory=list)
    latencies: list[int] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)

    def within(self, share: float) -> float:
        """So many microseconds at most, for this share of the rows."""
        ordered = sorted(self.latencies)
        return ordered[int(len(ordered) * share)] / 1000


def time_round(ask: Ask, parts: Sequence[Sequence[Row]], timed: Timed) -> None:
    """Ask for a while about rows in turn, and as long again with a look at the clock before and after each."""
    begun, asked = time.process_time(), 0
    for part in cycle(parts):
        for row in part:
            ask(row)
        asked += len(part)
        if time.process_time() - begun > SECONDS / 2:
            break
    timed.rates.append(asked / (time.process_time() - begun))
    begun, clock, noted = time.perf_counter(), time.perf_counter_ns, timed.latencies.append
    for part in cycle(parts):
        for row in part:
            at = clock()
            ask(row)
            noted(clock() - at)
        if time.perf_counter() - begun > SECONDS / 2:
            break


def time_many(many: Callable[[Sequence[Row]], object], rows: Sequence[Row], timed: Timed) -> None:
    """Ask about all rows at once."""
    begun = time.process_time()
    many(rows)
    timed.rates.append(len(rows) / (time.process_time() - begun))


# -- engines -------------------------------------------------------------------------------------------------------


def our_rules(text: str) -> RuleSet:
    """A rule file, compiled and loaded."""
    source = Source("rules.seg", text)
    document, _ = parse(source)
    program = check([document]).program
    assert program is not None
    made = compiled(program, [source], "rules")
    return RuleSet(made.name, made.program, made.logic_hash, made.text_hash)


def ours(rules: RuleSet) -> dict[str, Ask]:
    """Our ways to ask about one row."""
    as_of = dt.date(2026, 9, 1)
    trusted = rules.decider(as_of=as_of, trusted=True)
    checked = rules.decider(as_of=as_of)
    traced = rules.decider(as_of=as_of, trusted=True, trace=True)
    both = rules.decider(as_of=as_of, trace=True)

    def read(row: Row) -> Decision:
        found = both(row)
        assert found.trace
        list(found.trace)
        return found

    return {
        "Segwright, trusted": trusted,
        "Segwright, validated": checked,
        "Segwright, trusted, with trace": traced,
        "Segwright, validated, with trace": both,
        "Segwright, validated, trace read": read,
    }


def our_many(rules: RuleSet) -> dict[str, Callable[[Sequence[Row]], object]]:
    """Our ways to ask about many rows."""
    return {
        "Segwright, decide_many, trusted": lambda rows: rules.decide_many(rows, as_of="2026-09-01", trusted=True),
        "Segwright, decide_many, validated": lambda rows: rules.decide_many(rows, as_of="2026-09-01"),
    }


def segment(found: object) -> object:
    """The segment that an engine gives."""
    return found.segments["value_risk"] if isinstance(found, Decision) else found


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
    ZEN: zen,
    "rule-engine, rule after rule": rule_engine,
    "common-expression-language, rule after rule": cel,
}


# -- figures -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [12, 120, 500])
def test_single_decisions(benchmark: BenchmarkFixture, count: int, figures: list[str]) -> None:
    segments, rows = narrow_segments(count), rows_of(20_000)
    rules = our_rules(in_our_language(segments))
    asked = {**ours(rules), **{name: make(segments) for name, make in OTHERS.items()}}
    figures += [
        f"single decisions, {count} segments over four inputs",
        *measured(benchmark, asked, our_many(rules), rows),
    ]


def test_single_decisions_of_a_typical_rule_set(benchmark: BenchmarkFixture, figures: list[str]) -> None:
    rules = our_rules((Path(__file__).parent / "project" / "bench.seg").read_text(encoding="utf-8"))
    rows = typical_rows_of(20_000)
    table = measured(benchmark, ours(rules), our_many(rules), rows)
    figures += ["single decisions, 12 segments over 40 conditions and 21 inputs, aggregates given by name", *table]


def measured(
    benchmark: BenchmarkFixture,
    asked: dict[str, Ask],
    many: dict[str, Callable[[Sequence[Row]], object]],
    rows: list[Row],
) -> list[str]:
    """A table of all ways to ask; they agree. Those of many rows have no latency of one."""
    trusted = asked["Segwright, trusted"]
    wanted = [segment(trusted(row)) for row in rows[:COMPARED]]
    assert len(set(wanted)) > 5, "rows that are decided in different ways"
    for name, ask in asked.items():
        assert [segment(ask(row)) for row in rows[:COMPARED]] == wanted, f"{name} decides otherwise"
    timed = {name: Timed() for name in (*asked, *many)}
    parts = [rows[at : at + 50] for at in range(0, len(rows), 50)]

    def every_other() -> None:
        for name, ask in asked.items():
            time_round(ask, parts, timed[name])
        for name, ask_many in many.items():
            time_many(ask_many, rows, timed[name])

    def first() -> None:
        for row in rows[:1000]:
            trusted(row)

    benchmark.pedantic(first, setup=every_other, rounds=ROUNDS)
    ratio = timed[ZEN].rate if ZEN in timed else None
    benchmark.extra_info["a second"] = {name: each.rate for name, each in timed.items()}
    lines = [f"  {'':<45}{'a second':>12}{'p50 µs':>10}{'p95 µs':>10}{'p99 µs':>10}{'to zen' if ratio else '':>10}"]
    for name, each in timed.items():
        latency = [f"{each.within(share):.2f}" for share in (0.5, 0.95, 0.99)] if each.latencies else ["–"] * 3
        times = f"{each.rate / ratio:,.1f}" if ratio else ""
        lines.append(f"  {name:<45}{each.rate:>12,.0f}{''.join(f'{said:>10}' for said in latency)}{times:>10}".rstrip())
    return lines
