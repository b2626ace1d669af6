"""A run: data in, checked, put into segments, and a folder that tells all about it."""

from __future__ import annotations

import datetime as dt
import os
import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Literal

import duckdb

from ..compiler import ruleset
from ..compiler.assignment import Options, frame_with
from ..compiler.plan_from_program import plan_from_program
from ..dsl.program import Program, Table
from ..dsl.source import Source
from .binding import bind, replaced, worded
from .connection import engine_error
from .cut_points import worded_cut_points
from .engines.engine import Engine
from .engines.names import EngineName
from .errors import EngineError, SettingsError
from .fingerprints import Fingerprint, fingerprint
from .gates import pass_note_gate, pass_outcome_gates
from .git import git_state
from .manifest import (
    AssignedRecord,
    ColumnRecord,
    EngineRecord,
    GitState,
    InputRecord,
    Manifest,
    NoteRecord,
    RulesRecord,
)
from .not_evaluated import not_evaluated
from .notes import Note
from .opened import Opened, Ready, Rules, checked, made_ready, opened
from .outcome import assigned, outcome_notes, small_segments
from .outcomes.judged import judged
from .outcomes.measures import Measured
from .outcomes.records import OUTCOMES, Outcomes, TableOutcomes
from .outcomes.written import write_assignments
from .previous import run_before
from .progress import Report
from .runs import MANIFEST, RULESET, publish, work_folder
from .settings import Settings
from .sources import Input
from .stops import overflow_named


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What a run is asked for beyond the settings. `engine` in place of the settings'; `parameters` are
    written as in rule files; `sorted` orders the assignments by key, so that equal inputs give equal bytes."""

    as_of: dt.date | str | None = None
    engine: EngineName | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    out: Path | None = None
    evidence: bool = False
    values: bool = False
    sorted: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """A complete run: its folder and its manifest."""

    folder: Path
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class Loaded:
    """A compiled rule set, and the name of the file that holds it; "" for one that no file holds."""

    rules: ruleset.RuleSet
    file: str


def execute(
    program: Program,
    sources: Iterable[Source],
    settings: Settings,
    options: RunOptions | None = None,
    report: Report | None = None,
) -> Run:
    """Runs checked rules over the data of a project and writes a run folder.

    Raises a `RunError`: `SettingsError`, `DataError`, `GateError` or `EngineError`. Then, and when it is interrupted,
    nothing is left behind."""
    named = tuple(_named_in_project(source, settings.folder) for source in sources)
    compiled = ruleset.compiled(program, named, settings.name)
    files = sorted(source.name for source in named)
    return _execute(compiled, "rule files", files, settings, options, report)


def execute_ruleset(
    loaded: Loaded, settings: Settings, options: RunOptions | None = None, report: Report | None = None
) -> Run:
    """Runs a compiled rule set over the data of a project, as `execute` would run the rule files that it was compiled
    from: the settings and the data are the project's, the rules are not. Raises as `execute`."""
    return _execute(loaded.rules, "rule set", [loaded.file] if loaded.file else [], settings, options, report)


def _execute(
    compiled: ruleset.RuleSet,
    kind: Literal["rule files", "rule set"],
    files: list[str],
    settings: Settings,
    options: RunOptions | None,
    report: Report | None,
) -> Run:
    program, options = compiled.program, RunOptions() if options is None else options
    if not program.segmentations:
        raise SettingsError("the rules declare no segmentation, so there is nothing to run")
    started = dt.datetime.now(dt.UTC).replace(microsecond=0)
    as_of = settings.as_of if options.as_of is None else options.as_of
    origin = RulesRecord(kind=kind, files=files, integrity=ruleset.dumped(compiled)["integrity"])
    binding = bind(program, as_of, options.parameters)
    rules = Rules(program, plan_from_program(program), binding)
    out = settings.out if options.out is None else options.out
    before = run_before(out, binding.as_of)
    try:
        with work_folder(out) as work:
            finished = work / "run"
            finished.mkdir()
            name = options.engine or settings.engine
            with opened(rules, settings, name, before, work, report) as data:
                manifest = _run_into(finished, data, compiled, origin, before, options, started)
            return Run(publish(finished, out, manifest.as_of, manifest.logic_hash), manifest)
    except duckdb.Error as problem:
        raise engine_error(problem, "running the rules") from problem
    except OSError as problem:
        raise EngineError(f"a file could not be read or written: {problem}") from problem


def _git_of(origin: RulesRecord, settings: Settings) -> GitState | None:
    """The state of the rule files and of what they `use`; files beside a compiled rule set are not its rules."""
    if origin.kind == "rule set":
        return None
    return git_state(settings.folder, [settings.folder / name for name in origin.files])


def _named_in_project(source: Source, folder: Path) -> Source:
    """A rule file by its path in the project: what a run records does not depend on where it was started."""
    file = Path.cwd() / source.name
    return Source(Path(os.path.relpath(file, folder)).as_posix(), source.text) if file.is_file() else source


