"""`assign`: which row is in which segment, and whether each condition is true, false or unknown for it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, assert_never

from ...dsl.program import (
    Aggregate,
    And,
    Call,
    Characteristic,
    Choice,
    Const,
    Expr,
    FieldRef,
    GroupAggregate,
    LetRef,
    Not,
    Or,
    ParameterRef,
    Previous,
    Program,
    Relative,
    RowKnown,
    Score,
    Segment,
    Segmentation,
    SegmentIncludes,
    SegmentIs,
    Window,
)
from ...dsl.types import Length, Value
from .aggregates import Item, aggregate, may_overflow_on_the_way
from .calendar import ahead, back, calendar_date
from .errors import DataError
from .functions import all_of, any_of, apply, negation
from .rows import Data, Row, rows_of, visible

Answer = tuple[str, int] | list[str]
"""Of an exclusive segmentation the segment and its clause's number, of an overlapping one the segments."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """What comes out. `answers`: table → key → segmentation → answer, for every table that has segmentations.

    `may_stop` is why an engine may refuse to answer although no row's answer depends on it: arithmetic that overflows
    in `where` or X of an aggregate, on a row that is outside the window or fails `where`; or exact sums that overflow
    over a part of the rows only. `world` and `rows` (by table and key) are what expressions were evaluated against."""

    answers: dict[str, dict[Any, dict[str, Answer]]]
    may_stop: str | None
    world: World
    rows: dict[str, dict[Any, Row]]

    def truth(self, table: str, key: Any, expr: Expr) -> bool | None:
        """Whether a boolean expression over the rows of `table` is true (None: unknown) for that row."""
        return _boolean(self.world.value(expr, self.rows[table][key]))

    def value(self, table: str, key: Any, expr: Expr) -> Value | None:
        """The value of any expression over the rows of `table` for that row; None: missing."""
        return self.world.value(expr, self.rows[table][key])


Before = dict[str, dict[Any, str]]
"""The run before: segmentation → key → segment; what is not there is missing."""


def assign(
    program: Program,
    data: Data,
    as_of: dt.date,
    parameters: dict[str, Value] | None = None,
    before: Before | None = None,
) -> Assigned:
    """The answers of every segmentation for every row of its table.

    `data` holds canonical values that fit their fields; `parameters` replace declared values. Everything that a
    segmentation reads is evaluated on every row, also where the answer does not need it. Raises the errors of
    `errors.py`."""
    values = {parameter.name: parameter.value for parameter in program.parameters} | (parameters or {})
    rows = rows_of(program, data, as_of)
    world = World(program, as_of, values, rows, before or {})
    answers: dict[str, dict[Any, dict[str, Answer]]] = {}
    for segmentation in program.segmentations:
        by_key = answers.setdefault(segmentation.table, {row.key: {} for row in rows[segmentation.table]})
        for row in rows[segmentation.table]:
            by_key[row.key][segmentation.name] = world.answer(segmentation, row)
    keyed = {table: {row.key: row for row in rows[table]} for table in answers}
    return Assigned(answers, world.may_stop, world, keyed)


@dataclass(slots=True)
class World:
    """What expressions are evaluated against, besides their row."""

    program: Program
    as_of: dt.date
    parameters: dict[str, Value]
    rows: dict[str, list[Row]]
    before: Before
    may_stop: str | None = None
    _answers: dict[tuple[str, Row], Answer] = field(default_factory=dict)
    _lets: dict[tuple[str, str, Row], Value | None] = field(default_factory=dict)
    _known: dict[tuple[str, Expr], list[Value]] = field(default_factory=dict)

    # -- expressions -------------------------------------------------------------------------------------------

    def value(self, expr: Expr, row: Row) -> Value | None:
        """The value of `expr` for `row`. All operands are evaluated, whatever the others say: "overflow in any
        arithmetic that the rules read stops the run, also on rows decided without it"."""
        match expr:
            case Const():
                return expr.value
            case ParameterRef():
                return self.parameters[expr.name]
            case FieldRef():
                return _field(expr, row)
            case LetRef():
                return self._let(expr, row)
            case Call():
                operands = [self.value(operand, row) for operand in expr.operands]
                types = [*(operand.type for operand in expr.operands), expr.type]
                return apply(expr.overload, operands, types, self.as_of)
            case And():
                return all_of([_boolean(self.value(operand, row)) for operand in expr.operands])
            case Or():
                return any_of([_boolean(self.value(operand, row)) for operand in expr.operands])
            case Not():
                return negation(_boolean(self.value(expr.operand, row)))
            case RowKnown():
                return any(expr.table in above.attached for above in row.upwards())
            case Aggregate():
                return self._aggregate(expr, row)
            case SegmentIs():
                answer = self.answer(self.program.segmentation(expr.segmentation), row)
                return answer[0] in expr.segments
            case SegmentIncludes():
                return expr.segment in self.answer(self.program.segmentation(expr.segmentation), row)
            case Previous():
                return self.before.get(expr.segmentation, {}).get(row.key)
            case Relative():
                return self._relative(expr, row)
            case Choice():
                return self._choice(expr, row)
            case Score():
                return self._score(expr, row)
            case GroupAggregate():
                raise ValueError("a measure is of a group of rows, not of one")
            case _:
                assert_never(expr)

    def _let(self, ref: LetRef, row: Row) -> Value | None:
        owner = next(above for above in row.upwards() if above.table.name == ref.table)
        place = (ref.table, ref.name, owner)
        if place not in self._lets:
            self._lets[place] = self.value(self.program.let(ref.table, ref.name).value, owner)
        return self._lets[place]

    # -- decisions and scorecards ------------------------------------------------------------------------------

    def row_that_holds(self, choice: Choice, row: Row) -> int | None:
        """Which row of a decision table holds first, from 1 (`otherwise` counts as the last); None for none."""
        # "`first`: the first row that holds; `unique`: at most one can hold"
        cells = [[self.value(cell, row) for cell in each.cells] for each in choice.rows]
        holding = [all(cell is True for cell in each) for each in cells]
        if True in holding:
            return holding.index(True) + 1
        return None if choice.otherwise is None else len(holding) + 1

    def _choice(self, choice: Choice, row: Row) -> Value | None:
        results = [*(each.result for each in choice.rows), choice.otherwise]
        number = self.row_that_holds(choice, row)
        result = None if number is None else results[number - 1]
        return None if result is None else self.value(result, row)

    def bin_that_holds(self, characteristic: Characteristic, row: Row) -> int | None:
        """Which bin of a characteristic the row is in, from 1; None for none."""
        holding = [self.value(bin.when, row) is True for bin in characteristic.bins]
        return holding.index(True) + 1 if True in holding else None

    def _score(self, score: Score, row: Row) -> Value | None:
        points: list[int | None] = []
        for each in score.characteristics:
            number = self.bin_that_holds(each, row)
            # "an unknown `when` gives 0"
            points.append(each.bins[number - 1].points if number else 0 if each.by is None else None)
        known = [each for each in points if each is not None]
        return score.start + sum(known) if len(known) == len(points) else None

    # -- relative to everybody ---------------------------------------------------------------------------------

    def _relative(self, expr: Relative, row: Row) -> Value | None:
        # "Population: the rows of the segmentation's table with x known, n of them"
        place = (expr.table, expr.of)
        if place not in self._known:
            values = [self.value(expr.of, each) for each in self.rows[expr.table]]
            self._known[place] = [value for value in values if value is not None]
        x, everybody = self.value(expr.of, row), self._known[place]
        if x is None:
            return None
        share = None if expr.share is None else self.value(expr.share, row)
        return standing(expr.function, expr.operator, x, everybody, share)

    # -- aggregates --------------------------------------------------------------------------------------------

    def _aggregate(self, expr: Aggregate, row: Row) -> Value | None:
        items: list[Item] = []
        others: list[Item] = []
        for source in row.children.get(expr.source, []):
            if self._in_window(expr.window, source) and self._passes(expr, source):
                value = None if expr.value is None else self.value(expr.value, source)
                items.append(Item(value, _order(source)))
            else:
                others += self._look_only(expr, source)
        type_ = None if expr.value is None else expr.value.type
        found = aggregate(expr.overload, items, type_)
        if may_overflow_on_the_way(expr.overload, [*items, *others], type_, self.as_of):
            self.may_stop = "a part of the rows goes beyond 128 bits, or a row outside the window does"
        return found

    def _passes(self, expr: Aggregate, source: Row) -> bool:
        # "A condition holds only when it is true: … in `where`"
        return expr.where is None or self.value(expr.where, source) is True

    def _look_only(self, expr: Aggregate, source: Row) -> list[Item]:
        """The item that a row would be if it took part; nothing where it has no value to look at."""
        try:
            for inner in (expr.where, expr.value):
                if inner is not None:
                    self.value(inner, source)
            return [] if expr.value is None else [Item(self.value(expr.value, source), _order(source))]
        except DataError as error:
            self.may_stop = str(error)
            return []

    def _in_window(self, window: Window | None, source: Row) -> bool:
        if window is None:
            return True
        if window.direction == "next":
            # "(as-of, as-of + 12 months]"; "sees every event dated in it, whatever its `known at`".
            assert window.length is not None
            end = ahead(self.as_of, self._length(window.length))
            return self.as_of < calendar_date(source.at()) and (end is None or calendar_date(source.at()) <= end)
        if not visible(source, self.as_of):
            return False
        # "(as-of − 90 days, as-of]"; "`ever` (everything visible)"; "`except last 6 months` cuts the newer part off".
        date = calendar_date(source.at())
        if window.length is not None:
            start = back(self.as_of, self._length(window.length))
            if start is not None and date <= start:
                return False
        if window.except_last is not None:
            end = back(self.as_of, self._length(window.except_last))
            if end is None or date > end:
                return False
        return True

    def _length(self, length: Length | ParameterRef) -> Length:
        value = length if isinstance(length, Length) else self.parameters[length.name]
        assert isinstance(value, Length)
        return value

    # -- segmentations -----------------------------------------------------------------------------------------

    def answer(self, segmentation: Segmentation, row: Row) -> Answer:
        """What one row gets from one segmentation."""
        place = (segmentation.name, row)
        if place not in self._answers:
            self._answers[place] = self._decide(segmentation, row)
        return self._answers[place]

    def _decide(self, segmentation: Segmentation, row: Row) -> Answer:
        holding = [
            (segment.name, number)
            for segment in segmentation.segments
            for number in self._holding_clauses(segment, row)
        ]
        if not segmentation.exclusive:
            # "A row that qualifies for more than n keeps the first n of them"
            qualifies = list(dict.fromkeys(name for name, _ in holding))
            return qualifies if segmentation.cap is None else qualifies[: segmentation.cap]
        # "each row gets exactly one segment": that of the first clause that holds
        assert segmentation.otherwise is not None
        return (*holding, (segmentation.otherwise.name, segmentation.otherwise_clause))[0]

    def _holding_clauses(self, segment: Segment, row: Row) -> list[int]:
        # "`from DATE` and `until DATE` (both ends in) put a segment in force by as-of date."
        in_force = (segment.valid_from is None or segment.valid_from <= self.as_of) and (
            segment.valid_until is None or self.as_of <= segment.valid_until
        )
        # "missing consent is no consent"
        consents = [field for consent in segment.consent for field in consent.fields]
        consent = all(self.value(field, row) is True for field in consents)
        holding: list[int] = []
        for clause in segment.clauses:
            when = self.value(clause.when, row) is True
            # "`unless C` takes out rows for which C is true"
            taken_out = [self.value(unless, row) for unless in clause.unless]
            if in_force and consent and when and True not in taken_out:
                holding.append(clause.number)
        return holding


