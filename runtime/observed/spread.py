"""How the values that decide are spread, with the cut-offs that rules compare them with.

Only what rules compare with a constant or a parameter is shown. The ends of the scale are round numbers beyond the
first and last percentile, so that no extreme value of a row shows; of texts only those that rules or declarations name.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Literal

import duckdb

from ...compiler.assignment import Options, value_columns
from ...compiler.inputs import Input
from ...compiler.plan import Binding, Feature, FeatureRef, PlanExpr, Population, operands_of
from ...compiler.plan_walk import all_features
from ...dsl import program as p
from ...dsl.builtins import BY_OVERLOAD
from ...dsl.types import Length, Value
from ...dsl.wording import wording
from ..connection import file_text, quoted
from .records import Bin, CutOff, Distribution

FINE, COARSE = 30, 12
"""About so many bins, and so many where groups are hidden."""
MOST_TEXTS = 12
_EPOCH = dt.date(1970, 1, 1)
_MEASURED = ("integer", "number", "percent", "money", "date", "timestamp")


def distributions(
    con: duckdb.DuckDBPyConnection,
    program: p.Program,
    population: Population,
    binding: Binding,
    file: Path,
    *,
    coarse: bool,
) -> tuple[Distribution, ...]:
    """The distribution of each value that conditions compare, in order of first appearance."""
    compared = _compared(population, binding)
    columns = value_columns(population, program, Options(evidence=True, values=True))
    found: list[Distribution] = []
    for name, input in columns.items():
        if input not in compared:
            continue
        texts, cut_offs = compared[input]
        kind, source = input.type.kind if not isinstance(input, p.Previous) else "text", _source(name, input, file)
        title = _title(input, program)
        if kind in _MEASURED and cut_offs:
            bins, missing = _measured(con, source, kind, cut_offs, COARSE if coarse else FINE)
            found.append(Distribution(name, title, kind, bins, missing, cut_offs))
        elif kind == "text" and texts:
            shown = input.type.choices if not isinstance(input, p.Previous) and input.type.choices else texts
            bins, missing = _texts(con, source, shown[:MOST_TEXTS])
            found.append(Distribution(name, title, kind, bins, missing, ()))
    return tuple(found)


# -- what is compared -----------------------------------------------------------------------------------------------


def _compared(population: Population, binding: Binding) -> Mapping[Input, tuple[tuple[str, ...], tuple[CutOff, ...]]]:
    """By input: the texts and the values that conditions compare it with."""
    features = {each.name: each for each in all_features(population.frame)}
    texts: dict[Input, dict[str, None]] = {}
    values: dict[Input, dict[CutOff, None]] = {}
    for condition in population.conditions:
        test = condition.test
        if condition.personal or not isinstance(test, p.Call) or BY_OVERLOAD[test.overload][0].group != "comparison":
            continue
        operands = [_without_conversion(each, features) for each in operands_of(test)]
        inputs = [each for each in operands if isinstance(each, Input)]
        constants = [(at, value) for at, each in enumerate(operands) if (value := _constant(each, binding)) is not None]
        if len(inputs) != 1 or len(constants) != len(operands) - 1:
            continue
        said = wording(condition.written, population.table)
        for at, value in constants:
            if isinstance(value, str):
                texts.setdefault(inputs[0], {})[value] = None
            elif (number := as_number(value)) is not None:
                side = _side(BY_OVERLOAD[test.overload][0].name, at)
                values.setdefault(inputs[0], {})[CutOff(number, side, said)] = None
    return {
        input: (tuple(texts.get(input, ())), tuple(sorted(values.get(input, ()), key=lambda each: each.value)))
        for input in [*texts, *values]
    }


def _side(comparison: str, at: int) -> Literal["below", "above", "at"]:
    """Where the line lies for a comparison whose constant is the operand `at`, counted from 0."""
    match comparison, at:
        case ("less" | "at_least", 1) | ("greater" | "at_most", 0) | ("between", 1):
            return "below"
        case ("greater" | "at_most", 1) | ("less" | "at_least", 0) | ("between", 2):
            return "above"
        case _:
            return "at"


def _without_conversion(expr: PlanExpr, features: Mapping[str, object]) -> PlanExpr:
    feature = features.get(expr.name) if isinstance(expr, FeatureRef) else None
    inner = feature.value if isinstance(feature, Feature) and not isinstance(feature.written, p.LetRef) else expr
    if isinstance(inner, p.Call) and BY_OVERLOAD[inner.overload][0].group in ("conversion", "test"):
        return _without_conversion(operands_of(inner)[0], features)
    return expr


def _constant(expr: PlanExpr, binding: Binding) -> Value | None:
    match expr:
        case p.Const(value):
            return value
        case p.ParameterRef(name):
            return binding.parameters[name]
        case _:
            return None


def as_number(value: Value) -> float | None:
    """A value on a scale: dates and timestamps in days since 1970-01-01; None for what has no place on one."""
    match value:
        case bool() | str() | Length():
            return None
        case int() | float() | Decimal():
            return float(value)
        case dt.datetime():
            return (value - dt.datetime(1970, 1, 1)).total_seconds() / 86_400
        case dt.date():
            return float((value - _EPOCH).days)


def _title(input: Input, program: p.Program) -> str | None:
    match input:
        case p.FieldRef(table, field):
            return program.table(table).field_named(field).title
        case FeatureRef(name):
            return next((let.title for let in program.lets if let.name == name), None)
        case p.Previous(segmentation):
            return program.segmentation(segmentation).title


# -- bins -----------------------------------------------------------------------------------------------------------


def _source(name: str, input: Input, file: Path) -> str:
    column = quoted(name)
    kind = "text" if isinstance(input, p.Previous) else input.type.kind
    match kind:
        case "date" | "timestamp":
            value = f"epoch({column}::TIMESTAMP) / 86400.0"
        case "text":
            value = f"{column}::VARCHAR"
        case _:
            value = f"{column}::DOUBLE"
    return f"(SELECT {value} AS x FROM read_parquet({file_text(file)}))"


def _measured(
    con: duckdb.DuckDBPyConnection, source: str, kind: str, cut_offs: tuple[CutOff, ...], wanted: int
) -> tuple[tuple[Bin, ...], int]:
    """Bins of one width between round numbers; values beyond the ends are in the first and the last."""
    low, high, missing = con.execute(
        f"SELECT quantile_disc(x, 0.01), quantile_disc(x, 0.99), count(*) FILTER (WHERE x IS NULL) FROM {source}"
    ).fetchall()[0]
    ends = [each.value for each in cut_offs] + [end for end in (low, high) if end is not None]
    edges = list(_edges(min(ends), max(ends), wanted, whole=kind in ("integer", "date", "timestamp")))
    first, width, last = edges[0], edges[1] - edges[0], len(edges) - 2
    place = f"greatest(0, least({last}, floor((x - {first!r}) / {width!r} + 1e-9)))::INTEGER"
    query = f"SELECT {place} AS place, count(*) FROM {source} WHERE x IS NOT NULL GROUP BY place"
    counts = dict(con.execute(query).fetchall())
    return tuple(Bin(edges[at], edges[at + 1], None, counts.get(at, 0)) for at in range(last + 1)), missing


def _edges(low: float, high: float, wanted: int, *, whole: bool) -> Iterator[float]:
    """Round numbers of one distance, about `wanted` of them, from at most `low` to above `high`."""
    rough = (high - low) / wanted or abs(high) / wanted or 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    width = next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= rough * 0.999)
    width = max(1.0, math.ceil(width)) if whole else width
    number = math.floor(low / width + 1e-9)
    end = math.floor(high / width + 1e-9) + 1
    yield from (each * width for each in range(number, end + 1))


def _texts(con: duckdb.DuckDBPyConnection, source: str, shown: tuple[str, ...]) -> tuple[tuple[Bin, ...], int]:
    counts = dict(
        con.execute(f"SELECT x, count(*) FROM {source} WHERE list_contains($1, x) GROUP BY x", [list(shown)]).fetchall()
    )
    every, missing = con.execute(f"SELECT count(*), count(*) FILTER (WHERE x IS NULL) FROM {source}").fetchall()[0]
    bins = [Bin(None, None, each, counts.get(each, 0)) for each in shown]
    rest = every - missing - sum(counts.values())
    return (*bins, *([Bin(None, None, None, rest)] if rest else [])), missing
