"""Whole projects give the same on every engine: assignments, evidence, values, cut-points, notes and what the segments
come to, at one and at several threads, with rows in any order.

    pytest -m scale tests/conformance/test_projects_on_all_engines.py      # the portfolios at their default size
"""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rules.copies import EARLIER, RULES, copied, generator
from scratch import scratch

import segwright as sw
from segwright.runtime.engines.names import ENGINES, EngineName

NAMES = sorted(path.parent.name for path in RULES.glob("*/generate.py"))
SMALL = 400
"""So many customers have every clause of most projects, in seconds."""
EXAMPLES: Mapping[str, Mapping[str, str]] = {
    "caravan": {"customers": "caravan_insurance.parquet"},
    "cdnow": {"customers": "cdnow_customers.parquet", "purchases": "cdnow_purchases.parquet"},
    "lending_club": {"loans": "lending_club_loans.parquet"},
}
THREADS = 3
RUNS = """
import json, sys
import segwright as sw
for line in sys.stdin:
    asked = json.loads(line)
    project = sw.open(asked["project"])
    for as_of in asked["dates"]:
        run = project.run(as_of=as_of, engine=asked["engine"], out=asked["out"], evidence=True, values=True)
    print(json.dumps({"folder": str(run.folder), "threads": run.manifest.engine.threads}), flush=True)
"""
Processes = Mapping[int, "subprocess.Popen[str]"]
"""Polars takes the number of its threads when it is loaded: a process for each number, which runs what it is asked."""


@pytest.fixture(scope="module")
def processes() -> Iterator[Processes]:
    with contextlib.ExitStack() as running:
        yield {
            threads: running.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", RUNS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
                )
            )
            for threads in {way.threads for way in WAYS if way.engine != "duckdb"}
        }