def standing(function: str, operator: str | None, x: Any, everybody: list[Any], share: Any) -> int | bool:
    """Where x stands among everybody; `share` for `top` and `percentile`."""
    # "*below* is how many are strictly lower"; "strictly higher < 10 % × n"; "All in integer arithmetic"
    n, below = len(everybody), sum(value < x for value in everybody)
    higher = sum(value > x for value in everybody)
    match function:
        case "decile":
            return 1 + 10 * below // n
        case "quintile":
            return 1 + 5 * below // n
        case "quartile":
            return 1 + 4 * below // n
        case "top":
            return higher * 10**9 < round(share * 10**9) * n
        case "percentile":
            left, right = below * 10**9, round(share * 10**9) * n
            return {
                "equal": left == right,
                "not_equal": left != right,
                "less": left < right,
                "at_most": left <= right,
                "greater": left > right,
                "at_least": left >= right,
            }[str(operator)]
        case _:
            raise ValueError(function)


def _field(ref: FieldRef, row: Row) -> Value | None:
    for above in row.upwards():
        if above.table.name == ref.table:
            return above.values[ref.field]
        if ref.table in above.attached:
            return above.attached[ref.table].values[ref.field]
    # "where C has no row, all of them are missing, whatever their declaration"
    return None


def _order(source: Row) -> tuple[Any, ...]:
    if source.table.at is None:
        return ()
    then = source.table.then
    return (source.at(),) if then is None else (source.at(), source.values[then])


def _boolean(value: Value | None) -> bool | None:
    assert value is None or isinstance(value, bool), f"not a condition: {value!r}"
    return value
