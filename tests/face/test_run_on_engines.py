"""`segwright run --engine …`: the same words, the same numbers, the same folder, whatever the engine."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from face.conftest import Folder, Segwright, as_a_process
from face.test_run_cli import fill

import segwright as sw
from segwright.runtime.engines.names import ENGINES, EngineName
from segwright.runtime.errors import RunError
from segwright.runtime.progress import Progress


@pytest.fixture
def loans(folder: Folder) -> Folder:
    fill(folder)
    return folder


def test_the_same_is_printed(loans: Folder, segwright: Segwright) -> None:
    texts = [segwright("run", loans.path, "--engine", engine) for engine in ENGINES]
    assert {(answer.code, answer.err) for answer in texts} == {(0, "")}
    assert len({answer.out.rsplit("\n\nrun: ", 1)[0] for answer in texts}) == 1
    answers = [json.loads(segwright("run", loans.path, "--engine", e, "--format", "json").out) for e in ENGINES]
    assert [answer.pop("engine") for answer in answers] == list(ENGINES)
    assert len({answer.pop("run") for answer in answers}) == len(ENGINES)
    assert answers[0] == answers[1]


def test_the_engine_of_the_settings_and_of_a_run(loans: Folder, segwright: Segwright) -> None:
    loans.settings(more='engine = "polars"')
    project = sw.open(loans.path)
    assert project.run().manifest.engine.name == "polars"
    assert project.run(engine="duckdb").manifest.engine.name == "duckdb"
    engine = project.open_run().manifest.engine
    assert (engine.name, segwright("explain", loans.path, 1, "--run", "latest").code) == ("duckdb", 0)
    live, of_run = segwright("explain", loans.path, 1).out, segwright("explain", loans.path, 1, "--run", "latest").out
    assert live.split("\n", 1)[1] == of_run.split("\n", 1)[1]


def test_what_a_run_on_polars_was_done_with(loans: Folder) -> None:
    run = sw.open(loans.path).run(engine="polars")
    used = run.manifest.engine
    assert (used.name, used.version, used.threads) == ("polars", pl.__version__, pl.thread_pool_size())
    assert used.memory_limit == "none"
    assert not [note for note in run.manifest.notes if note.kind == "engine"]


def test_what_polars_cannot_do_is_said(loans: Folder) -> None:
    """Its threads are those that it was loaded with."""
    elsewhere = pl.thread_pool_size() + 1
    loans.settings(more=f'threads = {elsewhere}\nmemory = "1GB"')
    said = {n.of: n.message for n in sw.open(loans.path).run(engine="polars").manifest.notes if n.kind == "engine"}
    assert said["threads"] == (
        f"Polars works with {pl.thread_pool_size()} threads, not {elsewhere}: it was loaded before this run, and takes "
        "their number only then (from POLARS_MAX_THREADS)"
    )
    assert said["memory"] == ('`memory = "1GB"` holds for opening, checking and counting; Polars itself knows no limit')
    assert len(said) == 2
    assert not [note for note in sw.open(loans.path).run().manifest.notes if note.kind == "engine"]


@pytest.mark.parametrize("threads", [1, 3])
def test_a_command_has_the_threads_of_its_settings(loans: Folder, threads: int) -> None:
    loans.settings(more=f"threads = {threads}")
    answer = as_a_process(["run", "--engine", "polars"], loans.path)
    assert (answer.code, answer.err) == (0, "")
    assert "Polars works with" not in answer.out
    assert sw.open(loans.path).open_run().manifest.engine.threads == threads


def test_the_stages_are_the_same(loans: Folder) -> None:
    told: dict[EngineName, list[str]] = {}
    for engine in ENGINES:
        seen: list[Progress] = []
        sw.open(loans.path).run(engine=engine, progress=seen.append)
        told[engine] = list(dict.fromkeys(progress.stage for progress in seen))
    assert told["duckdb"] == told["polars"]
    assert "assigning `customers`" in told["polars"]


# -- equal bytes -----------------------------------------------------------------------------------------------------

MANY = """
table customers key customer_id
  customer_id integer
  age         integer
  share       percent optional
events payments of customers by customer_id at paid_on
  customer_id integer
  paid_on     date
  amount      number
let paid = sum of amount from payments in last 6 months
segmentation kind of customers
  first match wins
  segment payers when paid > 25_000
  segment top    when top 10% by share
  segment old    when age > 70
  otherwise other
