"""The manifest of a run: what went in, what came out, and everything needed to do it again."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict

from .engines.names import EngineName

FORMAT = 1
"""Version of the manifest's format."""


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class GitState(_Record):
    """The commit of the project's folder, and whether a rule file differs from it. A run by a compiled rule set has
    none: the rule files beside it are not its rules."""

    commit: str
    dirty: bool


class RulesRecord(_Record):
    """Where the rules came from: `files` are the rule files by their path from the project's folder, or the name of the
    file of a compiled rule set, whose `integrity` hash this is."""

    kind: Literal["rule files", "rule set"]
    files: list[str]
    integrity: str


class InputRecord(_Record):
    """The data of one table. `time` says what its rows stand for; `sha256` is explained in `fingerprints.py`.
    `rows` is None where there are fewer than a policy lets be told."""

    table: str
    place: str
    format: Literal["parquet", "csv", "json", "duckdb", "frame"]
    time: str
    files: int
    bytes: int
    sha256: str
    hashed: Literal["whole", "sampled"]
    rows: int | None
    complete_to: dt.date | None


class ColumnRecord(_Record):
    """A column that was read, and the segmentations and measures on whose behalf; none for a key or a time."""

    table: str
    field: str
    column: str
    read_by: list[str]


class SegmentRecord(_Record):
    """How many rows are in a segment, and their share of all rows (None where there are none). Both are None where they
    are `hidden`."""

    count: int | None
    share: float | None
    hidden: bool = False


class SegmentationRecord(_Record):
    """One segmentation. `clauses` counts by the number of the clause that won; `none` are the rows in no segment of
    an overlapping one. `content_hash` is explained in `outcome.py`.

    Where groups below k are hidden, the counts of hidden clauses are None, and so is `none`; then `hidden` is true. A
    clause that is not named holds nobody."""

    exclusive: bool
    segments: dict[str, SegmentRecord]
    clauses: dict[int, int | None] | None
    none: int | None
    content_hash: str
    hidden: bool = False


class AssignedRecord(_Record):
    """The assignments of one table; `rows` is None where there are too few to be told."""

    file: str
    rows: int | None
    segmentations: dict[str, SegmentationRecord]


class NoteRecord(_Record):
    """Something worth knowing that did not stop the run."""

    kind: str
    of: str
    message: str
    count: int | None


class EngineRecord(_Record):
    """What the run was done with; DuckDB opens, checks and counts whatever the engine."""

    name: EngineName
    version: str
    segwright: str
    python: str
    threads: int
    memory_limit: str


class Manifest(_Record):
    """`manifest.json`. `timings` are seconds by stage; `parameters` as rule files write them. `rules` is
    None only in manifests that were written before they said it. `cut_points` are those of relative values, as rule
    files write values, null where nobody gets so far; `previous_runs` the folders that `previous` looked into."""

    format: Literal[1] = FORMAT
    project: str
    as_of: dt.date
    started: dt.datetime
    parameters: dict[str, str]
    logic_hash: str
    text_hash: str
    rules: RulesRecord | None = None
    git: GitState | None
    inputs: list[InputRecord]
    columns: list[ColumnRecord]
    cut_points: dict[str, list[str | None]]
    previous_runs: list[str]
    assignments: dict[str, AssignedRecord]
    notes: list[NoteRecord]
    engine: EngineRecord
    timings: dict[str, float]
