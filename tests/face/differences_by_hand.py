"""Differences made by hand from their records: what changed, and what it does to customers that nobody has seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from small_programs import program_of

from segwright.compiler.changes.records import Change, Changes, Kind, Renames
from segwright.compiler.ruleset import RuleSet, compiled
from segwright.difference import Difference
from segwright.dsl.source import Source
from segwright.runtime.comparing.records import (
    CauseRecord,
    Comparison,
    MeasureRecord,
    MoveRecord,
    MoverRecord,
    SegmentationRecord,
    SizeRecord,
)
from segwright.runtime.history.version import Version
from segwright.runtime.outcomes.records import FigureRecord

RULES = """\
table customers "Borrowers" key customer_id
  customer_id  integer
  score        integer optional
  paid         boolean
  gender       text optional protected
segmentation risk "Value and risk" of customers
  first match wins
  segment prime "Prime borrowers" when score >= 700
  segment near when score >= 600
  otherwise standard
segmentation audiences of customers
  overlapping
  segment mail when score >= 650
  segment call when score >= 750
measure default_rate "Default rate" lower is better = share where paid is false
target risk.prime default_rate at most 3%
"""
HELD = "policy\n  hide groups below 10\n  fairness across gender favourable risk.prime ratio at least 80%\n"
CUT_OFF = "the cut-off of `score` moved from 720 to 700"


def rule_set(text: str = RULES, name: str = "loans") -> RuleSet:
    """The rule set of rules that have no errors."""
    return compiled(program_of(text), [Source("rules.seg", text)], name)


def change(
    kind: Kind, message: str, *, what: str = "clause", name: str = "prime", within: str | None = "risk"
) -> Change:
    """One change, as the comparison of programs would find it."""
    return Change(kind, what, name, within, message)


MOVED = change("cut-off", CUT_OFF)


def changes(*of: Change, renames: Renames | None = None) -> Changes:
    """Changes of which those that change no meaning make none."""
    return Changes(of, renames or Renames(), {}, not any(each.meaning for each in of))


def difference(
    of: Changes,
    comparison: Comparison | None = None,
    not_compared: str | None = None,
    *,
    before: str = RULES,
    after: str = RULES,
    name: str = "loans",
) -> Difference:
    """A difference between `main` and the working tree."""
    return Difference(
        Version("main (3f2a91c)", rule_set(before, name), commit="3f2a91c" + "0" * 33),
        Version("the working tree", rule_set(after, name)),
        of,
        comparison,
        not_compared,
    )


def comparison(*segmentations: SegmentationRecord, rows: int | None = 10_000, **more: Any) -> Comparison:
    """A comparison as of 2026-09-01."""
    return Comparison(as_of=dt.date(2026, 9, 1), rows={"customers": rows}, segmentations=list(segmentations), **more)


def risk(
    movers: int | None,
    sizes: Mapping[str, tuple[int | None, int | None]],
    moves: Sequence[MoveRecord] = (),
    *,
    rows: int | None = 10_000,
    measures: Sequence[MeasureRecord] = (),
    examples: Sequence[MoverRecord] = (),
    migration: Mapping[str, Mapping[str, int | None]] | None = None,
    hidden: Sequence[str] = (),
    segmentation: str = "risk",
    exclusive: bool = True,
) -> SegmentationRecord:
    """The exclusive segmentation, or another one."""
    return SegmentationRecord(
        table="customers",
        segmentation=segmentation,
        exclusive=exclusive,
        same=movers == 0,
        rows=rows,
        movers=movers,
        movers_share=None if movers is None or not rows else movers / rows,
        hidden=movers is None,
        sizes={
            name: SizeRecord(before=before, after=after, hidden=name in hidden)
            for name, (before, after) in sizes.items()
        },
        migration=None if migration is None else {at: dict(row) for at, row in migration.items()},
        moves=list(moves),
        measures=list(measures),
        examples=list(examples),
    )


def move(before: str | None, after: str | None, count: int | None, *causes: CauseRecord) -> MoveRecord:
    """Some who go from one segment to another."""
    return MoveRecord(before=before, after=after, count=count, hidden=count is None, causes=list(causes))


def cause(count: int | None, message: str = CUT_OFF, segment: str = "prime", clause: int | None = 1) -> CauseRecord:
    """A clause that takes rows in."""
    return CauseRecord(side="after", segment=segment, clause=clause, message=message, count=count, hidden=count is None)


def rate(
    segment: str,
    before: tuple[float, float, float] | None,
    after: tuple[float, float, float] | None,
    clear: bool | None = None,
) -> MeasureRecord:
    """The default rate of a segment: its value, and the ends of its interval."""
    figures = [
        None if each is None else FigureRecord(value=each[0], n=1000, low=each[1], high=each[2], interval="Wilson")
        for each in (before, after)
    ]
    return MeasureRecord(
        measure="default_rate",
        title="Default rate",
        type="percent",
        segment=segment,
        before=figures[0],
        after=figures[1],
        clear=clear,
    )
