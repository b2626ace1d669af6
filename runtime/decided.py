"""Decision tables and scorecards of one row, in words: the row that held, the bins it fell into, the points.

The engine says which row and which bins; everything else stands in the Program.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..compiler.reasons import Numbers, points_of, reasons_of, score_total
from ..dsl import program as p
from ..dsl.cell_wording import cell_wording
from ..dsl.walk import walk
from .conditions import inputs_of, named_value, shown, values_of_test, why_unknown
from .explanation import CellSeen, DecisionSeen, PointsSeen, ScoreSeen, ValueSeen
from .observe import Decided, Named, Observation, Subject, asked_by_when
from .words import as_ruled, words


def decision_seen(subject: Subject, observation: Observation, decided: Decided) -> DecisionSeen:
    """A decision table and the row that held."""
    let, choice = decided.let, decided.let.value
    assert isinstance(choice, p.Choice)
    (number,) = numbers_of(observation, decided)
    rows = len(choice.rows)
    if number is None:
        return DecisionSeen(let.name, let.title, choice.type.kind, None, None, rows, False, (), hidden=True)
    held = choice.rows[number - 1] if 0 < number <= rows else None
    otherwise = choice.otherwise if number > rows else None
    result = otherwise if held is None else held.result
    return DecisionSeen(
        name=let.name,
        title=let.title,
        kind=choice.type.kind,
        value=None if result is None else _constant(subject, result),
        row=None if held is None else number,
        rows=rows,
        otherwise=number > rows,
        cells=tuple(_cells(subject, observation, decided, choice, held)),
    )


def _cells(
    subject: Subject, observation: Observation, decided: Decided, choice: p.Choice, held: p.Row | None
) -> Iterator[CellSeen]:
    """A cell for each input; without a row that held, only what was looked at."""
    table = subject.population.table
    for at, input in enumerate(choice.inputs):
        cell = None if held is None else held.cells[at]
        text = "" if cell is None else cell_wording(as_ruled(subject, cell), as_ruled(subject, input), table)
        yield CellSeen(words(subject, input), text, tuple(_values(subject, observation, decided, at, input, cell)))


def _constant(subject: Subject, result: p.Expr) -> object:
    match result:
        case p.Const(value):
            return value
        case p.ParameterRef(name):
            return subject.binding.parameters[name]
        case _:
            raise ValueError("the result of a row is a constant or a parameter")


# -- scorecards --------------------------------------------------------------------------------------------------


def score_seen(subject: Subject, observation: Observation, decided: Decided) -> ScoreSeen:
    """A scorecard, characteristic by characteristic."""
    let, score = decided.let, decided.let.value
    assert isinstance(score, p.Score)
    numbers = numbers_of(observation, decided)
    lines = tuple(
        _points(subject, observation, decided, each, at, numbers[at]) for at, each in enumerate(score.characteristics)
    )
    return ScoreSeen(let.name, let.title, score.start, score_total(score, numbers), lines, any(decided.personal))


def _points(
    subject: Subject, observation: Observation, decided: Decided, each: p.Characteristic, at: int, number: int | None
) -> PointsSeen:
    table = subject.population.table
    by = words(subject, each.bins[0].when if each.by is None else each.by)
    if number is None:
        return PointsSeen(by, None, None, (), None, None, None, None, hidden=True)
    found = points_of(each, number)
    points, lost = (None, None) if found is None else (found.points, found.lost)
    reason = None if found is None or found.reason is None else (found.reason.code, found.reason.text)
    if each.by is None:
        test = asked_by_when(decided.inspection, at)
        truth = observation.values[test]
        because = why_unknown(subject, observation, test)[0] if truth is None else None
        connected = isinstance(test, p.And | p.Or | p.Not)
        values = tuple((inputs_of if connected else values_of_test)(subject, observation, test))
        return PointsSeen(by, None, shown(truth), values, because, points, lost, reason)
    bin = None if number == 0 else each.bins[number - 1].when
    told = None
    if bin is not None:
        told = cell_wording(as_ruled(subject, bin), as_ruled(subject, each.by), table, always="otherwise")
    values = tuple(_values(subject, observation, decided, at, each.by, bin))
    return PointsSeen(by, told, None, values, None, points, lost, reason)


def reasons_seen(
    subject: Subject, observation: Observation, segment: p.Segment
) -> tuple[tuple[tuple[str, str], ...], bool]:
    """The reasons that a row in `segment` is given, and whether personal data may give others, which are not told."""
    scores: dict[str, tuple[p.Score, Numbers]] = {}
    hidden = False
    for name in segment.reasons_from:
        decided = subject.decided[name]
        score = decided.let.value
        assert isinstance(score, p.Score)
        scores[name] = (score, numbers_of(observation, decided))
        for each, personal in zip(score.characteristics, decided.personal, strict=True):
            hidden = hidden or (personal and any(bin.reason is not None for bin in each.bins))
    return tuple((reason.code, reason.text) for reason in reasons_of(segment, scores)), hidden


# -- values ------------------------------------------------------------------------------------------------------


def numbers_of(observation: Observation, decided: Decided) -> Numbers:
    """The row that held, or the bin of each characteristic; None where that is personal."""
    return [
        None if personal else observation.values[number]
        for number, personal in zip(decided.inspection.numbers, decided.personal, strict=True)
    ]


def _values(
    subject: Subject, observation: Observation, decided: Decided, at: int, input: p.Expr, cell: p.Expr | None
) -> Iterator[ValueSeen]:
    """The value of an input, then of the parameters that the cell names."""
    looked_at = decided.inspection.inputs[at]
    if isinstance(looked_at, Named):
        yield named_value(subject, observation, looked_at)
    elif looked_at is not None:
        name = words(subject, input)
        kind = "segment" if isinstance(input, p.Previous) else input.type.kind
        if looked_at in observation.values:
            value = observation.values[looked_at]
            inputs = tuple(each for each in inputs_of(subject, observation, looked_at) if each.value != value)
            yield ValueSeen(name, None, kind, value, value is None, inputs=inputs)
        else:
            yield ValueSeen(name, None, kind, None, missing=False, hidden=True)
    for part in () if cell is None else dict.fromkeys(walk(cell)):
        if isinstance(part, p.ParameterRef) and part != input:
            yield named_value(subject, observation, part)
