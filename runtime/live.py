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
from ..dsl.check.suggest import suggest
from ..dsl.program import Field, Program
from ..dsl.types import Value
from .binding import bind
from .contracts import check_contracts
from .engine import connected, engine_error, quoted, text
from .errors import SettingsError
from .explain import explain, subject_of
from .explanation import Explanation
from .fingerprints import fingerprint
from .manifest import Manifest
from .settings import Settings
from .sources import Input, open_inputs


def explain_live(
    program: Program,
    settings: Settings,
    key: str | Value,
    *,
    as_of: dt.date | str | None = None,
    parameters: Mapping[str, str] | None = None,
    segmentation: str | None = None,
) -> Explanation:
    """Explain one row over the data as it is now, contracts checked as a run checks them.

    Raises a `RunError`; `SettingsError` where no row has that key."""
    binding = bind(program, settings.as_of if as_of is None else as_of, parameters or {})
    return _explained(program, settings, binding, key, segmentation, None)


def explain_run(
    program: Program,
    settings: Settings,
    folder: Path,
    manifest: Manifest,
    key: str | Value,
    *,
    segmentation: str | None = None,
) -> Explanation:
    """Explain one row of a run by the rules that it was made with (`program`, from its rule set). Says so where the
    data is no longer what it was, or gives another answer than the run. Raises as `explain_live`."""
    binding = bind(program, manifest.as_of, manifest.parameters)
    return _explained(program, settings, binding, key, segmentation, (folder, manifest))


def _explained(
    program: Program,
    settings: Settings,
    binding: Binding,
    key: str | Value,
    segmentation: str | None,
    run: tuple[Path, Manifest] | None,
) -> Explanation:
    plan = plan_from_program(program)
    table = _table_of(program, segmentation)
    subject = subject_of(program, plan, binding, table)
    field = program.table(table).field_named(program.table(table).key or "")
    value = key_value(key, field)
    with tempfile.TemporaryDirectory(prefix="segwright-") as work:
        try:
            with connected(Path(work), memory=settings.memory, threads=settings.threads) as connection:
                inputs = open_inputs(connection, program, plan.columns, settings.data, Path(work))
                notes = [] if run is None else _changed(inputs, run[1])
                if run is None or notes:
                    check_contracts(connection, program, plan.columns, inputs, binding.as_of)
                relations = {name: input.relation for name, input in inputs.items()}
                explanation = explain(connection, subject, relations, value, segmentation)
                if explanation is None:
                    raise SettingsError(_no_row(table, field, key))
                if run is not None:
                    notes += _differs(connection, explanation, run, field, value)
        except duckdb.Error as problem:
            raise engine_error(problem, "explaining") from problem
    name = None if run is None else run[0].name
    return replace(explanation, notes=(*explanation.notes, *notes), run=name)


def _table_of(program: Program, segmentation: str | None) -> str:
    """The table of a segmentation; without one the root table, or the first that has segmentations."""
    if segmentation is None:
        tables = [each.table for each in program.segmentations]
        roots = [name for name in tables if program.table(name).role == "root"]
        if not tables:
            raise SettingsError("the rules declare no segmentation, so there is nothing to explain")
        return (roots or tables)[0]
    known = {each.name: each.table for each in program.segmentations}
    if segmentation not in known:
        near = suggest(segmentation, known)
        raise SettingsError(
            f"there is no segmentation `{segmentation}`" + (f"; did you mean `{near}`?" if near else "")
        )
    return known[segmentation]


def key_value(key: str | Value, field: Field) -> Value:
    """A key in the type of its field, from what was typed; raises `SettingsError` where it cannot be one."""
    if not isinstance(key, str):
        return key
    try:
        match field.type.kind:
            case "integer":
                return int(key.replace("_", "").replace(",", ""))
            case "date":
                return dt.date.fromisoformat(key)
            case "timestamp":
                return dt.datetime.fromisoformat(key)
            case _:
                return key
    except ValueError:
        shown = "this" if field.personal else f"`{key}`"
        raise SettingsError(f"{shown} cannot be a `{field.name}`, which is of type {field.type}") from None


def _no_row(table: str, field: Field, key: str | Value) -> str:
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
    connection: duckdb.DuckDBPyConnection,
    explanation: Explanation,
    run: tuple[Path, Manifest],
    key: Field,
    value: Value,
) -> list[str]:
    """The segmentations for which the run assigned something else than what is explained."""
    folder, manifest = run
    record = manifest.assignments[explanation.table]
    names = ", ".join(quoted(seen.name) for seen in explanation.segmentations)
    query = f"SELECT {names} FROM read_parquet({text(folder / record.file)}) WHERE {quoted(key.name)} = $1"
    rows = connection.execute(query, [value]).fetchall()
    if not rows:
        return ["the run has no such row"]
    answers = zip(explanation.segmentations, rows[0], strict=True)
    return [
        f"the run assigned `{', '.join(assigned) or 'no segment'}` in `{seen.name}`"
        for seen, answer in answers
        for assigned in [(answer,) if seen.exclusive else tuple(answer)]
        if assigned != seen.assigned
    ]
