"""The run before this one: which it is, and what it says about the rows of today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from ..compiler.duckdb.relation import Relation, previous_relation
from ..compiler.plan import Frame, Plan
from ..dsl.program import Program
from .connection import file_text, quoted, text
from .errors import SettingsError
from .manifest import AssignedRecord, Manifest
from .notes import Note, many_told
from .runs import read_manifest, run_folders


@dataclass(frozen=True, slots=True)
class Before:
    """What the run before says: a relation for each table whose rows are asked about it, the name of the run's folder
    (of none where nothing is asked, or there was no run), and what is worth knowing about it."""

    relations: dict[str, Relation]
    runs: tuple[str, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """How the run before calls a segmentation that is asked about: its name there, and what its segments that have
    other names there are called here."""

    segmentation: str
    segments: Mapping[str, str] = field(default_factory=dict)


def run_before(out: Path, as_of: dt.date) -> Path | None:
    """The folder of the run with the latest as-of date before this one; of several, that with the highest sequence."""
    earlier = [run for run in run_folders(out) if run.as_of < as_of]
    return max(earlier, key=lambda run: (run.as_of, run.sequence)).path if earlier else None


def check_project(folder: Path, manifest: Manifest, project: str) -> None:
    """Raises `SettingsError` where the run before is another project's: what it says is about other rules."""
    if manifest.project != project:
        raise SettingsError(
            f"the run before, `{folder.name}`, is of the project `{manifest.project}`, and this is `{project}`: "
            "give each project an `out` of its own, or move that run elsewhere"
        )


def asks_before(plan: Plan) -> bool:
    """Whether anything in the plan is asked about the run before."""
    return any(population.frame.previous for population in plan.populations)


def open_before(
    con: duckdb.DuckDBPyConnection,
    program: Program,
    plan: Plan,
    as_of: dt.date,
    folder: Path | None,
    project: str,
    asked: Mapping[str, Asked] | None = None,
) -> Before:
    """What the run in `folder` says for a run of `project` as of `as_of`; without a folder, nothing about anybody.
    `asked`: how that run calls segmentations that have another name in `program`, or in some of their segments.

    Raises `SettingsError` where the folder cannot be read, is another project's, or where its keys are not those of
    today."""
    if not asks_before(plan):
        return Before({}, (), ())
    manifest = None if folder is None else read_manifest(folder)
    if folder is not None and manifest is not None:
        check_project(folder, manifest, project)
    relations: dict[str, Relation] = {}
    notes: list[Note] = []
    called = {name: Asked(name) for each in plan.populations for name in each.frame.previous} | dict(asked or {})
    for population in plan.populations:
        frame = population.frame
        if not frame.previous:
            continue
        said = None if manifest is None else manifest.assignments.get(population.table)
        name = previous_relation(population.table)
        if folder is None or manifest is None or said is None:
            relations[name] = _nothing(program, frame)
        else:
            relations[name] = _relation(con, program, frame, folder, said, called)
        notes += _notes(program, frame, as_of, folder, manifest, said, called)
    return Before(relations, () if folder is None else (folder.name,), tuple(notes))


# -- relations -----------------------------------------------------------------------------------------------------


def _nothing(program: Program, frame: Frame) -> Relation:
    """A relation of no rows."""
    key, type = frame.key or "", _key_type(program, frame)
    terms = [f"CAST(NULL AS {type}) AS {quoted(key)}", *(f"NULL AS {quoted(name)}" for name in frame.previous)]
    columns = {key: type, **dict.fromkeys(frame.previous, "VARCHAR")}
    return Relation(f"(SELECT {', '.join(terms)} WHERE false)", columns)