segmentation marks of customers
  overlapping
  segment young when age < 40
  segment many  when paid > 10
"""
CUSTOMERS = "SELECT i AS customer_id, 18 + i * 7919 % 80 AS age, (i % 1000) / 999 AS share FROM range(200000) t(i)"
PAYMENTS = """
SELECT i * 31 % 200000 AS customer_id, DATE '2026-01-01' + (i % 240)::INTEGER AS paid_on, hash(i) % 100000 / 7 AS amount
FROM range(500000) t(i)
"""


@pytest.mark.parametrize("engine", ENGINES)
def test_equal_inputs_in_any_order_give_equal_bytes_when_sorted(folder: Folder, engine: EngineName) -> None:
    folder.rules(MANY)
    folder.settings()
    project = sw.open(folder.path)
    files: set[bytes] = set()
    hashes: set[str] = set()
    for order in ("i", "hash(i)", "-i"):
        for name, query in (("customers", CUSTOMERS), ("payments", PAYMENTS)):
            duckdb.connect().execute(f"COPY ({query} ORDER BY {order}) TO '{folder.path}/{name}.parquet'")
        data = {name: folder.path / f"{name}.parquet" for name in ("customers", "payments")}
        run = project.run(data=data, engine=engine, evidence=True, values=True, sorted=True)
        files.add((run.folder / "assignments.parquet").read_bytes())
        assigned = run.manifest.assignments["customers"]
        hashes.add(assigned.segmentations["kind"].content_hash)
        assert assigned.rows == 200_000
    assert len(files) == len(hashes) == 1


# -- equal words when something is wrong -----------------------------------------------------------------------------

WRONG: dict[str, Callable[[Folder], None]] = {
    "a value outside": lambda folder: folder.table("customers", "customer_id score place agreed\n1 200 north true"),
    "a text": lambda folder: folder.table("customers", "customer_id score place agreed\n1 many north true"),
    "a key twice": lambda folder: folder.table(
        "customers", "customer_id score place agreed\n1 700 north true\n1 700 south true"
    ),
    "a key missing": lambda folder: folder.table("accounts", "account_id customer_id balance\n- 1 1"),
    "no such column": lambda folder: folder.table("payments", "customer_id paid amount\n1 2026-08-01 1"),
    "no file": lambda folder: (folder.path / "payments.csv").unlink(),
    "a tie": lambda folder: (
        folder.rules(
            (folder.path / "rules.seg").read_text().replace("sum of amount", "latest of amount")
        ),
        folder.table("payments", "customer_id paid_on amount\n1 2026-08-01 1\n1 2026-08-01 2\n2 2026-08-01 1"),
    )[0],
    "too large": lambda folder: (
        folder.rules(
            (folder.path / "rules.seg").read_text().replace("score >= limit", "score * 9_000_000_000_000_000_000 > 1")
        )
    ),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_is_told_in_the_same_words(loans: Folder, wrong: str) -> None:
    WRONG[wrong](loans)
    told: list[dict[str, Any]] = []
    for engine in ENGINES:
        with pytest.raises(RunError) as caught:
            sw.open(loans.path).run(engine=engine)
        told.append({"exit": caught.value.exit_code, **caught.value.as_json()})
        assert not (loans.path / "runs").exists()
    assert told[0] == told[1]
    assert told[0]["exit"] == (2 if wrong == "no file" else 3)


def test_a_run_is_followed_by_a_run_on_another_engine(folder: Folder) -> None:
    """What `previous` reads does not depend on who wrote it."""
    folder.rules(
        "table t key k\n  k integer\n  x integer\nsegmentation s of t\n  first match wins\n"
        "  segment up when x > 10\n  segment stay when previous s is up or previous s is stay\n  otherwise no\n"
    )
    folder.table("t", "k x\n1 20\n2 5\n3 1")
    folder.settings()
    project = sw.open(folder.path)
    later = {"t": pl.DataFrame({"k": [1, 2, 3], "x": [0, 20, 0]})}
    found: list[list[Any]] = []
    for first in ENGINES:
        for second in ENGINES:
            out = Path(folder.path / f"{first} {second}")
            project.run("2026-08-01", engine=first, out=out)
            run = project.run("2026-09-01", engine=second, out=out, data=later)
            found.append(run.assignments.order("k").fetchall())
    assert found == [[(1, "stay", 2), (2, "up", 1), (3, "no", 3)]] * 4
