"""The search can notice: each neutralisation of what DuckDB does otherwise is taken out, and a difference is found."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import duckdb
import pytest
from sqlglot import exp

from segwright.compiler import frame_from_program, plan_from_program, reasons, time
from segwright.compiler.duckdb import bands, decisions, expressions, frames, lower, lower_aggregates, passes, ranking
from segwright.compiler.duckdb.lower import LOWER, RowCall
from segwright.compiler.duckdb.lower_aggregates import LOWER_AGGREGATES, AggregateCall
from segwright.compiler.duckdb.query import Query, column, from_source, named
from segwright.compiler.duckdb.relation import previous_relation
from segwright.compiler.duckdb.terms import call, cast
from segwright.compiler.frame_from_program import FrameBuilder, plan_expression
from segwright.compiler.plan import Arm, Choose, Frame, Negated, PlanExpr, as_operands
from segwright.dsl.builtins import ORDERED
from segwright.dsl.program import Call, Characteristic, Choice, Const, Expr, Score
from segwright.dsl.types import BOOLEAN, INTEGER, Type, Value

from . import duckdb_engine
from .duckdb_engine import connected
from .noticed import Taken, all_of, is_noticed, replaced


def _row(name: str, lowering: Callable[[RowCall], exp.Expr], *kinds: str) -> Taken:
    def take(patch: pytest.MonkeyPatch) -> None:
        for kind in kinds:
            patch.setitem(LOWER, f"{name}.{kind}", lowering)

    return take


def _aggregate(name: str, lowering: Callable[[AggregateCall], exp.Expr], *kinds: str) -> Taken:
    def take(patch: pytest.MonkeyPatch) -> None:
        for kind in kinds:
            patch.setitem(LOWER_AGGREGATES, f"{name}.{kind}", lowering)

    return take


def _plain(function: str) -> Callable[[AggregateCall], exp.Expr]:
    """DuckDB's own function of the values as doubles."""

    def lowered(at: AggregateCall) -> exp.Expr:
        assert at.value is not None
        return lower_aggregates._over(at, call(function, cast(at.value, "DOUBLE")))

    return lowered


def _nearest(at: AggregateCall) -> exp.Expr:
    """The lower of two middle values."""
    assert at.value is not None
    half = exp.Literal(this="0.5e0", is_string=False)
    return lower_aggregates._over(at, call("QUANTILE_DISC", cast(at.value, "DOUBLE"), half))


def _between_strictly(at: RowCall) -> exp.Expr:
    value, low, high = at.operands
    either_missing = exp.Or(
        this=exp.Is(this=low.copy(), expression=exp.null()), expression=exp.Is(this=high.copy(), expression=exp.null())
    )
    return exp.Case().when(either_missing, exp.null()).else_(exp.Between(this=value, low=low, high=high))


def _slope(at: AggregateCall) -> exp.Expr:
    assert at.value is not None
    assert at.at is not None
    days = exp.Div(this=call("EPOCH", at.at), expression=exp.Literal(this="86400e0", is_string=False))
    slope = lower_aggregates._over(at, call("REGR_SLOPE", cast(at.value, "DOUBLE"), days))
    return exp.Mul(this=slope, expression=exp.Literal(this="30.4375e0", is_string=False))


def _latest_by_time(at: AggregateCall) -> exp.Expr:
    assert at.value is not None
    assert at.at is not None
    return lower_aggregates._over(at, call("ARG_MAX", at.value, at.at))


def _decimals(value: Value, type: Type) -> exp.Expr:
    return exp.Literal.number(str(value)) if type.kind == "number" else lower_aggregates.literal(value, type)


def _clamped_only(date: dt.date, months: int) -> dt.date | None:
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    return dt.date(year, month + 1, min(date.day, calendar.monthrange(year, month + 1)[1])) if year > 0 else None


def _until_start_of_day(at: exp.Expr, _type: Type, date: dt.date) -> exp.Expr:
    return exp.LTE(this=at.copy(), expression=lower_aggregates.literal(date, Type("date")))


def _ignore_known_at(original: Callable[..., list[exp.Expr]]) -> Callable[..., list[exp.Expr]]:
    def visible(query: Any, each: Any, own: Any) -> list[exp.Expr]:
        found = original(query, each, own)
        return found if each.known_at is None else found[:-1]

    return visible


def _rank_by_place() -> list[exp.Expr]:
    _, above, everybody = ranking_ranks()
    place = exp.Window(this=call("ROW_NUMBER"), order=exp.Order(expressions=[exp.Ordered(this=column("value"))]))
    return [named(exp.Sub(this=place, expression=exp.Literal.number(1)), "below"), above, everybody]


def _above_the_cut(value: exp.Expr, cut: exp.Expr | None) -> exp.Expr:
    if cut is None:
        return exp.false()
    return call("COALESCE", exp.GT(this=value.copy(), expression=cut.copy()), exp.false())


def _unknown_fits(builder: FrameBuilder, cells: tuple[Expr, ...]) -> PlanExpr:
    operands = as_operands((all_true(builder, cells), Const(True, BOOLEAN)))
    return Call("default.any", operands, BOOLEAN)


def _last_row_first(builder: FrameBuilder, choice: Choice) -> Choose:
    return choose(builder, replace(choice, rows=choice.rows[::-1]))


