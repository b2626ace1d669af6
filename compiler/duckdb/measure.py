"""The query that measures the segments of a population, from its rows and what they were assigned."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sqlglot import exp

from ...dsl.program import Program
from ...dsl.types import BOOLEAN
from ..plan import Binding, Decision, Figure, GroupTerm, Measuring, PlanExpr, Population
from .decisions import with_late_features
from .expressions import Scope, term
from .frames import frame_rows
from .lower_aggregates import AggregateCall, over_nothing
from .lower_groups import LOWER_GROUPS
from .query import Names, Query, column, from_source, from_table, named, quote
from .relation import Relation
from .rows import scope_of
from .stops import all_reckoned
from .terms import call, either, equal, is_in, is_known, is_null, quoted, when, whole

GROUP = "group"


@dataclass(frozen=True, slots=True)
class Group:
    """Whom a figure is about: a segment, or everybody (no segmentation)."""

    segmentation: str | None = None
    segment: str | None = None


def groups_of(population: Population) -> tuple[Group, ...]:
    """The groups that `measure_query` numbers, in that order: everybody, then each segment of each segmentation."""
    segments = [Group(each.segmentation, segment) for each in population.decisions for segment in each.segments]
    return (Group(), *segments)


def measure_query(
    population: Population,
    measuring: Measuring,
    binding: Binding,
    program: Program,
    relations: Mapping[str, Relation],
    assignments: Relation,
) -> str:
    """A query for one row for each of `groups_of`: its number `group`; then for each figure of `measuring` (that of the
    population, or some of it) its value `figure_<i>`, NULL where missing, and `unknown_<i>`, how many rows of the group
    had no value for something that it asks.

    `assignments` are those of the population: its key, its segmentations, the numbers of clauses, by their names. The
    query stops where arithmetic that the measures read overflows (`is_overflow`)."""
    query = Query(program, binding, relations)
    asked = _asked_of_rows(query, population, measuring, assignments)
    grouped = _grouped(query, measuring, asked)
    count = len(groups_of(population))
    numbers = exp.Select().select(named(call("UNNEST", call("RANGE", whole(count))), GROUP), copy=False)
    groups = query.add("groups", numbers)
    terms = [named(column(GROUP, groups), GROUP)]
    scope = Scope(binding, {}, {each.name: _filled(each, grouped) for each in measuring.terms}, {})
    for number, figure in enumerate(measuring.figures):
        unknown = call("COALESCE", column(f"unknown_{number}", grouped), whole(0))
        terms += [named(term(scope, figure.value), f"figure_{number}"), named(unknown, f"unknown_{number}")]
    on = equal(column(GROUP, grouped), column(GROUP, groups))
    select = from_table(groups, terms).join(exp.Table(this=quote(grouped)), on=on, join_type="left", copy=False)
    return query.finish(select.order_by(column(GROUP, groups), copy=False))


# -- rows ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Asked:
    """A table with a row for each row and group that it is in: the column of everything that measures ask."""

    table: str
    columns: Mapping[PlanExpr, str]


def _asked_of_rows(query: Query, population: Population, measuring: Measuring, assignments: Relation) -> _Asked:
    frame, key = measuring.frame, measuring.frame.key or ""
    rows = all_reckoned(query, frame, frame_rows(query, frame), key)
    names = Names(set(rows.names.taken))
    wanted = [key, *(name for each in population.decisions for name in _columns_of(each))]
    held = {name: names.fresh(f"{name} assigned") for name in wanted}
    found = query.add("assigned", from_source(assignments, [named(column(name), held[name]) for name in wanted]))
    on = equal(column(rows.fields[population.table, key], rows.table), column(held[key], found))
    joined = from_table(rows.table, [exp.Star()]).join(exp.Table(this=quote(found)), on=on, copy=False)
    rows = replace(rows, table=query.add(f"{population.table} with their segments", joined), names=names)
    segments = {each.segmentation: _asking(each, held) for each in population.decisions}
    rows = with_late_features(query, frame, rows, segments)
    scope = replace(scope_of(query, rows), segments=segments)
    asked = dict.fromkeys(part for term in measuring.terms for part in (term.value, term.where) if part is not None)
    columns = {expr: f"asked_{number}" for number, expr in enumerate(asked)}
    terms = [named(term(scope, expr), name) for expr, name in columns.items()]
    members = named(_groups(population, held), GROUP)
    each_once = query.add(f"{population.table} measured", from_table(rows.table, [*terms, members]))
    kept = [column(name) for name in columns.values()]
    by_group = from_table(each_once, [*kept, named(call("UNNEST", column(GROUP)), GROUP)])
    return _Asked(query.add(f"{population.table} by group", by_group), columns)


def _columns_of(decision: Decision) -> tuple[str, ...]:
    name = decision.segmentation
    return (name, f"{name}_clause") if decision.exclusive else (name,)


def _asking(decision: Decision, held: Mapping[str, str]) -> Callable[[tuple[str, ...]], exp.Expr]:
    """The term that is true of rows in one of some segments."""
    name = column(held[decision.segmentation])

    def assigned(segments: tuple[str, ...]) -> exp.Expr:
        return is_in(name, [quoted(segment) for segment in segments])

    def included(segments: tuple[str, ...]) -> exp.Expr:
        return call("LIST_CONTAINS", name, quoted(segments[0]))

    return assigned if decision.exclusive else included


def _groups(population: Population, held: Mapping[str, str]) -> exp.Expr:
    """The list of the numbers of the groups that a row is in; NULL stands for one that it is not in."""
    number = {group: whole(at) for at, group in enumerate(groups_of(population))}
    members: list[exp.Expr] = [number[Group()]]
    for decision in population.decisions:
        name = decision.segmentation
        if decision.exclusive:
            by_clause = [*(clause.segment for clause in decision.clauses), decision.otherwise]
            numbers = exp.Array(expressions=[number[Group(name, segment)].copy() for segment in by_clause])
            members.append(call("LIST_EXTRACT", numbers, column(held[f"{name}_clause"])))
        else:
            asking = _asking(decision, held)
            members += [when(asking((segment,)), number[Group(name, segment)]) for segment in decision.segments]
    return exp.Array(expressions=members)


# -- groups ----------------------------------------------------------------------------------------------------------


def _grouped(query: Query, measuring: Measuring, asked: _Asked) -> str:
    """The table of the group terms, by the number of the group; groups without rows are not in it."""
    terms = [column(GROUP)]
    terms += [named(LOWER_GROUPS[each.overload](_call(query, each, asked)), each.name) for each in measuring.terms]
    terms += [named(_unknown(figure, asked), f"unknown_{number}") for number, figure in enumerate(measuring.figures)]
    # Rows of no group, for each segment that they are not in: their sums would be nobody's, and could overflow.
    rows = from_table(asked.table, terms).where(is_known(column(GROUP)), copy=False)
    return query.add("measured by group", rows.group_by(column(GROUP), copy=False))


def _call(query: Query, each: GroupTerm, asked: _Asked) -> AggregateCall:
    is_share = each.overload == "share.rows"
    value, where = (each.where, None) if is_share else (each.value, each.where)
    return AggregateCall(
        value=None if value is None else column(asked.columns[value]),
        type=BOOLEAN if is_share else None if value is None else value.type,
        at=None,
        at_type=None,
        then=None,
        where=None if where is None else column(asked.columns[where]),
        result=each.type,
        as_of=query.binding.as_of,
    )


def _unknown(figure: Figure, asked: _Asked) -> exp.Expr:
    """How many rows lack something that a figure asks."""
    if not figure.asked:
        return whole(0)
    lacking = either(*(is_null(column(asked.columns[expr])) for expr in figure.asked))
    return exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=lacking))


def _filled(each: GroupTerm, table: str) -> exp.Expr:
    nothing = over_nothing(each.overload, each.type)
    value = column(each.name, table)
    return value if nothing is None else call("COALESCE", value, nothing)
