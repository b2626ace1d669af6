"""Explaining from a project's data: as it is now, or as it was for a run."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import duckdb

from ..compiler.plan import Binding
from ..compiler.plan_from_program import plan_from_program
from ..compiler.ruleset import RuleSet
from ..dsl.check.suggest import suggest
from ..dsl.program import Field, Program
from ..dsl.types import Value
from .binding import bind
from .connection import connected, engine_error, file_text, quoted
from .contracts import check_contracts
from .cut_points import with_cut_points
from .engines.engine import Engine
from .engines.opening import open_engine, prepare_engine
from .errors import DataError, EngineError, SettingsError
from .explain import explain
from .explanation import Explanation
from .fingerprints import fingerprint
from .keys import Key, key_value
from .manifest import Manifest
from .observe import Subject, subject_of
from .previous import open_before, run_before
from .run import first_table
from .runs import MANIFEST
from .settings import Settings
from .sources import Input, open_inputs
from .stops import check_ties, overflow_named


def explain_live(
    program: Program,
    settings: Settings,
    key: Key,
    *,
    as_of: dt.date | str | None = None,
    parameters: Mapping[str, str] | None = None,
    segmentation: str | None = None,
) -> Explanation:
    """Explain one row over the data as it is now, contracts checked as a run checks them.

    Raises a `RunError`; `SettingsError` where no row has that key."""
    binding = bind(program, settings.as_of if as_of is None else as_of, parameters or {})
    before = run_before(settings.out, binding.as_of)
    return _explained(program, settings, binding, before, key, segmentation, None)


def explain_run(
    rules: RuleSet,
    settings: Settings,
    folder: Path,
    manifest: Manifest,
    key: Key,
    *,
    segmentation: str | None = None,
) -> Explanation:
    """Explain one row of a run by the rules and cut-points that it was made with (`rules`, from its folder). Says so
    where the data or the run before are no longer what they were, or give another answer. Raises as `explain_live`."""
    binding = replace(bind(rules.program, manifest.as_of, manifest.parameters), cut_points=rules.cut_points)
    before = next((folder.parent / name for name in manifest.previous_runs), None)
    return _explained(rules.program, settings, binding, before, key, segmentation, (folder, manifest))


def _explained(
    program: Program,
    settings: Settings,
    binding: Binding,
    before: Path | None,
    key: Key,
    segmentation: str | None,
    run: tuple[Path, Manifest] | None,
) -> Explanation:
    engine_name = settings.engine if run is None else run[1].engine.name
    prepare_engine(engine_name, settings.threads, settings.memory)
    plan = plan_from_program(program)
    table = _table_of(program, settings, segmentation)
    subject = subject_of(program, plan, binding, table)
    field = program.table(table).field_named(program.table(table).key or "")
    value = key_value(key, field)
    with (
        tempfile.TemporaryDirectory(prefix="segwright-") as work,
        connected(Path(work), memory=settings.memory, threads=settings.threads) as con,
    ):
        try:
            inputs = open_inputs(con, program, plan.columns, settings.data, Path(work))
            own = replace(plan, populations=(subject.population,))
            notes = [] if run is None else _changed(inputs, run[1])
            if before is not None and run is not None and not (before / MANIFEST).is_file():
                notes.append(f"the run before, `{before.name}`, is gone: what was asked about it is missing here")
                before = None
            history = open_before(con, program, own, binding.as_of, before, settings.name)
            subject = replace(subject, before=next(iter(history.runs), None))
            if run is None:
                notes += [note.message for note in history.notes]
            if run is None or notes:
                check_contracts(con, program, plan.columns, inputs, binding.as_of)
            engine = open_engine(engine_name, con, program, plan.columns, inputs, history.relations, Path(work))
            if run is None:
                subject = replace(subject, binding=with_cut_points(engine, own, binding))
            if run is None or notes:
                _check_ties(engine, subject, inputs)
            with overflow_named(engine, subject.population, subject.binding):
                explanation = explain(engine, subject, value, segmentation)
            if explanation is None:
                raise SettingsError(_no_row(table, field, key))
            if run is not None:
                notes += _differs(con, explanation, run, field, value)
        except duckdb.Error as problem:
            raise engine_error(problem, "explaining") from problem
        except OSError as problem:
            raise EngineError(f"a file could not be read or written: {problem}") from problem
    name = None if run is None else run[0].name
    return replace(explanation, notes=(*explanation.notes, *notes), run=name)


def _check_ties(engine: Engine, subject: Subject, inputs: Mapping[str, Input]) -> None:
    """What stops a run stops an explanation."""
    with overflow_named(engine, subject.population, subject.binding):
        ties = check_ties(engine, subject.population, subject.binding)
    if ties:
        raise DataError(ties, {name: input.shown for name, input in inputs.items()})


def _table_of(program: Program, settings: Settings, segmentation: str | None) -> str:
    """The table of a segmentation; without one the root table that a run's assignments are named after, or the first
    table that has segmentations."""
    known = {each.name: each.table for each in program.segmentations}
    if segmentation is not None:
        if segmentation not in known:
            near = suggest(segmentation, known)
            raise SettingsError(
                f"there is no segmentation `{segmentation}`" + (f"; did you mean `{near}`?" if near else "")
            )
        return known[segmentation]
    if not known:
        raise SettingsError("the rules declare no segmentation, so there is nothing to explain")
    first = first_table(program, settings)
    tables = [table.name for table in program.tables if table.name in known.values()]
    return first if first in tables else tables[0]


def _no_row(table: str, field: Field, key: Key) -> str:
    return f"no row of `{table}` has this key" if field.personal else f"no row of `{table}` has `{field.name}` {key}"


def _changed(inputs: Mapping[str, Input], manifest: Manifest) -> list[str]:
    """The inputs whose content is not what the run read."""
    recorded = {record.table: record.sha256 for record in manifest.inputs}
    return [
        f"the data of `{name}` is no longer what the run read; this explains it as it is now"
        for name, input in inputs.items()
        if recorded.get(name) != fingerprint(input.files).sha256
    ]


def _differs(
    con: duckdb.DuckDBPyConnection,
    explanation: Explanation,
    run: tuple[Path, Manifest],
    key: Field,
    value: Value,
) -> list[str]:
    """The segmentations for which the run assigned something else than what is explained."""
    folder, manifest = run
    record = manifest.assignments[explanation.table]
    names = ", ".join(quoted(seen.name) for seen in explanation.segmentations)
    query = f"SELECT {names} FROM read_parquet({file_text(folder / record.file)}) WHERE {quoted(key.name)} = $1"
    rows = con.execute(query, [value]).fetchall()
    if not rows:
        return [f"the run has no such row of `{explanation.table}`"]
    answers = zip(explanation.segmentations, rows[0], strict=True)
    return [
        f"the run assigned {_named(assigned)} in `{seen.name}`, not {_named(seen.assigned)}"
        for seen, answer in answers
        for assigned in [(answer,) if seen.exclusive else tuple(answer)]
        if assigned != seen.assigned
    ]


def _named(segments: tuple[str, ...]) -> str:
    return " and ".join(f"`{segment}`" for segment in segments) or "no segment"
