"""The query that finds the cut-points of the relative values of a population."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from ...dsl.program import Program
from ..cut_points import BILLION, Reach, cut_points_in, reaches, share_of
from ..plan import Binding, PlanExpr, Ranking
from .expressions import term
from .frames import frame_rows
from .query import Query, column, from_table, named, quote
from .relation import Relation
from .rows import Rows, scope_of
from .stops import all_reckoned
from .terms import call, cast, is_known, whole

__all__ = ["add_cut_points", "cut_points_in", "ranking_query", "share_of"]


def ranking_query(ranking: Ranking, binding: Binding, program: Program, relations: Mapping[str, Relation]) -> str:
    """A query of one row: the cut-points of each relative value in order, `cut_<i>_<j>` the j-th of the i-th, NULL
    where nobody gets so far. `binding` needs no cut-points."""
    query = Query(program, binding, relations)
    return query.finish(_one_row([exp.Star()], add_cut_points(query, ranking)))


def add_cut_points(query: Query, ranking: Ranking) -> list[str]:
    """Adds the tables that find the cut-points to the query: one of one row for each relative value."""
    rows = frame_rows(query, ranking.frame)
    rows = all_reckoned(query, ranking.frame, rows, ranking.frame.key or "")
    scope, ranks, tables = scope_of(query, rows), dict[PlanExpr, str](), list[str]()
    for number, (value, relative) in enumerate(zip(ranking.values, ranking.written, strict=True)):
        if value not in ranks:
            ranks[value] = _add_ranks(query, rows, term(scope, value), number)
        cuts = [
            named(_least(reach), f"cut_{number}_{at}")
            for at, reach in enumerate(reaches(relative, share_of(relative, query.binding)))
        ]
        tables.append(query.add(f"cut points {number}", from_table(ranks[value], cuts)))
    return tables


def _add_ranks(query: Query, rows: Rows, value: exp.Expr, number: int) -> str:
    """Adds a table of the known values, one row each, with how many are strictly below, and at least how many strictly
    above: exactly so many for the last of equal ones."""
    known = from_table(rows.table, [named(value, "value")]).where(is_known(value), copy=False)
    values = query.add(f"values {number}", known)
    return query.add(f"ranks {number}", from_table(values, [column("value"), *_ranks()]))


def _one_row(terms: list[exp.Expr], tables: list[str]) -> exp.Select:
    first, *others = tables
    select = from_table(first, terms)
    for other in others:
        select.join(exp.Table(this=quote(other)), join_type="cross", copy=False)
    return select


def _ranks() -> list[exp.Expr]:
    # Not by a count for each value: sorting is several times faster than grouping where values differ, and needs less.
    upwards = exp.Order(expressions=[exp.Ordered(this=column("value"))])
    rank = exp.Window(this=call("RANK"), order=upwards)
    so_far = exp.Window(this=call("ROW_NUMBER"), order=upwards.copy())
    everybody = exp.Window(this=call("COUNT", exp.Star()))
    return [
        named(exp.Sub(this=rank, expression=whole(1)), "below"),
        named(exp.Sub(this=everybody, expression=so_far), "above"),
        named(everybody.copy(), "everybody"),
    ]


def _least(reach: Reach) -> exp.Expr:
    """The least value that reaches so far; shares in 128 bits, which hold billionths of any number of rows."""
    type = "HUGEINT" if reach.factor == BILLION else "BIGINT"
    side = exp.Mul(this=cast(column(reach.side), type), expression=whole(reach.factor))
    share = exp.Mul(this=cast(column("everybody"), type), expression=whole(reach.share))
    comparison = {">=": exp.GTE, ">": exp.GT, "<": exp.LT}[reach.comparison]
    where = exp.Where(this=comparison(this=side, expression=share))
    return exp.Filter(this=call("MIN", column("value")), expression=where)
