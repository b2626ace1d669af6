"""The record of one segmentation that both sides have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...dsl.outcomes import Measure
from ..outcomes.records import FigureRecord, TableOutcomes
from .answers import Answers, Move, Way, migration, movers, moves, sizes
from .causes import Cause
from .hiding import Shown
from .records import CauseRecord, MeasureRecord, MoveRecord, MoverRecord, SegmentationRecord, SizeRecord

Causes = Mapping[Move, Mapping[Cause, tuple[int, tuple[Way, ...]]]]
"""By move what caused it, of how many rows and by which ways."""


def segmentation_record(
    answers: Answers,
    table: str,
    shown: Shown,
    causes: Causes,
    measures: list[MeasureRecord],
    examples: list[MoverRecord],
) -> SegmentationRecord:
    """What the change does to the rows of a segmentation, as far as it may be shown."""
    rows, moving = sum(answers.ways.values()), movers(answers)
    told = shown.movers(answers)
    return SegmentationRecord(
        table=table,
        segmentation=answers.name,
        exclusive=answers.new.exclusive,
        same=answers.same,
        rows=rows if shown.everybody else None,
        movers=moving if told else None,
        movers_share=moving / rows if told and rows else None,
        hidden=not told,
        sizes=_sizes(answers, shown),
        migration=_migration(answers, shown) if answers.new.exclusive else None,
        moves=list(_moves(answers, shown, causes)),
        measures=measures,
        examples=examples,
    )


def _sizes(answers: Answers, shown: Shown) -> dict[str, SizeRecord]:
    records: dict[str, SizeRecord] = {}
    for segment, (before, after) in sizes(answers).items():
        was = before if before is not None and shown.size(answers.old, segment) else None
        now = after if after is not None and shown.size(answers.new, segment) else None
        records[segment] = SizeRecord(before=was, after=now, hidden=was != before or now != after)
    return records


def _migration(answers: Answers, shown: Shown) -> dict[str, dict[str, int | None]]:
    counts = migration(answers)
    before = [segment for segment, (was, _) in sizes(answers).items() if was is not None]
    after = [segment for segment, (_, now) in sizes(answers).items() if now is not None]
    table: dict[str, dict[str, int | None]] = {}
    for was in before:
        line: dict[str, int | None] = {}
        for now in after:
            if answers.same and was != now:
                continue
            if not shown.move(answers, (was, now)):
                line[now] = None
            elif (was, now) in counts:
                line[now] = counts[was, now]
        if line:
            table[was] = line
    return table


# -- moves -------------------------------------------------------------------------------------------------------------


def shown_moves(answers: Answers, shown: Shown) -> dict[Move, int]:
    """The moves that may be told, those of most rows first, then in order of the segments."""
    found = moves(answers)
    order = {move: at for at, move in enumerate(_all_moves(answers))}
    told = [move for move in found if shown.move(answers, move)]
    return {move: found[move] for move in sorted(told, key=lambda move: (-found[move], order[move]))}


def _all_moves(answers: Answers) -> Iterator[Move]:
    has = sizes(answers)
    if answers.new.exclusive:
        yield from ((was, now) for was in has for now in has if was != now)
        return
    for segment in has:
        yield None, segment
        yield segment, None


def _moves(answers: Answers, shown: Shown, causes: Causes) -> Iterator[MoveRecord]:
    """Those that are hidden come last, and whether anybody makes them is not told."""
    for move, count in shown_moves(answers, shown).items():
        was, now = move
        yield MoveRecord(before=was, after=now, count=count, causes=list(_causes(causes[move], shown)))
    if answers.same:
        return
    has = sizes(answers)
    for was, now in _all_moves(answers):
        there = (was is None or has[was][0] is not None) and (now is None or has[now][1] is not None)
        if there and not shown.move(answers, (was, now)):
            yield MoveRecord(before=was, after=now, count=None, hidden=True)


def _causes(found: Mapping[Cause, tuple[int, tuple[Way, ...]]], shown: Shown) -> Iterator[CauseRecord]:
    gone = shown.causes([count for count, _ in found.values()])
    order = sorted(range(len(found)), key=lambda at: at in gone)
    listed = [*found.items()]
    for at in order:
        cause, (count, _) = listed[at]
        yield CauseRecord(
            side=cause.side,
            segment=cause.segment,
            clause=cause.clause,
            message=cause.message,
            count=None if at in gone else count,
            hidden=at in gone,
        )


def example_ways(
    answers: Answers, shown: Shown, causes: Causes, keys: Mapping[Way, tuple[int | str, ...]], most: int
) -> list[tuple[int | str, Way, Cause]]:
    """Rows to explain: of moves that may be told, and of causes that may, the least key of each move first, those of
    most rows first; then the next key of each."""
    lines: list[list[tuple[int | str, Way, Cause]]] = []
    for move in shown_moves(answers, shown):
        gone = shown.causes([count for count, _ in causes[move].values()])
        told = [
            (key, way, cause)
            for at, (cause, (_, ways)) in enumerate(causes[move].items())
            if at not in gone
            for way in ways
            for key in keys.get(way, ())
        ]
        lines.append(sorted(told, key=lambda each: (each[0],)))
    chosen: dict[int | str, tuple[int | str, Way, Cause]] = {}
    for turn in range(most):
        for line in lines:
            if turn < len(line) and len(chosen) < most:
                chosen.setdefault(line[turn][0], line[turn])
    return list(chosen.values())


# -- measures ----------------------------------------------------------------------------------------------------------


def measure_records(answers: Answers, outcomes: TableOutcomes, measures: Mapping[str, Measure]) -> list[MeasureRecord]:
    """The measures of each segment before and after, by the new definition; none where nothing differs."""
    if answers.same:
        return []
    records: list[MeasureRecord] = []
    for name, found in outcomes.measures.items():
        before = found.segmentations.get(answers.old.segmentation, {})
        after = found.segmentations.get(answers.new.segmentation, {})
        if name not in measures or not (before or after):
            continue
        for segment in sizes(answers):
            was, now = before.get(segment), after.get(segment)
            records.append(
                MeasureRecord(
                    measure=name,
                    title=found.title,
                    type=found.type,
                    segment=segment,
                    before=was,
                    after=now,
                    clear=_clear(was, now),
                )
            )
    return records


def _clear(before: FigureRecord | None, after: FigureRecord | None) -> bool | None:
    if before is None or after is None or before.low is None or before.high is None:
        return None
    if after.low is None or after.high is None:
        return None
    return after.low > before.high or after.high < before.low