def _unknown_when_is_missing(builder: FrameBuilder, score: Score) -> PlanExpr:
    total: PlanExpr = Const(score.start, INTEGER)
    for each in score.characteristics:
        arms = tuple(Arm(plan_expression(builder, bin.when), Const(bin.points, INTEGER)) for bin in each.bins)
        total = Call("add.integer", as_operands((total, Choose(arms, None, INTEGER))), INTEGER)
    return total


def _todays_segments(query: Query, frame: Frame) -> str:
    columns = [
        named(exp.Nullif(this=column(name), expression=exp.Literal.string("no more")), name) for name in frame.previous
    ]
    relation = query.relations[previous_relation(frame.source.table)]
    return query.add("those in segments of today", from_source(relation, [column(frame.key or ""), *columns]))


def _always_a_reason(each: Characteristic, number: int | None) -> reasons.Points | None:
    found = points_of(each, number)
    return found if found is None or not number else replace(found, reason=each.bins[number - 1].reason)


points_of = reasons.points_of
all_true, choose, ranking_ranks = frame_from_program._all_true, frame_from_program._choose, ranking._ranks


def _scaled(value: exp.Expr) -> exp.Expr:
    """Made whole by a cast, which rounds halves to even."""
    return exp.Mul(this=exp.Paren(this=value.copy()), expression=exp.Literal(this="1e9", is_string=False))


def _in_any_case(at: RowCall) -> exp.Expr:
    """What a list without a value for something missing would give: not on it."""
    return call("COALESCE", LOWER_ONE_OF(at), exp.false())


LOWER_ONE_OF = LOWER["one_of.integer"]

TAKEN_OUT: dict[str, Taken] = {
    "halves are rounded to even": replaced(lower_aggregates, "billionths", _scaled),
    "what is missing is on no list": _row("one_of", _in_any_case, *ORDERED),
    "percents add as doubles": all_of(
        *(_row(name, LOWER[f"{name}.number"], "percent") for name in ("add", "subtract"))
    ),
    "division by zero is infinite": replaced(
        expressions, "MAY_NOT_BE_FINITE", lower.MAY_NOT_BE_FINITE - {"divide.number"}
    ),
    "numbers are read as decimals": replaced(expressions, "literal", _decimals),
    "text compares without case": _row(
        "less", lambda at: exp.LT(this=call("LOWER", at.operands[0]), expression=call("LOWER", at.operands[1])), "text"
    ),
    "contains is a pattern": _row(
        "contains",
        lambda at: exp.Like(
            this=at.operands[0],
            expression=call("CONCAT", exp.Literal.string("%"), at.operands[1], exp.Literal.string("%")),
        ),
        "text",
    ),
    "between needs both ends": _row("between", _between_strictly, "integer", "date", "number", "money", "text"),
    "months since know no ends of months": replaced(
        lower, "as_of_parts", lambda as_of: time.AsOf(as_of.year, as_of.month, as_of.day)
    ),
    "windows know no ends of months": replaced(time, "_months_on", _clamped_only),
    "a timestamp is seen until midnight before": replaced(passes, "until", _until_start_of_day),
    "what became known later is seen": replaced(frames, "visible", _ignore_known_at(passes.visible)),
    "the sum of nothing is missing": replaced(frames, "over_nothing", lambda _overload, _type: None),
    "numbers sum as doubles": _aggregate("sum", _plain("SUM"), "number", "percent"),
    "quantiles take the nearest value": _aggregate("median", _nearest, "integer", "number", "percent", "money"),
    "slopes are DuckDB's": _aggregate("trend_per_month", _slope, "integer", "number", "percent", "money"),
    "latest goes by time alone": _aggregate(
        "latest", _latest_by_time, *(id.split(".")[1] for id in LOWER_AGGREGATES if id.startswith("latest."))
    ),
    "ties are not looked for": replaced(duckdb_engine, "tie_query", lambda *_: None),
    "overflow is met only on the way": replaced(
        decisions, "all_reckoned", lambda _query, _frame, rows, _key, **_: rows
    ),
    "unknown takes out": replaced(plan_from_program, "NotTrue", Negated),
    "those without a value are ranked": replaced(ranking, "is_known", lambda _value: exp.true()),
    "equal values stand apart": replaced(ranking, "_ranks", _rank_by_place),
    "a band begins above its cut-point": replaced(bands, "_reached", _above_the_cut),
    "percentiles compare by one cut-point": replaced(
        bands, "_PERCENTILE", {**bands._PERCENTILE, "at_most": bands._PERCENTILE["less"]}
    ),
    "segments that are no more are forgotten": replaced(frames, "_previous_rows", _todays_segments),
    "an unknown cell fits": replaced(frame_from_program, "_all_true", _unknown_fits),
    "the last row that holds decides": replaced(frame_from_program, "_choose", _last_row_first),
    "a `when` that is not true leaves no score": replaced(frame_from_program, "_score", _unknown_when_is_missing),
    "the best of a `when` is what it gives": replaced(
        reasons, "best_attainable", lambda each: max(bin.points for bin in each.bins)
    ),
    "reasons are given where nothing was lost": replaced(reasons, "points_of", _always_a_reason),
    "what was lost least comes first": replaced(reasons, "sorted", lambda given, key: sorted(given, key=key)[::-1]),
}


@pytest.mark.fuzz
@pytest.mark.parametrize("taken_out", TAKEN_OUT)
def test_a_difference_is_noticed(taken_out: str, con: duckdb.DuckDBPyConnection) -> None:
    assert is_noticed(partial(duckdb_engine.answers, con), TAKEN_OUT[taken_out], (duckdb.Error,))


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with connected() as con:
        yield con
