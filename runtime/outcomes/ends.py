"""Where the data ends, and which outcomes can be seen yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

import duckdb
from sqlglot import exp

from ...compiler.duckdb.columns import column_value
from ...compiler.plan import Ahead, Binding, Figure, Plan
from ...compiler.time import forward
from ...dsl.program import ParameterRef, Program
from ...dsl.types import Length
from ..connection import engine_error
from ..settings import DataEntry
from ..sources import Input
from .records import Said, said

Ends = Mapping[str, dt.date | None]
"""By events table: the last date up to which it tells what happened; None where it holds nothing."""


def data_ends(
    con: duckdb.DuckDBPyConnection,
    program: Program,
    plan: Plan,
    inputs: Mapping[str, Input],
    data: Mapping[str, DataEntry],
) -> dict[str, dt.date | None]:
    """The ends of the tables in which outcomes are looked for: as settings say (`complete_to`), else the latest date in
    the whole table."""
    wanted = {
        ahead.table
        for population in plan.populations
        if population.measuring is not None
        for figure in population.measuring.figures
        for ahead in figure.ahead
    }
    return {name: data[name].complete_to or _latest(con, program, inputs[name]) for name in sorted(wanted)}


def _latest(con: duckdb.DuckDBPyConnection, program: Program, input: Input) -> dt.date | None:
    table = program.table(input.table)
    field = table.field_named(table.at or "")
    raw = exp.column(field.column, quoted=True)
    at = column_value(field, input.relation.columns[field.column], raw).sql(dialect="duckdb")
    try:
        return con.execute(f"SELECT max(CAST({at} AS DATE)) FROM {input.relation.source}").fetchall()[0][0]
    except duckdb.Error as problem:
        raise engine_error(problem, f"looking where `{input.table}` ends") from problem


def not_observable(figure: Figure, binding: Binding, ends: Ends) -> str | None:
    """Why the outcome of a figure cannot be seen yet, in words; None where it can."""
    for table, end, until in _unseen(figure, binding, ends):
        reached = "holds no rows" if end is None else f"ends on {end}"
        return f"not yet observable: `{table}` {reached}, the outcome window on {until}"
    return None


def unseen(figure: Figure, binding: Binding, ends: Ends) -> Said | None:
    """The same for whoever words it otherwise."""
    for table, end, until in _unseen(figure, binding, ends):
        if end is None:
            return said("unseen_no_rows", table=table, until=until.isoformat())
        return said("unseen_until", table=table, ends=end.isoformat(), until=until.isoformat())
    return None


def _unseen(figure: Figure, binding: Binding, ends: Ends) -> Iterator[tuple[str, dt.date | None, dt.date]]:
    """The tables that end before an outcome window of the figure does, where, and where that window does."""
    for ahead in figure.ahead:
        until, end = _until(ahead, binding), ends[ahead.table]
        if end is None or end < until:
            yield ahead.table, end, until


def window_wording(figure: Figure, binding: Binding) -> str | None:
    """The outcome window of a figure in words, the longest of several; None where it has none."""
    windows = [(_until(each, binding), str(_length(each, binding))) for each in figure.ahead]
    return max(windows)[1] if windows else None


def _until(ahead: Ahead, binding: Binding) -> dt.date:
    return forward(binding.as_of, _length(ahead, binding)) or dt.date.max


def _length(ahead: Ahead, binding: Binding) -> Length:
    match ahead.length:
        case Length():
            return ahead.length
        case ParameterRef(name):
            value = binding.parameters[name]
            assert isinstance(value, Length), "a window is a duration"
            return value
