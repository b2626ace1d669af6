"""A run folder that says no more than where rows were: the run before the one under test."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from scratch import scratch

from segwright.dsl.program import Program
from segwright.runtime.manifest import AssignedRecord, EngineRecord, Manifest, SegmentationRecord, SegmentRecord
from segwright.runtime.reference.interpreter import Before

RUN_BEFORE = "-00000000-"
"""Stands in the name of every such folder."""


def write_run_before(
    before: Before,
    program: Program,
    out: Path,
    as_of: dt.date,
    *,
    sequence: int = 1,
    complete: bool = True,
    project: str,
) -> Path:
    """Writes a run of `project` as of `as_of` that put rows into the segments of `before`.

    Without its manifest it is not complete. Keys and segments are written as they are given, whatever the rules say of
    them."""
    folder = out / f"{as_of}{RUN_BEFORE}{sequence}"
    folder.mkdir(parents=True)
    roots = [table.name for table in program.tables if table.role == "root"]
    records: dict[str, AssignedRecord] = {}
    for table in program.tables:
        own = [each.name for each in program.segmentations if each.table == table.name]
        said = {name: before[name] for name in own if name in before}
        if said:
            file = "assignments.parquet" if table.name == roots[0] else f"assignments.{table.name}.parquet"
            records[table.name] = _write(folder / file, table.key or "", said)
    if complete:
        manifest = _manifest(as_of, records, project).model_dump_json(indent=2)
        (folder / "manifest.json").write_text(manifest + "\n", encoding="utf-8")
    return folder


def _write(file: Path, key: str, said: Mapping[str, Mapping[int | str, str]]) -> AssignedRecord:
    keys = list(dict.fromkeys(each for segments in said.values() for each in segments))
    type = "BIGINT" if all(isinstance(each, int) for each in keys) else "VARCHAR"
    columns = ", ".join([f'"{key}" {type}', *(f'"{name}" VARCHAR' for name in said)])
    with scratch() as con:
        con.execute(f"CREATE TEMP TABLE said ({columns})")
        for each in keys:
            row = [each, *(segments.get(each) for segments in said.values())]
            con.execute(f"INSERT INTO said VALUES ({', '.join('?' * len(row))})", row)
        con.execute(f"COPY said TO '{file}' (FORMAT parquet)")
    return AssignedRecord(
        file=file.name,
        rows=len(keys),
        segmentations={
            name: SegmentationRecord(
                exclusive=True,
                segments={
                    segment: SegmentRecord(count=count, share=count / len(keys))
                    for segment, count in Counter(segments.values()).items()
                },
                clauses={},
                none=None,
                content_hash="",
            )
            for name, segments in said.items()
        },
    )


def _manifest(as_of: dt.date, records: dict[str, AssignedRecord], project: str) -> Manifest:
    return Manifest(
        project=project,
        as_of=as_of,
        started=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        parameters={},
        logic_hash="0" * 64,
        text_hash="0" * 64,
        git=None,
        inputs=[],
        columns=[],
        cut_points={},
        previous_runs=[],
        assignments=records,
        notes=[],
        engine=EngineRecord(name="duckdb", version="", segwright="", python="", threads=1, memory_limit=""),
        timings={},
    )
