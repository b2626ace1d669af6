"""What a change of rules does to the rows of a project: the record that `segwright diff` shows, writes as JSON, and
that gates are held against.

*Before* are the old rules, *after* the new ones, both over the same data as of the same date. Where groups below k are
hidden (`hide groups below k` of either), counts and shares are None and `hidden` is true. Segments are called by their
new names; one that was removed by its old one.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict

from ...dsl.types import Kind
from ..outcomes.records import FairnessRecord, FigureRecord, GuardRecord, TargetRecord


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SizeRecord(_Record):
    """Rows in a segment before and after; None on the side that does not have the segment, and where `hidden`."""

    before: int | None
    after: int | None
    hidden: bool = False


class CauseRecord(_Record):
    """The changed clause that moved rows: the one after that took them in (`side` after), or the one before that let
    them go (`side` before). `message` says what changed about it; `count` how many rows of the move it moved."""

    side: Literal["before", "after"]
    segment: str
    clause: int | None
    message: str
    count: int | None
    hidden: bool = False


class MoveRecord(_Record):
    """Rows that go from one segment to another. Of an overlapping segmentation: that join a segment (`before` is None)
    or leave one (`after` is None)."""

    before: str | None
    after: str | None
    count: int | None
    hidden: bool = False
    causes: list[CauseRecord] = []


class MoverRecord(_Record):
    """A row that moves, as an example: its key, and in a sentence or more why it was where it was and is where it is.
    Never a personal key, never of a hidden move."""

    key: int | str
    before: list[str]
    after: list[str]
    explanation: list[str]


class MeasureRecord(_Record):
    """A measure (its new definition) of a segment before and after. `clear`: the intervals do not overlap; None where
    that cannot be told."""

    measure: str
    title: str | None
    type: Kind
    segment: str
    before: FigureRecord | None
    after: FigureRecord | None
    clear: bool | None = None


class SegmentationRecord(_Record):
    """One segmentation that both have. `movers` are rows whose answer differs: another segment, or another set of
    segments. `same`: nothing that decides it changed, so nobody can move.

    `migration` (exclusive ones): rows by segment before and after, noughts left out, those that stay included."""

    table: str
    segmentation: str
    exclusive: bool
    same: bool
    rows: int | None
    movers: int | None
    movers_share: float | None
    hidden: bool = False
    sizes: dict[str, SizeRecord]
    migration: dict[str, dict[str, int | None]] | None = None
    moves: list[MoveRecord] = []
    measures: list[MeasureRecord] = []
    examples: list[MoverRecord] = []


class JudgedRecord(_Record):
    """What segments are held to, where its verdict differs, or is bad on both sides. `before` is None where the old
    rules did not ask; `newly`: what was kept before, or not asked, and is not kept now.
    `apart`: it is about segments that cannot be compared, so whether it was kept before cannot be told; where it is not
    kept now, it counts as `newly`."""

    of: str
    newly: bool
    apart: bool = False
    before: TargetRecord | GuardRecord | FairnessRecord | None
    after: TargetRecord | GuardRecord | FairnessRecord | None


class ColumnRecord(_Record):
    """A column that only one side reads, with its labels and on whose behalf."""

    table: str
    field: str
    column: str
    personal: bool
    protected: bool
    readers: list[str]


class Comparison(_Record):
    """Everything. `apart`: segmentations that both have and that cannot be compared, and why. `targets`, `guards` and
    `fairness` only where something is worse or better; `notes` for what could not be compared, in words."""

    format: Literal[1] = 1
    as_of: dt.date
    rows: dict[str, int | None]
    segmentations: list[SegmentationRecord]
    added: list[str] = []
    removed: list[str] = []
    apart: dict[str, str] = {}
    targets: list[JudgedRecord] = []
    guards: list[JudgedRecord] = []
    fairness: list[JudgedRecord] = []
    newly_read: list[ColumnRecord] = []
    no_longer_read: list[ColumnRecord] = []
    notes: list[str] = []
    seconds: float | None = None