def asked_of(process: subprocess.Popen[str], **asked: Any) -> dict[str, Any]:
    """What a process says of a run that it is asked for. What it could not do is on standard error."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(asked) + "\n")
    process.stdin.flush()
    said = process.stdout.readline()
    assert said, "the process ended"
    return json.loads(said)


@dataclass(frozen=True, slots=True)
class Way:
    """How a project is run."""

    engine: EngineName
    threads: int
    shuffled: bool


WAYS = [Way(engine, threads, threads == 1) for engine in ENGINES for threads in (1, THREADS)]
"""The first is what the others are held against: on both engines one thread goes through rows in another order."""


def shuffled(data: Path, to: Path) -> None:
    """The same rows in another order, in files of other sizes."""
    to.mkdir(parents=True)
    with scratch() as db:
        for file in sorted(data.glob("*.parquet")):
            query = f"SELECT * EXCLUDE file_row_number FROM read_parquet('{file}', file_row_number = true) AS t"
            order = "ORDER BY hash(file_row_number), file_row_number"
            db.execute(f"COPY ({query} {order}) TO '{to / file.name}' (FORMAT parquet, ROW_GROUP_SIZE 4096)")


def run_by(way: Way, original: Path, dates: Sequence[str | None], work: Path, processes: Processes) -> Path:
    """The folder of the last of the runs of a copy of a project."""
    name = f"{way.engine} with {way.threads}"
    folder = work / name
    shutil.copytree(original, folder, ignore=shutil.ignore_patterns("data"))
    (folder / "data").symlink_to(original / ("shuffled" if way.shuffled else "data"))
    settings = (folder / "segwright.toml").read_text(encoding="utf-8")
    assert settings.count("[run]\n") == 1
    (folder / "segwright.toml").write_text(settings.replace("[run]\n", f"[run]\nthreads = {way.threads}\n"))
    out = work / f"runs of {name}"
    said: dict[str, Any]
    if way.engine == "duckdb":
        project = sw.open(folder)
        run = [project.run(as_of, engine="duckdb", out=out, evidence=True, values=True) for as_of in dates][-1]
        said = {"folder": str(run.folder), "threads": run.manifest.engine.threads}
    else:
        said = asked_of(processes[way.threads], project=str(folder), dates=dates, engine=way.engine, out=str(out))
    assert said["threads"] == way.threads
    return Path(said["folder"])


def differences(one: Path, other: Path) -> list[str]:
    """What two run folders tell differently: rows in one and not in the other, columns, and whatever else is recorded
    of the outcome."""
    found: list[str] = []
    files = [sorted(path.name for path in run.glob("assignments*.parquet")) for run in (one, other)]
    assert files[0]
    if files[0] != files[1]:
        return [f"{files[0]} and {files[1]}"]
    with scratch() as db:
        for file in files[0]:
            a, b = f"read_parquet('{one / file}')", f"read_parquet('{other / file}')"
            columns = [db.execute(f"DESCRIBE FROM {each}").fetchall() for each in (a, b)]
            found += [f"{file}: {left} and {right}" for left, right in zip(*columns, strict=True) if left != right]
            for left, right in ((a, b), (b, a)):
                rows = db.execute(f"FROM {left} EXCEPT ALL FROM {right} LIMIT 3").fetchall()
                found += [f"{file}: only one of them has {row}" for row in rows]
    recorded = [recorded_of(run) for run in (one, other)]
    return found + [place for name, told in recorded[0].items() for place in unlike(told, recorded[1][name], name)]


def unlike(one: Any, other: Any, place: str) -> Iterator[str]:
    """Where two JSON values differ, and how."""
    match one, other:
        case dict(), dict() if one.keys() == other.keys():
            for name, value in one.items():
                yield from unlike(value, other[name], f"{place}.{name}")
        case list(), list() if len(one) == len(other):
            for number, (left, right) in enumerate(zip(one, other, strict=True)):
                yield from unlike(left, right, f"{place}[{number}]")
        case _ if one != other:
            yield f"{place}: {one} and {other}"
        case _:
            pass


def recorded_of(run: Path) -> dict[str, Any]:
    """What a run recorded of its outcome, whatever it was done with."""
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    kept = {name: manifest[name] for name in ("as_of", "cut_points", "assignments", "columns", "previous_runs")}
    kept["rows"] = [(each["table"], each["rows"]) for each in manifest["inputs"]]
    kept["notes"] = [note for note in manifest["notes"] if note["kind"] != "engine"]
    kept["outcomes"] = json.loads((run / "outcomes.json").read_text(encoding="utf-8"))
    kept["rule set"] = json.loads((run / "ruleset.json").read_text(encoding="utf-8"))
    return kept


def assert_the_same(project: Path, dates: Sequence[str | None], work: Path, processes: Processes) -> None:
    first, *others = (run_by(way, project, dates, work, processes) for way in WAYS)
    for way, other in zip(WAYS[1:], others, strict=True):
        assert differences(first, other) == [], way


def of_rules(name: str, tmp_path: Path, processes: Processes, *size: int) -> None:
    project = copied(name, tmp_path)
    generator(name).generate(project / "data", *size)
    shuffled(project / "data", project / "shuffled")
    assert_the_same(project, [*EARLIER.get(name, ()), None], tmp_path, processes)


@pytest.mark.parametrize("name", NAMES)
def test_the_projects_of_rules(name: str, tmp_path: Path, processes: Processes) -> None:
    of_rules(name, tmp_path, processes, SMALL)


@pytest.mark.scale
@pytest.mark.parametrize("name", NAMES)
def test_the_projects_of_rules_at_default_size(name: str, tmp_path: Path, processes: Processes) -> None:
    of_rules(name, tmp_path, processes)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples(name: str, tmp_path: Path, repository: Path, real_data: Path, processes: Processes) -> None:
    project = tmp_path / name
    shutil.copytree(repository / "examples" / name, project, ignore=shutil.ignore_patterns("data", "runs"))
    settings = sw.open(project).settings
    (project / "data").mkdir()
    for table, file in EXAMPLES[name].items():
        place = settings.data[table].path
        assert place is not None
        assert place.parent == project / "data"
        place.symlink_to(real_data / file)
    shuffled(project / "data", project / "shuffled")
    assert_the_same(project, [None], tmp_path, processes)


# -- differences are noticed -----------------------------------------------------------------------------------------


def changed_assignment(run: Path) -> None:
    file = run / "assignments.parquet"
    with scratch() as db:
        db.execute(f"CREATE TEMP TABLE t AS FROM read_parquet('{file}')")
        db.execute("UPDATE t SET evidence_true_0 = xor(evidence_true_0, 1) WHERE rowid = 7")
        db.execute(f"COPY t TO '{file}' (FORMAT parquet)")


def lost_row(run: Path) -> None:
    file = run / "assignments.parquet"
    with scratch() as db:
        db.execute(f"CREATE TEMP TABLE t AS FROM read_parquet('{file}') OFFSET 1")
        db.execute(f"COPY t TO '{file}' (FORMAT parquet)")


def changed_cut_point(run: Path) -> None:
    manifest = json.loads((run / "manifest.json").read_text())
    manifest["cut_points"]["more"] = ["1"]
    (run / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize("change", [changed_assignment, lost_row, changed_cut_point])
def test_a_difference_is_noticed(change: Callable[..., None], tmp_path: Path) -> None:
    project = copied("rfm", tmp_path)
    generator("rfm").generate(project / "data", 50)
    one = sw.open(project).run(evidence=True).folder
    other = one.parent / "other"
    shutil.copytree(one, other)
    assert differences(one, other) == []
    change(other)
    assert len(differences(one, other)) == {changed_assignment: 2, lost_row: 1, changed_cut_point: 1}[change]