def _run_into(
    folder: Path,
    data: Opened,
    compiled: ruleset.RuleSet,
    origin: RulesRecord,
    folder_before: Path | None,
    options: RunOptions,
    started: dt.datetime,
) -> Manifest:
    """Everything that a run folder holds, written into `folder`."""
    program, plan, settings = data.rules.program, data.rules.plan, data.settings
    files = {input.files for input in data.inputs.values()}
    prints = {each: data.background.submit(fingerprint, each) for each in files}
    contracts = checked(data)
    pass_note_gate(settings, contracts.notes, "freshness")
    ready = made_ready(data)
    last_run = None if folder_before is None else dt.date.fromisoformat(folder_before.name[:10])
    around = _Around(folder, first_table(program, settings), contracts.notes, last_run)
    counted, outcomes = _assign_all(data, ready, around, options)
    data.stage("describing the run")
    notes = [*data.notes, *contracts.notes, *data.before.notes]
    small: list[Note] = []
    for table, (record, shown) in counted.items():
        notes += outcome_notes(program, program.table(table), record, shown, ready.binding.as_of)
        small += small_segments(program, record, shown, ready.binding.as_of, told=False)
    notes += not_evaluated(program)
    pass_note_gate(settings, small, "segment_size")
    pass_outcome_gates(settings, outcomes)
    of_run = replace(compiled, cut_points=ready.binding.cut_points, parameters=replaced(ready.binding, program))
    (folder / RULESET).write_text(ruleset.written(ruleset.dumped(of_run)), encoding="utf-8")
    manifest = Manifest(
        project=settings.name,
        as_of=ready.binding.as_of,
        started=started,
        parameters=worded(ready.binding, program),
        logic_hash=compiled.logic_hash,
        text_hash=compiled.text_hash,
        rules=origin,
        git=_git_of(origin, settings),
        inputs=[
            _input_record(program, name, settings, input, prints[input.files].result(), contracts.rows[name])
            for name, input in data.inputs.items()
        ],
        columns=[
            ColumnRecord(table=read.table, field=read.field, column=read.column, read_by=list(read.readers))
            for read in plan.columns
        ],
        cut_points=worded_cut_points(plan, ready.binding.cut_points),
        previous_runs=list(data.before.runs),
        assignments={table: shown for table, (_, shown) in counted.items()},
        notes=[NoteRecord(**note.as_json()) for note in notes],
        engine=_engine_record(ready.engine),
        timings=data.clock.ended(),
    )
    (folder / OUTCOMES).write_text(outcomes.model_dump_json(exclude_none=True) + "\n", encoding="utf-8")
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return manifest


# -- assigning -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Around:
    """What surrounds the assignments: the run's folder, the table whose assignments need no name, what was noted so
    far, the as-of date of the run before."""

    folder: Path
    first: str | None
    notes: tuple[Note, ...]
    last_run: dt.date | None


def _assign_all(
    data: Opened, ready: Ready, around: _Around, options: RunOptions
) -> tuple[dict[str, tuple[AssignedRecord, AssignedRecord]], Outcomes]:
    """Writes the assignments and measures them; what was written, in full and as far as it may be shown, and what the
    segments come to, by table."""
    program, con, engine, binding = data.rules.program, data.con, ready.engine, ready.binding
    wanted = Options(evidence=options.evidence, values=options.values, sorted=options.sorted)
    records: dict[str, tuple[AssignedRecord, AssignedRecord]] = {}
    outcomes: dict[str, TableOutcomes] = {}
    for population in data.rules.plan.populations:
        table = population.table
        data.stage(f"assigning `{table}`")
        file = around.folder / ("assignments.parquet" if table == around.first else f"assignments.{table}.parquet")
        with overflow_named(engine, replace(population, frame=frame_with(population, Options(measured=True))), binding):
            relation, wide = write_assignments(engine, con, population, binding, wanted, file, data.work)
        data.stage(f"counting `{table}`")
        record = assigned(con, program, population, file)
        data.stage(f"measuring `{table}`")
        measured = Measured(con, relation, wide, ready.ends)
        shown, outcomes[table] = judged(measured, program, population, binding, record, around.notes, around.last_run)
        records[table] = record, shown
    return records, Outcomes(as_of=binding.as_of, tables=outcomes)


def first_table(program: Program, settings: Settings) -> str | None:
    """The table whose assignments need no name: the only root table, or the first root table in the settings."""
    roots = [table.name for table in program.tables if table.role == "root"]
    return next((name for name in settings.data if name in roots), None)


# -- describing ----------------------------------------------------------------------------------------------------


def _input_record(
    program: Program, name: str, settings: Settings, input: Input, found: Fingerprint, rows: int
) -> InputRecord:
    table, least = program.table(name), program.policy.hide_below or 0
    return InputRecord(
        table=table.name,
        place=input.shown,
        format=input.format,
        time=_time_of(table),
        files=found.files,
        bytes=found.bytes,
        sha256=found.sha256,
        hashed=found.hashed,
        rows=None if 0 < rows < least else rows,
        complete_to=settings.data[table.name].complete_to,
    )


def _time_of(table: Table) -> str:
    """What the rows of a table stand for in time."""
    if table.role == "events":
        return f"events by `{table.at}`" + (f", known by `{table.known_at}`" if table.known_at else "")
    if table.at is not None:
        return f"snapshots by `{table.at}`"
    return "declared to be the state at the as-of date"


def _engine_record(engine: Engine) -> EngineRecord:
    used = engine.version()
    return EngineRecord(
        name=used.name,
        version=used.version,
        segwright=version("segwright"),
        python=platform.python_version(),
        threads=used.threads,
        memory_limit=used.memory_limit,
    )