def _relation(
    con: duckdb.DuckDBPyConnection,
    program: Program,
    frame: Frame,
    folder: Path,
    said: AssignedRecord,
    called: Mapping[str, Asked],
) -> Relation:
    file = folder / said.file
    if not file.is_file():
        raise SettingsError(f"the run before, `{folder.name}`, is no longer complete: it lacks `{said.file}`")
    source = f"read_parquet({file_text(file)})"
    found: dict[str, str] = {row[0]: row[1] for row in con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
    key, type = frame.key or "", _key_type(program, frame)
    _check_key(frame.source.table, key, type, found, folder)
    asked = [
        f"{_segment(called[name])} AS {quoted(name)}"
        if _exclusive(said, called[name].segmentation)
        else f"CAST(NULL AS VARCHAR) AS {quoted(name)}"
        for name in frame.previous
    ]
    columns = {key: type, **dict.fromkeys(frame.previous, "VARCHAR")}
    return Relation(f"(SELECT {', '.join([quoted(key), *asked])} FROM {source})", columns)


def _segment(asked: Asked) -> str:
    held = f"CAST({quoted(asked.segmentation)} AS VARCHAR)"
    arms = " ".join(f"WHEN {text(there)} THEN {text(here)}" for there, here in asked.segments.items())
    return f"CASE {held} {arms} ELSE {held} END" if arms else held


def _check_key(table: str, key: str, type: str, found: dict[str, str], folder: Path) -> None:
    advice = f"rows cannot be found in it again; move `{folder.name}` elsewhere to begin anew"
    if key not in found:
        first = next(iter(found), "")
        raise SettingsError(
            f"the run before, `{folder.name}`, has the rows of `{table}` by `{first}`, and the rules now by `{key}`: "
            f"{advice}"
        )
    if found[key] != type:
        now, then = ("integers", "text") if type == "BIGINT" else ("text", "integers")
        raise SettingsError(
            f"the keys of `{table}` in the run before, `{folder.name}`, are {then}, and `{key}` is now {now}: {advice}"
        )


def _key_type(program: Program, frame: Frame) -> str:
    kind = program.table(frame.source.table).field_named(frame.key or "").type.kind
    return "BIGINT" if kind == "integer" else "VARCHAR"


def _exclusive(said: AssignedRecord | None, segmentation: str) -> bool:
    found = None if said is None else said.segmentations.get(segmentation)
    return found is not None and found.exclusive


# -- notes ---------------------------------------------------------------------------------------------------------


def _notes(
    program: Program,
    frame: Frame,
    as_of: dt.date,
    folder: Path | None,
    manifest: Manifest | None,
    said: AssignedRecord | None,
    called: Mapping[str, Asked],
) -> Iterator[Note]:
    for asked in frame.previous:
        name = called[asked].segmentation
        if folder is None or manifest is None:
            message = f"no run before {as_of}: `previous {name}` is missing for everybody"
            yield Note("run before", name, message)
        elif not _exclusive(said, name):
            lacks = said is None or name not in said.segmentations
            why = f"has no `{name}`" if lacks else f"had `{name}` as overlapping"
            message = f"the run before, `{folder.name}`, {why}: `previous {name}` is missing for everybody"
            yield Note("run before", name, message)
        elif said is not None:
            yield from _gone(program, asked, called[asked], folder, said)


def _gone(program: Program, of: str, asked: Asked, folder: Path, said: AssignedRecord) -> Iterator[Note]:
    """The segments of the run before that the rules no longer have."""
    k, name = program.policy.hide_below, asked.segmentation
    today = {segment.name for segment in program.segmentation(of).all_segments}
    for segment, record in said.segmentations[name].segments.items():
        if asked.segments.get(segment, segment) not in today and record.count != 0:
            many, count = (
                ("a hidden number of rows", None) if record.count is None else many_told(record.count, "row", k)
            )
            was = "was" if record.count is None or count == 1 else "were"
            message = (
                f"in the run before, `{folder.name}`, {many} {was} in `{segment}` of `{name}`, which the rules no "
                "longer have"
            )
            yield Note("run before", name, message, count)
