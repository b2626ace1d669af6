"""What an explanation says of decisions, scorecards and reasons, beside what the reference interpreter says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from segwright.dsl.program import Choice, LetRef, Score
from segwright.dsl.types import INTEGER
from segwright.render.explanation import as_text
from segwright.runtime.decided import decision_seen, score_seen
from segwright.runtime.engines.engine import Overflow
from segwright.runtime.explain import explain
from segwright.runtime.observe import Decided, Observation, Subject, observe, subject_of
from segwright.runtime.reference.interpreter import Assigned
from segwright.runtime.reference.reasons import reasons

from .engine import Ground


def differing_explanation(expected: Assigned, ground: Ground, table: str, key: Any, *, orphans: bool) -> Iterator[str]:
    """As `_differing`. What a run may stop for or not, an explanation may stop for although the run did not."""
    try:
        yield from _differing(expected, ground, table, key)
    except Overflow:
        if not (orphans or expected.world.may_stop):
            yield f"`{table}` {key}: the explanation stops for overflow"


def _differing(expected: Assigned, ground: Ground, table: str, key: Any) -> Iterator[str]:
    """Every difference for one row, in words: rows and bins that hold, points, totals, reasons. What is personal is not
    told, and not compared."""
    subject = subject_of(expected.world.program, ground.plan, ground.binding, table)
    observation = observe(ground.engine, subject, key)
    if observation is None:
        yield f"`{table}` {key} is not observed"
        return
    for decided in subject.decided.values():
        for what, seen, wanted in _compared(subject, observation, decided, expected, table, key):
            if seen != wanted:
                yield f"`{table}` {key}: {what} of `{decided.let.name}` is {seen!r} instead of {wanted!r}"
    yield from _different_reasons(subject, expected, ground, table, key)


def _compared(
    subject: Subject, observation: Observation, decided: Decided, expected: Assigned, table: str, key: Any
) -> Iterator[tuple[str, Any, Any]]:
    let, row = decided.let, expected.rows[table][key]
    above = next(each for each in row.upwards() if each.table.name == let.table)
    value = expected.world.value(LetRef(let.table, let.name, let.value.type), above)
    match let.value:
        case Choice() as choice if not decided.personal[0]:
            seen = decision_seen(subject, observation, decided)
            number = expected.world.row_that_holds(choice, above) or 0
            yield "the row", seen.row, number if 0 < number <= len(choice.rows) else None
            yield "`otherwise`", seen.otherwise, number > len(choice.rows)
            yield "the value", seen.value, value
        case Score() as score:
            told = score_seen(subject, observation, decided)
            yield "the total", told.total, None if told.hidden else value
            for at, (line, each) in enumerate(zip(told.characteristics, score.characteristics, strict=True)):
                wanted = expected.world.value(Score(0, (each,), INTEGER), above)
                yield f"characteristic {at}", line.points, None if line.hidden else wanted
        case _:
            pass


def _different_reasons(subject: Subject, expected: Assigned, ground: Ground, table: str, key: Any) -> Iterator[str]:
    found = explain(ground.engine, subject, key)
    assert found is not None
    as_text(found, details=True, columns=80)
    row = expected.rows[table][key]
    for segmentation in found.segmentations:
        declared = {each.name: each for each in subject.program.segmentation(segmentation.name).all_segments}
        for segment in segmentation.segments:
            if segment.outcome != "assigned" or segment.hidden_reasons:
                continue
            wanted = reasons(expected.world, declared[segment.name], row)
            if [code for code, _ in segment.reasons] != wanted:
                yield f"`{table}` {key}: `{segment.name}` for {segment.reasons} instead of {wanted}"
