"""How the values of a column part the rows: by value, or in bands that hold about as many rows each.

A band ends at a quantile of the known values, the least value that so large a share of them does not lie above, so that
equal values never part. Its name gives where it begins and ends among them, never the least or greatest of all, who
could be one person.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import duckdb

from ...compiler.duckdb.relation import Relation
from ...dsl.types import Type, Value
from ...dsl.wording import text_wording, value_wording
from ..connection import quoted, text

MISSING = "missing"
"""The group of rows without a value."""
OTHERS = "others"
"""The group of rows whose value is none of those with the most rows."""


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of a column: `values` each on its own, or the bands that end at `cuts`. `term` is the SQL expression
    for the number of a row's group; `labels` are the names by number, `MISSING` last."""

    type: Type
    term: str
    labels: tuple[str, ...]
    values: tuple[Any, ...] = ()
    cuts: tuple[Any, ...] = ()

    @property
    def missing(self) -> int:
        """The number of the group without a value."""
        return len(self.labels) - 1

    def label_of(self, value: Value) -> str:
        """The name of the group that a value belongs to, also of one that no row has."""
        if self.cuts:
            return self.labels[sum(value > cut for cut in self.cuts)]
        return OTHERS if value not in self.values and OTHERS in self.labels else _label(value, self.type)


def groups_of_values(con: duckdb.DuckDBPyConnection, relation: Relation, column: str, type: Type, most: int) -> Groups:
    """A group for each value, in their order; beyond the `most` with the most rows the rest together."""
    name = quoted(column)
    found: list[Any] = [
        value
        for value, _ in con.execute(
            f"SELECT {name}, count(*) AS n FROM {relation.source} WHERE {name} IS NOT NULL GROUP BY 1 "
            f"ORDER BY n DESC, 1 LIMIT {most + 1}"
        ).fetchall()
    ]
    values = tuple(_in_order(found[:most], type))
    arms = " ".join(
        f"WHEN {_literal(value, relation.columns[column])} THEN {number}" for number, value in enumerate(values)
    )
    rest = (OTHERS,) if len(found) > most else ()
    labels = (*(_label(value, type) for value in values), *rest, MISSING)
    last = len(labels) - 1
    case = f"CASE {name} {arms} ELSE {len(values)} END" if arms else f"{last}"
    return Groups(type, f"CASE WHEN {name} IS NULL THEN {last} ELSE {case} END", labels, values)


def groups_in_bands(con: duckdb.DuckDBPyConnection, relation: Relation, column: str, type: Type, bands: int) -> Groups:
    """At most so many bands of values in order; fewer where many rows share a value."""
    return banded(relation, column, type, quantiles(con, relation, [column], bands)[column])


def quantiles(
    con: duckdb.DuckDBPyConnection, relation: Relation, columns: Sequence[str], bands: int
) -> dict[str, tuple[Any, ...]]:
    """Where `bands` bands of each column end, but for the last; all in one pass."""
    if not columns:
        return {}
    shares = ", ".join(f"{number / bands}" for number in range(1, bands))
    terms = ", ".join(f"quantile_disc({quoted(column)}, [{shares}])" for column in columns)
    (found,) = con.execute(f"SELECT {terms} FROM {relation.source}").fetchall()
    return {column: tuple(dict.fromkeys(cuts or ())) for column, cuts in zip(columns, found, strict=True)}


def banded(relation: Relation, column: str, type: Type, cuts: tuple[Any, ...]) -> Groups:
    """The bands that end at `cuts`, which are in order, and the one above them."""
    name, kept = quoted(column), relation.columns[column]
    above = " + ".join(["0", *(f"CAST({name} > {_literal(cut, kept)} AS INTEGER)" for cut in cuts)])
    labels = (*_band_labels(cuts, type), MISSING)
    return Groups(type, f"CASE WHEN {name} IS NULL THEN {len(labels) - 1} ELSE {above} END", labels, cuts=cuts)


def _band_labels(cuts: Sequence[Any], type: Type) -> list[str]:
    if not cuts:
        return ["every value"]
    said = [value_wording(cut, type) for cut in cuts]
    if type.kind != "integer":
        between = [f"above {low} up to {high}" for low, high in pairwise(said)]
        return [f"up to {said[0]}", *between, f"above {said[-1]}"]
    between = [f"{high}" if high == low + 1 else f"{low + 1} to {high}" for low, high in pairwise(cuts)]
    return [f"up to {cuts[0]}", *between, f"from {cuts[-1] + 1}"]


def _in_order(values: Sequence[Any], type: Type) -> list[Any]:
    """As a closed list declares them, `true` before `false`, else from the least. What is not on the list comes last:
    a run before may have segments that are no more."""
    if type.choices is not None:
        declared = [value for value in type.choices if value in values]
        return [*declared, *sorted(value for value in values if value not in declared)]
    return sorted(values, reverse=type.kind == "boolean")


def _label(value: Value, type: Type) -> str:
    """Text without quotation marks, but where it would read as another group."""
    if isinstance(value, str):
        return text_wording(value) if value in (MISSING, OTHERS) else value
    return value_wording(value, type)


def _literal(value: Any, kept: str) -> str:
    match value:
        case float():
            said = repr(value)
        case dt.date():
            said = value.isoformat()
        case _:
            said = str(value)
    return f"CAST({text(said)} AS {kept})"
