"""Doing a run again, with evidence, over the data that it read."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import duckdb

from ...compiler.assignment import Options
from ...compiler.plan import Binding, Population
from ...compiler.plan_from_program import plan_from_program
from ...compiler.ruleset import RuleSet
from ...dsl.program import Program
from ..binding import bind
from ..connection import connected, engine_error
from ..engines.opening import open_engine, prepare_engine
from ..errors import RunError
from ..fingerprints import fingerprint
from ..manifest import AssignedRecord, Manifest
from ..outcome import assigned
from ..previous import asks_before, open_before
from ..progress import Report, reported
from ..runs import MANIFEST
from ..settings import Settings
from ..sources import Input, open_inputs
from ..stops import overflow_named
from .counts import count_patterns, counted
from .hiding import hide, hide_distribution
from .records import Observed, TableObserved, Unobserved
from .spread import distributions


def observe_run(
    rules: RuleSet, settings: Settings, folder: Path, manifest: Manifest, report: Report | None = None
) -> Observed | Unobserved:
    """Observes a run by the rules and cut-points that it was made with: its own plan is executed once more, on its own
    engine, over the same data, into a folder that is gone afterwards. Says why where that cannot be; raises nothing
    but what ends a program."""
    try:
        return _observed(rules, settings, folder, manifest, report)
    except duckdb.Error as problem:
        return Unobserved("failed", words=engine_error(problem, "observing the run").message)
    except OSError as problem:
        return Unobserved("failed", words=f"a file could not be read or written: {problem.strerror}")
    except RunError as problem:
        return Unobserved("failed", words=problem.message)


def _observed(
    rules: RuleSet, settings: Settings, folder: Path, manifest: Manifest, report: Report | None
) -> Observed | Unobserved:
    program = rules.program
    plan = plan_from_program(program)
    binding = replace(bind(program, manifest.as_of, manifest.parameters), cut_points=rules.cut_points)
    before = next((folder.parent / name for name in manifest.previous_runs), None)
    if asks_before(plan) and before is not None and not (before / MANIFEST).is_file():
        return Unobserved("previous gone", (before.name,))
    prepare_engine(manifest.engine.name, settings.threads, settings.memory)
    with (
        tempfile.TemporaryDirectory(prefix="segwright-") as work,
        connected(Path(work), memory=settings.memory, threads=settings.threads) as con,
        reported(con, report) as begin,
    ):
        begin("opening the data")
        inputs = open_inputs(con, program, plan.columns, settings.data, Path(work))
        changed = _changed(inputs, manifest)
        if changed:
            return Unobserved("changed", changed)
        history = open_before(con, program, plan, binding.as_of, before, settings.name)
        engine = open_engine(manifest.engine.name, con, program, plan.columns, inputs, history.relations, Path(work))
        tables: dict[str, TableObserved] = {}
        for number, population in enumerate(plan.populations):
            begin(f"observing `{population.table}`")
            file = Path(work) / f"observed {number}.parquet"
            with overflow_named(engine, population, binding):
                engine.assign(population, binding, Options(evidence=True, values=True), file)
            record = assigned(con, program, population, file)
            run = manifest.assignments[population.table]
            different = _different(record, run)
            if different:
                return Unobserved("differs", different)
            tables[population.table] = _table(con, program, population, binding, file, record, run)
        return tables


def _changed(inputs: Mapping[str, Input], manifest: Manifest) -> tuple[str, ...]:
    """The inputs whose content is not what the run read."""
    recorded = {record.table: record.sha256 for record in manifest.inputs}
    return tuple(name for name, input in inputs.items() if recorded.get(name) != fingerprint(input.files).sha256)


def _different(now: AssignedRecord, then: AssignedRecord) -> tuple[str, ...]:
    """The segmentations of which the run's assignments have another content."""
    hashes = {name: each.content_hash for name, each in then.segmentations.items()}
    return tuple(name for name, each in now.segmentations.items() if hashes.get(name) != each.content_hash)


def _table(
    con: duckdb.DuckDBPyConnection,
    program: Program,
    population: Population,
    binding: Binding,
    file: Path,
    record: AssignedRecord,
    run: AssignedRecord,
) -> TableObserved:
    k, rows = program.policy.hide_below, record.rows or 0
    if k is not None and rows < k:
        return TableObserved(None, {}, (), k, too_small=True)
    count_patterns(con, population, file)
    found = {each.segmentation: counted(con, population, each, binding.as_of) for each in population.decisions}
    spread = distributions(con, program, population, binding, file, coarse=k is not None)
    if k is not None:
        sizes = {
            name: {segment: size.count or 0 for segment, size in each.segments.items()}
            for name, each in record.segmentations.items()
        }
        found = {name: hide(each, sizes[name], run.segmentations[name], rows, k) for name, each in found.items()}
        spread = tuple(hide_distribution(each, rows, k) for each in spread)
    return TableObserved(rows, found, spread, k)
